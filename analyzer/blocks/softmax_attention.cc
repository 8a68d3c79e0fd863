// Softmax attention made of separate nodes: a Softmax, the product of queries and keys above it and
// the product with the values below it, whatever scales, masks, caps or casts lie between.
#include <utility>

#include "analyzer/blocks/contraction.h"
#include "analyzer/blocks/recognizers.h"
#include "analyzer/blocks/walk.h"

namespace onnx_macs {
namespace {

// Between the product and the Softmax: scale, bias, mask, cap, windows put apart, a sink added.
constexpr OpSet kAboveSoftmax =
    kMoves | OpSet{Op::kAdd,    Op::kSub,  Op::kMul,    Op::kDiv,    Op::kWhere, Op::kClip,
                   Op::kMaxMin, Op::kTanh, Op::kConcat, Op::kExpand, Op::kSlice, Op::kScatter};
// Between the Softmax and the values: rows without a key mended, dropout, a sink taken away.
constexpr OpSet kBelowSoftmax =
    kMoves | OpSet{Op::kWhere, Op::kMul, Op::kDiv, Op::kSlice, Op::kIsNan, Op::kExpand};

struct Match {
  Contraction scores, values;
  NodeId softmax = kNoNode;
  NodeList nodes;
  bool rows_are_keys = false;
};

bool IsFreeProduct(const GraphView& view, const Forest& forest, NodeId n) {
  return kProducts.Has(view.op(n)) && forest.IsFree(n) && MultipliesActivations(view, n);
}

// Whether two values have the same number of elements, or nothing says that they have not.
bool MayHaveSameSize(const GraphView& view, ValueId a, ValueId b) {
  return !ProvablyDifferent(view.Resolve(view.ShapeOf(a).NumElements()),
                            view.Resolve(view.ShapeOf(b).NumElements()));
}

// A Softmax over the rows, and a Transpose of the last two axes before it, each swap what the rows
// of the scores are.
bool RowsAreKeys(const GraphView& view, const Match& match, const Way& up) {
  const int rank = view.Rank(view.Input(match.softmax, 0));
  int64_t axis = view.Context(match.softmax).IntAttribute("axis", -1);
  if (axis < 0) axis += rank;
  bool swapped = rank >= 2 && axis == rank - 2;
  if (match.scores.row_axis > match.scores.column_axis) swapped = !swapped;
  for (const NodeId n : up.nodes) {
    if (view.op(n) != Op::kTranspose) continue;
    const OpContext ctx = view.Context(n);
    const absl::Span<const int64_t> perm = ctx.IntsAttribute("perm");
    const auto size = static_cast<int64_t>(perm.size());
    const auto last = [&](int64_t from) { return from == size - 1 || from == -1; };
    if (perm.empty() || (size >= 2 && last(perm[size - 2]))) swapped = !swapped;
  }
  return swapped;
}

bool FindScores(const GraphView& view, const Forest& forest, Match* match) {
  const ValueId input = view.Input(match->softmax, 0);
  const auto is_scores = [&](NodeId n, ValueId v) {
    if (!IsFreeProduct(view, forest, n)) return false;
    // A sink adds a column; everything else keeps the number of scores.
    return MayHaveSameSize(view, v, input) || view.ProducerOp(input) == Op::kConcat ||
           view.ProducerOp(input) == Op::kSub;
  };
  std::optional<Way> up = SearchAbove(view, input, kAboveSoftmax, is_scores);
  if (!up) return false;
  const std::optional<Contraction> scores = ReadContraction(view, up->end);
  if (!scores) return false;
  match->scores = *scores;
  match->rows_are_keys = RowsAreKeys(view, *match, *up);
  match->nodes.insert(match->nodes.end(), up->nodes.begin(), up->nodes.end());
  return true;
}

bool FindValues(const GraphView& view, const Forest& forest, Match* match) {
  const Dim keys = match->rows_are_keys ? match->scores.rows : match->scores.columns;
  std::optional<Contraction> values;
  const auto is_values = [&](NodeId n, ValueId v) {
    if (n == match->scores.node || !IsFreeProduct(view, forest, n)) return false;
    const ValueId other = OtherOperand(view, n, v);
    if (other == kNoValue || view.IsConstant(other)) return false;
    values = ReadContraction(view, n);
    return values.has_value() && !ProvablyDifferent(values->contracted, keys);
  };
  const std::optional<Way> down =
      SearchBelow(view, view.Output(match->softmax), kBelowSoftmax, is_values);
  if (!down) return false;
  match->values = *values;
  match->nodes.insert(match->nodes.end(), down->nodes.begin(), down->nodes.end());
  for (const NodeId n : view.Consumers(view.Output(match->softmax))) {
    if (view.op(n) == Op::kIsNan) match->nodes.push_back(n);
  }
  return true;
}

// What only prepares an operand for the product: its scale, its transposition, its heads repeated.
void TakePreparation(const GraphView& view, const Forest& forest, ValueId v, NodeList* nodes) {
  constexpr int kMost = 12;
  constexpr OpSet kPrepares = kMoves | OpSet{Op::kExpand, Op::kMul, Op::kDiv};
  for (int i = 0; i < kMost; ++i) {
    const NodeId n = view.Producer(v);
    if (!kPrepares.Has(view.op(n)) || !forest.IsFree(n) || view.IsConstant(v)) return;
    ValueId data = view.Input(n, 0);
    if (view.op(n) == Op::kMul || view.op(n) == Op::kDiv) {
      if (view.HasOneElement(data)) data = view.Input(n, 1);
      if (!view.SameShape(data, v)) return;
    }
    nodes->push_back(n);
    v = data;
  }
}

// Heads that were folded into the batch come back where they are merged with the head size:
// [batch * heads, length, size] to [batch, length, heads * size].
Dim HeadsFromMerge(const GraphView& view, const Match& match) {
  ValueId v = view.Output(match.values.node);
  const Dim size = view.DimOf(v, -1);
  constexpr int kMost = 6;
  for (int i = 0; i < kMost && view.NumConsumers(v) > 0; ++i) {
    const NodeId n = view.Consumers(v)[0];
    if (!kMoves.Has(view.op(n))) break;
    v = view.Output(n);
    const Dim last = view.DimOf(v, -1);
    if (last == size) continue;
    return view.op(n) == Op::kReshape ? ExactDiv(last, size) : Dim(1);
  }
  return 1;
}

Dim Heads(const GraphView& view, const Match& match) {
  const DimVector& batch = match.scores.batch;
  if (batch.size() == 2) return batch[1];
  if (batch.empty()) return 1;
  // Folded for the product alone, as tf2onnx writes an Einsum.
  const ValueId weighed = view.Input(match.softmax, 0);
  if (batch.size() == 1 && view.Rank(weighed) == 4) return view.DimOf(weighed, 1);
  Dim product = 1;
  for (const Dim d : batch) product *= d;
  const Dim heads = HeadsFromMerge(view, match);
  // Something else is merged there when it does not divide what the product has.
  const bool divides = heads.is_known() && ExactDiv(product, heads).is_known();
  return divides ? heads : batch.size() == 1 ? Dim(1) : batch.back();
}

AttentionSizes SizesOf(const GraphView& view, const Match& match) {
  const Contraction& scores = match.scores;
  AttentionSizes sizes;
  sizes.heads = Heads(view, match);
  sizes.head_size = scores.contracted;
  sizes.q_len = match.rows_are_keys ? scores.columns : scores.rows;
  sizes.k_len = match.rows_are_keys ? scores.rows : scores.columns;
  return sizes;
}

void Claim(const GraphView& view, Forest& forest, Match& match) {
  NodeList& nodes = match.nodes;
  const Contraction &scores = match.scores, &values = match.values;
  TakePreparation(view, forest, scores.a, &nodes);
  TakePreparation(view, forest, scores.b, &nodes);
  TakePreparation(view, forest, values.a, &nodes);
  TakePreparation(view, forest, values.b, &nodes);
  const ValueId output = Below(view, view.Output(values.node), kMoves, &nodes);
  nodes.insert(nodes.end(), {scores.node, match.softmax, values.node});
  Block block;
  block.kind = BlockKind::kAttention;
  block.attention = SizesOf(view, match);
  block.parts = {{"qk", scores.node}, {"softmax", match.softmax}, {"av", values.node}};
  forest.Add(std::move(block), nodes, {.input = kNoValue, .output = output});
}

}  // namespace

void FindSoftmaxAttention(const GraphView& view, Forest& forest) {
  for (const NodeId softmax : view.NodesOf(Op::kSoftmax)) {
    if (!forest.IsFree(softmax)) continue;
    Match match;
    match.softmax = softmax;
    if (!FindScores(view, forest, &match) || !FindValues(view, forest, &match)) continue;
    Claim(view, forest, match);
  }
}

}  // namespace onnx_macs
