// Operators of old files.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("removed operators are still understood") {
  RunOpCases({
      {.op = "ImageScaler",
       .opset = 1,
       .inputs = {"f32[1,3,4,4]"},
       .expected = "f32[1,3,4,4]",
       .ops = 96},
      {.op = "Affine",
       .opset = 1,
       .inputs = {"f32[2,h]"},
       .expected = "f32[2,h]",
       .ops_formula = "4*h"},
      {.op = "ScaledTanh", .opset = 1, .inputs = {"f32[2]"}, .expected = "f32[2]", .ops = 14},
      {.op = "Scale", .opset = 1, .inputs = {"f32[2]"}, .expected = "f32[2]", .ops = 2},
      {.op = "ParametricSoftplus",
       .opset = 1,
       .inputs = {"f32[2]"},
       .expected = "f32[2]",
       .ops = 10},
      {.op = "GRUUnit",
       .opset = 1,
       .inputs = {"f32[1,2,4]", "f32[1,2,12]", "i32[2]", "i32[1]"},
       .expected = "f32[1,2,4]",
       .ops = 136},
      {.op = "Crop",
       .opset = 1,
       .attrs = {"border=[1,2,3,4]"},
       .inputs = {"f32[1,3,h,20]"},
       .expected = "f32[1,3,h - 6,16]",
       .ops = 0},
      {.op = "Crop",
       .opset = 1,
       .attrs = {"border=[1,2,0,0]", "scale=[5,6]"},
       .inputs = {"f32[1,3,10,20]"},
       .expected = "f32[1,3,5,6]"},
      {.op = "Crop",
       .opset = 1,
       .attrs = {"border=[1,2]"},
       .inputs = {"f32[1,3,10,20]"},
       .expected = "gap: border is not four sizes"},
      {.op = "ConstantFill", .opset = 1, .attrs = {"shape=[2,3]"}, .expected = "f32[2,3]"},
      {.op = "ConstantFill",
       .opset = 1,
       .attrs = {"input_as_shape=1"},
       .inputs = {"i64[2]={4,5}"},
       .expected = "f32[4,5]"},
      {.op = "GivenTensorFill",
       .opset = 1,
       .attrs = {"shape=[2]", "extra_shape=[7]"},
       .expected = "f32[2,7]"},
      {.op = "LoopIndexTensor",
       .opset = 1,
       .attrs = {"axis=1"},
       .inputs = {"f32[2,3,4]", "i64[]"},
       .expected = "f32[2,4]"},
      {.op = "DynamicSlice",
       .opset = 1,
       .inputs = {"f32[10,4]", "i64[1]={2}", "i64[1]={5}", "i64[1]={0}"},
       .expected = "f32[3,4]"},
  });
}

TEST_CASE("what could be anything is a gap") {
  const ModelReport report = AnalyzeOpCase({.op = "ATen", .opset = 1, .inputs = {"f32[2]"}});
  REQUIRE(report.gaps.size() == 1);
  CHECK(!report.figures.macs.is_formula());
}

}  // namespace
}  // namespace onnx_macs::testing
