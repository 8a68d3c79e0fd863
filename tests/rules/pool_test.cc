// Pools: shapes come from window arithmetic (spatial_test.cc); here are their outputs and counts.
#include "tests/support/catch.h"
#include "tests/support/naive_counter.h"
#include "tests/support/op_case.h"
#include "tests/support/text.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("every pool slides as the naive window does, kernel elements per output") {
  const std::string op = GENERATE("MaxPool", "AveragePool", "LpPool");
  for (int64_t kernel : {1, 2, 3}) {
    for (int64_t stride : {1, 2}) {
      for (int64_t dilation : {1, 2}) {
        const NaiveAxis h{9, kernel, stride, dilation, 0, 0, 0}, w{8, 2, 1, dilation, 1, 0, 0};
        const int64_t rows = CountWindows(h, false), columns = CountWindows(w, false);
        RunOpCase({.op = op,
                   .opset = 19,
                   .attrs = {Attr("kernel_shape", {kernel, 2}), Attr("strides", {stride, 1}),
                             Attr("dilations", {dilation, dilation}), "pads=[0,1,0,0]"},
                   .inputs = {"f32[2,3,9,8]"},
                   .expected = F32({2, 3, rows, columns}),
                   .macs = 0,
                   .ops = 2 * 3 * rows * columns * kernel * 2});
      }
    }
  }
}

TEST_CASE("pools") {
  RunOpCases(std::vector<OpCase>{
      {.op = "MaxPool",
       .attrs = {"kernel_shape=[2,2]", "strides=[2,2]"},
       .inputs = {"f32[1,3,8,8]"},
       .expected = "f32[1,3,4,4]; i64[1,3,4,4]",
       .macs = 0,
       .ops = 192},
      {.op = "AveragePool",
       .attrs = {"kernel_shape=[2,2]", "strides=[2,2]"},
       .inputs = {"f32[b,3,2*h,2*w]"},
       .expected = "f32[b,3,h,w]",
       .ops_formula = "12*b*h*w"},
      {.op = "MaxPool",
       .attrs = {"kernel_shape=[9]"},
       .inputs = {"f32[1,3,8]"},
       .expected = "gap: kernel is larger than the padded input"},
      {.op = "MaxPool",
       .attrs = {"kernel_shape=[2,2]"},
       .inputs = {"f32[1,3,8]"},
       .expected = "gap: kernel_shape has 2 entries instead of 1"},
      {.op = "MaxPool",
       .attrs = {"kernel_shape=[2]"},
       .inputs = {"f32[3,8]"},
       .expected = "gap: input has no spatial dims"},
  });
}

TEST_CASE("global pools read every element once") {
  const std::string op = GENERATE("GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool");
  RunOpCases(std::vector<OpCase>{
      {.op = op, .inputs = {"f32[2,3,4,5]"}, .expected = "f32[2,3,1,1]", .macs = 0, .ops = 120},
      {.op = op, .inputs = {"f16[2,3,4]"}, .expected = "f16[2,3,1]", .macs = 0, .ops = 24},
      {.op = op, .inputs = {"f32[b,3,h,w]"}, .expected = "f32[b,3,1,1]", .ops_formula = "3*b*h*w"},
      {.op = op, .inputs = {"f32[2,3]"}, .expected = "gap: input has no spatial dims"},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
