// LayerNorm and RMSNorm made of separate nodes, found by the root of a mean of squares, and
// GroupNorm as exporters write it, around InstanceNormalization.
#include "absl/algorithm/container.h"
#include "analyzer/blocks/recognizers.h"
#include "analyzer/blocks/walk.h"

namespace onnx_macs {
namespace {

struct Match {
  BlockKind kind = BlockKind::kRmsNorm;
  Ends ends;
  NodeList nodes;
};

// Past casts, noting them.
ValueId Bare(const GraphView& view, ValueId v, Match* match) {
  return Above(view, v, kCasts, &match->nodes);
}

// What is squared in Pow(x, 2) or Mul(x, x); kNoValue of others.
ValueId Squared(const GraphView& view, NodeId n) {
  const ValueId a = view.Input(n, 0), b = view.Input(n, 1);
  if (view.op(n) == Op::kPow) return view.IsScalar(b, 2) ? a : kNoValue;
  return view.op(n) == Op::kMul && a == b ? a : kNoValue;
}

// x - mean(x): the x.
ValueId Centred(const GraphView& view, NodeId n, Match* match) {
  if (view.op(n) != Op::kSub) return kNoValue;
  const ValueId mean = Bare(view, view.Input(n, 1), match);
  if (view.ProducerOp(mean) != Op::kReduceMean) return kNoValue;
  match->nodes.push_back(view.Producer(mean));
  match->nodes.push_back(n);
  return view.Input(n, 0);
}

// mean(square(x)) - square(mean(x)), where x - mean(x) is what is divided.
bool MatchMoments(const GraphView& view, NodeId difference, ValueId* deviation, Match* match) {
  const ValueId second = Bare(view, view.Input(difference, 0), match),
                square = Bare(view, view.Input(difference, 1), match);
  const ValueId mean = Squared(view, view.Producer(square));
  if (view.ProducerOp(second) != Op::kReduceMean || view.ProducerOp(mean) != Op::kReduceMean) {
    return false;
  }
  const NodeId squares = view.Producer(view.Input(view.Producer(second), 0));
  const ValueId x = Squared(view, squares);
  const NodeId centred = FindConsumer(view, mean, Op::kSub);
  const bool same = x != kNoValue && view.Input(view.Producer(mean), 0) == x &&
                    centred != kNoNode && view.Input(centred, 0) == x;
  if (!same) return false;
  match->nodes.insert(match->nodes.end(), {difference, view.Producer(second), squares, centred,
                                           view.Producer(square), view.Producer(mean)});
  match->kind = BlockKind::kLayerNorm;
  match->ends.input = x;
  *deviation = view.Output(centred);
  return true;
}

// From the root up to what is normalised: root(mean(square(x - mean(x))) + epsilon).
bool MatchAboveRoot(const GraphView& view, NodeId root, ValueId* deviation, Match* match) {
  constexpr OpSet kAddsEpsilon = kCasts | OpSet{Op::kAdd, Op::kClip, Op::kMaxMin};
  const ValueId mean = Above(view, view.Input(root, 0), kAddsEpsilon, &match->nodes);
  if (view.ProducerOp(mean) == Op::kSub) {
    return MatchMoments(view, view.Producer(mean), deviation, match);
  }
  if (view.ProducerOp(mean) != Op::kReduceMean) return false;
  match->nodes.push_back(view.Producer(mean));
  const ValueId square = Bare(view, view.Input(view.Producer(mean), 0), match);
  *deviation = Squared(view, view.Producer(square));
  if (*deviation == kNoValue) return false;
  match->nodes.push_back(view.Producer(square));
  const ValueId bare = Bare(view, *deviation, match);
  const ValueId x = Centred(view, view.Producer(bare), match);
  if (x != kNoValue) {
    match->kind = BlockKind::kLayerNorm;
    *deviation = bare;
  }
  match->ends.input = x != kNoValue ? x : bare;
  return true;
}

// x * scale + (shift - mean * scale), as TensorFlow writes it: all that lies between is the norm.
ValueId MatchDistributed(const GraphView& view, ValueId inverse, Match* match) {
  constexpr size_t kMost = 16;
  const NodeId by_weight = FindConsumer(view, inverse, Op::kMul);
  const bool has_weight =
      by_weight != kNoNode && view.IsConstant(OtherOperand(view, by_weight, inverse));
  const ValueId scale = has_weight ? view.Output(by_weight) : inverse;
  const ValueId x = match->ends.input;
  for (const NodeId n : view.Consumers(scale)) {
    if (view.op(n) != Op::kMul || OtherOperand(view, n, scale) != x) continue;
    const NodeId sum = FindConsumer(view, view.Output(n), Op::kAdd);
    if (sum == kNoNode || !Between(view, x, view.Output(sum), kMost, &match->nodes)) continue;
    return view.Output(sum);
  }
  return kNoValue;
}

// From the root down to the quotient: Div(x, root), or Mul(x, 1 / root).
ValueId MatchBelowRoot(const GraphView& view, ValueId root, ValueId deviation, Match* match) {
  NodeId divides = FindConsumer(view, root, Op::kDiv, &match->nodes);
  if (divides != kNoNode && view.IsConstant(view.Input(divides, 0))) {  // 1 / root
    match->nodes.push_back(divides);
    root = view.Output(divides);
    divides = kNoNode;
  } else if (const NodeId inverse = FindConsumer(view, root, Op::kReciprocal, &match->nodes);
             inverse != kNoNode) {
    match->nodes.push_back(inverse);
    root = view.Output(inverse);
  }
  const NodeId quotient =
      divides != kNoNode ? divides : FindConsumer(view, root, Op::kMul, &match->nodes);
  if (quotient == kNoNode) return kNoValue;
  const ValueId x = OtherOperand(view, quotient, root);
  const bool same = x != kNoValue && Above(view, x, kCasts) == Above(view, deviation, kCasts);
  if (!same) {
    const bool centred = match->kind == BlockKind::kLayerNorm;
    return centred ? MatchDistributed(view, root, match) : kNoValue;
  }
  Above(view, x, kCasts, &match->nodes);
  match->nodes.push_back(quotient);
  return view.Output(quotient);
}

// Learned scale and shift: constants of many elements; a single number is a scale of something
// else.
ValueId TakeAffine(const GraphView& view, ValueId v, Match* match) {
  NodeList casts;
  for (const Op op : {Op::kMul, Op::kAdd}) {
    casts.clear();
    const ValueId below = Below(view, v, kCasts, &casts);
    if (view.NumConsumers(below) != 1) break;
    const NodeId n = view.Consumers(below)[0];
    const ValueId weight = OtherOperand(view, n, below);
    if (view.op(n) != op || !view.IsConstant(weight) || view.HasOneElement(weight)) continue;
    match->nodes.insert(match->nodes.end(), casts.begin(), casts.end());
    match->nodes.push_back(n);
    v = view.Output(n);
  }
  return v;
}

void FindAround(const GraphView& view, NodeId root, Forest& forest) {
  Match match;
  match.nodes.push_back(root);
  ValueId deviation = kNoValue;
  if (!MatchAboveRoot(view, root, &deviation, &match)) return;
  const ValueId quotient = MatchBelowRoot(view, view.Output(root), deviation, &match);
  if (quotient == kNoValue) return;
  match.ends.output = TakeAffine(view, quotient, &match);
  forest.Add(match.kind, match.nodes, match.ends);
}

// Groups made the channels of InstanceNormalization, and made channels again.
void FindGroupNorm(const GraphView& view, NodeId norm, Forest& forest) {
  const ValueId grouped = view.Input(norm, 0);
  if (view.ProducerOp(grouped) != Op::kReshape) return;
  Match match;
  match.kind = BlockKind::kGroupNorm;
  match.nodes = {norm, view.Producer(grouped)};
  match.ends.input = view.Input(view.Producer(grouped), 0);
  constexpr OpSet kBack = kCasts | OpSet{Op::kReshape};
  const ValueId back = Below(view, view.Output(norm), kBack, &match.nodes);
  if (back == view.Output(norm)) return;
  match.ends.output = TakeAffine(view, back, &match);
  forest.Add(match.kind, match.nodes, match.ends);
}

}  // namespace

void FindNorms(const GraphView& view, Forest& forest) {
  for (const NodeId n : view.NodesOf(Op::kSqrt)) FindAround(view, n, forest);
  for (const NodeId n : view.NodesOf(Op::kPow)) {
    if (view.IsScalar(view.Input(n, 1), -0.5)) FindAround(view, n, forest);
  }
  for (const NodeId n : view.NodesOf(Op::kInstanceNorm)) FindGroupNorm(view, n, forest);
}

}  // namespace onnx_macs
