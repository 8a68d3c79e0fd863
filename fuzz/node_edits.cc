// Edits of nodes: their operators, attributes, inputs and outputs.
#include <algorithm>
#include <string>
#include <utility>

#include "fuzz/model_edits.h"
#include "fuzz/words.h"
#include "rules/rules.h"

namespace onnx_macs::fuzz {
namespace {

// Field numbers of ONNX's messages.
constexpr uint32_t kInput = 1, kOutput = 2, kOpType = 4, kAttribute = 5, kDomain = 7;
constexpr uint32_t kName = 1, kFloat = 2, kInt = 3, kString = 4, kTensor = 5, kFloats = 7,
                   kInts = 8, kStrings = 9, kTypeProto = 14, kType = 20, kReference = 21;

const std::vector<const OpRule*>& Rows() {
  static const auto& rows = *new std::vector<const OpRule*>(BuiltinRules().All());
  return rows;
}

void SetOpset(absl::string_view domain, int64_t version, Field* model) {
  constexpr uint32_t kOpset = 8;
  for (Field* opset : FieldsOf(model, kOpset)) {
    if (TextOf(*opset, 1) == domain) return Set(opset, Integer(2, version));
  }
  model->fields.push_back(Message(kOpset, Kind::kOpset, {Text(1, domain), Integer(2, version)}));
}

void SetOperator(ByteSource& choices, Field* model, Field* node) {
  const OpRule& row = *Rows()[choices.Below(Rows().size())];
  Set(node, Text(kOpType, row.op_type));
  Set(node, Text(kDomain, row.domain));
  if (choices.Byte() % 4 == 1) SetOpset(row.domain, row.since_version, model);
}

Field NewAttribute(ByteSource& choices) {
  Field attribute = Message(kAttribute, Kind::kAttribute);
  const auto add = [&](Field field) { attribute.fields.push_back(std::move(field)); };
  const auto name = [&](const auto& names) { add(Text(kName, choices.Pick(names))); };
  switch (const size_t type = 1 + choices.Below(9); type) {
    case 1:
      name(kFloatNames), add(Float(kFloat, HostileFloat(choices))), add(Integer(kType, 1));
      break;
    case 3:
      name(kStringNames), add(Text(kString, choices.Pick(kStringValues))), add(Integer(kType, 3));
      break;
    case 4:
      name(kTensorNames), add(NewTensor(choices, kTensor, "")), add(Integer(kType, 4));
      break;
    case 5:
      name(kIntNames), add(NewType(choices, kTypeProto)), add(Integer(kType, 13));
      break;
    case 6:
      name(kFloatsNames), add(Integer(kType, 6));
      for (size_t i = choices.Below(9); i > 0; --i) add(Float(kFloats, HostileFloat(choices)));
      break;
    case 7:
    case 8:
      name(kIntsNames), add(Integer(kType, 7));
      for (const int64_t value : HostileIntegers(choices)) add(Integer(kInts, value));
      break;
    case 9:
      name(kStringsNames), add(Integer(kType, 8));
      for (size_t i = choices.Below(5); i > 0; --i) {
        add(Text(kStrings, choices.Pick(kStringValues)));
      }
      break;
    default:
      name(kIntNames), add(Integer(kInt, HostileInteger(choices))), add(Integer(kType, 2));
  }
  return attribute;
}

void AddAttribute(ByteSource& choices, Field* model) {
  Field* const node = PickMessage(choices, model, Kind::kNode);
  if (node != nullptr) node->fields.push_back(NewAttribute(choices));
}

// The value of another attribute under the same name: of the wrong type, as often as not.
void ReplaceAttribute(ByteSource& choices, Field* model) {
  Field* const attribute = PickMessage(choices, model, Kind::kAttribute);
  if (attribute == nullptr) return;
  const std::string name(TextOf(*attribute, kName));
  attribute->fields = NewAttribute(choices).fields;
  Set(attribute, Text(kName, name));
}

void SetNumbers(ByteSource& choices, Field* model) {
  Field* const attribute = PickMessage(choices, model, Kind::kAttribute);
  if (attribute == nullptr) return;
  std::vector<Field*> numbers = FieldsOf(attribute, kInts);
  if (numbers.empty()) numbers = FieldsOf(attribute, kInt);
  if (numbers.empty()) return;
  Field* const number = numbers[choices.Below(numbers.size())];
  *number = Integer(number->field_number(), HostileInteger(choices));
}

void SetString(ByteSource& choices, Field* model) {
  Field* const attribute = PickMessage(choices, model, Kind::kAttribute);
  if (attribute != nullptr && Find(*attribute, kString) != nullptr) {
    Set(attribute, Text(kString, choices.Pick(kStringValues)));
  }
}

void RemoveAttribute(ByteSource& choices, Field* model) {
  Field* const node = PickMessage(choices, model, Kind::kNode);
  if (node == nullptr) return;
  const std::vector<Field*> attributes = FieldsOf(node, kAttribute);
  if (attributes.empty()) return;
  node->fields.erase(node->fields.begin() +
                     (attributes[choices.Below(attributes.size())] - node->fields.data()));
}

void ReferToCaller(ByteSource& choices, Field* model) {
  Field* const attribute = PickMessage(choices, model, Kind::kAttribute);
  if (attribute != nullptr) Set(attribute, Text(kReference, choices.Pick(kIntNames)));
}

void ChangeOperator(ByteSource& choices, Field* model) {
  Field* const node = PickMessage(choices, model, Kind::kNode);
  if (node != nullptr) SetOperator(choices, model, node);
}

// Rarely what the model itself defines, which may be what the node is in.
void CallFunction(ByteSource& choices, Field* model) {
  Field* const node = PickMessage(choices, model, Kind::kNode);
  const Field* const function = PickMessage(choices, model, Kind::kFunction);
  if (node == nullptr || function == nullptr) return;
  Set(node, Text(kOpType, TextOf(*function, 1)));
  Set(node, Text(kDomain, TextOf(*function, 10)));
}

void SetInput(ByteSource& choices, Field* model) {
  Field* const node = PickMessage(choices, model, Kind::kNode);
  if (node == nullptr) return;
  const std::string name = ValueName(choices, model);
  const std::vector<Field*> inputs = FieldsOf(node, kInput);
  const size_t at = choices.Below(inputs.size() + 1);
  if (at < inputs.size()) {
    inputs[at]->bytes = name;
  } else {
    node->fields.push_back(Text(kInput, name));
  }
}

void SwapInputs(ByteSource& choices, Field* model) {
  Field* const node = PickMessage(choices, model, Kind::kNode);
  if (node == nullptr) return;
  const std::vector<Field*> inputs = FieldsOf(node, kInput);
  if (inputs.size() < 2) return;
  std::swap(inputs[choices.Below(inputs.size())]->bytes, inputs[0]->bytes);
}

void DropInputs(ByteSource& choices, Field* model) {
  Field* const node = PickMessage(choices, model, Kind::kNode);
  if (node == nullptr) return;
  const std::vector<Field*> inputs = FieldsOf(node, kInput);
  if (inputs.empty()) return;
  node->fields.erase(node->fields.begin() + (inputs.back() - node->fields.data()));
}

void AddOutput(ByteSource& choices, Field* model) {
  const std::string name = NewName(model) + "b";
  Field* const node = PickMessage(choices, model, Kind::kNode);
  if (node != nullptr) node->fields.push_back(Text(kOutput, name));
}

void AddNode(ByteSource& choices, Field* model) {
  Field node = Message(1, Kind::kNode);
  SetOperator(choices, model, &node);
  for (size_t i = choices.Below(6); i > 0; --i) {
    node.fields.push_back(Text(kInput, ValueName(choices, model)));
  }
  node.fields.push_back(Text(kOutput, NewName(model)));
  for (size_t i = choices.Below(4); i > 0; --i) node.fields.push_back(NewAttribute(choices));
  AllOf(model, Kind::kGraph).front()->fields.push_back(std::move(node));
}

constexpr Edit kEdits[] = {AddNode,       ChangeOperator,   AddAttribute, SetNumbers,
                           SetNumbers,    ReplaceAttribute, SetString,    RemoveAttribute,
                           ReferToCaller, CallFunction,     SetInput,     SwapInputs,
                           DropInputs,    AddOutput};

}  // namespace

absl::Span<const Edit> NodeEdits() { return kEdits; }

}  // namespace onnx_macs::fuzz
