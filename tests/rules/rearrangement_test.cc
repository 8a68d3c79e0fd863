// Bits and elements that stay what they are.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("nothing is computed") {
  RunOpCases({
      {.op = "BitCast",
       .opset = 26,
       .attrs = {"to=6"},
       .inputs = {"f32[2,h]"},
       .expected = "i32[2,h]",
       .macs = 0,
       .ops = 0},
      {.op = "BitCast",
       .opset = 26,
       .attrs = {"to=7"},
       .inputs = {"f32[2]"},
       .expected = "gap: elements have 32 bits, `to` has 64"},
      {.op = "ReverseSequence", .inputs = {"f32[4,b]", "i64[b]"}, .expected = "f32[4,b]"},
      {.op = "CenterCropPad",
       .opset = 18,
       .inputs = {"f32[20,8,3]", "i64[3]={10,9,3}"},
       .expected = "f32[10,9,3]"},
      {.op = "CenterCropPad",
       .opset = 18,
       .attrs = {"axes=[-3,1]"},
       .inputs = {"f32[20,8,c]", "i64[2]={10,9}"},
       .expected = "f32[10,9,c]"},
      {.op = "CenterCropPad",
       .opset = 18,
       .inputs = {"f32[20,8,3]", "i64[2]={10,9}"},
       .expected = "gap: 2 sizes for 3 axes"},
      {.op = "TensorScatter",
       .opset = 24,
       .inputs = {"f32[b,4,s,5]", "f32[b,4,1,5]", "i64[b]"},
       .expected = "f32[b,4,s,5]"},
      {.op = "TensorScatter",
       .opset = 24,
       .inputs = {"f32[2,4,3,5]", "f32[2,4,1,6]"},
       .expected = "gap: axis 3 of the update"},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
