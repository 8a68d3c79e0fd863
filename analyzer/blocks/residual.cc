// Convolutional residual blocks: a value added to what at least two convolutions make of it, with
// norms, activations and a time embedding between them.
#include <utility>

#include "analyzer/blocks/contraction.h"
#include "analyzer/blocks/recognizers.h"
#include "analyzer/blocks/walk.h"

namespace onnx_macs {
namespace {

constexpr int kMostSteps = 40;
constexpr int kLeastConvolutions = 2;
constexpr OpSet kOneInput =
    kMoves | OpSet{Op::kConv,    Op::kBatchNorm, Op::kInstanceNorm, Op::kRelu, Op::kActivation,
                   Op::kSigmoid, Op::kTanh,      Op::kClip,         Op::kPad};

// The same at all positions, as an embedding is: [batch, channels, 1, 1].
bool IsPerChannel(const GraphView& view, ValueId v) {
  const Shape shape = view.ShapeOf(v);
  if (!shape.has_rank() || shape.rank() < 3) return false;
  for (int axis = 2; axis < shape.rank(); ++axis) {
    if (!IsInteger(view.DimOf(v, axis), 1)) return false;
  }
  return true;
}

// Of a product or sum inside a branch, the operand that is the feature map: the other one is
// constant or an embedding, which shifts it and, in conditional norms, scales it.
ValueId MainOperand(const GraphView& view, NodeId n) {
  const ValueId a = view.Input(n, 0), b = view.Input(n, 1);
  if (view.op(n) != Op::kAdd && view.op(n) != Op::kMul && view.op(n) != Op::kDiv) return kNoValue;
  if (view.IsConstant(a)) return b;
  if (view.IsConstant(b)) return a;
  const bool is_a_embedding = IsPerChannel(view, a), is_b_embedding = IsPerChannel(view, b);
  if (is_a_embedding != is_b_embedding && view.op(n) != Op::kDiv) return is_a_embedding ? b : a;
  if (view.op(n) != Op::kAdd) return kNoValue;
  if (view.ProducerOp(a) == Op::kConv) return a;
  return view.ProducerOp(b) == Op::kConv ? b : kNoValue;
}

// The projection of an embedding that is added to all positions.
void TakeEmbedding(const GraphView& view, const Forest& forest, ValueId v, NodeList* nodes) {
  NodeList passed;
  v = Above(view, v, kMoves | OpSet{Op::kSlice}, &passed);
  const NodeId n = view.Producer(v);
  if (!kLinears.Has(view.op(n)) || !forest.IsFree(n) || view.NumConsumers(v) != 1) return;
  nodes->insert(nodes->end(), passed.begin(), passed.end());
  nodes->push_back(n);
}

class Branch {
 public:
  Branch(const GraphView& view, Forest& forest) : view_(view), forest_(forest) {}

  // Whether the way up from `v` leads to `x` by enough convolutions.
  bool Leads(ValueId v, ValueId x) {
    for (int i = 0; i < kMostSteps; ++i) {
      if (v == x) return convolutions_ >= kLeastConvolutions;
      const NodeId n = view_.Producer(v);
      if (n == kNoNode) return false;
      nodes_.push_back(n);
      v = Next(n, v);
      if (v == kNoValue) return false;
    }
    return false;
  }

  const NodeList& nodes() const { return nodes_; }

 private:
  ValueId Next(NodeId n, ValueId v) {
    if (const BlockId inner = forest_.Giving(view_, v); inner != kNoBlock) {
      return forest_.ends(inner).input;
    }
    if (!forest_.IsFree(n)) return kNoValue;
    convolutions_ += view_.op(n) == Op::kConv;
    if (kOneInput.Has(view_.op(n))) return view_.Input(n, 0);
    const ValueId main = MainOperand(view_, n);
    if (main != kNoValue) {
      const ValueId other = OtherOperand(view_, n, main);
      if (other != kNoValue && !view_.IsConstant(other))
        TakeEmbedding(view_, forest_, other, &nodes_);
    }
    return main;
  }

  const GraphView& view_;
  Forest& forest_;
  NodeList nodes_;
  int convolutions_ = 0;
};

// What a 1x1 convolution, perhaps normalised, projects for the shortcut; `v` itself where none
// does.
ValueId ShortcutInput(const GraphView& view, ValueId v, NodeList* nodes) {
  const ValueId convolved = Above(view, v, kCasts | OpSet{Op::kBatchNorm}, nodes);
  if (view.ProducerOp(convolved) != Op::kConv) {
    nodes->clear();
    return v;
  }
  nodes->push_back(view.Producer(convolved));
  return view.Input(view.Producer(convolved), 0);
}

void FindAt(const GraphView& view, NodeId sum, Forest& forest) {
  for (const int side : {0, 1}) {
    const ValueId shortcut = view.Input(sum, side), branch = view.Input(sum, 1 - side);
    if (shortcut == kNoValue || branch == kNoValue) return;
    NodeList projection;
    for (const ValueId x : {shortcut, ShortcutInput(view, shortcut, &projection)}) {
      Branch way(view, forest);
      if (x == branch || !way.Leads(branch, x)) continue;
      NodeList nodes = way.nodes();
      if (x != shortcut) nodes.insert(nodes.end(), projection.begin(), projection.end());
      nodes.push_back(sum);
      forest.Add(BlockKind::kResidual, nodes, {x, view.Output(sum)});
      return;
    }
  }
}

}  // namespace

void FindResiduals(const GraphView& view, Forest& forest) {
  if (view.NodesOf(Op::kConv).empty()) return;
  for (const NodeId n : view.NodesOf(Op::kAdd)) {
    // Only sums of feature maps: [batch, channels, positions...].
    if (view.Rank(view.Output(n)) >= 3 && forest.IsFree(n)) FindAt(view, n, forest);
  }
}

}  // namespace onnx_macs
