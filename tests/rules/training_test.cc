// Optimizers step many tensors at once.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

constexpr char kTraining[] = "ai.onnx.preview.training";

TEST_CASE("what an optimizer steps keeps its shape") {
  RunOpCases({
      {.op = "Adagrad",
       .domain = kTraining,
       .opset = 1,
       .inputs = {"f32[]", "i64[]", "f32[2]", "f32[3]", "f32[2]", "f32[3]", "f32[2]", "f32[3]"},
       .expected = "f32[2]; f32[3]; f32[2]; f32[3]",
       .macs = 0,
       .ops = 45},
      {.op = "Adam",
       .domain = kTraining,
       .opset = 1,
       .inputs = {"f32[]", "i64[]", "f32[h]", "f32[h]", "f32[h]", "f32[h]"},
       .expected = "f32[h]; f32[h]; f32[h]",
       .ops_formula = "14*h"},
      {.op = "Momentum",
       .domain = kTraining,
       .opset = 1,
       .inputs = {"f32[]", "i64[]", "f32[2]", "f32[2]", "f32[2]"},
       .expected = "f32[2]; f32[2]",
       .ops = 14},
      {.op = "Momentum",
       .domain = kTraining,
       .opset = 1,
       .inputs = {"f32[]", "i64[]", "f32[2]", "f32[2]"},
       .expected = "gap: 2 tensors do not come in groups of 3"},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
