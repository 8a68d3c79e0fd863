// GELU by its Erf or its Tanh, and SiLU by its Sigmoid, made of separate nodes.
#include "absl/algorithm/container.h"
#include "analyzer/blocks/recognizers.h"
#include "analyzer/blocks/walk.h"

namespace onnx_macs {
namespace {

// x where `v` is half of it, else `v` itself.
ValueId Unhalved(const GraphView& view, ValueId v) {
  const NodeId n = view.Producer(v);
  if (view.op(n) == Op::kDiv && view.IsScalar(view.Input(n, 1), 2)) return view.Input(n, 0);
  if (view.op(n) != Op::kMul) return v;
  if (view.IsScalar(view.Input(n, 0), 0.5)) return view.Input(n, 1);
  return view.IsScalar(view.Input(n, 1), 0.5) ? view.Input(n, 0) : v;
}

// (1 + f) * x / 2, whichever of the two factors comes first: x and the product.
struct Scaled {
  ValueId x = kNoValue, out = kNoValue;
  bool is_halved = false;
};

Scaled MatchBelow(const GraphView& view, ValueId f) {
  const NodeId sum = FindConsumer(view, f, Op::kAdd);
  if (sum == kNoNode || !view.IsScalar(OtherOperand(view, sum, f), 1)) return {};
  Scaled scaled;
  ValueId v = view.Output(sum);
  // At most one product by x and one by a half, in either order.
  for (int i = 0; i < 2; ++i) {
    const NodeId product = FindConsumer(view, v, Op::kMul);
    if (product == kNoNode) break;
    const ValueId factor = OtherOperand(view, product, v);
    if (view.IsScalar(factor, 0.5)) {
      scaled.is_halved = true;
    } else if (scaled.x == kNoValue && !view.IsConstant(factor)) {
      scaled.x = scaled.is_halved ? factor : Unhalved(view, factor);
      scaled.is_halved |= scaled.x != factor;
    } else {
      break;
    }
    v = scaled.out = view.Output(product);
    if (scaled.is_halved && scaled.x != kNoValue) break;
  }
  return scaled;
}

// `most`: nodes between x and the product, for the shape of the tanh takes some.
void FindGelu(const GraphView& view, NodeId n, size_t most, Forest& forest) {
  if (!forest.IsFree(n)) return;
  const Scaled scaled = MatchBelow(view, view.Output(n));
  if (scaled.x == kNoValue || !scaled.is_halved) return;
  NodeList nodes;
  // x may have been cast for part of the way.
  for (const ValueId x : {scaled.x, Above(view, scaled.x, kCasts)}) {
    nodes.clear();
    if (!Between(view, x, scaled.out, most, &nodes) || !absl::c_linear_search(nodes, n)) continue;
    forest.Add(BlockKind::kGelu, nodes, {x, scaled.out});
    return;
  }
}

// The x of x * constant; kNoValue of others.
ValueId Unscaled(const GraphView& view, ValueId v) {
  const NodeId n = view.Producer(v);
  if (view.op(n) != Op::kMul) return kNoValue;
  for (const int i : {0, 1}) {
    if (view.IsConstant(view.Input(n, i)) && view.HasOneElement(view.Input(n, i))) {
      return view.Input(n, 1 - i);
    }
  }
  return kNoValue;
}

// x * sigmoid(x), and x * sigmoid(1.702 x), which is a GELU.
void FindSilu(const GraphView& view, NodeId n, Forest& forest) {
  NodeList nodes = {n};
  const NodeId product = FindConsumer(view, view.Output(n), Op::kMul, &nodes);
  if (product == kNoNode || !forest.IsFree(product)) return;
  nodes.push_back(product);
  const ValueId factor = Above(view, OtherOperand(view, product, view.Output(n)), kCasts);
  const ValueId z = Above(view, view.Input(n, 0), kCasts, &nodes);
  if (factor == z) {
    forest.Add(BlockKind::kSilu, nodes, {z, view.Output(product)});
    return;
  }
  const ValueId x = Unscaled(view, z);
  if (x == kNoValue || factor != Above(view, x, kCasts)) return;
  nodes.push_back(view.Producer(z));
  forest.Add(BlockKind::kGelu, nodes, {factor, view.Output(product)});
}

}  // namespace

void FindActivations(const GraphView& view, Forest& forest) {
  constexpr size_t kMostWithErf = 8, kMostWithTanh = 14;
  for (const NodeId n : view.NodesOf(Op::kErf)) FindGelu(view, n, kMostWithErf, forest);
  for (const NodeId n : view.NodesOf(Op::kTanh)) FindGelu(view, n, kMostWithTanh, forest);
  for (const NodeId n : view.NodesOf(Op::kSigmoid)) FindSilu(view, n, forest);
}

}  // namespace onnx_macs
