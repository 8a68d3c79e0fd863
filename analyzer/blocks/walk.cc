// The walks of walk.h.
#include "analyzer/blocks/walk.h"

#include <algorithm>

#include "absl/algorithm/container.h"

namespace onnx_macs {
namespace {

constexpr int kMostPassed = 16;
constexpr size_t kMostCasts = 3;  // for one node that computes something

void Append(NodeId n, NodeList* nodes) {
  if (nodes != nullptr) nodes->push_back(n);
}

// The only input of these that is data.
constexpr OpSet kFirstIsData = {Op::kReshape,  Op::kExpand,   Op::kSlice, Op::kSplit,
                                Op::kPad,      Op::kCast,     Op::kClip,  Op::kIdentity,
                                Op::kQuantize, Op::kTranspose};

}  // namespace

ValueId DataInput(const GraphView& view, NodeId n) {
  if (kFirstIsData.Has(view.op(n))) return view.Input(n, 0);
  ValueId varies = kNoValue;
  for (const ValueId v : view.Inputs(n)) {
    if (v != kNoValue && !view.IsWeight(v)) return v;
    if (varies == kNoValue && !view.IsConstant(v)) varies = v;
  }
  return varies != kNoValue ? varies : view.Input(n, 0);
}

ValueId Above(const GraphView& view, ValueId v, OpSet passed, NodeList* nodes) {
  for (int i = 0; i < kMostPassed && passed.Has(view.ProducerOp(v)); ++i) {
    const ValueId data = DataInput(view, view.Producer(v));
    if (data == kNoValue) break;
    Append(view.Producer(v), nodes);
    v = data;
  }
  return v;
}

ValueId Below(const GraphView& view, ValueId v, OpSet passed, NodeList* nodes) {
  for (int i = 0; i < kMostPassed && view.NumConsumers(v) == 1; ++i) {
    const NodeId n = view.Consumers(v)[0];
    if (!passed.Has(view.op(n)) || DataInput(view, n) != v || view.Output(n) == kNoValue) break;
    Append(n, nodes);
    v = view.Output(n);
  }
  return v;
}

NodeId FindConsumer(const GraphView& view, ValueId v, Op op, NodeList* nodes) {
  for (const NodeId n : view.Consumers(v)) {
    if (view.op(n) == op) return n;
  }
  NodeList casts;
  const ValueId below = Below(view, v, kCasts, &casts);
  if (below == v) return kNoNode;
  for (const NodeId n : view.Consumers(below)) {
    if (view.op(n) != op) continue;
    if (nodes != nullptr) nodes->insert(nodes->end(), casts.begin(), casts.end());
    return n;
  }
  return kNoNode;
}

ValueId OtherOperand(const GraphView& view, NodeId n, ValueId v) {
  const ValueId a = view.Input(n, 0), b = view.Input(n, 1);
  if (a == v) return b;
  if (b == v) return a;
  const ValueId bare = Above(view, v, kCasts);
  if (Above(view, a, kCasts) == bare) return b;
  return Above(view, b, kCasts) == bare ? a : kNoValue;
}

bool Between(const GraphView& view, ValueId x, ValueId out, size_t most, NodeList* nodes) {
  absl::InlinedVector<ValueId, 16> waiting = {out};
  NodeList found;
  size_t computing = 0;
  while (!waiting.empty()) {
    const ValueId v = waiting.back();
    waiting.pop_back();
    if (v == x || v == kNoValue || view.IsConstant(v)) continue;
    const NodeId n = view.Producer(v);
    if (n == kNoNode) return false;
    if (absl::c_linear_search(found, n)) continue;
    computing += !kCasts.Has(view.op(n));
    if (computing > most || found.size() > kMostCasts * most) return false;
    found.push_back(n);
    for (const ValueId input : view.Inputs(n)) waiting.push_back(input);
  }
  nodes->insert(nodes->end(), found.begin(), found.end());
  return true;
}

namespace walk_internal {

void Steps::Add(ValueId value, size_t from, NodeId passed) {
  if (is_full()) return;
  for (const Step& step : steps_) {
    if (step.value == value) return;
  }
  steps_.push_back({value, static_cast<int>(from), passed});
}

Way Steps::WayTo(NodeId end, size_t from) const {
  Way way{.end = end, .through = steps_[from].value, .nodes = {}};
  for (int i = static_cast<int>(from); steps_[i].from >= 0; i = steps_[i].from) {
    way.nodes.push_back(steps_[i].passed);
  }
  return way;
}

}  // namespace walk_internal
}  // namespace onnx_macs
