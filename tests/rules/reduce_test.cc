// Reductions: axes as attributes and as inputs, and the values that shape computations need.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("every reduction reduces and costs one op per input element") {
  const std::string op =
      GENERATE("ReduceSum", "ReduceProd", "ReduceMax", "ReduceMin", "ReduceMean", "ReduceL1",
               "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceSumSquare");
  RunOpCases(std::vector<OpCase>{
      {.op = op,
       .opset = 11,
       .attrs = {"axes=[1]"},
       .inputs = {"f32[2,3,4]"},
       .expected = "f32[2,1,4]",
       .macs = 0,
       .ops = 24},
      {.op = op,
       .opset = 11,
       .attrs = {"axes=[-1,0]", "keepdims=0"},
       .inputs = {"f32[2,3,4]"},
       .expected = "f32[3]",
       .ops = 24},
      {.op = op, .opset = 11, .inputs = {"f32[2,3]"}, .expected = "f32[1,1]", .ops = 6},
      {.op = op,
       .opset = 18,
       .attrs = {"keepdims=0"},
       .inputs = {"f32[b,s,4]", "i64[2]={-1,-2}"},
       .expected = "f32[b]",
       .ops_formula = "4*b*s",
       .params = 0},
      {.op = op,
       .opset = 18,
       .attrs = {"keepdims=0"},
       .inputs = {"f32[2,3]", ""},
       .expected = "f32[]",
       .ops = 6},
      {.op = op,
       .opset = 18,
       .attrs = {"noop_with_empty_axes=1"},
       .inputs = {"f32[2,3]", "i64[0]={}"},
       .expected = "f32[2,3]",
       .ops = 0},
      {.op = op,
       .opset = 18,
       .inputs = {"f32[2,3]", "i64[0]={}"},
       .expected = "f32[1,1]",
       .ops = 6},
      // An input without elements needs no value.
      {.op = op, .opset = 18, .inputs = {"f32[2,3]", "i64[0]"}, .expected = "f32[1,1]"},
      {.op = op,
       .opset = 18,
       .inputs = {"f32[2,3]", "i64[1]={2}"},
       .expected = "gap: axis 2 is outside of the 2 dims"},
      {.op = op,
       .opset = 11,
       .attrs = {"axes=[-9223372036854775808]"},
       .inputs = {"f32[2,3]"},
       .expected = "gap: axis -9223372036854775808 is outside of the 2 dims"},
  });
}

TEST_CASE("axes that are not known leave the rank") {
  RunOpCases(std::vector<OpCase>{
      {.op = "ReduceMean",
       .opset = 18,
       .inputs = {"f32[2,3]", "i64[1]"},
       .expected = "f32[?,?]",
       .ops = 6},
      {.op = "ReduceMean",
       .opset = 18,
       .attrs = {"keepdims=0"},
       .inputs = {"f32[2,3]", "i64[1]"},
       .expected = "f32[?]",
       .ops = 6},
  });
}

TEST_CASE("integers and symbols are reduced in value") {
  RunOpCases(std::vector<OpCase>{
      {.op = "ReduceProd",
       .attrs = {"keepdims=0", "axes=[0]"},
       .inputs = {"i64[3]={2,h,4}"},
       .expected = "i64[]={8*h}"},
      {.op = "ReduceSum", .inputs = {"i64[3]={2,h,4}", "i64[1]={0}"}, .expected = "i64[1]={h+6}"},
      {.op = "ReduceMax",
       .attrs = {"axes=[0]"},
       .inputs = {"i64[3]={2,9,4}"},
       .expected = "i64[1]={9}"},
      {.op = "ReduceMin",
       .attrs = {"keepdims=0"},
       .inputs = {"i64[3]={2,9,4}"},
       .expected = "i64[]={2}"},
      {.op = "ReduceSum",
       .attrs = {"keepdims=0"},
       .inputs = {"i64[2,3]={1,2,3,4,5,6}", "i64[1]={1}"},
       .expected = "i64[2]={6,15}"},
      {.op = "ReduceProd",
       .attrs = {"axes=[0]"},
       .inputs = {"i32[2,3]={1,2,3,4,5,6}"},
       .expected = "i32[1,3]={4,10,18}"},
      {.op = "ReduceSum",
       .attrs = {"keepdims=0"},
       .inputs = {"i64[2,2,2]={1,2,3,4,5,6,7,8}", "i64[2]={0,2}"},
       .expected = "i64[2]={14,22}"},
      // The number of elements of a scalar.
      {.op = "ReduceProd",
       .attrs = {"keepdims=0"},
       .inputs = {"i64[0]={}"},
       .expected = "i64[]={1}"},
      {.op = "ReduceSum",
       .attrs = {"keepdims=0"},
       .inputs = {"i64[0]={}"},
       .expected = "i64[]={0}"},
      {.op = "ReduceProd",
       .attrs = {"keepdims=0"},
       .inputs = {"i64[2]={9223372036854775807,3}"},
       .expected = "i64[]"},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
