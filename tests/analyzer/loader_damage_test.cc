// Hostile bytes: a model or a message, and never anything else.
#include <random>
#include <string>

#include "tests/analyzer/proto_builder.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {
namespace {

// A little of everything: subgraphs, functions, tensors, lists, types.
std::string RichModel() {
  onnx::ModelProto proto = EmptyModel();
  proto.set_producer_name("tests");
  onnx::GraphProto* const graph = proto.mutable_graph();
  AddInput(graph, "x", {2, -1});
  AddInput(graph, "cond", {});
  AddOutput(graph, "y");
  AddWeight(graph, "w", {3, 3})->set_raw_data(std::string(36, 'w'));
  SetType(graph->add_value_info(), "h", {2, 3});
  onnx::NodeProto* const first = AddNode(graph, "MatMul", {"x", "w"}, {"h"}, "first");
  onnx::AttributeProto* const ints = first->add_attribute();
  ints->set_name("pads");
  ints->set_type(onnx::AttributeProto::INTS);
  for (int64_t i : {1, 1, -1}) ints->add_ints(i);
  onnx::NodeProto* const branch = AddNode(graph, "If", {"cond"}, {"y"}, "if");
  onnx::GraphProto* const inner = AddGraphAttribute(branch, "then_branch")->mutable_g();
  AddNode(inner, "Relu", {"h"}, {"inner"}, "relu");
  AddOutput(inner, "inner");
  onnx::FunctionProto* const function = proto.add_functions();
  function->set_name("F");
  function->set_domain("local");
  function->add_input("a");
  function->add_output("b");
  onnx::NodeProto* const node = function->add_node();
  node->set_op_type("Exp");
  node->add_input("a");
  node->add_output("b");
  return proto.SerializeAsString();
}

// Loads, and looks at everything a walk would look at.
void Try(const std::string& bytes) {
  const auto model = LoadModelFromBytes(bytes);
  if (!model.ok()) {
    const std::string message(model.status().message());
    CHECK_FALSE(message.empty());
    CHECK(message.find('\n') == std::string::npos);
    return;
  }
  for (const Node& node : (*model)->graph.nodes) {
    for (ValueId id : node.inputs) {
      if (id != kNoValue) REQUIRE(static_cast<size_t>(id) < (*model)->graph.values.size());
    }
    REQUIRE(static_cast<size_t>(node.op) < (*model)->operators.size());
  }
}

TEST_CASE("damage: every prefix of a model") {
  const std::string whole = RichModel();
  REQUIRE(LoadError(whole) == "no error");
  for (size_t size = 0; size < whole.size(); ++size) Try(whole.substr(0, size));
}

TEST_CASE("damage: no prefix that cuts the graph is taken for a model") {
  const std::string whole = ReluModel().SerializeAsString();
  const size_t last_node_byte = whole.find("relu");
  for (size_t size = 0; size <= last_node_byte; ++size) {
    CHECK(LoadError(whole.substr(0, size)) != "no error");
  }
}

TEST_CASE("damage: every byte set to the values that mean most") {
  const std::string whole = RichModel();
  for (size_t at = 0; at < whole.size(); ++at) {
    for (int value : {0x00, 0x01, 0x07, 0x0a, 0x0b, 0x32, 0x3a, 0x7f, 0x80, 0xff}) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(value);
      Try(damaged);
    }
  }
}

TEST_CASE("damage: random bytes in random places") {
  const std::string whole = RichModel();
  std::mt19937 random(20240517);
  for (int round = 0; round < 20'000; ++round) {
    std::string damaged = whole;
    for (int i = 0; i < 1 + round % 4; ++i) {
      damaged[random() % damaged.size()] = static_cast<char>(random());
    }
    Try(damaged);
  }
}

TEST_CASE("damage: a length past 4 GiB is not taken for a short one") {
  using std::string_literals::operator""s;
  // graph: a length of 2^32 + 2, and two bytes.
  CHECK(LoadError("\x08\x08\x3a\x82\x80\x80\x80\x10\x0a\x00"s) ==
        "truncated: the file ends after 10 bytes, and its graph does not: get it again");
}

}  // namespace
}  // namespace onnx_macs::testing
