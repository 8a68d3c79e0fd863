// Sum, Mean, Min, Max, Where and Clip.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("every further input of a sum costs one operation per element") {
  RunOpCases({
      {.op = "Sum",
       .inputs = {"f32[2,3]", "f32[3]", "f32[2,1]"},
       .expected = "f32[2,3]",
       .macs = 0,
       .ops = 12},
      {.op = "Sum", .inputs = {"f32[5]"}, .expected = "f32[5]", .ops = 0},
      {.op = "Mean", .inputs = {"f32[5]", "f32[5]"}, .expected = "f32[5]", .ops = 10},
      {.op = "Max", .inputs = {"f32[5]", "f32[]"}, .expected = "f32[5]", .ops = 5},
      {.op = "Max", .inputs = {"i64[2]={3,9}", "i64[]={5}"}, .expected = "i64[2]={5,9}"},
      {.op = "Min", .inputs = {"i64[2]={3,9}", "i64[2]={5,h}"}, .expected = "i64[2]={3,min(h,9)}"},
      {.op = "Max", .inputs = {"i64[1]={h}", "i64[]={0}"}, .expected = "i64[1]={h}"},
  });
}

TEST_CASE("Where chooses element by element") {
  RunOpCases({
      {.op = "Where",
       .inputs = {"bool[2,1]", "f32[3]", "f32[1]"},
       .expected = "f32[2,3]",
       .ops = 6},
      {.op = "Where",
       .inputs = {"bool[2]={1,0}", "i64[2]={1,2}", "i64[2]={h,w}"},
       .expected = "i64[2]={1,w}"},
      {.op = "Where",
       .inputs = {"bool[2]={1,0}", "i64[2]={1,2}", "i64[2]"},
       .expected = "i64[2]={1,?}"},
  });
}

TEST_CASE("Clip") {
  RunOpCases({
      {.op = "Clip", .inputs = {"f32[2,3]", "f32[]={0.0}", ""}, .expected = "f32[2,3]", .ops = 12},
      {.op = "Clip", .opset = 6, .attrs = {"min=0.0"}, .inputs = {"f32[3]"}, .expected = "f32[3]"},
      {.op = "Clip",
       .inputs = {"i64[3]={-5,5,50}", "i64[]={0}", "i64[]={9}"},
       .expected = "i64[3]={0,5,9}"},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
