// MLPs: a Linear, an activation or a gated unit, and a Linear; 1x1 convolutions are Linears where
// the activation is not that of convolutional networks.
#include <utility>

#include "analyzer/blocks/contraction.h"
#include "analyzer/blocks/recognizers.h"
#include "analyzer/blocks/walk.h"

namespace onnx_macs {
namespace {

constexpr OpSet kBetweenLinears = kMoves | OpSet{Op::kSlice, Op::kSplit};
constexpr int kMostSteps = 16;

// The middle of an MLP.
struct Middle {
  Ends ends;
  bool is_gated = false;
  bool takes_convolutions = false;
};

bool IsPointwise(const GraphView& view, NodeId n) {
  const Shape weight = view.ShapeOf(view.Input(n, 1));
  for (int i = 2; i < weight.rank(); ++i) {
    if (!IsInteger(weight[i], 1)) return false;
  }
  return view.op(n) == Op::kConv && weight.rank() >= 3 && !IsInteger(weight[1], 1);
}

bool IsDepthwise(const GraphView& view, NodeId n) {
  return view.op(n) == Op::kConv && IsInteger(view.DimOf(view.Input(n, 1), 1), 1);
}

ValueId LinearInput(const GraphView& view, NodeId n, const Middle& middle) {
  if (middle.takes_convolutions && IsPointwise(view, n)) return view.Input(n, 0);
  return LinearInput(view, n);
}

bool AddsConstant(const GraphView& view, NodeId n) {
  return (view.op(n) == Op::kAdd || view.op(n) == Op::kMul) &&
         (view.IsWeight(view.Input(n, 0)) || view.IsWeight(view.Input(n, 1)));
}

bool AddsBias(const GraphView& view, NodeId n) {
  return view.op(n) == Op::kAdd && AddsConstant(view, n);
}

// Behind a product of integers: the scale of the weight times that which was found for the input.
bool Rescales(const GraphView& view, NodeId n) {
  const NodeId scales = view.Producer(view.Input(n, 1));
  return view.op(n) == Op::kMul && view.op(scales) == Op::kMul &&
         view.ProducerOp(view.Input(scales, 0)) == Op::kQuantize &&
         view.IsConstant(view.Input(scales, 1));
}

// Up from the middle to the Linear before it; kNoNode when there is none.
NodeId LinearAbove(const GraphView& view, Forest& forest, ValueId v, const Middle& middle,
                   NodeList* nodes) {
  for (int i = 0; i < kMostSteps; ++i) {
    const NodeId n = view.Producer(v);
    if (n == kNoNode) return kNoNode;
    if (middle.takes_convolutions && middle.is_gated) {
      // A depthwise convolution and its activation may lie between.
      if (const BlockId inner = forest.Giving(view, v); inner != kNoBlock) {
        nodes->push_back(n);
        v = forest.ends(inner).input;
        continue;
      }
    }
    if (!forest.IsFree(n)) return kNoNode;
    nodes->push_back(n);
    if (LinearInput(view, n, middle) != kNoValue) return n;
    const bool passes = kBetweenLinears.Has(view.op(n)) || AddsConstant(view, n) ||
                        Rescales(view, n) || (middle.is_gated && IsDepthwise(view, n));
    if (!passes) return kNoNode;
    v = DataInput(view, n);
  }
  return kNoNode;
}

// Down to the Linear that alone reads the middle, and its bias.
ValueId TakeLinearBelow(const GraphView& view, const Forest& forest, const Middle& middle,
                        NodeList* nodes) {
  constexpr OpSet kBelow = kMoves | OpSet{Op::kMul};
  const ValueId v = Below(view, middle.ends.output, kBelow, nodes);
  if (view.NumConsumers(v) != 1) return kNoValue;
  const NodeId linear = view.Consumers(v)[0];
  if (!forest.IsFree(linear) || LinearInput(view, linear, middle) != v) return kNoValue;
  nodes->push_back(linear);
  ValueId out = view.Output(linear);
  for (const auto belongs : {Rescales, AddsBias}) {
    NodeList casts;
    const ValueId below = Below(view, out, kCasts, &casts);
    if (view.NumConsumers(below) != 1 || !belongs(view, view.Consumers(below)[0])) continue;
    nodes->insert(nodes->end(), casts.begin(), casts.end());
    nodes->push_back(view.Consumers(below)[0]);
    out = view.Output(nodes->back());
  }
  return out;
}

void FindAround(const GraphView& view, const Middle& middle, Forest& forest) {
  NodeList nodes = {view.Producer(middle.ends.output)};
  const NodeId up = LinearAbove(view, forest, middle.ends.input, middle, &nodes);
  if (up == kNoNode) return;
  const ValueId x = LinearInput(view, up, middle);
  if (middle.ends.gated != kNoValue) {
    const NodeId gate = LinearAbove(view, forest, middle.ends.gated, middle, &nodes);
    if (gate == kNoNode) return;
    if (Above(view, LinearInput(view, gate, middle), kMoves) != Above(view, x, kMoves)) return;
  }
  const ValueId output = TakeLinearBelow(view, forest, middle, &nodes);
  if (output == kNoValue) return;
  forest.Add(BlockKind::kMlp, nodes, {x, output});
}

}  // namespace

void FindMlps(const GraphView& view, Forest& forest) {
  const BlockId known = forest.size();
  for (BlockId id = 0; id < known; ++id) {
    const BlockKind kind = forest.kind(id);
    const bool is_gated = kind == BlockKind::kGeglu || kind == BlockKind::kSwiglu;
    const bool is_plain = kind == BlockKind::kGelu || kind == BlockKind::kSilu;
    const Ends ends = forest.ends(id);
    if ((!is_gated && !is_plain) || forest.Giving(view, ends.output) != id) continue;
    FindAround(view, {ends, is_gated, kind != BlockKind::kSilu}, forest);
  }
  for (const Op op : {Op::kRelu, Op::kActivation}) {
    for (const NodeId n : view.NodesOf(op)) {
      if (!forest.IsFree(n)) continue;
      FindAround(view, {{view.Input(n, 0), view.Output(n)}, false, false}, forest);
    }
  }
}

}  // namespace onnx_macs
