// Constant in all its forms, ConstantOfShape, Range, EyeLike, OneHot.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("Constant in every form") {
  RunOpCases({
      {.op = "Constant",
       .attrs = {"value=i64[2]={1,-2}"},
       .inputs = {},
       .expected = "i64[2]={1,-2}",
       .macs = 0,
       .ops = 0},
      {.op = "Constant", .attrs = {"value_int=5"}, .expected = "i64[]={5}"},
      {.op = "Constant", .attrs = {"value_ints=[5,6]"}, .expected = "i64[2]={5,6}"},
      {.op = "Constant", .attrs = {"value_float=0.5"}, .expected = "f32[]={1/2}"},
      {.op = "Constant", .attrs = {"value_floats=[0.5,2.0]"}, .expected = "f32[2]={1/2,2}"},
      {.op = "Constant", .attrs = {"value_string=\"a\""}, .expected = "string[]"},
      {.op = "Constant", .attrs = {"value_strings=[\"a\",\"b\"]"}, .expected = "string[2]"},
      {.op = "Constant", .expected = "gap: no value"},
  });
}

TEST_CASE("ConstantOfShape fills a shape that may be symbolic") {
  RunOpCases({
      {.op = "ConstantOfShape",
       .inputs = {"i64[2]={2,3}"},
       .expected = "f32[2,3]={0,0,0,0,0,0}",
       .macs = 0,
       .ops = 0},
      {.op = "ConstantOfShape",
       .attrs = {"value=i64[1]={7}"},
       .inputs = {"i64[1]={2}"},
       .expected = "i64[2]={7,7}"},
      {.op = "ConstantOfShape", .inputs = {"i64[2]={h,3}"}, .expected = "f32[h,3]"},
      {.op = "ConstantOfShape", .inputs = {"i64[2]"}, .expected = "f32[?,?]"},
      {.op = "ConstantOfShape", .inputs = {"i64[0]={}"}, .expected = "f32[]={0}"},
      {.op = "ConstantOfShape", .inputs = {"i64[1]={-2}"}, .expected = "gap: negative"},
  });
}

TEST_CASE("Range counts its steps") {
  RunOpCases({
      {.op = "Range",
       .inputs = {"i64[]={0}", "i64[]={5}", "i64[]={2}"},
       .expected = "i64[3]={0,2,4}",
       .ops = 0},
      {.op = "Range",
       .inputs = {"i64[]={3}", "i64[]={0}", "i64[]={-1}"},
       .expected = "i64[3]={3,2,1}"},
      {.op = "Range", .inputs = {"i64[]={3}", "i64[]={0}", "i64[]={1}"}, .expected = "i64[0]"},
      {.op = "Range", .inputs = {"i64[]={0}", "i64[]={n}", "i64[]={1}"}, .expected = "i64[n]"},
      {.op = "Range", .inputs = {"i64[]={n}", "i64[]={n+3}", "i64[]={1}"}, .expected = "i64[3]"},
      {.op = "Range",
       .inputs = {"f32[]={0.0}", "f32[]={1.0}", "f32[]={0.25}"},
       .expected = "f32[4]={0,1/4,1/2,3/4}"},
      {.op = "Range", .inputs = {"i64[]", "i64[]={5}", "i64[]={2}"}, .expected = "i64[?]"},
      {.op = "Range", .inputs = {"i64[]={0}", "i64[]={5}", "i64[]={0}"}, .expected = "gap: is 0"},
  });
}

TEST_CASE("EyeLike and OneHot") {
  RunOpCases({
      {.op = "EyeLike", .inputs = {"f32[3,h]"}, .expected = "f32[3,h]", .ops = 0},
      {.op = "EyeLike", .attrs = {"dtype=7"}, .inputs = {"f32[3,3]"}, .expected = "i64[3,3]"},
      {.op = "OneHot", .inputs = {"i64[2,3]", "i64[]={10}", "f32[2]"}, .expected = "f32[2,3,10]"},
      {.op = "OneHot", .inputs = {"i64[2]", "i64[]={-1}", "f32[2]"}, .expected = "gap: negative"},
      {.op = "OneHot",
       .attrs = {"axis=0"},
       .inputs = {"i64[2,3]", "i64[1]={10}", "f32[2]"},
       .expected = "f32[10,2,3]"},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
