// Elementary functions and activations: same shape, weight times elements, followed values.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("activations keep the shape and cost their weight per element") {
  RunOpCases({
      {.op = "Relu", .inputs = {"f32[2,3]"}, .expected = "f32[2,3]", .macs = 0, .ops = 6},
      {.op = "Sigmoid", .inputs = {"f16[2,3]"}, .expected = "f16[2,3]", .macs = 0, .ops = 24},
      {.op = "Tanh", .inputs = {"f32[10]"}, .expected = "f32[10]", .macs = 0, .ops = 50},
      {.op = "Erf", .inputs = {"f32[10]"}, .expected = "f32[10]", .macs = 0, .ops = 10},
      {.op = "Elu", .inputs = {"f32[10]"}, .expected = "f32[10]", .ops = 40},
      {.op = "PRelu", .inputs = {"f32[2,3]", "f32[3]"}, .expected = "f32[2,3]", .ops = 12},
      {.op = "Softplus", .inputs = {"f32[4]"}, .expected = "f32[4]", .ops = 12},
      {.op = "Gelu", .opset = 20, .inputs = {"f32[4]"}, .expected = "f32[4]", .ops = 20},
      {.op = "Gelu",
       .opset = 20,
       .attrs = {"approximate=\"tanh\""},
       .inputs = {"f32[4]"},
       .expected = "f32[4]",
       .ops = 48},
      {.op = "IsNaN", .inputs = {"f32[2,3]"}, .expected = "bool[2,3]", .ops = 6},
      {.op = "Sqrt", .inputs = {"f32"}, .expected = "gap: the shape of"},
      {.op = "Mish",
       .opset = 18,
       .inputs = {"f32[b,2]"},
       .expected = "f32[b,2]",
       .ops_formula = "18*b"},
  });
}

TEST_CASE("functions of sizes are followed") {
  RunOpCases({
      {.op = "Neg", .inputs = {"i64[2]={3,-4}"}, .expected = "i64[2]={-3,4}"},
      {.op = "Neg", .inputs = {"i64[1]={h}"}, .expected = "i64[1]={-h}"},
      {.op = "Abs", .inputs = {"i64[2]={-3,h}"}, .expected = "i64[2]={3,h}"},
      {.op = "Sign", .inputs = {"i64[3]={-3,0,9}"}, .expected = "i64[3]={-1,0,1}"},
      {.op = "Relu", .inputs = {"i64[2]={-3,5}"}, .expected = "i64[2]={0,5}"},
      {.op = "Floor", .inputs = {"f32[3]={2.5,-2.5,7.0}"}, .expected = "f32[3]={2,-3,7}"},
      {.op = "Ceil", .inputs = {"f32[2]={2.5,-2.5}"}, .expected = "f32[2]={3,-2}"},
      {.op = "Round", .inputs = {"f32[4]={0.5,1.5,2.5,-1.5}"}, .expected = "f32[4]={0,2,2,-2}"},
      {.op = "Sqrt", .inputs = {"f32[2]={16.0,64.0}"}, .expected = "f32[2]={4,8}"},
      {.op = "Reciprocal", .inputs = {"f32[1]={4.0}"}, .expected = "f32[1]={1/4}"},
      {.op = "Not", .inputs = {"bool[2]={1,0}"}, .expected = "bool[2]={0,1}"},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
