// Attributes in one line: every type, and what is cut.
#include "analyzer/attribute_text.h"

#include <functional>
#include <limits>
#include <string>

#include "tests/analyzer/proto_builder.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {
namespace {

using Proto = onnx::AttributeProto;

Proto* AddAttribute(onnx::NodeProto* node, const std::string& name, Proto::AttributeType type) {
  Proto* const attribute = node->add_attribute();
  attribute->set_name(name);
  attribute->set_type(type);
  return attribute;
}

std::string TextOf(const std::function<void(onnx::NodeProto*)>& build) {
  onnx::ModelProto model;
  model.set_ir_version(8);
  onnx::NodeProto* const node = model.mutable_graph()->add_node();
  node->set_op_type("Op");
  node->add_output("y");
  build(node);
  const auto loaded = MustLoad(model);
  return AttributesText(loaded->graph.nodes.at(0).attributes);
}

std::string FloatText(float value) {
  return TextOf(
      [=](onnx::NodeProto* node) { AddAttribute(node, "f", Proto::FLOAT)->set_f(value); });
}

TEST_CASE("attributes as text: numbers and lists, in the order of the file") {
  CHECK(TextOf([](onnx::NodeProto*) {}) == "");
  CHECK(TextOf([](onnx::NodeProto* node) {
          Proto* const shape = AddAttribute(node, "kernel_shape", Proto::INTS);
          shape->add_ints(3);
          shape->add_ints(-3);
          AddAttribute(node, "group", Proto::INT)->set_i(1);
          AddAttribute(node, "empty", Proto::INTS);
          AddAttribute(node, "alpha", Proto::FLOAT)->set_f(0.1f);
          Proto* const scales = AddAttribute(node, "scales", Proto::FLOATS);
          scales->add_floats(1);
          scales->add_floats(0.5f);
        }) == "kernel_shape=[3, -3], group=1, empty=[], alpha=0.1, scales=[1.0, 0.5]");
}

TEST_CASE("attributes as text: a float is never taken for an integer, and reads back") {
  CHECK(FloatText(2) == "f=2.0");
  CHECK(FloatText(-0.0f) == "f=-0.0");
  CHECK(FloatText(1e-5f) == "f=1e-05");
  CHECK(FloatText(1e30f) == "f=1e+30");
  CHECK(FloatText(16777216) == "f=16777216.0");
  CHECK(FloatText(std::numeric_limits<float>::infinity()) == "f=inf");
  CHECK(FloatText(-std::numeric_limits<float>::infinity()) == "f=-inf");
  const std::string third = FloatText(1.0f / 3);
  CHECK(std::stof(third.substr(2)) == 1.0f / 3);
}

TEST_CASE("attributes as text: strings are quoted") {
  CHECK(TextOf([](onnx::NodeProto* node) {
          AddAttribute(node, "mode", Proto::STRING)->set_s("say \"a\\b\"\n");
          Proto* const names = AddAttribute(node, "names", Proto::STRINGS);
          names->add_strings("x");
          names->add_strings("\xC3\xA9");
        }) == "mode=\"say \\\"a\\\\b\\\"\\n\", names=[\"x\", \"\xC3\xA9\"]");
}

TEST_CASE("attributes as text: tensors and graphs by what they are") {
  CHECK(TextOf([](onnx::NodeProto* node) {
          onnx::TensorProto* const tensor = AddAttribute(node, "value", Proto::TENSOR)->mutable_t();
          tensor->set_data_type(onnx::TensorProto::INT64);
          tensor->add_dims(2);
          tensor->add_dims(0);
          onnx::GraphProto* const body = AddAttribute(node, "body", Proto::GRAPH)->mutable_g();
          for (const char* const output : {"a", "b"}) {
            onnx::NodeProto* const inner = body->add_node();
            inner->set_op_type("Op");
            inner->add_output(output);
          }
          auto* const type = AddAttribute(node, "type", Proto::TYPE_PROTO)->mutable_tp();
          auto* const element = type->mutable_sequence_type()->mutable_elem_type();
          element->mutable_tensor_type()->set_elem_type(onnx::TensorProto::FLOAT16);
        }) == "value=int64[2, 0], body=graph of 2 nodes, type=sequence(float16[...])");
}

TEST_CASE("attributes as text: inside a function, what is taken from the call") {
  onnx::ModelProto model;
  model.set_ir_version(8);
  model.mutable_graph();
  onnx::FunctionProto* const function = model.add_functions();
  function->set_name("F");
  function->add_output("y");
  onnx::NodeProto* const node = function->add_node();
  node->set_op_type("Op");
  node->add_output("y");
  AddAttribute(node, "alpha", Proto::FLOAT)->set_ref_attr_name("slope");
  const auto loaded = MustLoad(model);
  CHECK(AttributesText(loaded->functions.at(0)->body.nodes.at(0).attributes) == "alpha=@slope");
}

TEST_CASE("attributes as text: what is long is cut, and told how much") {
  CHECK(TextOf([](onnx::NodeProto* node) {
          Proto* const many = AddAttribute(node, "many", Proto::INTS);
          for (int i = 0; i < 20; ++i) many->add_ints(i);
          AddAttribute(node, "text", Proto::STRING)->set_s(std::string(79, 'a') + "\xC3\xA9zz");
        }) == "many=[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 4 more], text=\"" +
                  std::string(79, 'a') + "\" [4 more bytes]");
  const std::string line = TextOf([](onnx::NodeProto* node) {
    for (int i = 0; i < 1000; ++i) AddAttribute(node, "name", Proto::INT)->set_i(1000);
  });
  CHECK(line.size() < 2100);
  CHECK(line.find(", 818 more") == line.size() - 10);
}

}  // namespace
}  // namespace onnx_macs::testing
