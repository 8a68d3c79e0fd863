// Collecting what a GraphView knows.
#include "analyzer/blocks/graph_view.h"

#include <algorithm>
#include <cmath>

namespace onnx_macs {
namespace {

// A constant may have been captured from the graphs outside.
bool IsStored(const Graph& graph, ValueId v) {
  const Graph* at = &graph;
  while (at != nullptr && v != kNoValue) {
    const Value& value = at->values[v];
    if (value.initializer >= 0) return true;
    v = value.outer();
    at = at->parent;
  }
  return false;
}

}  // namespace

GraphView::GraphView(Inference& inference, Frame& frame, absl::Span<const Called> ops)
    : inference_(inference), frame_(frame), graph_(*frame.graph), ops_(ops) {
  by_op_.resize(static_cast<size_t>(Op::kFused) + 1);
  FindConstants();
  FindConsumers();
}

// Nodes come after what they read, so that one pass decides.
void GraphView::FindConstants() {
  is_constant_.resize(graph_.values.size());
  for (size_t v = 0; v < graph_.values.size(); ++v) {
    is_constant_[v] = graph_.values[v].producer() < 0 && IsStored(graph_, static_cast<ValueId>(v));
  }
  for (NodeId n = 0; n < num_nodes(); ++n) {
    const Op kind = op(n);
    if (kind != Op::kOther) by_op_[static_cast<size_t>(kind)].push_back(n);
    const auto varies = [&](ValueId v) { return v != kNoValue && !is_constant_[v]; };
    const absl::Span<const ValueId> inputs = node(n).inputs;
    const bool constant = kind == Op::kConstant ||
                          (!inputs.empty() && std::none_of(inputs.begin(), inputs.end(), varies));
    if (!constant) continue;
    for (const ValueId v : node(n).outputs) {
      if (v != kNoValue) is_constant_[v] = true;
    }
  }
}

void GraphView::FindConsumers() {
  consumer_begin_.resize(graph_.values.size() + 1);
  const auto for_each_reading = [&](auto visit) {
    for (NodeId n = 0; n < num_nodes(); ++n) {
      if (op(n) == Op::kShape) continue;
      const absl::Span<const ValueId> inputs = node(n).inputs;
      for (size_t i = 0; i < inputs.size(); ++i) {
        const bool is_repeated = i > 0 && inputs[i] == inputs[i - 1];
        if (inputs[i] != kNoValue && !is_repeated) visit(n, inputs[i]);
      }
    }
  };
  for_each_reading([&](NodeId, ValueId v) { ++consumer_begin_[v + 1]; });
  for (size_t v = 1; v < consumer_begin_.size(); ++v) consumer_begin_[v] += consumer_begin_[v - 1];
  consumers_.resize(consumer_begin_.back());
  std::vector<uint32_t> next(consumer_begin_.begin(), consumer_begin_.end() - 1);
  for_each_reading([&](NodeId n, ValueId v) { consumers_[next[v]++] = n; });
}

absl::Span<const NodeId> GraphView::Consumers(ValueId v) const {
  if (v == kNoValue) return {};
  const size_t count = std::min(NumConsumers(v), kMostLookedAt);
  return absl::MakeConstSpan(consumers_).subspan(consumer_begin_[v], count);
}

bool GraphView::IsWeight(ValueId v) const {
  constexpr int kMatrix = 2;
  return IsConstant(v) || (MayBeStored(v) && Rank(v) <= kMatrix);
}

bool GraphView::MayBeStored(ValueId v) const {
  if (v == kNoValue || is_constant_[v]) return v != kNoValue;
  const Value& value = graph_.values[v];
  const Shape& shape = frame_.values[v].shape;
  return value.producer() < 0 && value.outer() == kNoValue && shape.rank() >= 1 &&
         shape.NumElements().is_integer();
}

// The value of a constant of one element as the file or inference has it.
std::optional<double> GraphView::ValueOf(ValueId v) const {
  if (!IsConstant(v) || !HasOneElement(v)) return std::nullopt;
  const TensorInfo& info = frame_.values[v];
  if (info.has_unread_data) inference_.ReadStoredElements(frame_, v);
  if (info.elements.size() != 1) return std::nullopt;
  const Element& element = info.elements[0];
  if (element.exact.is_integer()) return static_cast<double>(element.exact.value());
  if (element.exact.is_known()) return Approximate(Count(element.exact), 1);
  return element.is_known() ? std::optional<double>(element.real) : std::nullopt;
}

// (x - zero point) * scale.
std::optional<double> GraphView::Dequantized(NodeId n) const {
  const std::optional<double> x = ValueOf(Input(n, 0)), scale = ValueOf(Input(n, 1));
  const std::optional<double> zero = Input(n, 2) == kNoValue ? 0 : ValueOf(Input(n, 2));
  if (!x || !scale || !zero) return std::nullopt;
  return (*x - *zero) * *scale;
}

// What the model itself quantises is what it was before.
std::optional<double> GraphView::Scalar(ValueId v) const {
  constexpr int kPair = 2;
  for (int i = 0; i < kPair && ProducerOp(v) == Op::kQuantize; ++i) {
    const NodeId n = Producer(v);
    v = Input(n, 0);
    const bool was_stored = OpType(n) == "DequantizeLinear" && ProducerOp(v) != Op::kQuantize;
    if (was_stored) return Dequantized(n);
  }
  return ValueOf(v);
}

bool GraphView::IsScalar(ValueId v, double wanted) const {
  constexpr double kTolerance = 2e-3;  // constants of half precision
  const std::optional<double> value = Scalar(v);
  return value && std::abs(*value - wanted) <= kTolerance * std::abs(wanted);
}

bool GraphView::SameShape(ValueId a, ValueId b) const {
  const Shape x = ShapeOf(a), y = ShapeOf(b);
  if (!x.has_rank() || x.rank() != y.rank()) return false;
  for (int i = 0; i < x.rank(); ++i) {
    if (!ProvablyEqual(Resolve(x[i]), Resolve(y[i]))) return false;
  }
  return true;
}

}  // namespace onnx_macs
