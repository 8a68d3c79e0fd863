// From an OpCase to the bytes of a model, through ONNX's own classes.
#include <onnx/onnx_pb.h>

#include <stdexcept>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "tests/support/op_case.h"
#include "tests/support/value_text.h"

namespace onnx_macs::testing {
namespace {

int64_t ToInt(absl::string_view text) {
  int64_t value;
  if (!absl::SimpleAtoi(text, &value)) {
    throw std::invalid_argument(absl::StrCat("not an integer: ", text));
  }
  return value;
}

double ToDouble(absl::string_view text) {
  double value;
  if (!absl::SimpleAtod(text, &value)) {
    throw std::invalid_argument(absl::StrCat("not a number: ", text));
  }
  return value;
}

bool IsInt(absl::string_view text) {
  int64_t ignored;
  return absl::SimpleAtoi(text, &ignored);
}

std::string Unquoted(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, "\"") || !absl::ConsumeSuffix(&text, "\"")) {
    throw std::invalid_argument(absl::StrCat("not a quoted string: ", text));
  }
  return std::string(text);
}

void FillType(const ValueText& value, onnx::TypeProto::Tensor* tensor) {
  tensor->set_elem_type(value.type);
  if (!value.has_rank) return;
  auto* shape = tensor->mutable_shape();
  for (const std::string& dim : value.dims) {
    auto* entry = shape->add_dim();
    if (IsInt(dim)) {
      entry->set_dim_value(ToInt(dim));
    } else if (dim != "?") {
      entry->set_dim_param(dim);
    }
  }
}

void AddGraphInput(const std::string& name, const ValueText& value, onnx::GraphProto* graph) {
  auto* input = graph->add_input();
  input->set_name(name);
  auto* type = input->mutable_type();
  if (value.kind == "sequence") {
    FillType(value, type->mutable_sequence_type()->mutable_elem_type()->mutable_tensor_type());
  } else if (value.kind == "optional") {
    FillType(value, type->mutable_optional_type()->mutable_elem_type()->mutable_tensor_type());
  } else {
    FillType(value, type->mutable_tensor_type());
  }
}

void AddElement(const std::string& text, onnx::TensorProto* tensor) {
  switch (tensor->data_type()) {
    case onnx::TensorProto::FLOAT:
      return tensor->add_float_data(static_cast<float>(ToDouble(text)));
    case onnx::TensorProto::DOUBLE:
      return tensor->add_double_data(ToDouble(text));
    case onnx::TensorProto::INT64:
      return tensor->add_int64_data(ToInt(text));
    case onnx::TensorProto::UINT32:
    case onnx::TensorProto::UINT64:
      return tensor->add_uint64_data(static_cast<uint64_t>(ToInt(text)));
    case onnx::TensorProto::STRING:
      return tensor->add_string_data(Unquoted(text));
    default:
      return tensor->add_int32_data(static_cast<int32_t>(ToInt(text)));
  }
}

void FillTensor(const ValueText& value, onnx::TensorProto* tensor) {
  tensor->set_data_type(value.type);
  for (const std::string& dim : value.dims) tensor->add_dims(ToInt(dim));
  if (value.is_weight) {
    tensor->set_data_location(onnx::TensorProto::EXTERNAL);
    auto* entry = tensor->add_external_data();
    entry->set_key("location");
    entry->set_value(tensor->name() + ".bin");  // every weight has data of its own
    return;
  }
  for (const std::string& element : *value.elements) AddElement(element, tensor);
}

void AddInt64s(const std::string& name, const std::vector<int64_t>& values,
               onnx::GraphProto* graph) {
  auto* tensor = graph->add_initializer();
  tensor->set_name(name);
  tensor->set_data_type(onnx::TensorProto::INT64);
  tensor->add_dims(static_cast<int64_t>(values.size()));
  for (int64_t value : values) tensor->add_int64_data(value);
}

onnx::NodeProto* AddHelperNode(const std::string& op, const std::vector<std::string>& inputs,
                               const std::string& output, onnx::GraphProto* graph) {
  auto* node = graph->add_node();
  node->set_op_type(op);
  for (const std::string& input : inputs) node->add_input(input);
  node->add_output(output);
  return node;
}

// A vector of one symbolic element is the Shape of an input that has it as its dim.
void AddSymbol(const std::string& name, const std::string& symbol, onnx::GraphProto* graph) {
  ValueText carrier;
  carrier.type = onnx::TensorProto::FLOAT;
  carrier.has_rank = true;
  carrier.dims = {symbol};
  AddGraphInput(name + "_carrier", carrier, graph);
  AddHelperNode("Shape", {name + "_carrier"}, name, graph);
}

// Values known only as symbols are computed in the graph, by operators that cost nothing.
void AddSymbolicVector(const std::string& name, const ValueText& value, onnx::GraphProto* graph) {
  std::vector<std::string> parts;
  for (const std::string& element : *value.elements) {
    parts.push_back(absl::StrCat(name, "_part", parts.size()));
    if (IsInt(element)) {
      AddInt64s(parts.back(), {ToInt(element)}, graph);
    } else {
      AddSymbol(parts.back(), element, graph);
    }
  }
  auto* axis = AddHelperNode("Concat", parts, name + "_flat", graph)->add_attribute();
  axis->set_name("axis");
  axis->set_type(onnx::AttributeProto::INT);
  axis->set_i(0);
  std::vector<int64_t> dims;
  for (const std::string& dim : value.dims) dims.push_back(ToInt(dim));
  AddInt64s(name + "_dims", dims, graph);
  AddHelperNode("Reshape", {name + "_flat", name + "_dims"}, name, graph);
}

