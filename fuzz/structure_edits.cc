// Edits of what holds nodes: they are put into branches, loops and functions, multiplied, and
// fields of any message go astray.
#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fuzz/model_edits.h"

namespace onnx_macs::fuzz {
namespace {

// Field numbers of ONNX's messages.
constexpr uint32_t kGraphNode = 1, kGraphInput = 11, kGraphOutput = 12;
constexpr uint32_t kInput = 1, kOutput = 2, kOpType = 4, kAttribute = 5, kDomain = 7;

Field ValueInfo(uint32_t number, absl::string_view name) {
  return Message(number, Kind::kValueInfo, {Text(1, name)});
}

Field GraphAttribute(absl::string_view name, std::vector<Field> fields) {
  return Message(kAttribute, Kind::kAttribute,
                 {Text(1, name), Integer(20, 5), Message(6, Kind::kGraph, std::move(fields))});
}

Field NewNode(absl::string_view op, std::vector<std::string> inputs,
              std::vector<std::string> outputs) {
  Field node = Message(kGraphNode, Kind::kNode, {Text(kOpType, op)});
  for (const std::string& input : inputs) node.fields.push_back(Text(kInput, input));
  for (const std::string& output : outputs) node.fields.push_back(Text(kOutput, output));
  return node;
}

std::vector<std::string> Texts(Field* node, uint32_t number) {
  std::vector<std::string> texts;
  for (const Field* field : FieldsOf(node, number)) texts.push_back(field->bytes);
  return texts;
}

// The node alone, and its outputs those of the graph.
std::vector<Field> Body(Field node) {
  std::vector<Field> fields;
  for (const std::string& output : Texts(&node, kOutput)) {
    fields.push_back(ValueInfo(kGraphOutput, output));
  }
  fields.push_back(std::move(node));
  return fields;
}

void PutInBranch(ByteSource& choices, Field* model) {
  const std::string condition = ValueName(choices, model);
  Field* const node = PickMessage(choices, model, Kind::kNode);
  if (node == nullptr) return;
  Field branch = NewNode("If", {condition}, Texts(node, kOutput));
  branch.fields.push_back(GraphAttribute("then_branch", Body(*node)));
  if (choices.Flag()) std::reverse(node->fields.begin(), node->fields.end());
  branch.fields.push_back(GraphAttribute("else_branch", Body(*node)));
  branch.tag = node->tag;
  *node = std::move(branch);
}

// The first of what the node reads is carried from run to run.
void PutInLoop(ByteSource& choices, Field* model) {
  const std::string trips = ValueName(choices, model), condition = ValueName(choices, model);
  Field* const node = PickMessage(choices, model, Kind::kNode);
  if (node == nullptr) return;
  std::vector<std::string> inputs = {trips, condition};
  std::vector<Field> body = {ValueInfo(kGraphInput, "iteration"), ValueInfo(kGraphInput, "go_on"),
                             ValueInfo(kGraphOutput, "go_on")};
  Field inner = *node;
  const std::vector<Field*> read = FieldsOf(&inner, kInput);
  if (!read.empty() && choices.Flag()) {
    inputs.push_back(read[0]->bytes);
    read[0]->bytes = "carried";
    body.push_back(ValueInfo(kGraphInput, "carried"));
  }
  for (Field& field : Body(std::move(inner))) body.push_back(std::move(field));
  Field loop = NewNode("Loop", std::move(inputs), Texts(node, kOutput));
  loop.fields.push_back(GraphAttribute("body", std::move(body)));
  loop.tag = node->tag;
  *node = std::move(loop);
}

void PutInScan(ByteSource& choices, Field* model) {
  Field* const node = PickMessage(choices, model, Kind::kNode);
  if (node == nullptr) return;
  Field inner = *node;
  std::vector<Field> body;
  const std::vector<Field*> read = FieldsOf(&inner, kInput);
  const std::vector<std::string> inputs = Texts(node, kInput);
  for (size_t i = 0; i < read.size(); ++i) {
    read[i]->bytes = absl::StrCat("scanned", i);
    body.push_back(ValueInfo(kGraphInput, read[i]->bytes));
  }
  for (Field& field : Body(std::move(inner))) body.push_back(std::move(field));
  constexpr absl::string_view kOps[] = {"Scan", "SequenceMap"};
  Field scan = NewNode(choices.Pick(kOps), inputs, Texts(node, kOutput));
  scan.fields.push_back(GraphAttribute("body", std::move(body)));
  const auto count = static_cast<int64_t>(choices.Below(inputs.size() + 1));
  scan.fields.push_back(Message(kAttribute, Kind::kAttribute,
                                {Text(1, "num_scan_inputs"), Integer(20, 2), Integer(3, count)}));
  scan.tag = node->tag;
  *node = std::move(scan);
}

void PutInFunction(ByteSource& choices, Field* model) {
  const std::string name = "f" + NewName(model);
  Field* const node = PickMessage(choices, model, Kind::kNode);
  if (node == nullptr) return;
  Field function = Message(25, Kind::kFunction, {Text(1, name), Text(10, "local")});
  for (const std::string& input : Texts(node, kInput)) function.fields.push_back(Text(4, input));
  for (const std::string& output : Texts(node, kOutput)) function.fields.push_back(Text(5, output));
  Field call = NewNode(name, Texts(node, kInput), Texts(node, kOutput));
  call.fields.push_back(Text(kDomain, "local"));
  call.tag = node->tag;
  Field inner = std::exchange(*node, std::move(call));
  inner.tag = Message(7, Kind::kNode).tag;
  function.fields.push_back(std::move(inner));
  for (Field* opset : FieldsOf(model, 8)) {
    function.fields.push_back(*opset);
    function.fields.back().tag = Message(9, Kind::kOpset).tag;
  }
  model->fields.push_back(std::move(function));
}

// As a chain: each copy reads what the one before it wrote.
void Multiply(ByteSource& choices, Field* model) {
  const std::string name = NewName(model);
  Field* const graph = PickMessage(choices, model, Kind::kGraph);
  const std::vector<Field*> nodes = FieldsOf(graph, kGraphNode);
  if (nodes.empty()) return;
  Field copy = *nodes[choices.Below(nodes.size())];
  const size_t times = size_t{1} << choices.Below(7);
  const size_t most = kMostFields / (1 + CountFields(copy));
  for (size_t i = 0; i < std::min(times, most); ++i) {
    const std::vector<Field*> inputs = FieldsOf(&copy, kInput), outputs = FieldsOf(&copy, kOutput);
    if (!inputs.empty() && !outputs.empty()) inputs[0]->bytes = outputs[0]->bytes;
    for (Field* output : outputs)
      output->bytes = absl::StrCat(name, "_", i, "_", output - outputs[0]);
    graph->fields.push_back(copy);
  }
}

// Some message that has fields.
Field* AnyMessage(ByteSource& choices, Field* model) {
  constexpr Kind kKinds[] = {Kind::kNode,  Kind::kGraph, Kind::kAttribute,  Kind::kTensor,
                             Kind::kShape, Kind::kType,  Kind::kTensorType, Kind::kFunction,
                             Kind::kModel, Kind::kDim};
  Field* const message = PickMessage(choices, model, choices.Pick(kKinds));
  return message == nullptr || message->fields.empty() ? nullptr : message;
}

void RemoveField(ByteSource& choices, Field* model) {
  Field* const message = AnyMessage(choices, model);
  if (message == nullptr || message == model) return;
  message->fields.erase(message->fields.begin() + choices.Below(message->fields.size()));
}

void RepeatField(ByteSource& choices, Field* model) {
  Field* const message = AnyMessage(choices, model);
  if (message == nullptr || message == model) return;
  Field copy = message->fields[choices.Below(message->fields.size())];
  message->fields.push_back(std::move(copy));
}

void SwapFields(ByteSource& choices, Field* model) {
  Field* const message = AnyMessage(choices, model);
  if (message == nullptr) return;
  const size_t count = message->fields.size();
  std::swap(message->fields[choices.Below(count)], message->fields[choices.Below(count)]);
}

void CopyMessage(ByteSource& choices, Field* model) {
  constexpr Kind kKinds[] = {Kind::kAttribute, Kind::kTensor, Kind::kType, Kind::kShape};
  const Kind kind = choices.Pick(kKinds);
  const Field* const from = PickMessage(choices, model, kind);
  Field* const to = PickMessage(choices, model, kind);
  if (from == nullptr) return;
  std::vector<Field> copy = from->fields;  // of which `to` may be a part
  to->fields = std::move(copy);
}

constexpr Edit kEdits[] = {PutInBranch, PutInLoop,   PutInScan,  PutInFunction, Multiply,
                           RemoveField, RepeatField, SwapFields, CopyMessage};

}  // namespace

absl::Span<const Edit> StructureEdits() { return kEdits; }

}  // namespace onnx_macs::fuzz
