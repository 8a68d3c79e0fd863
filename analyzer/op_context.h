// OpContext: a rule's only window on the world: the node's inputs, attributes and outputs.
#ifndef ANALYZER_OP_CONTEXT_H_
#define ANALYZER_OP_CONTEXT_H_

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "analyzer/control_flow.h"
#include "analyzer/count.h"
#include "analyzer/expr_pool.h"
#include "analyzer/model.h"
#include "analyzer/rule.h"
#include "analyzer/tensor_info.h"

namespace onnx_macs {

struct Frame;     // the values of one graph while it is walked (frame.h)
class Inference;  // the state of one analysis (inference.h)

class OpContext {
 public:
  OpContext(Inference& inference, Frame& frame, const Node& node, int64_t opset)
      : inference_(inference), frame_(frame), node_(node), opset_(opset) {}

  // --- The node
  const Node& node() const { return node_; }
  int64_t opset() const { return opset_; }
  const OpRule* rule() const;  // the node's; null where its operator has none
  int num_inputs() const { return static_cast<int>(node_.inputs.size()); }
  int num_outputs() const { return static_cast<int>(node_.outputs.size()); }
  bool HasInput(int i) const { return i < num_inputs() && node_.inputs[i] != kNoValue; }
  bool HasOutput(int i) const { return i < num_outputs() && node_.outputs[i] != kNoValue; }

  // --- Attributes. Null or the given default when absent; references are already resolved.
  const Attribute* FindAttribute(absl::string_view name) const;
  int64_t IntAttribute(absl::string_view name, int64_t otherwise) const;
  float FloatAttribute(absl::string_view name, float otherwise) const;
  absl::string_view StringAttribute(absl::string_view name, absl::string_view otherwise) const;
  absl::Span<const int64_t> IntsAttribute(absl::string_view name) const;  // empty when absent

  // --- Inputs. An absent input has an unknown shape and no elements.
  const TensorInfo& Input(int i) const;
  Shape InputShape(int i) const;  // under all facts known so far
  DataType InputType(int i) const { return Input(i).type; }
  // The elements of an input whose value is known, if only in part; empty span with null data
  // otherwise. Reads small initializers on demand.
  absl::Span<const Element> InputElements(int i) const;
  bool HasElements(int i) const { return InputElements(i).data() != nullptr; }
  // An input with its elements, as other values can take it over.
  TensorInfo FullInput(int i) const;
  // Every element of a known integer input. False when absent or not known at all; an element may
  // still be an unknown Dim.
  bool InputDims(int i, DimVector* dims) const;
  // Every element as a plain integer: false when one is symbolic or unknown. For axes and such.
  bool InputInts(int i, std::vector<int64_t>* ints) const;

  // --- Outputs. Outputs that do not exist are ignored. A shape of more dims than this is not
  // followed: no real tensor has as many.
  static constexpr size_t kMaxRank = 64;
  void SetOutput(int i, DataType type, absl::Span<const Dim> dims);
  void SetOutput(int i, DataType type, Shape shape);
  void SetOutput(int i, const TensorInfo& info);
  void SetElements(int i, absl::Span<const Element> elements);
  // Whether elements of an output of this many elements are worth following at all.
  static constexpr int kMaxElements = 4096;
  // For cost rules: what inference found, under all facts.
  const TensorInfo& Output(int i) const;
  Shape OutputShape(int i) const;

  // --- Counting
  Count NumInputElements(int i) const;
  Count NumOutputElements(int i) const;
  Cost WithParts(Cost cost, std::initializer_list<CostPart> parts) const;

  // --- Subgraphs, for control flow. Null when the attribute is not a graph.
  const Graph* GraphAttribute(absl::string_view name) const;
  // Walks a subgraph as part of this node; the costs of its nodes count `times` times. The result
  // is what its outputs became. Fails where graphs nest or multiply without end.
  absl::StatusOr<std::vector<TensorInfo>> WalkSubgraph(const Graph& graph,
                                                       absl::Span<const TensorInfo> inputs,
                                                       const Count& times);
  // The same without a trace: to see what shapes come out.
  absl::StatusOr<std::vector<TensorInfo>> TrySubgraph(const Graph& graph,
                                                      absl::Span<const TensorInfo> inputs);
  const ControlFlowOptions& control_flow() const;

  // --- Shapes that must agree. Where that is not certain it is assumed and recorded.
  bool MustEqual(Dim a, Dim b) const;
  ExprPool& pool() const;
  absl::Span<const Dim> CopyDims(absl::Span<const Dim> dims) const;
  // Adds to the report what a person should know about this node.
  void Note(std::string text) const;
  void NoteOnce(absl::string_view text) const;  // of the model rather than of this node
  // The same of something odd that is no reason to refuse the node; it names the node.
  void Warn(absl::string_view text) const;

  Inference& inference() const { return inference_; }
  Frame& frame() const { return frame_; }

 private:
  Inference& inference_;
  Frame& frame_;
  const Node& node_;
  int64_t opset_;
};

}  // namespace onnx_macs

#endif  // ANALYZER_OP_CONTEXT_H_
