// Window arithmetic: auto_pad in all its forms, output_shape, and attributes that make no sense.
#include "tests/support/catch.h"
#include "tests/support/naive_counter.h"
#include "tests/support/op_case.h"
#include "tests/support/symbolic.h"
#include "tests/support/text.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("auto_pad: the last window of SAME begins inside the image") {
  for (int64_t size : {1, 2, 5, 6, 7}) {
    for (int64_t stride : {1, 2, 3}) {
      int64_t windows = 0;
      for (int64_t start = 0; start < size; start += stride) ++windows;
      for (const char* mode : {"SAME_UPPER", "SAME_LOWER"}) {
        RunOpCase({.op = "MaxPool",
                   .attrs = {absl::StrCat("auto_pad=\"", mode, "\""), "kernel_shape=[3]",
                             Attr("strides", {stride})},
                   .inputs = {F32({1, 2, size})},
                   .expected = F32({1, 2, windows})});
      }
    }
  }
}

TEST_CASE("auto_pad of convolutions") {
  const std::string x = "f32[1,1,7,7]", w = "f32[1,1,3,3]=weights";
  RunOpCases(std::vector<OpCase>{
      {.op = "Conv", .attrs = {"auto_pad=\"VALID\""}, .inputs = {x, w}, .expected = "f32[1,1,5,5]"},
      {.op = "Conv",
       .attrs = {"auto_pad=\"NOTSET\"", "pads=[1,0,1,0]"},
       .inputs = {x, w},
       .expected = "f32[1,1,7,5]"},
      {.op = "Conv",
       .attrs = {"auto_pad=\"SAME_UPPER\"", "strides=[2,3]", "dilations=[2,1]"},
       .inputs = {x, w},
       .expected = "f32[1,1,4,3]"},
      {.op = "Conv",
       .attrs = {"auto_pad=\"SAME_LOWER\"", "strides=[2,2]"},
       .inputs = {"f32[1,1,h,4*w]", w},
       .expected = "f32[1,1,ceil(h/2),2*w]"},
      // Pads that are written win, as ONNX itself has it.
      {.op = "Conv",
       .attrs = {"auto_pad=\"SAME_UPPER\"", "pads=[0,0,0,0]"},
       .inputs = {x, w},
       .expected = "f32[1,1,5,5]"},
      {.op = "ConvTranspose",
       .attrs = {"auto_pad=\"SAME_UPPER\"", "strides=[2,2]"},
       .inputs = {x, w},
       .expected = "f32[1,1,14,14]"},
      {.op = "ConvTranspose",
       .attrs = {"auto_pad=\"VALID\"", "strides=[2,2]"},
       .inputs = {x, w},
       .expected = "f32[1,1,15,15]"},
      // The kernel leaves gaps between its copies: 3 * 6 + 1.
      {.op = "ConvTranspose",
       .attrs = {"auto_pad=\"SAME_LOWER\"", "strides=[3,3]"},
       .inputs = {x, "f32[1,1,1,1]=weights"},
       .expected = "f32[1,1,19,19]"},
      {.op = "ConvTranspose",
       .attrs = {"output_shape=[10,8]", "strides=[3,2]"},
       .inputs = {"f32[1,1,3,3]", w},
       .expected = "f32[1,1,10,8]",
       .macs = 81},
      {.op = "Conv",
       .attrs = {"auto_pad=\"SIDEWAYS\""},
       .inputs = {x, w},
       .expected = "gap: auto_pad is 'SIDEWAYS'"},
  });
}

