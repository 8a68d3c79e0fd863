// Interfaces as files declare them, and that options change nothing of them.
#include "analyzer/declared_rows.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/analyzer/proto_builder.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {
namespace {

// "x: tensor float32 [1, batch, ?]", a line each.
std::string Lines(const std::vector<ValueRow>& rows) {
  using Kind = ValueRow::DimText::Kind;
  std::string text;
  for (const ValueRow& row : rows) {
    const auto append = [](std::string* out, const ValueRow::DimText& dim) {
      absl::StrAppend(out, dim.kind == Kind::kInteger      ? absl::StrCat(dim.value)
                           : dim.kind == Kind::kExpression ? dim.text.view()
                                                           : "?");
    };
    absl::StrAppend(
        &text, row.name.view(), ": ", row.kind.view(), " ", row.dtype.view(), " ",
        row.has_rank ? absl::StrCat("[", absl::StrJoin(row.shape, ", ", append), "]") : "...",
        "\n");
  }
  return text;
}

onnx::TypeProto::Tensor* SetTensor(onnx::TypeProto* type, int data_type) {
  type->mutable_tensor_type()->set_elem_type(data_type);
  return type->mutable_tensor_type();
}

TEST_CASE("declared rows: dims as the file has them, and no initializers") {
  onnx::ModelProto model;
  model.set_ir_version(8);
  onnx::GraphProto* const graph = model.mutable_graph();
  onnx::ValueInfoProto* const x = graph->add_input();
  x->set_name("x");
  auto* const shape = SetTensor(x->mutable_type(), onnx::TensorProto::FLOAT)->mutable_shape();
  shape->add_dim()->set_dim_value(1);
  shape->add_dim()->set_dim_param("batch*2");
  shape->add_dim();
  onnx::ValueInfoProto* const w = graph->add_input();
  w->set_name("w");
  SetTensor(w->mutable_type(), onnx::TensorProto::FLOAT);
  onnx::TensorProto* const weight = graph->add_initializer();
  weight->set_name("w");
  weight->set_data_type(onnx::TensorProto::FLOAT);
  weight->add_dims(0);
  graph->add_input()->set_name("untyped");
  onnx::NodeProto* const node = graph->add_node();
  node->set_op_type("Op");
  node->add_output("y");
  onnx::ValueInfoProto* const y = graph->add_output();
  y->set_name("y");
  SetTensor(y->mutable_type(), onnx::TensorProto::INT8)->mutable_shape();
  const auto loaded = MustLoad(model);
  CHECK(Lines(DeclaredInputs(loaded->graph)) ==
        "x: tensor float32 [1, batch*2, ?]\n"
        "untyped: tensor undefined ...\n");
  CHECK(Lines(DeclaredOutputs(loaded->graph)) == "y: tensor int8 []\n");
}

TEST_CASE("declared rows: containers have the tensor in them, or the text of what is deeper") {
  onnx::ModelProto model;
  model.set_ir_version(8);
  const auto add = [&](const char* name) {
    onnx::ValueInfoProto* const input = model.mutable_graph()->add_input();
    input->set_name(name);
    return input->mutable_type();
  };
  auto* const list = add("list")->mutable_sequence_type()->mutable_elem_type();
  SetTensor(list, onnx::TensorProto::FLOAT)->mutable_shape()->add_dim()->set_dim_value(4);
  auto* const inner = add("maybe")->mutable_optional_type()->mutable_elem_type();
  SetTensor(inner->mutable_sequence_type()->mutable_elem_type(), onnx::TensorProto::INT64);
  auto* const map = add("map")->mutable_map_type();
  map->set_key_type(onnx::TensorProto::STRING);
  SetTensor(map->mutable_value_type(), onnx::TensorProto::FLOAT)->mutable_shape();
  add("sparse")->mutable_sparse_tensor_type()->set_elem_type(onnx::TensorProto::FLOAT);
  const auto loaded = MustLoad(model);
  CHECK(Lines(DeclaredInputs(loaded->graph)) ==
        "list: sequence float32 [4]\n"
        "maybe: optional sequence(int64[...]) ...\n"
        "map: map string to float32[] ...\n"
        "sparse: sparse_tensor float32 ...\n");
}

}  // namespace
}  // namespace onnx_macs::testing
