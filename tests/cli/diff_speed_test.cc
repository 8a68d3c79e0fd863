// A diff passes over what is equal as numbers, and makes words of what it shows alone.
#include <cstdint>
#include <fstream>
#include <string>

#include "onnx/onnx_pb.h"
#include "tests/cli/instructions.h"
#include "tests/support/catch.h"
#include "tests/support/conformance_data.h"

// Sanitizers count for themselves.
#if !defined(__SANITIZE_ADDRESS__)

namespace onnx_macs {
namespace {

// Blocks of two products and a Relu, named as the TorchScript exporter would; every block from
// `first_wide` on is wider.
std::string Network(int nodes, int first_wide) {
  onnx::ModelProto model;
  model.set_ir_version(8);
  model.add_opset_import()->set_version(17);
  onnx::GraphProto& graph = *model.mutable_graph();
  const auto set_type = [](onnx::ValueInfoProto* value, const std::string& name) {
    value->set_name(name);
    auto* type = value->mutable_type()->mutable_tensor_type();
    type->set_elem_type(onnx::TensorProto::FLOAT);
    for (const int size : {4, 64}) type->mutable_shape()->add_dim()->set_dim_value(size);
  };
  const auto add_node = [&](const std::string& name, const std::string& op, const std::string& x,
                            const std::string& weight) {
    onnx::NodeProto& node = *graph.add_node();
    node.set_name(name);
    node.set_op_type(op);
    node.add_input(x);
    if (!weight.empty()) node.add_input(weight);
    node.add_output(name + "_output_0");
    return node.output(0);
  };
  const auto add_weight = [&](const std::string& name, int rows, int columns) {
    onnx::TensorProto& weight = *graph.add_initializer();
    weight.set_name(name);
    weight.set_data_type(onnx::TensorProto::FLOAT);
    weight.add_dims(rows);
    weight.add_dims(columns);
    weight.set_data_location(onnx::TensorProto::EXTERNAL);
    auto* location = weight.add_external_data();
    location->set_key("location");
    location->set_value(name);
    return name;
  };
  set_type(graph.add_input(), "x");
  std::string x = "x";
  for (int i = 0; 3 * i < nodes; ++i) {
    const std::string block = "blocks." + std::to_string(i), path = "/" + block + "/mlp/";
    const int width = i >= first_wide ? 160 : 128;
    const std::string up = add_weight(block + ".mlp.up.weight", 64, width);
    const std::string down = add_weight(block + ".mlp.down.weight", width, 64);
    x = add_node(path + "up/MatMul", "MatMul", x, up);
    x = add_node(path + "Relu", "Relu", x, "");
    x = add_node(path + "down/MatMul", "MatMul", x, down);
  }
  set_type(graph.add_output(), x);
  return model.SerializeAsString();
}

void Write(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

}  // namespace

TEST_CASE("a diff of 10,000 nodes takes no longer than analysing both, and a fifth") {
  const testing::ScratchFolder folder;
  Write(folder.path() / "old.onnx", Network(10000, 1 << 20));
  Write(folder.path() / "one.onnx", Network(10000, 3332));
  Write(folder.path() / "all.onnx", Network(10000, 0));
  const std::string at = folder.path().string();
  for (const char* now : {"one.onnx", "all.onnx"}) {
    CAPTURE(now);
    const int64_t both = InstructionsOf(std::string("onnx-macs --jobs 1 old.onnx ") + now, at);
    const int64_t diff = InstructionsOf(std::string("onnx-macs diff --jobs 1 old.onnx ") + now, at);
    CHECK(5 * diff <= 6 * both);
  }
}

}  // namespace onnx_macs

#endif  // !defined(__SANITIZE_ADDRESS__)
