// GraphView: one graph as recognisers see it: who makes a value, who reads it, what it is. All it
// knows is collected in one pass over the nodes.
#ifndef ANALYZER_BLOCKS_GRAPH_VIEW_H_
#define ANALYZER_BLOCKS_GRAPH_VIEW_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "analyzer/blocks/op.h"
#include "analyzer/frame.h"
#include "analyzer/inference.h"
#include "analyzer/op_context.h"

namespace onnx_macs {

// Index into Graph::nodes.
using NodeId = int32_t;
inline constexpr NodeId kNoNode = -1;

class GraphView {
 public:
  // `ops` by operator id.
  GraphView(Inference& inference, Frame& frame, absl::Span<const Called> ops);

  size_t num_values() const { return graph_.values.size(); }
  NodeId num_nodes() const { return static_cast<NodeId>(graph_.nodes.size()); }
  const Node& node(NodeId n) const { return graph_.nodes[n]; }
  Op op(NodeId n) const { return n == kNoNode ? Op::kOther : ops_[graph_.nodes[n].op].op; }
  absl::Span<const NodeId> NodesOf(Op op) const { return by_op_[static_cast<size_t>(op)]; }

  // An operand; kNoValue where there is none.
  ValueId Input(NodeId n, size_t i) const {
    if (n == kNoNode) return kNoValue;
    const Called& called = ops_[node(n).op];
    i = called.first + i * called.stride;
    return i < node(n).inputs.size() ? node(n).inputs[i] : kNoValue;
  }
  size_t NumOperands(NodeId n) const {
    const Called& called = ops_[node(n).op];
    const size_t inputs = node(n).inputs.size();
    return inputs <= called.first ? 0 : (inputs - called.first - 1) / called.stride + 1;
  }
  ValueId Output(NodeId n, size_t i = 0) const {
    return i < node(n).outputs.size() ? node(n).outputs[i] : kNoValue;
  }
  // Scales too. Recognisers look at no more inputs of a node than these: a Concat may have a
  // million.
  absl::Span<const ValueId> Inputs(NodeId n) const {
    return absl::Span<const ValueId>(node(n).inputs).subspan(0, kMostLookedAt);
  }

  NodeId Producer(ValueId v) const { return v == kNoValue ? kNoNode : graph_.values[v].producer(); }
  Op ProducerOp(ValueId v) const { return op(Producer(v)); }
  // The first of its readers, each once: a hostile value has a million. What only asks for its
  // shape reads nothing of it.
  absl::Span<const NodeId> Consumers(ValueId v) const;
  size_t NumConsumers(ValueId v) const {
    return v == kNoValue ? 0 : consumer_begin_[v + 1] - consumer_begin_[v];
  }
  // Whether the file alone decides the value: stored, or computed from what is.
  bool IsConstant(ValueId v) const { return v != kNoValue && is_constant_[v]; }
  // A constant, or an input of the graph that can only be a weight left out of the file.
  bool IsWeight(ValueId v) const;
  // The same of any number of axes: experts' matrices are stacked.
  bool MayBeStored(ValueId v) const;

  Shape ShapeOf(ValueId v) const { return v == kNoValue ? Shape() : frame_.values[v].shape; }
  int Rank(ValueId v) const { return ShapeOf(v).rank(); }
  Dim DimOf(ValueId v, int axis) const { return Resolve(ShapeOf(v)[axis]); }
  Dim Resolve(Dim d) const { return inference_.pool().Resolve(d); }
  // The value of a constant of one element, if it is known: of a quantised one what it stands for.
  std::optional<double> Scalar(ValueId v) const;
  bool IsScalar(ValueId v, double wanted) const;
  // One element: a scale or an epsilon, whether or not its value is known.
  bool HasOneElement(ValueId v) const { return IsInteger(ShapeOf(v).NumElements(), 1); }
  bool SameShape(ValueId a, ValueId b) const;

  // Attributes as the call has them.
  OpContext Context(NodeId n) const {
    return OpContext(inference_, frame_, node(n), frame_.callees[node(n).op].opset);
  }
  // A model-local function: what it does is inside.
  bool IsCall(NodeId n) const { return frame_.callees[node(n).op].function != nullptr; }
  absl::string_view OpType(NodeId n) const { return inference_.model().operators[node(n).op].type; }
  absl::string_view OpDomain(NodeId n) const {
    return inference_.model().operators[node(n).op].domain;
  }

 private:
  static constexpr size_t kMostLookedAt = 16;
  std::optional<double> ValueOf(ValueId v) const;
  std::optional<double> Dequantized(NodeId n) const;
  void FindConstants();
  void FindConsumers();

  Inference& inference_;
  Frame& frame_;
  const Graph& graph_;
  const absl::Span<const Called> ops_;
  std::vector<std::vector<NodeId>> by_op_;
  std::vector<uint32_t> consumer_begin_;  // by value, and one more
  std::vector<NodeId> consumers_;
  std::vector<bool> is_constant_;  // by value
};

}  // namespace onnx_macs

#endif  // ANALYZER_BLOCKS_GRAPH_VIEW_H_
