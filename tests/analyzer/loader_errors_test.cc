// The one line that each kind of broken model gets, word for word.
#include <string>

#include "tests/analyzer/proto_builder.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {
namespace {

using std::string_literals::operator""s;

TEST_CASE("loader errors: nothing, and no graph") {
  CHECK(LoadError(""s) == "the file is empty");
  CHECK(LoadError("\x08\x08"s) == "not an ONNX model: there is no graph in it");
  CHECK(LoadError(std::string(5000, '\0')) ==
        "empty pages where a model should begin: the download was not finished?");
}

TEST_CASE("loader errors: a truncated model") {
  const std::string whole = ReluModel().SerializeAsString();
  CHECK(LoadError(whole.substr(0, 20)) ==
        "truncated: the file ends after 20 bytes, and its graph does not: get it again");
}

TEST_CASE("loader errors: damage is placed") {
  onnx::ModelProto proto = ReluModel();
  std::string bytes = proto.SerializeAsString();
  const size_t name = bytes.find("relu");
  REQUIRE(name != std::string::npos);
  bytes[name - 1] = '\x7f';  // the length of the node's name
  CHECK(LoadError(bytes) == "damaged, or not an ONNX model: at byte " + std::to_string(name - 2) +
                                ", in a node: a field reaches past the end of what it is part of");
}

TEST_CASE("loader errors: names that nothing produces") {
  onnx::ModelProto proto = ReluModel();
  proto.mutable_graph()->mutable_node(0)->set_input(0, "z");
  CHECK(LoadError(proto) == "node 'relu' (Relu) reads 'z', which nothing produces");

  proto.mutable_graph()->mutable_node(0)->clear_name();
  CHECK(LoadError(proto) == "node #0 (Relu) reads 'z', which nothing produces");

  proto = ReluModel();
  AddOutput(proto.mutable_graph(), "z");
  CHECK(LoadError(proto) == "nothing produces the output 'z'");

  proto = ReluModel();
  onnx::NodeProto* const node = AddNode(proto.mutable_graph(), "If", {"x"}, {"w"}, "if");
  AddNode(AddGraphAttribute(node, "then_branch")->mutable_g(), "Exp", {"z"}, {"e"});
  CHECK(LoadError(proto) == "a subgraph of node 'if' (If) reads 'z', which nothing produces");
}

TEST_CASE("loader errors: names that are produced twice") {
  onnx::ModelProto proto = ReluModel();
  AddNode(proto.mutable_graph(), "Exp", {"x"}, {"y"}, "exp");
  CHECK(LoadError(proto) ==
        "value 'y' is defined twice: by node 'relu' (Relu) and by node 'exp' (Exp)");

  proto = ReluModel();
  AddWeight(proto.mutable_graph(), "y", {1});
  CHECK(LoadError(proto) ==
        "value 'y' is defined twice: by node 'relu' (Relu) and by an initializer");

  proto = ReluModel();
  AddWeight(proto.mutable_graph(), "w", {1});
  AddWeight(proto.mutable_graph(), "w", {1});
  CHECK(LoadError(proto) ==
        "value 'w' is defined twice: by an initializer and by another initializer");

  proto = ReluModel();
  AddInput(proto.mutable_graph(), "y");
  CHECK(LoadError(proto) ==
        "value 'y' is defined twice: by node 'relu' (Relu) and by an input of the graph");

  proto = ReluModel();
  AddInput(proto.mutable_graph(), "x");
  CHECK(LoadError(proto) ==
        "value 'x' is defined twice: by an input of the graph and by an input of the graph");
}

TEST_CASE("loader errors: cycles") {
  onnx::ModelProto proto = ReluModel();
  proto.mutable_graph()->mutable_node(0)->set_input(0, "y");
  CHECK(LoadError(proto) == "its graph has a cycle: node 'relu' (Relu) needs its own output");

  proto = EmptyModel();
  AddNode(proto.mutable_graph(), "A", {"c"}, {"a"}, "a");
  AddNode(proto.mutable_graph(), "B", {"a"}, {"b"}, "b");
  AddNode(proto.mutable_graph(), "C", {"b"}, {"c"}, "c");
  CHECK(LoadError(proto) == "its graph has a cycle: node 'a' (A) needs its own output");

  // Through a subgraph.
  proto = EmptyModel();
  onnx::NodeProto* const node = AddNode(proto.mutable_graph(), "Loop", {}, {"y"}, "loop");
  AddNode(AddGraphAttribute(node, "body")->mutable_g(), "Exp", {"y"}, {"e"});
  CHECK(LoadError(proto) == "its graph has a cycle: node 'loop' (Loop) needs its own output");
}

TEST_CASE("loader errors: names are escaped and cut: an error is one line") {
  onnx::ModelProto proto = ReluModel();
  proto.mutable_graph()->mutable_node(0)->set_input(0, "a\nb\x01");
  CHECK(LoadError(proto) == "node 'relu' (Relu) reads 'a\\nb\\001', which nothing produces");
  proto.mutable_graph()->mutable_node(0)->set_input(0, std::string(300, 'n'));
  CHECK(LoadError(proto) ==
        "node 'relu' (Relu) reads '" + std::string(200, 'n') + "...', which nothing produces");
}

}  // namespace
}  // namespace onnx_macs::testing
