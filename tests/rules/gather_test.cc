// Gather and Scatter in their forms.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("Gather is an embedding lookup, or picks a size") {
  RunOpCases({
      {.op = "Gather",
       .inputs = {"f32[1000,64]=weights", "i64[2,7]"},
       .expected = "f32[2,7,64]",
       .macs = 0,
       .ops = 896,
       .params = 64000},
      {.op = "Gather",
       .attrs = {"axis=1"},
       .inputs = {"f32[2,h,3]", "i64[]"},
       .expected = "f32[2,3]",
       .ops = 6},
      {.op = "Gather", .inputs = {"i64[3]={2,h,4}", "i64[]={-2}"}, .expected = "i64[]={h}"},
      {.op = "Gather", .inputs = {"i64[3]={2,h,4}", "i64[2]={2,0}"}, .expected = "i64[2]={4,2}"},
      {.op = "Gather", .inputs = {"i64[3]={2,h,4}", "i64[1]={7}"}, .expected = "i64[1]={?}"},
      {.op = "Gather",
       .attrs = {"axis=1"},
       .inputs = {"i64[2,3]={1,2,3,4,5,6}", "i64[1]={1}"},
       .expected = "i64[2,1]={2,5}"},
      {.op = "Gather",
       .attrs = {"axis=3"},
       .inputs = {"f32[2,3]", "i64[]"},
       .expected = "gap: axis 3"},
  });
}

TEST_CASE("the other gathers and the scatters") {
  RunOpCases({
      {.op = "GatherElements",
       .attrs = {"axis=1"},
       .inputs = {"f32[3,9]", "i64[3,h]"},
       .expected = "f32[3,h]",
       .macs = 0,
       .ops = 0},
      {.op = "GatherND", .inputs = {"f32[2,3,4]", "i64[5,2]"}, .expected = "f32[5,4]"},
      {.op = "GatherND",
       .attrs = {"batch_dims=1"},
       .inputs = {"f32[2,3,4]", "i64[2,1]"},
       .expected = "f32[2,4]"},
      {.op = "GatherND", .inputs = {"f32[2,3]", "i64[5,3]"}, .expected = "gap: more axes"},
      {.op = "ScatterND",
       .inputs = {"f32[4,5]", "i64[2,1]", "f32[2,5]"},
       .expected = "f32[4,5]",
       .ops = 0},
      {.op = "ScatterND",
       .opset = 16,
       .attrs = {"reduction=\"add\""},
       .inputs = {"f32[4,5]", "i64[2,1]", "f32[2,5]"},
       .expected = "f32[4,5]",
       .ops = 10},
      {.op = "ScatterElements",
       .inputs = {"f32[4,5]", "i64[2,5]", "f32[2,5]"},
       .expected = "f32[4,5]",
       .ops = 0},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
