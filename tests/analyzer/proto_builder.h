// Small models made with ONNX's own protobuf classes, which share nothing with the loader.
#ifndef TESTS_ANALYZER_PROTO_BUILDER_H_
#define TESTS_ANALYZER_PROTO_BUILDER_H_

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "analyzer/loader.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {

using Names = std::vector<std::string>;

inline onnx::NodeProto* AddNode(onnx::GraphProto* graph, const std::string& op, const Names& inputs,
                                const Names& outputs, const std::string& name = "") {
  onnx::NodeProto* const node = graph->add_node();
  node->set_op_type(op);
  if (!name.empty()) node->set_name(name);
  for (const std::string& input : inputs) node->add_input(input);
  for (const std::string& output : outputs) node->add_output(output);
  return node;
}

// A float tensor; a negative dim is left without a size.
inline void SetType(onnx::ValueInfoProto* info, const std::string& name,
                    const std::vector<int64_t>& dims) {
  info->set_name(name);
  auto* const tensor = info->mutable_type()->mutable_tensor_type();
  tensor->set_elem_type(onnx::TensorProto::FLOAT);
  auto* const shape = tensor->mutable_shape();
  for (int64_t dim : dims) {
    auto* const added = shape->add_dim();
    if (dim >= 0) added->set_dim_value(dim);
  }
}

inline void AddInput(onnx::GraphProto* graph, const std::string& name,
                     const std::vector<int64_t>& dims = {2, 3}) {
  SetType(graph->add_input(), name, dims);
}
inline void AddOutput(onnx::GraphProto* graph, const std::string& name,
                      const std::vector<int64_t>& dims = {2, 3}) {
  SetType(graph->add_output(), name, dims);
}

inline onnx::TensorProto* AddWeight(onnx::GraphProto* graph, const std::string& name,
                                    const std::vector<int64_t>& dims) {
  onnx::TensorProto* const tensor = graph->add_initializer();
  tensor->set_name(name);
  tensor->set_data_type(onnx::TensorProto::FLOAT);
  for (int64_t dim : dims) tensor->add_dims(dim);
  return tensor;
}

inline onnx::AttributeProto* AddGraphAttribute(onnx::NodeProto* node, const std::string& name) {
  onnx::AttributeProto* const attribute = node->add_attribute();
  attribute->set_name(name);
  attribute->set_type(onnx::AttributeProto::GRAPH);
  return attribute;
}

// IR version 8, opset 17, nothing else.
inline onnx::ModelProto EmptyModel() {
  onnx::ModelProto model;
  model.set_ir_version(8);
  model.mutable_graph()->set_name("main");
  model.add_opset_import()->set_version(17);
  return model;
}

// x -> Relu -> y
inline onnx::ModelProto ReluModel() {
  onnx::ModelProto model = EmptyModel();
  AddInput(model.mutable_graph(), "x");
  AddOutput(model.mutable_graph(), "y");
  AddNode(model.mutable_graph(), "Relu", {"x"}, {"y"}, "relu");
  return model;
}

inline std::unique_ptr<Model> MustLoad(const std::string& bytes) {
  auto model = LoadModelFromBytes(bytes);
  INFO(model.status().ToString());
  REQUIRE(model.ok());
  return *std::move(model);
}
inline std::unique_ptr<Model> MustLoad(const onnx::ModelProto& model) {
  return MustLoad(model.SerializeAsString());
}

inline std::string LoadError(const std::string& bytes) {
  const auto model = LoadModelFromBytes(bytes);
  return model.ok() ? "no error" : std::string(model.status().message());
}
inline std::string LoadError(const onnx::ModelProto& model) {
  return LoadError(model.SerializeAsString());
}

// The id of a value of that name in a graph; kNoValue when there is none.
inline ValueId FindValue(const Graph& graph, absl::string_view name) {
  for (size_t i = 0; i < graph.values.size(); ++i) {
    if (graph.values[i].name == name) return static_cast<ValueId>(i);
  }
  return kNoValue;
}

inline absl::string_view OpType(const Model& model, const Node& node) {
  return model.operators[node.op].type;
}

// The names of a graph's nodes, in order, with spaces between.
inline std::string NodeNames(const Graph& graph) {
  std::string names;
  for (const Node& node : graph.nodes) {
    names.append(names.empty() ? "" : " ").append(node.name.data(), node.name.size());
  }
  return names;
}

}  // namespace onnx_macs::testing

#endif  // TESTS_ANALYZER_PROTO_BUILDER_H_
