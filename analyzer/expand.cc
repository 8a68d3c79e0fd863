// Graphs inside graphs: the subgraphs of control flow and the bodies of model-local functions. Each
// is walked where it is used, in a frame of its own, within bounds that no real model comes near.
#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "analyzer/inference.h"
#include "analyzer/op_context.h"

namespace onnx_macs {
namespace {

constexpr int kMaxDepth = 100;
// What all graphs inside graphs may take together, in steps: a node of an export takes about 16. A
// large file may expand to more than a small one.
constexpr size_t kMaxSteps = size_t{1} << 19;
constexpr size_t kFileBytesPerStep = 2;
constexpr size_t kStepsPerFrame = 32, kStepsPerNode = 8, kBytesPerStep = 32;
constexpr size_t kTooDeep = SIZE_MAX;  // as the size of a function

size_t AddSizes(size_t a, size_t b) {
  if (a == kTooDeep || b == kTooDeep) return kTooDeep;
  return std::min(a + b, SIZE_MAX / 4);
}

absl::Status NestedTooDeep() {
  return absl::ResourceExhaustedError(
      absl::StrCat("graphs are nested more than ", kMaxDepth, " deep"));
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
  if (steps_ > max_steps_) return TooManySteps();
  for (const Frame* frame = &outer; function != nullptr && frame != nullptr; frame = frame->outer) {
    if (frame->function == function) {
      return absl::FailedPreconditionError(
          absl::StrCat("function ", function->name, " calls itself"));
    }
  }
  return absl::OkStatus();
}

size_t Inference::StepLimit(const Model& model) {
  return kMaxSteps + model.bytes.view().size() / kFileBytesPerStep;
}

size_t Inference::StepsOf(const Graph& graph, size_t name_bytes) const {
  const size_t nodes = graph.nodes.size();
  return kStepsPerFrame + nodes * (kStepsPerNode + name_bytes / kBytesPerStep) +
         graph.values.size() + graph.bytes / kBytesPerStep;
}

absl::Status Inference::TooManySteps() const {
  return absl::ResourceExhaustedError(absl::StrCat("functions and subgraphs expand to more than ",
                                                   max_steps_ / kStepsPerNode,
                                                   " small nodes, or as much of larger ones"));
}

bool Inference::HasRoomFor(size_t nodes) const {
  return steps_ + nodes * kStepsPerNode < max_steps_ / 4;
}

void Inference::Rewind(const Mark& mark) {
  records_.resize(mark.records);
  refusals_.erase(refusals_.lower_bound(mark.records), refusals_.end());
  alternatives_.resize(mark.alternatives);
  notes_.resize(mark.notes);
}

Frame& Inference::EnterWithin(Frame& outer, const Node& node, const Graph& graph,
                              absl::Span<const OpsetImport> opsets) {
  constexpr size_t kNameless = sizeof("(nameless)");
  Frame& frame = EnterGraph(graph, opsets);
  frame.outer = &outer;
  frame.entered_by = &node;
  frame.depth = outer.depth + 1;
  frame.name_bytes = outer.name_bytes + std::max(node.name.size(), kNameless);
  steps_ += StepsOf(graph, frame.name_bytes);
  return frame;
}

absl::StatusOr<Frame*> Inference::WalkSubgraph(Frame& outer, const Node& node, const Graph& graph,
                                               absl::Span<const TensorInfo> inputs,
                                               const Count& times) {
  if (const absl::Status status = CheckExpansion(outer, nullptr); !status.ok()) return status;
  if (steps_ + StepsOf(graph, outer.name_bytes) > max_steps_) return TooManySteps();
  Frame& frame = EnterWithin(outer, node, graph, outer.opsets);
  frame.call_attributes = outer.call_attributes;
  frame.times = outer.times * times;
  Capture(*this, frame, outer);
  SetInputs(frame, inputs);
  Walk(frame);
  return &frame;
}

// The steps of a graph and all it calls, each as often as it is called.
size_t Inference::ExpandedSize(const Graph& graph, absl::Span<const OpsetImport> opsets,
                               int depth) {
  if (depth > kMaxDepth) return kTooDeep;
  if (steps_ > max_steps_) return max_steps_ + 1;
  const absl::Span<const Callee> callees = CalleesFor(opsets);
  size_t size = StepsOf(graph, 0);
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
  if (steps_ + size > max_steps_) return TooManySteps();
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
  Frame& body = EnterWithin(frame, node, function.body, function.opsets);
  body.call_attributes = CallAttributes(frame, node, function);
  body.function = &function;
  body.times = frame.times;
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
  if (node.attributes.empty()) return function.defaults;
  std::vector<Attribute> attributes;
  absl::flat_hash_set<absl::string_view> names;
  absl::flat_hash_map<absl::string_view, const Attribute*> of_caller;
  for (const Attribute& outer : frame.call_attributes) of_caller.try_emplace(outer.name, &outer);
  for (const Attribute& given : node.attributes) {
    const auto referred = given.is_reference ? of_caller.find(given.s()) : of_caller.end();
    if (given.is_reference && referred == of_caller.end()) continue;
    attributes.push_back(given.is_reference ? *referred->second : given);
    attributes.back().name = given.name;
    names.insert(given.name);
  }
  for (const Attribute& otherwise : function.defaults) {
    if (!names.contains(otherwise.name)) attributes.push_back(otherwise);
  }
  steps_ += attributes.size() + frame.call_attributes.size();
  return arena_.Copy<Attribute>(attributes);
}

}  // namespace onnx_macs
