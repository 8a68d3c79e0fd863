// Linear attention made of separate nodes: two products in a row, keys with values and that with
// queries, and no Softmax anywhere between.
#include <utility>

#include "analyzer/blocks/contraction.h"
#include "analyzer/blocks/recognizers.h"
#include "analyzer/blocks/walk.h"

namespace onnx_macs {
namespace {

constexpr OpSet kBetween = kMoves | OpSet{Op::kMul, Op::kDiv, Op::kRelu, Op::kSlice};
// What makes queries, keys and values ready: kernels, a row of ones for the normaliser.
constexpr OpSet kPrepares = kMoves | OpSet{Op::kRelu, Op::kPad, Op::kActivation, Op::kExpand};

bool IsFreeProduct(const GraphView& view, const Forest& forest, NodeId n) {
  return kProducts.Has(view.op(n)) && forest.IsFree(n) && MultipliesActivations(view, n);
}

void TakePreparation(const GraphView& view, const Forest& forest, ValueId v, NodeList* nodes) {
  constexpr int kMost = 12;
  for (int i = 0; i < kMost; ++i) {
    const NodeId n = view.Producer(v);
    if (!kPrepares.Has(view.op(n)) || !forest.IsFree(n)) return;
    nodes->push_back(n);
    v = view.Input(n, 0);
  }
}

// The quotient of the result by its last row, which the row of ones made the sum of weights.
ValueId TakeNormaliser(const GraphView& view, ValueId v, NodeList* nodes) {
  constexpr OpSet kBefore = kCasts | OpSet{Op::kSlice, Op::kSplit, Op::kGather, Op::kReshape};
  const auto is_quotient = [&](NodeId n, ValueId) { return view.op(n) == Op::kDiv; };
  const std::optional<Way> way = SearchBelow(view, v, kBefore | OpSet{Op::kAdd}, is_quotient);
  if (!way) return v;
  NodeList found = {way->end};
  for (const int side : {0, 1}) {
    const ValueId source =
        Above(view, view.Input(way->end, side), kBefore | OpSet{Op::kAdd}, &found);
    if (source != v) return v;
  }
  nodes->insert(nodes->end(), found.begin(), found.end());
  return view.Output(way->end);
}

// The first product sums over the positions, unless there are fewer of them than the second one
// sums over: then it is quadratic, and the exporter chose so.
AttentionSizes SizesOf(const Contraction& first, const Contraction& second, ValueId through) {
  AttentionSizes sizes;
  sizes.heads = first.batch.size() >= 2 ? first.batch[1] : Dim(1);
  const bool is_quadratic = ProvablyLess(first.contracted, second.contracted);
  sizes.head_size = is_quadratic ? first.contracted : second.contracted;
  sizes.k_len = is_quadratic ? second.contracted : first.contracted;
  sizes.q_len = second.a == through ? second.columns : second.rows;
  return sizes;
}

void FindFrom(const GraphView& view, NodeId n, Forest& forest) {
  constexpr int kLeastRank = 3;
  if (!IsFreeProduct(view, forest, n) || view.Rank(view.Output(n)) < kLeastRank) return;
  const auto is_second = [&](NodeId other, ValueId) {
    return other != n && IsFreeProduct(view, forest, other);
  };
  const std::optional<Way> way = SearchBelow(view, view.Output(n), kBetween, is_second);
  if (!way) return;
  const std::optional<Contraction> first = ReadContraction(view, n),
                                   second = ReadContraction(view, way->end);
  if (!first || !second || view.IsConstant(OtherOperand(view, way->end, way->through))) return;
  if (view.IsConstant(first->a) || view.IsConstant(first->b)) return;
  NodeList nodes = way->nodes;
  nodes.insert(nodes.end(), {n, way->end});
  for (const ValueId v : {first->a, first->b, second->a, second->b}) {
    TakePreparation(view, forest, v, &nodes);
  }
  const ValueId output = TakeNormaliser(view, view.Output(way->end), &nodes);
  Block block;
  block.kind = BlockKind::kLinearAttention;
  block.attention = SizesOf(*first, *second, way->through);
  block.parts = {{"kv", n}, {"qkv", way->end}};
  forest.Add(std::move(block), nodes, {kNoValue, output});
}

}  // namespace

void FindLinearAttention(const GraphView& view, Forest& forest) {
  for (const Op op : {Op::kMatMul, Op::kFusedMatMul, Op::kEinsum}) {
    for (const NodeId n : view.NodesOf(op)) FindFrom(view, n, forest);
  }
}

}  // namespace onnx_macs
