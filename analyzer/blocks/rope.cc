// Rotary positions: x * cos + rotated(x) * sin, where a rotation swaps two halves or the members of
// pairs and negates one; or both halves written out.
#include "absl/algorithm/container.h"
#include "analyzer/blocks/recognizers.h"
#include "analyzer/blocks/walk.h"

namespace onnx_macs {
namespace {

constexpr OpSet kPairs = kCasts | OpSet{Op::kReshape};
constexpr OpSet kTakesHalf = {Op::kSlice, Op::kSplit, Op::kGather};

// What a half is taken from, however it was reshaped before; kNoValue of what is no half.
ValueId Whole(const GraphView& view, ValueId half, NodeList* nodes) {
  const ValueId taken = Above(view, half, kPairs, nodes);
  const NodeId n = view.Producer(taken);
  if (!kTakesHalf.Has(view.op(n))) return kNoValue;
  nodes->push_back(n);
  return view.Input(n, 0);
}

ValueId Source(const GraphView& view, ValueId v) { return Above(view, v, kPairs); }

// The sum of both products below rotated(x), if x is what the other one multiplies.
void FindSum(const GraphView& view, ValueId rotated, ValueId x, NodeList nodes, Forest& forest) {
  const ValueId below = Below(view, rotated, kPairs, &nodes);
  const NodeId by_sin = FindConsumer(view, below, Op::kMul);
  if (by_sin == kNoNode) return;
  const NodeId sum = FindConsumer(view, view.Output(by_sin), Op::kAdd, &nodes);
  if (sum == kNoNode) return;
  const ValueId other = Above(view, OtherOperand(view, sum, view.Output(by_sin)), kCasts, &nodes);
  const NodeId by_cos = view.Producer(other);
  if (view.op(by_cos) != Op::kMul) return;
  const ValueId source = Source(view, x);
  if (Source(view, view.Input(by_cos, 0)) != source &&
      Source(view, view.Input(by_cos, 1)) != source) {
    return;
  }
  nodes.insert(nodes.end(), {by_sin, by_cos, sum});
  forest.Add(BlockKind::kRope, nodes, {x, view.Output(sum)});
}

// Concat(-b, a) of x = (a, b), or of pairs.
void FindRotation(const GraphView& view, NodeId negation, Forest& forest) {
  if (!forest.IsFree(negation)) return;
  NodeList nodes = {negation};
  const ValueId x = Whole(view, view.Input(negation, 0), &nodes);
  if (x == kNoValue) return;
  const ValueId negative = Below(view, view.Output(negation), kPairs, &nodes);
  const NodeId join = FindConsumer(view, negative, Op::kConcat);
  if (join == kNoNode || view.NumOperands(join) != 2) return;
  const ValueId other = Whole(view, OtherOperand(view, join, negative), &nodes);
  if (other == kNoValue || Source(view, other) != Source(view, x)) return;
  nodes.push_back(join);
  FindSum(view, view.Output(join), x, nodes, forest);
}

// The four products of a * cos - b * sin and b * cos + a * sin have four operands between them.
void FindWrittenOut(const GraphView& view, NodeId difference, Forest& forest) {
  NodeList nodes = {difference};
  const ValueId first = Below(view, view.Output(difference), kPairs, &nodes);
  const NodeId join = FindConsumer(view, first, Op::kConcat);
  if (join == kNoNode || view.NumOperands(join) != 2) return;
  const ValueId second = Above(view, OtherOperand(view, join, first), kPairs, &nodes);
  const NodeId sum = view.Producer(second);
  if (view.op(sum) != Op::kAdd) return;
  absl::InlinedVector<ValueId, 8> operands;
  for (const NodeId n : {difference, sum}) {
    for (const int i : {0, 1}) {
      const NodeId product = view.Producer(view.Input(n, i));
      if (view.op(product) != Op::kMul) return;
      nodes.push_back(product);
      operands.push_back(view.Input(product, 0));
      operands.push_back(view.Input(product, 1));
    }
  }
  absl::c_sort(operands);
  for (size_t i = 0; i < operands.size(); i += 2) {
    if (operands[i] != operands[i + 1]) return;
  }
  nodes.insert(nodes.end(), {sum, join});
  forest.Add(BlockKind::kRope, nodes, {kNoValue, view.Output(join)});
}

}  // namespace

void FindRope(const GraphView& view, Forest& forest) {
  for (const NodeId n : view.NodesOf(Op::kNeg)) FindRotation(view, n, forest);
  for (const NodeId n : view.NodesOf(Op::kSub)) FindWrittenOut(view, n, forest);
}

}  // namespace onnx_macs
