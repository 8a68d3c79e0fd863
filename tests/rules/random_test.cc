// Random tensors.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("random tensors have the shape that is written down, or that of another") {
  RunOpCases({
      {.op = "RandomNormal", .attrs = {"shape=[2,3]"}, .expected = "f32[2,3]", .ops = 6},
      {.op = "RandomUniform",
       .attrs = {"shape=[2,3]", "dtype=11"},
       .expected = "f64[2,3]",
       .ops = 6},
      {.op = "RandomUniform", .attrs = {"shape=[2,-3]"}, .expected = "gap: an entry of -3"},
      {.op = "RandomNormal", .expected = "gap: shape is missing"},
      {.op = "RandomNormalLike",
       .inputs = {"f16[2,h]"},
       .expected = "f16[2,h]",
       .ops_formula = "2*h"},
      {.op = "RandomUniformLike",
       .attrs = {"dtype=1"},
       .inputs = {"i64[2,3]"},
       .expected = "f32[2,3]",
       .ops = 6},
      {.op = "Bernoulli",
       .attrs = {"dtype=9"},
       .inputs = {"f32[2,3]"},
       .expected = "bool[2,3]",
       .ops = 12},
      {.op = "Multinomial",
       .attrs = {"sample_size=4"},
       .inputs = {"f32[2,10]"},
       .expected = "i32[2,4]",
       .ops = 48},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