void AddInput(const std::string& name, const std::string& text, onnx::GraphProto* graph) {
  const ValueText value = ParseValueText(text);
  if (value.is_weight)
    return FillTensor(value, [&] {
      auto* tensor = graph->add_initializer();
      tensor->set_name(name);
      return tensor;
    }());
  if (!value.elements.has_value()) return AddGraphInput(name, value, graph);
  const bool is_symbolic =
      value.type == onnx::TensorProto::INT64 && !absl::c_all_of(*value.elements, IsInt);
  if (is_symbolic) return AddSymbolicVector(name, value, graph);
  auto* tensor = graph->add_initializer();
  tensor->set_name(name);
  FillTensor(value, tensor);
}

void FillList(const std::vector<std::string>& items, onnx::AttributeProto* attribute) {
  if (!items.empty() && absl::StartsWith(items[0], "\"")) {
    attribute->set_type(onnx::AttributeProto::STRINGS);
    for (const std::string& item : items) attribute->add_strings(Unquoted(item));
  } else if (absl::c_all_of(items, IsInt)) {
    attribute->set_type(onnx::AttributeProto::INTS);
    for (const std::string& item : items) attribute->add_ints(ToInt(item));
  } else {
    attribute->set_type(onnx::AttributeProto::FLOATS);
    for (const std::string& item : items) attribute->add_floats(static_cast<float>(ToDouble(item)));
  }
}

void FillScalar(absl::string_view text, onnx::AttributeProto* attribute) {
  double number;
  if (IsInt(text)) {
    attribute->set_type(onnx::AttributeProto::INT);
    attribute->set_i(ToInt(text));
  } else if (absl::SimpleAtod(text, &number)) {
    attribute->set_type(onnx::AttributeProto::FLOAT);
    attribute->set_f(static_cast<float>(number));
  } else if (absl::StartsWith(text, "\"")) {
    attribute->set_type(onnx::AttributeProto::STRING);
    attribute->set_s(Unquoted(text));
  } else {
    attribute->set_type(onnx::AttributeProto::TENSOR);
    FillTensor(ParseValueText(text), attribute->mutable_t());
  }
}

void AddAttribute(absl::string_view text, onnx::NodeProto* node) {
  const size_t equals = text.find('=');
  if (equals == absl::string_view::npos) {
    throw std::invalid_argument(absl::StrCat("an attribute is name=value: ", text));
  }
  auto* attribute = node->add_attribute();
  attribute->set_name(std::string(text.substr(0, equals)));
  absl::string_view value = text.substr(equals + 1);
  if (absl::ConsumePrefix(&value, "[") && absl::ConsumeSuffix(&value, "]")) {
    FillList(SplitOutside(value, ','), attribute);
  } else {
    FillScalar(text.substr(equals + 1), attribute);
  }
}

void AddOutputs(const std::string& expected, onnx::NodeProto* node, onnx::GraphProto* graph) {
  const bool is_gap = absl::StartsWith(expected, "gap:");
  const std::vector<std::string> outputs =
      is_gap ? std::vector<std::string>{"any"} : SplitOutside(expected, ';');
  for (size_t i = 0; i < outputs.size(); ++i) {
    const std::string name = outputs[i].empty() ? "" : absl::StrCat("out", i);
    node->add_output(name);
    if (!name.empty()) graph->add_output()->set_name(name);
  }
}

}  // namespace

std::string ModelOf(const OpCase& op_case) {
  constexpr int kOpsetOfHelpers = 21;
  onnx::ModelProto model;
  model.set_ir_version(8);
  auto* opset = model.add_opset_import();
  opset->set_domain(op_case.domain);
  opset->set_version(op_case.opset);
  if (!op_case.domain.empty()) model.add_opset_import()->set_version(kOpsetOfHelpers);
  auto* graph = model.mutable_graph();
  graph->set_name("one_node");
  onnx::NodeProto node;
  node.set_name("tested");
  node.set_op_type(op_case.op);
  node.set_domain(op_case.domain);
  for (size_t i = 0; i < op_case.inputs.size(); ++i) {
    const std::string name = op_case.inputs[i].empty() ? "" : absl::StrCat("in", i);
    node.add_input(name);
    if (!name.empty()) AddInput(name, op_case.inputs[i], graph);
  }
  for (const std::string& attr : op_case.attrs) AddAttribute(attr, &node);
  AddOutputs(op_case.expected, &node, graph);
  *graph->add_node() = node;
  return model.SerializeAsString();
}

std::string Describe(const OpCase& op_case) {
  const std::string domain = op_case.domain.empty() ? "" : op_case.domain + ".";
  return absl::StrCat(domain, op_case.op, "-", op_case.opset, "(",
                      absl::StrJoin(op_case.inputs, ", "), ") ", absl::StrJoin(op_case.attrs, " "));
}

}  // namespace onnx_macs::testing
