// Sampling, regions of interest, unpooling, blocks.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("a grid takes the place of the spatial dims") {
  RunOpCases({
      {.op = "GridSample",
       .inputs = {"f32[2,3,4,4]", "f32[2,5,6,2]"},
       .expected = "f32[2,3,5,6]",
       .macs = 0,
       .ops = 1740},
      {.op = "GridSample",
       .opset = 20,
       .attrs = {"mode=\"nearest\""},
       .inputs = {"f32[2,3,4,4,4]", "f32[2,5,6,7,3]"},
       .expected = "f32[2,3,5,6,7]",
       .ops = 5040},
      {.op = "GridSample",
       .inputs = {"f32[2,3,4,4]", "f32[2,5,6,3]"},
       .expected = "gap: too many or too few coordinates"},
      {.op = "AffineGrid",
       .opset = 20,
       .inputs = {"f32[2,2,3]", "i64[4]={2,3,5,6}"},
       .expected = "f32[2,5,6,2]",
       .macs = 360},
      {.op = "AffineGrid",
       .opset = 20,
       .inputs = {"f32[2,3,4]", "i64[5]"},
       .expected = "gap: the shape of 'out0'"},
      {.op = "AffineGrid",
       .opset = 20,
       .inputs = {"f32[2,2,4]", "i64[4]={2,3,5,6}"},
       .expected = "gap: theta does not fit the size"},
      {.op = "AffineGrid",
       .opset = 20,
       .inputs = {"f32[2,3,3]", "i64[4]={2,3,5,6}"},
       .expected = "gap: theta does not fit the size"},
  });
}

TEST_CASE("regions of interest have one size") {
  RunOpCases({
      {.op = "RoiAlign",
       .attrs = {"output_height=5", "output_width=4", "sampling_ratio=3"},
       .inputs = {"f32[1,2,10,10]", "f32[r,4]", "i64[r]"},
       .expected = "f32[r,2,5,4]",
       .ops_formula = "2880*r"},
      {.op = "MaxRoiPool",
       .attrs = {"pooled_shape=[2,3]"},
       .inputs = {"f32[1,2,10,10]", "f32[7,5]"},
       .expected = "f32[7,2,2,3]",
       .ops = 1400},
      {.op = "MaxRoiPool",
       .inputs = {"f32[1,2,10,10]", "f32[7,5]"},
       .expected = "gap: pooled_shape"},
  });
}

TEST_CASE("unpooling and blocks give back what windows took") {
  RunOpCases({
      {.op = "MaxUnpool",
       .attrs = {"kernel_shape=[2,2]", "strides=[2,2]"},
       .inputs = {"f32[1,1,h,2]", "i64[1,1,h,2]"},
       .expected = "f32[1,1,2*h,4]",
       .ops = 0},
      {.op = "MaxUnpool",
       .attrs = {"kernel_shape=[2,2]", "strides=[2,2]"},
       .inputs = {"f32[1,1,2,2]", "i64[1,1,2,2]", "i64[4]={1,1,5,5}"},
       .expected = "f32[1,1,5,5]"},
      {.op = "Col2Im",
       .opset = 18,
       .inputs = {"f32[1,10,5]", "i64[2]={5,5}", "i64[2]={1,5}"},
       .expected = "f32[1,2,5,5]",
       .ops = 50},
      {.op = "Col2Im",
       .opset = 18,
       .inputs = {"f32[1,10,6]", "i64[2]={5,5}", "i64[2]={1,5}"},
       .expected = "gap: the number of blocks"},
      {.op = "ImageDecoder",
       .opset = 20,
       .attrs = {"pixel_format=\"Grayscale\""},
       .inputs = {"u8[n]"},
       .expected = "u8[image_height,image_width,1]",
       .ops = 0},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