TEST_CASE("ceil_mode: a last window may hang over, but not begin in the padding") {
  for (int64_t size : {1, 2, 3, 4, 5, 6, 7, 8, 9}) {
    for (int64_t kernel : {1, 2, 3}) {
      for (int64_t stride : {1, 2, 3, 4}) {
        for (int64_t pad : {0, 1}) {
          if (pad >= kernel) continue;
          const NaiveAxis axis{size, kernel, stride, 1, pad, pad, 0};
          const int64_t windows = CountWindows(axis, true);
          RunOpCase({.op = "MaxPool",
                     .attrs = {"ceil_mode=1", Attr("kernel_shape", {kernel}),
                               Attr("strides", {stride}), Attr("pads", {pad, pad})},
                     .inputs = {F32({1, 2, size})},
                     .expected = windows > 0 ? F32({1, 2, windows})
                                             : "gap: kernel is larger than the padded input"});
        }
      }
    }
  }
}

TEST_CASE("windows: a formula in the size of the image holds at every size") {
  for (int64_t kernel : {1, 2, 3, 5}) {
    for (int64_t stride : {1, 2, 3}) {
      for (const std::string pads : {"pads=[0,0]", "pads=[1,1]", "auto_pad=\"SAME_UPPER\""}) {
        const std::vector<std::string> window = {Attr("kernel_shape", {kernel}),
                                                 Attr("strides", {stride}), pads};
        const std::string weight = F32({3, 3, kernel}) + "=weights";
        const std::vector<int64_t> sizes = {5, 6, 7, 8, 9, 12, 13, 64};
        for (const std::string op : {"Conv", "ConvTranspose"}) {
          CheckAtPoints(
              {.op = op, .attrs = window, .inputs = {"f32[2,3,h]", weight}, .expected = "any"}, "h",
              sizes);
        }
        OpCase pool = {
            .op = "AveragePool", .attrs = window, .inputs = {"f32[2,3,h]"}, .expected = "any"};
        if (kernel == 1 && pads == "pads=[1,1]") continue;
        pool.attrs.push_back("ceil_mode=1");
        CheckAtPoints(pool, "h", sizes);
      }
    }
  }
}

TEST_CASE("attributes that make no sense are refused") {
  const std::vector<std::pair<std::string, std::string>> attributes = {
      {"strides=[0,1]", "strides has an entry of 0"},
      {"strides=[-1,1]", "strides has an entry of -1"},
      {"strides=[1]", "strides has 1 entries instead of 2"},
      {"strides=[9223372036854775807,1]", "strides has an entry of 9223372036854775807"},
      {"dilations=[0,1]", "dilations has an entry of 0"},
      {"dilations=[1,9223372036854775807]", "dilations has an entry of 9223372036854775807"},
      {"pads=[-1,0,0,0]", "pads has an entry of -1"},
      {"pads=[1,1]", "pads has 2 entries instead of 4"},
      {"pads=[-9223372036854775808,0,0,0]", "pads has an entry of -9223372036854775808"},
      {"kernel_shape=[2,2]", "kernel_shape differs"},
      {"kernel_shape=[-3,3]", "kernel_shape has an entry of -3"},
      {"dilations=[2147483647,2147483647]", "kernel is larger than the padded input"},
  };
  for (const auto& [attribute, reason] : attributes) {
    RunOpCase({.op = "Conv",
               .attrs = {attribute},
               .inputs = {"f32[1,1,7,7]", "f32[1,1,3,3]=weights"},
               .expected = "gap: " + reason});
  }
  RunOpCases(std::vector<OpCase>{
      {.op = "MaxPool", .inputs = {"f32[1,1,7,7]"}, .expected = "gap: kernel_shape is missing"},
      {.op = "MaxPool",
       .attrs = {"kernel_shape=[0,1]"},
       .inputs = {"f32[1,1,7,7]"},
       .expected = "gap: kernel_shape has an entry of 0"},
      {.op = "ConvTranspose",
       .attrs = {"output_padding=[-1]"},
       .inputs = {"f32[1,1,7]", "f32[1,1,3]=weights"},
       .expected = "gap: output_padding has an entry of -1"},
      {.op = "ConvTranspose",
       .attrs = {"output_shape=[-1]"},
       .inputs = {"f32[1,1,7]", "f32[1,1,3]=weights"},
       .expected = "gap: output_shape has an entry of -1"},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
