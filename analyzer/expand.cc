// Graphs inside graphs: the subgraphs of control flow and the bodies of model-local functions. Each
// is walked where it is used, in a frame of its own, within bounds that no real model comes near.
#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "analyzer/inference.h"
#include "analyzer/op_context.h"

namespace onnx_macs {
namespace {

constexpr int kMaxDepth = 100;
constexpr size_t kMaxExpandedNodes = 1'000'000;
constexpr size_t kTooDeep = SIZE_MAX;  // as the size of a function

size_t AddSizes(size_t a, size_t b) {
  if (a == kTooDeep || b == kTooDeep) return kTooDeep;
  return std::min(a + b, kMaxExpandedNodes + 1);
}

absl::Status NestedTooDeep() {
  return absl::ResourceExhaustedError(
      absl::StrCat("graphs are nested more than ", kMaxDepth, " deep"));
}

absl::Status TooManyNodes() {
  return absl::ResourceExhaustedError(
      absl::StrCat("functions and subgraphs expand to more than ", kMaxExpandedNodes, " nodes"));
}

// Inputs left out stay unknown; those beyond the graph's own are ignored.
void SetInputs(Frame& frame, absl::Span<const TensorInfo> inputs) {
  const std::vector<ValueId>& formal = frame.graph->inputs;
  for (size_t i = 0; i < formal.size() && i < inputs.size(); ++i) {
    if (formal[i] != kNoValue) frame.values[formal[i]] = inputs[i];
  }
}

// Values that a subgraph reads from around it.
void Capture(Inference& inference, Frame& frame, Frame& outer) {
  for (size_t id = 0; id < frame.values.size(); ++id) {
    const ValueId captured = frame.graph->values[id].outer();
    if (captured == kNoValue) continue;
    if (outer.values[captured].has_unread_data) inference.ReadStoredElements(outer, captured);
    frame.values[id] = outer.values[captured];
  }
}

}  // namespace

absl::Status Inference::CheckExpansion(const Frame& outer, const Function* function) const {
  if (outer.depth + 1 > kMaxDepth) return NestedTooDeep();
  if (num_expanded_ > kMaxExpandedNodes) return TooManyNodes();
  for (const Frame* frame = &outer; function != nullptr && frame != nullptr; frame = frame->outer) {
    if (frame->function == function) {
      return absl::FailedPreconditionError(
          absl::StrCat("function ", function->name, " calls itself"));
    }
  }
  return absl::OkStatus();
}

bool Inference::HasRoomFor(size_t nodes) const {
  return num_expanded_ + nodes < kMaxExpandedNodes / 4;
}

void Inference::Rewind(const Mark& mark) {
  records_.resize(mark.records);
  refusals_.erase(refusals_.lower_bound(mark.records), refusals_.end());
  alternatives_.resize(mark.alternatives);
  notes_.resize(mark.notes);
}

absl::StatusOr<Frame*> Inference::WalkSubgraph(Frame& outer, const Node& node, const Graph& graph,
                                               absl::Span<const TensorInfo> inputs,
                                               const Count& times) {
  if (const absl::Status status = CheckExpansion(outer, nullptr); !status.ok()) return status;
  Frame& frame = EnterGraph(graph, outer.opsets);
  frame.call_attributes = outer.call_attributes;
  frame.outer = &outer;
  frame.entered_by = &node;
  frame.times = outer.times * times;
  frame.depth = outer.depth + 1;
  Capture(*this, frame, outer);
  SetInputs(frame, inputs);
  Walk(frame);
  return &frame;
}

// The nodes of a graph and all it calls, each as often as it is called.
size_t Inference::ExpandedSize(const Graph& graph, absl::Span<const OpsetImport> opsets,
                               int depth) {
  if (depth > kMaxDepth) return kTooDeep;
  const absl::Span<const Callee> callees = CalleesFor(opsets);
  size_t size = graph.nodes.size();
  for (const Node& node : graph.nodes) {
    for (const Attribute& attribute : node.attributes) {
      for (const Graph* subgraph : attribute.graphs()) {
        size = AddSizes(size, ExpandedSize(*subgraph, opsets, depth + 1));
      }
    }
    const Function* called = callees[node.op].function;
    if (called != nullptr) size = AddSizes(size, ExpandedSize(*called, depth + 1));
  }
  return size;
}

// Known before a body is entered, so that a call is a gap as a whole and at once.
size_t Inference::ExpandedSize(const Function& function, int depth) {
  // A call of itself, which ends where it is met, adds nothing.
  const auto [it, is_new] = expanded_sizes_.try_emplace(&function, 0);
  if (!is_new) return it->second;
  const size_t size = ExpandedSize(function.body, function.opsets, depth);
  return expanded_sizes_[&function] = size;
}

absl::Status Inference::ExpandFunction(Frame& frame, const Node& node, const Function& function) {
  if (const absl::Status status = CheckExpansion(frame, &function); !status.ok()) return status;
  const size_t size = ExpandedSize(function, frame.depth + 1);
  if (size == kTooDeep) return NestedTooDeep();
  if (num_expanded_ + size > kMaxExpandedNodes) return TooManyNodes();
  if (node.outputs.size() != function.body.outputs.size()) {
    OpContext(*this, frame, node, 0)
        .Warn(absl::StrCat("the function gives ", function.body.outputs.size(),
                           " results, the call takes ", node.outputs.size()));
  }
  std::vector<TensorInfo> inputs;
  for (const ValueId input : node.inputs) {
    if (input == kNoValue) {
      inputs.emplace_back();
      continue;
    }
    if (frame.values[input].has_unread_data) ReadStoredElements(frame, input);
    inputs.push_back(frame.values[input]);
  }
  Frame& body = EnterGraph(function.body, function.opsets);
  body.call_attributes = CallAttributes(frame, node, function);
  body.outer = &frame;
  body.entered_by = &node;
  body.function = &function;
  body.times = frame.times;
  body.depth = frame.depth + 1;
  SetInputs(body, inputs);
  Walk(body);
  const std::vector<ValueId>& results = function.body.outputs;
  for (size_t i = 0; i < results.size() && i < node.outputs.size(); ++i) {
    if (node.outputs[i] == kNoValue || results[i] == kNoValue) continue;
    frame.values[node.outputs[i]] = body.values[results[i]];
  }
  return absl::OkStatus();
}

// The call's own attributes, references among them resolved, then the function's defaults.
absl::Span<const Attribute> Inference::CallAttributes(const Frame& frame, const Node& node,
                                                      const Function& function) {
  std::vector<Attribute> attributes;
  const auto has = [&attributes](absl::string_view name) {
    for (const Attribute& a : attributes) {
      if (a.name == name) return true;
    }
    return false;
  };
  for (const Attribute& given : node.attributes) {
    if (!given.is_reference) {
      attributes.push_back(given);
      continue;
    }
    for (const Attribute& outer : frame.call_attributes) {
      if (outer.name != given.s()) continue;
      attributes.push_back(outer);
      attributes.back().name = given.name;
    }
  }
  for (const Attribute& otherwise : function.defaults) {
    if (!has(otherwise.name)) attributes.push_back(otherwise);
  }
  return arena_.Copy<Attribute>(attributes);
}

}  // namespace onnx_macs
