// Resize and Upsample of every version: sizes, scales, axes, proportions.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"
#include "tests/support/symbolic.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("scales multiply and round down") {
  RunOpCases(std::vector<OpCase>{
      {.op = "Resize",
       .opset = 10,
       .inputs = {"f32[1,3,5,6]", "f32[4]={1,1,2,2.5}"},
       .expected = "f32[1,3,10,15]",
       .macs = 0,
       .ops = 0,
       .params = 0},
      {.op = "Resize",
       .opset = 11,
       .inputs = {"f32[1,3,5,6]", "f32[0]={}", "f32[4]={1,1,0.5,0.3}"},
       .expected = "f32[1,3,2,1]"},
      {.op = "Resize",
       .opset = 13,
       .inputs = {"f32[b,3,h,w]", "", "f32[4]={1,1,2,2}"},
       .expected = "f32[b,3,2*h,2*w]"},
      {.op = "Resize",
       .opset = 13,
       .inputs = {"f32[1,3,h,2*w]", "", "f32[4]={1,1,0.5,0.5}"},
       .expected = "f32[1,3,floor(h/2),w]"},
      // 0.7f is a little less than 7/10, yet runtimes and people say 7.
      {.op = "Resize",
       .opset = 13,
       .inputs = {"f32[1,1,10,20]", "", "f32[4]={1,1,0.7,0.7}"},
       .expected = "f32[1,1,7,14]"},
      {.op = "Resize",
       .opset = 13,
       .inputs = {"f32[1,1,10*h,3*w]", "", "f32[4]={1,1,0.7,0.33333334}"},
       .expected = "f32[1,1,7*h,w]"},
      {.op = "Upsample",
       .opset = 1,
       .attrs = {"height_scale=2.0", "width_scale=1.5"},
       .inputs = {"f32[1,3,5,6]"},
       .expected = "f32[1,3,10,9]"},
      {.op = "Upsample",
       .opset = 7,
       .attrs = {"scales=[1.0,1.0,2.0,3.0]"},
       .inputs = {"f32[1,3,5,6]"},
       .expected = "f32[1,3,10,18]"},
      {.op = "Upsample",
       .opset = 9,
       .inputs = {"f32[1,3,5,6]", "f32[4]={1,1,2,3}"},
       .expected = "f32[1,3,10,18]",
       .params = 0},
  });
}

TEST_CASE("resize: a formula in the size of the image holds at every size") {
  for (const std::string scale : {"2", "0.5", "1.5", "0.7", "0.33333334", "1.1", "0.8571429"}) {
    CheckAtPoints({.op = "Resize",
                   .attrs = {"mode=\"linear\""},
                   .inputs = {"f32[1,3,h,h]", "", "f32[4]={1,1,1," + scale + "}"},
                   .expected = "any"},
                  "h", {10, 11, 20, 30, 64, 97, 1000, 4095});
  }
}

TEST_CASE("sizes are taken as they are") {
  RunOpCases(std::vector<OpCase>{
      {.op = "Resize",
       .opset = 13,
       .inputs = {"f32[1,3,5,6]", "", "", "i64[4]={1,3,7,8}"},
       .expected = "f32[1,3,7,8]",
       .params = 0},
      {.op = "Resize",
       .opset = 11,
       .inputs = {"f32[1,3,5,6]", "f32[0]={}", "f32[0]={}", "i64[4]={1,3,2*h,w}"},
       .expected = "f32[1,3,2*h,w]"},
      {.op = "Resize",
       .opset = 18,
       .attrs = {"axes=[3,2]"},
       .inputs = {"f32[1,3,5,6]", "", "", "i64[2]={8,7}"},
       .expected = "f32[1,3,7,8]"},
      {.op = "Resize",
       .opset = 18,
       .attrs = {"axes=[-1]"},
       .inputs = {"f32[1,3,5,6]", "", "f32[1]={2}"},
       .expected = "f32[1,3,5,12]"},
      {.op = "Resize",
       .opset = 18,
       .attrs = {"axes=[2,3]"},
       .inputs = {"f32[1,3,5,6]", "", "", "i64[2]"},
       .expected = "f32[1,3,?,?]",
       .ops = 0},
  });
}

