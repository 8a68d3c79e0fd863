// Weights given as inputs of the graph: what counts as a parameter, and what only looks like one.
#include <cstdint>
#include <string>

#include "analyzer/analyze.h"
#include "analyzer/loader.h"
#include "onnx/onnx_pb.h"
#include "rules/rules.h"
#include "tests/support/catch.h"
#include "tests/support/op_case.h"
#include "tests/support/text_case.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("inputs that stand where an operator has its weight are parameters") {
  RunOpCases({
      {.op = "MatMul", .inputs = {"f32[r,8]", "f32[8,16]"}, .expected = "f32[r,16]", .params = 128},
      {.op = "MatMul", .inputs = {"f32[5,8]", "f32[8,16]"}, .expected = "f32[5,16]", .params = 128},
      {.op = "Gemm", .inputs = {"f32[r,8]", "f32[8,16]"}, .expected = "f32[r,16]", .params = 128},
      {.op = "Conv",
       .inputs = {"f32[1,3,8,8]", "f32[4,3,3,3]"},
       .expected = "f32[1,4,6,6]",
       .params = 108},
      // Two activations: sizes that are open, a product of two batches.
      {.op = "MatMul", .inputs = {"f32[r,8]", "f32[8,n]"}, .expected = "f32[r,n]", .params = 0},
      {.op = "MatMul",
       .inputs = {"f32[2,4,8]", "f32[2,8,4]"},
       .expected = "f32[2,4,4]",
       .params = 0},
      {.op = "Add", .inputs = {"f32[4,8]", "f32[8]"}, .expected = "f32[4,8]", .params = 0},
      // Indices are none, wherever they stand.
      {.op = "Gather", .inputs = {"f32[9,4]", "i64[3]"}, .expected = "f32[3,4]", .params = 0},
  });
}

// Add(x[4,8], NAME[8]), the second an input of the graph as well.
int64_t ParamsOfInputNamed(const std::string& name) {
  const OpCase add = {.op = "Add", .inputs = {"f32[4,8]", "f32[8]"}, .expected = "f32[4,8]"};
  onnx::ModelProto model;
  REQUIRE(model.ParseFromString(ModelOf(add)));
  const std::string old = model.graph().input(1).name();
  model.mutable_graph()->mutable_input(1)->set_name(name);
  for (onnx::NodeProto& node : *model.mutable_graph()->mutable_node()) {
    for (std::string& input : *node.mutable_input()) {
      if (input == old) input = name;
    }
  }
  auto loaded = LoadModelFromBytes(model.SerializeAsString());
  REQUIRE(loaded.ok());
  const auto result = Analyze(**loaded, BuiltinRules(), {});
  REQUIRE(result.ok());
  return static_cast<int64_t>(result->report.figures.params.value());
}

TEST_CASE("inputs that are named like parameters are such, whatever reads them") {
  CHECK(ParamsOfInputNamed("layers.0.norm.bias") == 8);
  CHECK(ParamsOfInputNamed("onnx::Add_12") == 8);
  // A name TorchScript made up, a cache, and a name that says nothing.
  CHECK(ParamsOfInputNamed("input.1") == 0);
  CHECK(ParamsOfInputNamed("past_key_values.0.key") == 0);
  CHECK(ParamsOfInputNamed("bias") == 0);
  CHECK(ParamsOfInputNamed("odd.") == 0);
}

TEST_CASE("an input whose size is open in the file is no weight once the size is given") {
  AnalyzeOptions options;
  options.bind.dims = {{"r", "2"}, {"n", "4"}};
  const std::string product = "{ y = MatMul (x, w) }";
  const auto params_of = [&](const std::string& inputs) {
    return TextOf(
        AnalyzeModel(ModelText("g (" + inputs + ") => (y) " + product), options).figures.params);
  };
  CHECK(params_of("float[r,8] x, float[8,n] w") == "0");
  CHECK(params_of("float[r,8] x, float[8,4] w") == "32");
}

}  // namespace
}  // namespace onnx_macs::testing
