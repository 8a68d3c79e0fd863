// Arithmetic, comparisons and logic on two tensors: broadcasting, folding, old attributes.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("shapes broadcast from the last axis") {
  RunOpCases({
      {.op = "Add",
       .inputs = {"f32[2,3,4]", "f32[4]"},
       .expected = "f32[2,3,4]",
       .macs = 0,
       .ops = 24},
      {.op = "Add", .inputs = {"f32[4]", "f32[2,3,4]"}, .expected = "f32[2,3,4]", .ops = 24},
      {.op = "Mul", .inputs = {"f32[2,1,4]", "f32[3,1]"}, .expected = "f32[2,3,4]", .ops = 24},
      {.op = "Sub", .inputs = {"f32[]", "f32[3]"}, .expected = "f32[3]", .ops = 3},
      {.op = "Div", .inputs = {"f32[0]", "f32[1]"}, .expected = "f32[0]", .ops = 0},
      {.op = "Pow", .inputs = {"f32[2]", "i64[]"}, .expected = "f32[2]", .ops = 2},
      {.op = "Less", .inputs = {"f32[2,1]", "f32[3]"}, .expected = "bool[2,3]", .ops = 6},
      {.op = "And", .inputs = {"bool[2]", "bool[2]"}, .expected = "bool[2]", .ops = 2},
      {.op = "Add", .inputs = {"f32[2]", "f32[3]"}, .expected = "gap: 2 and 3 do not broadcast"},
      {.op = "Add", .inputs = {"f32", "f32[3]"}, .expected = "gap: the shape of"},
  });
}

TEST_CASE("symbolic and unknown dims broadcast") {
  RunOpCases({
      {.op = "Add", .inputs = {"f32[h]", "f32[1]"}, .expected = "f32[h]"},
      {.op = "Add", .inputs = {"f32[1]", "f32[h]"}, .expected = "f32[h]"},
      {.op = "Add",
       .inputs = {"f32[h,3]", "f32[h,1]"},
       .expected = "f32[h,3]",
       .ops_formula = "3*h"},
      {.op = "Add", .inputs = {"f32[h]", "f32[8]"}, .expected = "f32[8]", .ops = 8},
      {.op = "Add", .inputs = {"f32[?]", "f32[8]"}, .expected = "f32[8]"},
      {.op = "Add", .inputs = {"f32[?]", "f32[1]"}, .expected = "f32[in0_dim0]"},
  });
}

TEST_CASE("integers fold as ONNX computes them") {
  RunOpCases({
      {.op = "Add", .inputs = {"i64[2]={1,2}", "i64[]={10}"}, .expected = "i64[2]={11,12}"},
      {.op = "Mul", .inputs = {"i64[2]={h,2}", "i64[]={8}"}, .expected = "i64[2]={8*h,16}"},
      {.op = "Div",
       .inputs = {"i64[3]={7,-7,7}", "i64[3]={2,2,-2}"},
       .expected = "i64[3]={3,-3,-3}"},
      {.op = "Div", .inputs = {"i64[1]={h}", "i64[]={2}"}, .expected = "i64[1]={floor(h/2)}"},
      {.op = "Div", .inputs = {"i64[1]={5}", "i64[]={0}"}, .expected = "i64[1]={?}"},
      {.op = "Mod", .inputs = {"i64[2]={-7,7}", "i64[]={3}"}, .expected = "i64[2]={2,1}"},
      {.op = "Mod",
       .attrs = {"fmod=1"},
       .inputs = {"i64[2]={-7,7}", "i64[]={3}"},
       .expected = "i64[2]={-1,1}"},
      {.op = "Pow", .inputs = {"i64[1]={3}", "i64[]={4}"}, .expected = "i64[1]={81}"},
      {.op = "Sub", .inputs = {"u8[1]={3}", "u8[1]={4}"}, .expected = "u8[1]={?}"},
      {.op = "Add", .inputs = {"i32[1]={2147483647}", "i32[1]={1}"}, .expected = "i32[1]={?}"},
      {.op = "Add",
       .inputs = {"i64[2,1]={1,2}", "i64[2]={10,20}"},
       .expected = "i64[2,2]={11,21,12,22}"},
  });
}

TEST_CASE("floats fold exactly while they are sizes times fractions") {
  RunOpCases({
      {.op = "Mul", .inputs = {"f32[2]={3.0,5.0}", "f32[]={0.5}"}, .expected = "f32[2]={3/2,5/2}"},
      {.op = "Div", .inputs = {"f32[1]={6.0}", "f32[]={4.0}"}, .expected = "f32[1]={3/2}"},
      {.op = "Add",
       .inputs = {"f32[1]={16777216.0}", "f32[]={1.0}"},
       .expected = "f32[1]={16777216}"},
  });
}

TEST_CASE("comparisons are decided by what is known of a symbol") {
  RunOpCases({
      {.op = "Equal", .inputs = {"i64[3]={h,4,-1}", "i64[]={-1}"}, .expected = "bool[3]={0,0,1}"},
      {.op = "Equal", .inputs = {"i64[1]={h}", "i64[]={4}"}, .expected = "bool[1]={?}"},
      {.op = "GreaterOrEqual",
       .inputs = {"i64[2]={h,-3}", "i64[]={0}"},
       .expected = "bool[2]={1,0}"},
      {.op = "Less", .inputs = {"f32[2]={0.1,0.3}", "f32[]={0.2}"}, .expected = "bool[2]={1,0}"},
      {.op = "Less", .inputs = {"f32[2]={2.0,3.0}", "f32[]={2.5}"}, .expected = "bool[2]={1,0}"},
      {.op = "Or", .inputs = {"bool[2]={1,0}", "bool[2]={0,0}"}, .expected = "bool[2]={1,0}"},
      {.op = "Xor", .inputs = {"bool[2]={1,1}", "bool[2]={0,1}"}, .expected = "bool[2]={1,0}"},
  });
}

TEST_CASE("before opset 7 the second operand is stretched along an axis") {
  RunOpCases({
      {.op = "Add",
       .opset = 6,
       .attrs = {"broadcast=1", "axis=1"},
       .inputs = {"f32[2,3,4]", "f32[3]"},
       .expected = "f32[2,3,4]",
       .ops = 24},
      {.op = "Mul", .opset = 1, .inputs = {"f32[2,3]", "f32[2,3]"}, .expected = "f32[2,3]"},
      {.op = "Add",
       .opset = 7,
       .attrs = {"broadcast=1", "axis=1"},
       .inputs = {"f32[2,3,4]", "f32[3]"},
       .expected = "gap: do not broadcast"},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