TEST_CASE("proportions are kept within or around the wanted sizes") {
  RunOpCases(std::vector<OpCase>{
      {.op = "Resize",
       .opset = 18,
       .attrs = {"axes=[2,3]", "keep_aspect_ratio_policy=\"not_larger\""},
       .inputs = {"f32[1,1,2,4]", "", "", "i64[2]={7,8}"},
       .expected = "f32[1,1,4,8]"},
      {.op = "Resize",
       .opset = 18,
       .attrs = {"axes=[2,3]", "keep_aspect_ratio_policy=\"not_smaller\""},
       .inputs = {"f32[1,1,2,4]", "", "", "i64[2]={7,8}"},
       .expected = "f32[1,1,7,14]"},
      // 5 * 8 / 6 = 6.67 is 7; 3 * 3 / 2 = 4.5 is rounded up.
      {.op = "Resize",
       .opset = 18,
       .attrs = {"axes=[2,3]", "keep_aspect_ratio_policy=\"not_larger\""},
       .inputs = {"f32[1,1,5,6]", "", "", "i64[2]={99,8}"},
       .expected = "f32[1,1,7,8]"},
      {.op = "Resize",
       .opset = 18,
       .attrs = {"axes=[2,3]", "keep_aspect_ratio_policy=\"not_larger\""},
       .inputs = {"f32[1,1,3,2]", "", "", "i64[2]={99,3}"},
       .expected = "f32[1,1,5,3]"},
  });
}

TEST_CASE("a region is cut out before it is scaled") {
  RunOpCases(std::vector<OpCase>{
      {.op = "Resize",
       .opset = 13,
       .attrs = {"coordinate_transformation_mode=\"tf_crop_and_resize\""},
       .inputs = {"f32[1,1,8,8]", "f32[8]={0,0,0.25,0.5,1,1,0.75,1}", "f32[4]={1,1,2,4}"},
       .expected = "f32[1,1,8,16]"},
  });
}

TEST_CASE("interpolation: twice the taps less one, over the axes that change") {
  RunOpCases(std::vector<OpCase>{
      {.op = "Resize",
       .attrs = {"mode=\"linear\""},
       .inputs = {"f32[1,3,4,4]", "", "f32[4]={1,1,2,2}"},
       .expected = "f32[1,3,8,8]",
       .macs = 0,
       .ops = 192 * 7},
      {.op = "Resize",
       .attrs = {"mode=\"linear\""},
       .inputs = {"f32[1,3,4]", "", "f32[3]={1,1,2}"},
       .expected = "f32[1,3,8]",
       .ops = 24 * 3},
      {.op = "Resize",
       .attrs = {"mode=\"cubic\""},
       .inputs = {"f32[1,3,4,4]", "", "f32[4]={1,1,2,2}"},
       .expected = "f32[1,3,8,8]",
       .ops = 192 * 31},
      {.op = "Resize",
       .attrs = {"mode=\"linear\""},
       .inputs = {"f32[1,3,4,4]", "", "f32[4]={1,1,1,1}"},
       .expected = "f32[1,3,4,4]",
       .ops = 0},
  });
}

TEST_CASE("resizes that cannot be") {
  const std::string x = "f32[1,3,4,4]";
  RunOpCases(std::vector<OpCase>{
      {.op = "Resize",
       .inputs = {x, "", "f32[3]={1,1,2}"},
       .expected = "gap: scales has 3 entries for 4 axes"},
      {.op = "Resize",
       .inputs = {x, "", "", "i64[2]={1,1}"},
       .expected = "gap: sizes has 2 entries for 4 axes"},
      {.op = "Resize", .inputs = {x}, .expected = "gap: neither scales nor sizes are given"},
      {.op = "Resize",
       .inputs = {x, "", "f32[4]={1,1,0,2}"},
       .expected = "gap: a scale is not positive"},
      {.op = "Resize",
       .inputs = {x, "", "f32[4]={1,1,-2,2}"},
       .expected = "gap: a scale is not positive"},
      {.op = "Resize",
       .inputs = {x, "", "", "i64[4]={1,1,-2,2}"},
       .expected = "gap: a size is negative"},
      {.op = "Resize",
       .opset = 18,
       .attrs = {"axes=[4]"},
       .inputs = {x, "", "f32[1]={2}"},
       .expected = "gap: axis 4 is outside of the 4 dims"},
      {.op = "Upsample", .opset = 1, .inputs = {x}, .expected = "gap: a scale is not positive"},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
