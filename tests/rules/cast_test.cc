// Identity, Cast, CastLike, Dropout and the quantisers.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("Cast converts followed values as C does") {
  RunOpCases({
      {.op = "Cast",
       .attrs = {"to=1"},
       .inputs = {"i64[2,h]"},
       .expected = "f32[2,h]",
       .macs = 0,
       .ops = 0},
      {.op = "Cast",
       .attrs = {"to=7"},
       .inputs = {"f32[4]={2.75,-2.75,0.1,9.0}"},
       .expected = "i64[4]={2,-2,0,9}"},
      {.op = "Cast",
       .attrs = {"to=9"},
       .inputs = {"i64[3]={0,-3,1}"},
       .expected = "bool[3]={0,1,1}"},
      {.op = "Cast",
       .attrs = {"to=1"},
       .inputs = {"i64[2]={h,16777217}"},
       .expected = "f32[2]={h,16777216}"},
      {.op = "Cast",
       .attrs = {"to=2"},
       .inputs = {"i64[2]={255,256}"},
       .expected = "u8[2]={255,?}"},
      {.op = "Cast",
       .opset = 1,
       .attrs = {"to=\"INT64\""},
       .inputs = {"f32[2]"},
       .expected = "i64[2]"},
      {.op = "Cast", .inputs = {"f32[2]"}, .expected = "gap: no attribute"},
      {.op = "CastLike", .inputs = {"f32[2,3]", "f16[]"}, .expected = "f16[2,3]", .ops = 0},
  });
}

TEST_CASE("Identity and Dropout pass everything on") {
  RunOpCases({
      {.op = "Identity", .inputs = {"i64[2]={h,3}"}, .expected = "i64[2]={h,3}", .ops = 0},
      {.op = "Identity", .opset = 16, .inputs = {"seq(f32[2])"}, .expected = "seq(f32[2])"},
      {.op = "Dropout", .inputs = {"f32[2,3]"}, .expected = "f32[2,3]; bool[2,3]", .ops = 0},
      {.op = "Dropout", .opset = 7, .inputs = {"f32[2]"}, .expected = "f32[2]; f32[2]"},
  });
}

TEST_CASE("quantisers count no parameters for scales and zero points") {
  RunOpCases({
      {.op = "QuantizeLinear",
       .inputs = {"f32[2,3]", "f32[3]=weights", "i8[3]=weights"},
       .expected = "i8[2,3]",
       .macs = 0,
       .ops = 18,
       .params = 0},
      {.op = "QuantizeLinear", .inputs = {"f32[4]", "f32[]"}, .expected = "u8[4]", .ops = 12},
      {.op = "QuantizeLinear",
       .opset = 21,
       .attrs = {"output_dtype=3"},
       .inputs = {"f32[4]", "f32[]"},
       .expected = "i8[4]"},
      {.op = "DequantizeLinear",
       .inputs = {"i8[2,3]=weights", "f32[]=weights"},
       .expected = "f32[2,3]",
       .macs = 0,
       .ops = 12,
       .params = 6},
      // A quantised bias.
      {.op = "DequantizeLinear",
       .inputs = {"i32[5]=weights", "f32[]=weights"},
       .expected = "f32[5]",
       .params = 5},
      {.op = "DequantizeLinear", .opset = 19, .inputs = {"i8[4]", "f16[]"}, .expected = "f16[4]"},
      {.op = "DynamicQuantizeLinear",
       .inputs = {"f32[4]"},
       .expected = "u8[4]; f32[]; u8[]",
       .ops = 20},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
