// Subgraphs, what they capture, and functions.
#include "analyzer/graph_reader.h"

#include <string>

#include "tests/analyzer/proto_builder.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {
namespace {

const Graph& OnlySubgraph(const Node& node) {
  REQUIRE(node.attributes.size() == 1);
  REQUIRE(node.attributes[0].graphs().size() == 1);
  return *node.attributes[0].graphs()[0];
}

// If(cond) { Relu(x) }, which comes first in the file; x is made by the second node.
onnx::ModelProto CapturingModel() {
  onnx::ModelProto proto = EmptyModel();
  onnx::GraphProto* const graph = proto.mutable_graph();
  AddInput(graph, "in");
  AddInput(graph, "cond", {});
  AddOutput(graph, "out");
  onnx::NodeProto* const branch = AddNode(graph, "If", {"cond"}, {"out"}, "if");
  onnx::GraphProto* const inner = AddGraphAttribute(branch, "then_branch")->mutable_g();
  inner->set_name("then");
  AddNode(inner, "Relu", {"x"}, {"y"}, "inner");
  AddOutput(inner, "y");
  AddNode(graph, "Exp", {"in"}, {"x"}, "exp");
  return proto;
}

TEST_CASE("graph reader: a subgraph captures what the graph around it makes, whatever the order") {
  const auto model = MustLoad(CapturingModel());
  CHECK(NodeNames(model->graph) == "exp if");  // The If needs what its branch reads.
  CHECK_FALSE(model->graph.was_sorted);
  const Graph& inner = OnlySubgraph(model->graph.nodes[1]);
  CHECK(inner.name == "then");
  CHECK(inner.parent == &model->graph);
  CHECK(inner.was_sorted);
  const Value& captured = inner.values[FindValue(inner, "x")];
  CHECK(captured.outer() == FindValue(model->graph, "x"));
  CHECK(captured.producer() == -1);
  CHECK(inner.values[FindValue(inner, "y")].outer() == kNoValue);
}

TEST_CASE("graph reader: a capture passes through every graph between") {
  onnx::ModelProto proto = EmptyModel();
  onnx::GraphProto* graph = proto.mutable_graph();
  AddInput(graph, "x");
  AddInput(graph, "cond", {});
  for (int depth = 0; depth < 3; ++depth) {
    onnx::NodeProto* const node = AddNode(graph, "If", {"cond"}, {"y"}, "if");
    AddOutput(graph, "y");
    graph = AddGraphAttribute(node, "then_branch")->mutable_g();
  }
  AddNode(graph, "Relu", {"x"}, {"y"}, "relu");
  AddOutput(graph, "y");
  const auto model = MustLoad(proto);
  CHECK(model->subgraphs.size() == 3);
  const Graph* at = &model->graph;
  for (int depth = 0; depth < 3; ++depth) {
    const Graph& inner = OnlySubgraph(at->nodes[0]);
    CHECK(inner.parent == at);
    const ValueId x = FindValue(inner, "x");
    REQUIRE(x != kNoValue);
    CHECK(inner.values[x].outer() == FindValue(*at, "x"));
    at = &inner;
  }
  CHECK(OpType(*model, at->nodes[0]) == "Relu");
}

TEST_CASE("graph reader: the innermost definition of a name is meant") {
  onnx::ModelProto proto = EmptyModel();
  onnx::GraphProto* const graph = proto.mutable_graph();
  AddInput(graph, "x");
  AddOutput(graph, "out");
  onnx::NodeProto* const node = AddNode(graph, "Loop", {"x"}, {"out"}, "loop");
  onnx::GraphProto* const body = AddGraphAttribute(node, "body")->mutable_g();
  AddNode(body, "Relu", {"x"}, {"y"});
  AddInput(body, "x");
  AddOutput(body, "y");
  const auto model = MustLoad(proto);
  const Graph& inner = OnlySubgraph(model->graph.nodes[0]);
  CHECK(inner.values[FindValue(inner, "x")].outer() == kNoValue);
  CHECK(inner.inputs == std::vector<ValueId>{FindValue(inner, "x")});
}

TEST_CASE("graph reader: a subgraph may give out what it captured") {
  onnx::ModelProto proto = EmptyModel();
  onnx::GraphProto* const graph = proto.mutable_graph();
  AddInput(graph, "x");
  AddOutput(graph, "out");
  onnx::NodeProto* const node = AddNode(graph, "If", {"x"}, {"out"});
  onnx::GraphProto* const inner = AddGraphAttribute(node, "then_branch")->mutable_g();
  AddOutput(inner, "w");
  AddWeight(graph, "w", {4});
  const auto model = MustLoad(proto);
  const Graph& loaded = OnlySubgraph(model->graph.nodes[0]);
  CHECK(loaded.values[loaded.outputs[0]].outer() == FindValue(model->graph, "w"));
}

TEST_CASE("graph reader: graphs nest 64 deep and no deeper") {
  const auto nested = [](int depth) {
    onnx::ModelProto proto = EmptyModel();
    onnx::GraphProto* graph = proto.mutable_graph();
    for (int i = 0; i < depth; ++i) {
      graph = AddGraphAttribute(AddNode(graph, "If", {}, {"y"}), "then_branch")->mutable_g();
    }
    return proto;
  };
  CHECK(MustLoad(nested(64))->subgraphs.size() == 64);
  CHECK(LoadError(nested(65)) == "its graphs lie more than 64 deep in one another");
}

TEST_CASE("graph reader: a list of graphs") {
  onnx::ModelProto proto = EmptyModel();
  onnx::NodeProto* const node = AddNode(proto.mutable_graph(), "Switch", {}, {"y"});
  onnx::AttributeProto* const attribute = node->add_attribute();
  attribute->set_type(onnx::AttributeProto::GRAPHS);
  attribute->add_graphs()->set_name("first");
  attribute->add_graphs()->set_name("second");
  const auto model = MustLoad(proto);
  const auto graphs = model->graph.nodes[0].attributes[0].graphs();
  REQUIRE(graphs.size() == 2);
  CHECK(graphs[0]->name == "first");
  CHECK(graphs[1]->name == "second");
}

TEST_CASE("graph reader: functions keep their formals, opsets, defaults and references") {
  onnx::ModelProto proto = EmptyModel();
  AddInput(proto.mutable_graph(), "x");
  AddNode(proto.mutable_graph(), "Scale", {"x"}, {"y"})->set_domain("local");
  onnx::FunctionProto* const function = proto.add_functions();
  function->set_name("Scale");
  function->set_domain("local");
  function->add_input("a");
  function->add_input("optional");
  function->add_output("b");
  auto* const opset = function->add_opset_import();
  opset->set_domain("ai.onnx");
  opset->set_version(15);
  onnx::NodeProto* const node = function->add_node();
  node->set_op_type("LeakyRelu");
  node->add_input("a");
  node->add_output("b");
  onnx::AttributeProto* const alpha = node->add_attribute();
  alpha->set_name("alpha");
  alpha->set_type(onnx::AttributeProto::FLOAT);
  alpha->set_ref_attr_name("slope");
  std::string bytes = proto.SerializeAsString();
  const auto model = MustLoad(bytes);
  REQUIRE(model->functions.size() == 1);
  const Function& loaded = *model->functions[0];
  CHECK(loaded.name == "Scale");
  CHECK(loaded.domain == "local");
  CHECK(loaded.overload.empty());
  REQUIRE(loaded.opsets.size() == 1);
  CHECK(loaded.opsets[0].domain.empty());
  CHECK(loaded.opsets[0].version == 15);
  CHECK(loaded.body.inputs.size() == 2);
  CHECK(loaded.body.values[loaded.body.inputs[1]].name == "optional");
  CHECK(loaded.body.values[loaded.body.outputs[0]].producer() == 0);
  const Attribute& attribute = loaded.body.nodes[0].attributes[0];
  CHECK(attribute.is_reference);
  CHECK(attribute.s() == "slope");
  CHECK(attribute.type == AttributeType::kFloat);
  CHECK(attribute.f() == 0);
}

// Fields of a function that are newer than the ONNX the tests are built with, byte by byte.
TEST_CASE("graph reader: overloads, attribute defaults and value_info of functions") {
  using std::string_literals::operator""s;
  const std::string attribute = "\x0a\x01k\x18\x05\xa0\x01\x02"s;  // name: k, i: 5, type: INT
  const std::string node =
      "\x0a\x01"
      "a\x12\x01"
      "b\x22\x03"
      "Exp"s;
  const std::string type = "\x0a\x02\x08\x01"s;  // tensor_type { elem_type: 1 }
  const std::string value_info =
      "\x0a\x01"
      "b\x12\x04"s +
      type;
  const auto field = [](char tag, const std::string& payload) {
    return std::string(1, tag) + static_cast<char>(payload.size()) + payload;
  };
  const std::string function = field(0x0a, "F") + field(0x22, "a") + field(0x2a, "b") +
                               field(0x3a, node) + field(0x5a, attribute) +
                               field(0x62, value_info) + field(0x6a, "v2");
  REQUIRE(function.size() < 128);
  const auto model =
      MustLoad("\x08\x0a\x3a\x00\xca\x01"s + static_cast<char>(function.size()) + function);
  REQUIRE(model->functions.size() == 1);
  const Function& loaded = *model->functions[0];
  CHECK(loaded.overload == "v2");
  REQUIRE(loaded.defaults.size() == 1);
  CHECK(loaded.defaults[0].name == "k");
  CHECK(loaded.defaults[0].i() == 5);
  CHECK(loaded.body.values[FindValue(loaded.body, "b")].declared_type == type);
}

TEST_CASE("graph reader: a nameless input of a graph keeps its place") {
  onnx::ModelProto proto = EmptyModel();
  onnx::NodeProto* const node = AddNode(proto.mutable_graph(), "Loop", {}, {"y"});
  onnx::GraphProto* const body = AddGraphAttribute(node, "body")->mutable_g();
  AddInput(body, "");
  AddInput(body, "second");
  const auto model = MustLoad(proto);
  const Graph& loaded = OnlySubgraph(model->graph.nodes[0]);
  REQUIRE(loaded.inputs.size() == 2);
  CHECK(loaded.values[loaded.inputs[0]].name.empty());
  CHECK(loaded.values[loaded.inputs[1]].name == "second");
}

}  // namespace
}  // namespace onnx_macs::testing
