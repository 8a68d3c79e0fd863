// Softmax and its kin under both conventions.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("Softmax: a MAC and 3 ops per element, or 5 ops among contractions") {
  RunOpCases(std::vector<OpCase>{
      {.op = "Softmax", .inputs = {"f32[2,3,4]"}, .expected = "f32[2,3,4]", .macs = 24, .ops = 72},
      {.op = "Softmax",
       .inputs = {"f32[2,3,4]"},
       .expected = "f32[2,3,4]",
       .macs = 0,
       .ops = 120,
       .convention = "contractions"},
      {.op = "Softmax",
       .opset = 11,
       .inputs = {"f32[2,3,4]"},
       .expected = "f32[2,3,4]",
       .macs = 24,
       .ops = 72},
      {.op = "Softmax",
       .attrs = {"axis=1"},
       .inputs = {"f16[b,8,s,s]"},
       .expected = "f16[b,8,s,s]",
       .macs_formula = "8*b*s^2",
       .ops_formula = "24*b*s^2"},
      {.op = "LogSoftmax",
       .inputs = {"f32[2,3,4]"},
       .expected = "f32[2,3,4]",
       .macs = 0,
       .ops = 120},
      {.op = "Hardmax", .inputs = {"f32[2,3,4]"}, .expected = "f32[2,3,4]", .macs = 0, .ops = 48},
  });
}

TEST_CASE("axes of Softmax") {
  RunOpCases(std::vector<OpCase>{
      {.op = "Softmax",
       .attrs = {"axis=3"},
       .inputs = {"f32[2,3,4]"},
       .expected = "gap: axis 3 is outside of the 3 dims"},
      {.op = "Softmax",
       .attrs = {"axis=-4"},
       .inputs = {"f32[2,3,4]"},
       .expected = "gap: axis -4 is outside of the 3 dims"},
      // The old form flattens at the axis, so the default of 1 is fine for a vector.
      {.op = "Softmax", .opset = 11, .inputs = {"f32[4]"}, .expected = "f32[4]", .macs = 4},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
