// Whole models: what of ModelProto and GraphProto arrives in a Model.
#include "analyzer/loader.h"

#include <string>

#include "analyzer/tensor_data.h"
#include "tests/analyzer/proto_builder.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {
namespace {

using std::string_literals::operator""s;

TEST_CASE("loader: a model's own fields") {
  onnx::ModelProto proto = ReluModel();
  proto.set_producer_name("pytorch");
  proto.set_producer_version("2.8.0");
  auto* const other = proto.add_opset_import();
  other->set_domain("com.microsoft");
  other->set_version(1);
  const auto model = MustLoad(proto);
  CHECK(model->ir_version == 8);
  CHECK(model->producer_name == "pytorch");
  CHECK(model->producer_version == "2.8.0");
  CHECK(OpsetOf(model->opsets, "") == 17);
  CHECK(OpsetOf(model->opsets, "com.microsoft") == 1);
  CHECK(OpsetOf(model->opsets, "ai.onnx.ml") == 0);
  CHECK(model->graph.name == "main");
  CHECK(model->folder.empty());
  CHECK(model->notes.empty());
}

TEST_CASE("loader: ai.onnx is the domain without a name, wherever it stands") {
  onnx::ModelProto proto = ReluModel();
  proto.mutable_opset_import(0)->set_domain("ai.onnx");
  proto.mutable_graph()->mutable_node(0)->set_domain("ai.onnx");
  const auto model = MustLoad(proto);
  CHECK(OpsetOf(model->opsets, "") == 17);
  CHECK(model->operators[model->graph.nodes[0].op].domain.empty());
}

TEST_CASE("loader: of several imports of a domain the newest counts") {
  onnx::ModelProto proto = ReluModel();
  proto.add_opset_import()->set_version(21);
  proto.add_opset_import()->set_version(11);
  CHECK(OpsetOf(MustLoad(proto)->opsets, "") == 21);
}

TEST_CASE("loader: nodes read and write values, optional ones may be missing") {
  onnx::ModelProto proto = EmptyModel();
  onnx::GraphProto* const graph = proto.mutable_graph();
  AddInput(graph, "x");
  AddOutput(graph, "y");
  AddWeight(graph, "w", {4, 3});
  AddNode(graph, "First", {"x", "", "w"}, {"", "h"}, "one");
  AddNode(graph, "Second", {"h"}, {"y"}, "two");
  const auto model = MustLoad(proto);
  const Graph& loaded = model->graph;
  REQUIRE(loaded.nodes.size() == 2);
  CHECK(loaded.nodes[0].name == "one");
  CHECK(OpType(*model, loaded.nodes[1]) == "Second");
  REQUIRE(loaded.nodes[0].inputs.size() == 3);
  CHECK(loaded.nodes[0].inputs[0] == FindValue(loaded, "x"));
  CHECK(loaded.nodes[0].inputs[1] == kNoValue);
  REQUIRE(loaded.nodes[0].outputs.size() == 2);
  CHECK(loaded.nodes[0].outputs[0] == kNoValue);
  CHECK(loaded.values[FindValue(loaded, "h")].producer() == 0);
  CHECK(loaded.values[FindValue(loaded, "y")].producer() == 1);
  CHECK(loaded.values[FindValue(loaded, "x")].producer() == -1);
  CHECK(loaded.values[FindValue(loaded, "w")].initializer == 0);
  CHECK(loaded.inputs == std::vector<ValueId>{FindValue(loaded, "x")});
  CHECK(loaded.outputs == std::vector<ValueId>{FindValue(loaded, "y")});
  CHECK(loaded.was_sorted);
}

TEST_CASE("loader: nodes of one operator share its row") {
  onnx::ModelProto proto = EmptyModel();
  onnx::GraphProto* const graph = proto.mutable_graph();
  AddInput(graph, "x");
  for (int i = 0; i < 3; ++i) AddNode(graph, "Relu", {"x"}, {"r" + std::to_string(i)});
  AddNode(graph, "Relu", {"x"}, {"s"})->set_domain("mine");
  const auto model = MustLoad(proto);
  CHECK(model->operators.size() == 2);
  CHECK(model->graph.nodes[0].op == model->graph.nodes[2].op);
  CHECK(model->operators[model->graph.nodes[3].op].domain == "mine");
}

TEST_CASE("loader: an initializer that is also an input is both") {
  onnx::ModelProto proto = ReluModel();
  AddInput(proto.mutable_graph(), "w", {4});
  AddWeight(proto.mutable_graph(), "w", {4});
  const auto model = MustLoad(proto);
  const ValueId w = FindValue(model->graph, "w");
  CHECK(model->graph.values[w].initializer == 0);
  CHECK(model->graph.inputs == std::vector<ValueId>{FindValue(model->graph, "x"), w});
}

TEST_CASE("loader: initializers keep their header, their data stays in place") {
  onnx::ModelProto proto = ReluModel();
  onnx::TensorProto* const tensor = AddWeight(proto.mutable_graph(), "w", {2, 3});
  tensor->set_raw_data(std::string(24, 'r'));
  onnx::TensorProto* const external = AddWeight(proto.mutable_graph(), "e", {7});
  external->set_data_location(onnx::TensorProto::EXTERNAL);
  external->set_data_type(onnx::TensorProto::INT8);
  const auto model = MustLoad(proto);
  REQUIRE(model->graph.initializers.size() == 2);
  const Tensor& w = model->graph.initializers[0];
  CHECK(w.name == "w");
  CHECK(w.type == DataType::kFloat);
  CHECK(w.dims == absl::Span<const int64_t>({2, 3}));
  const absl::string_view raw = RawData(w);
  CHECK(raw == std::string(24, 'r'));
  CHECK(raw.data() > model->bytes.view().data());
  CHECK(raw.data() < model->bytes.view().data() + model->bytes.view().size());
  CHECK_FALSE(w.is_external);
  CHECK(model->graph.initializers[1].is_external);
  CHECK(model->graph.initializers[1].type == DataType::kInt8);
}

TEST_CASE("loader: the dims of a tensor may be packed") {
  // TensorProto { dims: [5, 300] packed, data_type: 1, name: "w" } in a graph that is otherwise
  // empty.
  const std::string tensor = "\x0a\x03\x05\xac\x02\x10\x01\x42\x01w"s;
  const std::string graph = "\x2a\x0a"s + tensor;
  const auto model = MustLoad("\x08\x08\x3a\x0c"s + graph);
  REQUIRE(model->graph.initializers.size() == 1);
  CHECK(model->graph.initializers[0].dims == absl::Span<const int64_t>({5, 300}));
}

TEST_CASE("loader: a sparse initializer stands for a dense one") {
  onnx::ModelProto proto = ReluModel();
  onnx::SparseTensorProto* const sparse = proto.mutable_graph()->add_sparse_initializer();
  sparse->mutable_values()->set_name("s");
  sparse->mutable_values()->set_data_type(onnx::TensorProto::FLOAT);
  sparse->mutable_values()->add_dims(2);
  sparse->add_dims(100);
  sparse->add_dims(10);
  const auto model = MustLoad(proto);
  REQUIRE(model->graph.initializers.size() == 1);
  CHECK(model->graph.initializers[0].is_sparse);
  CHECK(model->graph.initializers[0].name == "s");
  CHECK(model->graph.initializers[0].dims == absl::Span<const int64_t>({100, 10}));
  CHECK(FindValue(model->graph, "s") != kNoValue);
}

TEST_CASE("loader: types are declared by inputs, outputs and value_info, in this order") {
  onnx::ModelProto proto = EmptyModel();
  onnx::GraphProto* const graph = proto.mutable_graph();
  AddInput(graph, "x", {1});
  AddOutput(graph, "y", {2});
  AddNode(graph, "A", {"x"}, {"h"});
  AddNode(graph, "B", {"h"}, {"y"});
  SetType(graph->add_value_info(), "h", {3});
  SetType(graph->add_value_info(), "x", {4});
  SetType(graph->add_value_info(), "y", {5});
  SetType(graph->add_value_info(), "unused", {6});
  const auto model = MustLoad(proto);
  const auto declared = [&](absl::string_view name) {
    onnx::TypeProto type;
    const absl::string_view bytes =
        model->graph.values[FindValue(model->graph, name)].declared_type;
    REQUIRE(type.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
    return type.tensor_type().shape().dim(0).dim_value();
  };
  CHECK(declared("x") == 1);
  CHECK(declared("y") == 2);
  CHECK(declared("h") == 3);
  CHECK(FindValue(model->graph, "unused") == kNoValue);
}

TEST_CASE("loader: fields may come in any order") {
  const std::string with_nodes = [] {
    onnx::ModelProto proto;
    AddNode(proto.mutable_graph(), "Relu", {"x"}, {"y"}, "relu");
    return proto.SerializeAsString();
  }();
  onnx::ModelProto rest;
  AddInput(rest.mutable_graph(), "x");
  AddOutput(rest.mutable_graph(), "y");
  SetType(rest.mutable_graph()->add_value_info(), "y", {7});
  AddWeight(rest.mutable_graph(), "w", {1});
  rest.set_ir_version(8);
  // The graph also comes in two pieces, which are one graph.
  for (const std::string& bytes :
       {rest.SerializeAsString() + with_nodes, with_nodes + rest.SerializeAsString()}) {
    const auto model = MustLoad(bytes);
    CHECK(model->ir_version == 8);
    CHECK(NodeNames(model->graph) == "relu");
    CHECK(model->graph.initializers.size() == 1);
    CHECK(model->graph.inputs.size() == 1);
    CHECK(model->graph.values[FindValue(model->graph, "y")].producer() == 0);
  }
}

TEST_CASE("loader: unknown fields are skipped at every level") {
  onnx::ModelProto proto = ReluModel();
  const std::string unknown =
      "\xc2\x3e\x03"
      "new"s;  // field 1000, a string
  const std::string group = "\xc3\x3e\x08\x01\xc4\x3e"s;
  std::string node = proto.graph().node(0).SerializeAsString() + unknown + group;
  proto.mutable_graph()->clear_node();
  std::string graph = proto.graph().SerializeAsString() + unknown;
  graph += "\x0a"s + static_cast<char>(node.size()) + node + group;
  proto.clear_graph();
  const std::string bytes =
      group + proto.SerializeAsString() + "\x3a"s + static_cast<char>(graph.size()) + graph;
  REQUIRE(graph.size() < 128);
  CHECK(NodeNames(MustLoad(bytes)->graph) == "relu");
}

TEST_CASE("loader: nodes out of order are sorted, with a note") {
  onnx::ModelProto proto = EmptyModel();
  onnx::GraphProto* const graph = proto.mutable_graph();
  AddInput(graph, "x");
  AddOutput(graph, "c");
  AddNode(graph, "C", {"b"}, {"c"}, "three");
  AddNode(graph, "A", {"x"}, {"a"}, "one");
  AddNode(graph, "B", {"a"}, {"b"}, "two");
  const auto model = MustLoad(proto);
  CHECK(NodeNames(model->graph) == "one two three");
  CHECK_FALSE(model->graph.was_sorted);
  CHECK(model->notes == std::vector<std::string>{
                            "the nodes of graph 'main' were not in topological order: sorted"});
  CHECK(model->graph.values[FindValue(model->graph, "c")].producer() == 2);
  CHECK(model->graph.values[FindValue(model->graph, "a")].producer() == 0);
}

TEST_CASE("loader: names need not be UTF-8") {
  onnx::ModelProto proto = ReluModel();
  proto.mutable_graph()->mutable_node(0)->set_name("caf\xe9");
  CHECK(MustLoad(proto)->graph.nodes[0].name == "caf\xe9");
}

TEST_CASE("loader: a graph without nodes is a model") {
  const auto model = MustLoad("\x08\x08\x3a\x00"s);
  CHECK(model->graph.nodes.empty());
  CHECK(model->ir_version == 8);
}

TEST_CASE("loader: a chain of a hundred thousand nodes, backwards") {
  constexpr int kNodes = 100'000;
  onnx::ModelProto proto = EmptyModel();
  onnx::GraphProto* const graph = proto.mutable_graph();
  AddInput(graph, "v0");
  AddOutput(graph, "v" + std::to_string(kNodes));
  for (int i = kNodes; i > 0; --i) {
    AddNode(graph, "Relu", {"v" + std::to_string(i - 1)}, {"v" + std::to_string(i)});
  }
  const auto model = MustLoad(proto);
  CHECK(model->graph.nodes.size() == kNodes);
  CHECK(model->graph.values[model->graph.nodes[0].inputs[0]].name == "v0");
}

}  // namespace
}  // namespace onnx_macs::testing
