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
    entry->set_value("weights.bin");
    return;
  }
  for (const std::string& element : *value.elements) AddElement(element, tensor);
}

// Values known only as symbols come from the Shape of an input that has them as dims.
void AddSymbolicVector(const std::string& name, const ValueText& value, onnx::GraphProto* graph) {
  if (value.type != onnx::TensorProto::INT64 || value.dims.size() > 1) {
    throw std::invalid_argument("symbolic values are written as i64 of rank 0 or 1");
  }
  ValueText carrier;
  carrier.type = onnx::TensorProto::FLOAT;
  carrier.has_rank = true;
  carrier.dims = *value.elements;
  AddGraphInput(name + "_carrier", carrier, graph);
  auto* shape = graph->add_node();
  shape->set_op_type("Shape");
  shape->add_input(name + "_carrier");
  if (!value.dims.empty()) {
    shape->add_output(name);
    return;
  }
  shape->add_output(name + "_vector");
  auto* index = graph->add_initializer();
  index->set_name(name + "_index");
  index->set_data_type(onnx::TensorProto::INT64);
  index->add_int64_data(0);
  auto* gather = graph->add_node();
  gather->set_op_type("Gather");
  gather->add_input(name + "_vector");
  gather->add_input(name + "_index");
  gather->add_output(name);
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
