// Metadata of nodes, which older ONNX libraries cannot write: the bytes are made by hand.
#include "analyzer/model.h"

#include <string>

#include "tests/analyzer/proto_builder.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {
namespace {

using std::string_literals::operator""s;

std::string Entry(const std::string& key, const std::string& value) {
  const std::string entry = "\x0a"s + static_cast<char>(key.size()) + key + "\x12"s +
                            static_cast<char>(value.size()) + value;
  return "\x4a"s + static_cast<char>(entry.size()) + entry;
}

std::unique_ptr<Model> LoadNode(const std::string& node) {
  const std::string graph = "\x0a"s + static_cast<char>(node.size()) + node;
  REQUIRE(graph.size() < 128);
  return MustLoad("\x08\x0a\x3a"s + static_cast<char>(graph.size()) + graph);
}

TEST_CASE("model: metadata of a node, found by its key") {
  const auto model = LoadNode("\x22\x02Op"s + Entry("namespace", "a/b") + Entry("empty", "") +
                              "\x32\x03"
                              "doc" +
                              Entry("last", "z"));
  const Node& node = model->graph.nodes[0];
  CHECK(Metadata(node, "namespace") == "a/b");
  CHECK(Metadata(node, "last") == "z");
  CHECK(Metadata(node, "empty").empty());
  CHECK(Metadata(node, "other").empty());
  CHECK(OpType(*model, node) == "Op");
}

TEST_CASE("model: a node without metadata has none") {
  const auto model = LoadNode("\x22\x02Op\x1a\x01n"s);
  CHECK(model->graph.nodes[0].metadata.empty());
  CHECK(Metadata(model->graph.nodes[0], "namespace").empty());
}

TEST_CASE("model: structs that a model has thousands of stay small") {
  CHECK(sizeof(Attribute) <= 40);
  CHECK(sizeof(Value) <= 48);
  CHECK(sizeof(Node) <= 88);
  CHECK(sizeof(Tensor) <= 72);
}

}  // namespace
}  // namespace onnx_macs::testing
