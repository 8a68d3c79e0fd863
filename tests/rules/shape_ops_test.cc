// Shape, Size, Reshape, Flatten, Squeeze, Unsqueeze: sizes known, symbolic and unknown.
#include <string>

#include "absl/strings/str_join.h"
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("Shape and Size give the dims as values") {
  RunOpCases({
      {.op = "Shape", .inputs = {"f32[2,h,3]"}, .expected = "i64[3]={2,h,3}", .macs = 0, .ops = 0},
      {.op = "Shape", .inputs = {"f32[2,?]"}, .expected = "i64[2]={2,in0_dim1}"},
      {.op = "Shape", .inputs = {"f32"}, .expected = "i64[?]"},
      {.op = "Shape", .inputs = {"f32[]"}, .expected = "i64[0]"},
      {.op = "Shape", .attrs = {"start=1"}, .inputs = {"f32[2,h,3]"}, .expected = "i64[2]={h,3}"},
      {.op = "Shape",
       .attrs = {"start=-2", "end=-1"},
       .inputs = {"f32[2,h,3]"},
       .expected = "i64[1]={h}"},
      {.op = "Shape", .attrs = {"start=2", "end=-9"}, .inputs = {"f32[2,h]"}, .expected = "i64[0]"},
      {.op = "Size", .inputs = {"f32[2,h,3]"}, .expected = "i64[]={6*h}"},
  });
}

TEST_CASE("Reshape solves the open axis") {
  RunOpCases({
      {.op = "Reshape",
       .inputs = {"f32[2,3,4]", "i64[2]={6,-1}"},
       .expected = "f32[6,4]",
       .macs = 0,
       .ops = 0,
       .params = 0},
      {.op = "Reshape", .inputs = {"f32[2,3,4]", "i64[3]={0,-1,2}"}, .expected = "f32[2,6,2]"},
      {.op = "Reshape", .inputs = {"f32[b,h,w]", "i64[2]={0,-1}"}, .expected = "f32[b,h*w]"},
      {.op = "Reshape",
       .inputs = {"f32[?,8,w]", "i64[3]={0,-1,4}"},
       .expected = "f32[in0_dim0,2*w,4]"},
      {.op = "Reshape",
       .inputs = {"f32[b,320,h,w]", "i64[3]={b,32,-1}"},
       .expected = "f32[b,32,10*h*w]"},
      {.op = "Reshape", .inputs = {"f32[h]", "i64[2]={4,-1}"}, .expected = "f32[4,h/4]"},
      {.op = "Reshape", .inputs = {"f32[2,3]", "i64[]={6}"}, .expected = "f32[6]"},
      {.op = "Reshape", .inputs = {"f32[2,3]", "i64[2]"}, .expected = "f32[?,?]"},
      {.op = "Reshape", .inputs = {"f32[2,3]", "i64"}, .expected = "f32"},
      {.op = "Reshape", .inputs = {"f32[0,3]", "i64[2]={-1,3}"}, .expected = "f32[0,3]"},
      {.op = "Reshape",
       .attrs = {"allowzero=1"},
       .inputs = {"f32[0,3]", "i64[2]={3,0}"},
       .expected = "f32[3,0]"},
      {.op = "Reshape",
       .opset = 1,
       .attrs = {"shape=[3,-1]"},
       .inputs = {"f32[2,3]"},
       .expected = "f32[3,2]"},
      {.op = "Reshape",
       .inputs = {"i64[2,2]={1,2,3,h}", "i64[1]={-1}"},
       .expected = "i64[4]={1,2,3,h}"},
  });
}

TEST_CASE("Reshape refuses what cannot be") {
  RunOpCases({
      {.op = "Reshape",
       .inputs = {"f32[2,3]", "i64[2]={4,-1}"},
       .expected = "gap: cannot reshape 6 elements into 4"},
      {.op = "Reshape",
       .inputs = {"f32[2,3]", "i64[2]={5,2}"},
       .expected = "gap: cannot reshape 6 elements into 10"},
      {.op = "Reshape", .inputs = {"f32[2]", "i64[2]={2,0}"}, .expected = "gap: copies an axis"},
      {.op = "Reshape", .inputs = {"f32[2]", "i64[1]={-2}"}, .expected = "gap: holds -2"},
  });
}

TEST_CASE("Flatten makes a matrix") {
  RunOpCases({
      {.op = "Flatten", .inputs = {"f32[2,3,4]"}, .expected = "f32[2,12]"},
      {.op = "Flatten", .attrs = {"axis=0"}, .inputs = {"f32[2,3,4]"}, .expected = "f32[1,24]"},
      {.op = "Flatten", .attrs = {"axis=-1"}, .inputs = {"f32[2,h,4]"}, .expected = "f32[2*h,4]"},
      {.op = "Flatten", .attrs = {"axis=3"}, .inputs = {"f32[2,3,4]"}, .expected = "f32[24,1]"},
      {.op = "Flatten", .attrs = {"axis=4"}, .inputs = {"f32[2,3,4]"}, .expected = "gap: axis 4"},
      {.op = "Flatten", .inputs = {"f32"}, .expected = "f32[?,?]"},
  });
}

TEST_CASE("Squeeze and Unsqueeze") {
  RunOpCases({
      {.op = "Squeeze", .inputs = {"f32[1,3,1]"}, .expected = "f32[3]"},
      {.op = "Squeeze", .inputs = {"f32[1,3,1]", "i64[1]={-1}"}, .expected = "f32[1,3]"},
      {.op = "Squeeze",
       .opset = 11,
       .attrs = {"axes=[0]"},
       .inputs = {"f32[1,3,1]"},
       .expected = "f32[3,1]"},
      {.op = "Squeeze", .inputs = {"f32[1,h]"}, .expected = "f32[h]"},
      {.op = "Squeeze", .inputs = {"f32"}, .expected = "f32"},
      {.op = "Squeeze", .inputs = {"f32[2,3]", "i64[1]={0}"}, .expected = "f32[2,3]"},
      {.op = "Squeeze", .inputs = {"i64[1]={h}", "i64[1]={0}"}, .expected = "i64[]={h}"},
      {.op = "Unsqueeze", .inputs = {"f32[3]", "i64[2]={0,-1}"}, .expected = "f32[1,3,1]"},
      {.op = "Unsqueeze",
       .opset = 11,
       .attrs = {"axes=[1]"},
       .inputs = {"f32[3,h]"},
       .expected = "f32[3,1,h]"},
      {.op = "Unsqueeze", .inputs = {"i64[]={7}", "i64[1]={0}"}, .expected = "i64[1]={7}"},
      {.op = "Unsqueeze", .inputs = {"f32[3]", "i64[2]={0,0}"}, .expected = "gap: repeated"},
      {.op = "Unsqueeze", .inputs = {"f32[3]", "i64[1]"}, .expected = "f32"},
  });
}

TEST_CASE("a declared size is not negative, whatever its expression says") {
  RunOpCases({
      {.op = "Shape", .inputs = {"f32[h-1,2]"}, .expected = "i64[2]={h-1,2}"},
      {.op = "Shape", .inputs = {"f32[2-4,3]"}, .expected = "i64[2]={in0_dim0,3}"},
  });
  const auto facts_of = [](const std::string& input) {
    return absl::StrJoin(AnalyzeOpCase({.op = "Relu", .inputs = {input}}).facts, "; ");
  };
  CHECK(facts_of("f32[h-1,2]") == "h - 1 is not negative");
  CHECK(facts_of("f32[h+1,2]") == "");
}

}  // namespace
}  // namespace onnx_macs::testing
