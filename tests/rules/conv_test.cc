// Convolutions against the naive counter over small shapes, and what must be refused.
#include "tests/support/catch.h"
#include "tests/support/naive_counter.h"
#include "tests/support/op_case.h"
#include "tests/support/sweep.h"
#include "tests/support/text.h"

namespace onnx_macs::testing {
namespace {

std::vector<std::string> AttributesOf(const NaiveConv& conv, bool transposed) {
  Ints strides, dilations, begin, end, extra;
  for (const NaiveAxis& axis : conv.axes) {
    strides.push_back(axis.stride);
    dilations.push_back(axis.dilation);
    begin.push_back(axis.pad_begin);
    end.push_back(axis.pad_end);
    extra.push_back(axis.output_padding);
  }
  begin.insert(begin.end(), end.begin(), end.end());
  std::vector<std::string> attrs = {Attr("strides", strides), Attr("dilations", dilations),
                                    Attr("pads", begin), absl::StrCat("group=", conv.group)};
  if (transposed) attrs.push_back(Attr("output_padding", extra));
  return attrs;
}

void Compare(const NaiveConv& conv, bool transposed) {
  const NaiveResult oracle = transposed ? CountConvTranspose(conv) : CountConv(conv);
  Ints x = {conv.batch, conv.in_channels};
  Ints w = transposed ? Ints{conv.in_channels, conv.out_channels / conv.group}
                      : Ints{conv.out_channels, conv.in_channels / conv.group};
  bool is_possible = true;
  for (size_t i = 0; i < conv.axes.size(); ++i) {
    x.push_back(conv.axes[i].size);
    w.push_back(conv.axes[i].kernel);
    is_possible = is_possible && oracle.shape[i + 2] > (transposed ? -1 : 0);
  }
  OpCase op_case;
  op_case.op = transposed ? "ConvTranspose" : "Conv";
  op_case.attrs = AttributesOf(conv, transposed);
  op_case.inputs = {F32(x), F32(w) + "=weights"};
  op_case.expected = is_possible  ? F32(oracle.shape)
                     : transposed ? "gap: pads are larger than the output"
                                  : "gap: kernel is larger than the padded input";
  if (is_possible) {
    op_case.macs = oracle.macs;
    op_case.ops = 0;
  }
  RunOpCase(op_case);
}

const Sweep kConvs({"ai.onnx Conv", "ai.onnx ConvTranspose"});

TEST_CASE("one axis: every size, kernel, stride, dilation and padding") {
  const SweepCheck check(kConvs);
  for (int64_t size : {1, 2, 5, 8}) {
    for (int64_t kernel : {1, 2, 3}) {
      for (int64_t stride : {1, 2, 3}) {
        for (int64_t dilation : {1, 2}) {
          for (int64_t pad_begin : {0, 1}) {
            for (int64_t pad_end : {0, 2}) {
              const NaiveAxis axis{size, kernel, stride, dilation, pad_begin, pad_end, 0};
              Compare({2, 2, 3, 1, {axis}}, false);
              Compare({2, 2, 3, 1, {axis}}, true);
            }
          }
        }
      }
    }
  }
}

TEST_CASE("groups, from one to depthwise, over two axes") {
  const bool transposed = GENERATE(false, true);
  for (int64_t group : {1, 2, 3, 6}) {
    for (int64_t out_channels : {6, 12}) {
      for (int64_t stride : {1, 2}) {
        const NaiveAxis height{5, 3, stride, 1, 1, 1, 0}, width{4, 2, 1, 1, 0, 1, 0};
        Compare({1, 6, out_channels, group, {height, width}}, transposed);
        Compare({3, 6, out_channels, group, {width, height}}, transposed);
      }
    }
  }
}

TEST_CASE("three and four axes") {
  const bool transposed = GENERATE(false, true);
  const NaiveAxis a{4, 3, 2, 1, 1, 0, 0}, b{3, 2, 1, 1, 0, 0, 0}, c{5, 2, 2, 2, 0, 1, 0};
  Compare({1, 4, 2, 2, {a, b, c}}, transposed);
  Compare({2, 2, 2, 1, {c, a, b}}, transposed);
  Compare({1, 1, 2, 1, {a, b, c, b}}, transposed);
}

TEST_CASE("output_padding lengthens a transposed convolution") {
  for (int64_t extra : {0, 1, 2}) {
    Compare({1, 2, 2, 1, {NaiveAxis{5, 3, 3, 1, 1, 1, extra}}}, true);
  }
}

TEST_CASE("the bias is one op per output element") {
  RunOpCases(std::vector<OpCase>{
      {.op = "Conv",
       .inputs = {"f32[1,3,8,8]", "f32[4,3,3,3]=weights", "f32[4]=weights"},
       .expected = "f32[1,4,6,6]",
       .macs = 3888,
       .ops = 144,
       .params = 112},
      {.op = "ConvTranspose",
       .inputs = {"f32[1,4,5,5]", "f32[4,3,3,3]=weights", "f32[3]=weights"},
       .expected = "f32[1,3,7,7]",
       .macs = 2700,
       .ops = 147,
       .params = 111},
  });
}

TEST_CASE("a stride of 2 over a symbolic image") {
  RunOpCases(std::vector<OpCase>{
      {.op = "Conv",
       .attrs = {"strides=[1,1]", "pads=[1,1,1,1]"},
       .inputs = {"f32[b,4,h,w]", "f32[8,4,3,3]=weights"},
       .expected = "f32[b,8,h,w]",
       .macs_formula = "288*b*h*w"},
      {.op = "Conv",
       .attrs = {"strides=[2]", "pads=[1,1]"},
       .inputs = {"f32[1,4,4*h]", "f32[8,4,3]=weights"},
       .expected = "f32[1,8,2*h]",
       .macs_formula = "192*h"},
      {.op = "Conv", .inputs = {"f32", "f32[8,4,3]=weights"}, .expected = "gap: "},
      {.op = "ConvTranspose",
       .attrs = {"strides=[2]", "pads=[1,1]"},
       .inputs = {"f32[1,4,h]", "f32[4,8,4]=weights"},
       .expected = "f32[1,8,2*h]",
       .macs_formula = "128*h"},
  });
}

TEST_CASE("quantised convolutions read their weight elsewhere") {
  RunOpCases(std::vector<OpCase>{
      {.op = "ConvInteger",
       .attrs = {"pads=[1,1,1,1]"},
       .inputs = {"u8[1,3,8,8]", "u8[4,3,3,3]=weights", "u8[]={0}", "u8[1]={0}"},
       .expected = "i32[1,4,8,8]",
       .macs = 6912,
       .ops = 0,
       .params = 108},
      {.op = "QLinearConv",
       .inputs = {"u8[1,3,8,8]", "f32[]={0.5}", "u8[]={0}", "i8[4,3,3,3]=weights",
                  "f32[4]={1,1,1,1}", "i8[4]={0,0,0,0}", "f32[]={1}", "i8[]={0}",
                  "i32[4]={0,0,0,0}"},
       .expected = "i8[1,4,6,6]",
       .macs = 3888,
       .ops = 144},
  });
}

TEST_CASE("a deformable convolution interpolates every tap") {
  // 1 * 4 * 36 * 27 MACs; 2 * 9 * 36 taps, times 7 for bilinear and 1 for the mask.
  RunOpCase(
      {.op = "DeformConv",
       .opset = 19,
       .inputs = {"f32[1,2,8,8]", "f32[4,2,3,3]=weights", "f32[1,18,6,6]", "", "f32[1,9,6,6]"},
       .expected = "f32[1,4,6,6]",
       .macs = 2592,
       .ops = 5184});
}

TEST_CASE("convolutions that cannot be") {
  const std::string x = "f32[1,4,8,8]", w = "f32[4,4,3,3]=weights";
  RunOpCases(std::vector<OpCase>{
      {.op = "Conv", .inputs = {"f32[1,3,8,8]", w}, .expected = "gap: 3 channels"},
      {.op = "Conv", .attrs = {"group=0"}, .inputs = {x, w}, .expected = "gap: group is 0"},
      {.op = "Conv", .attrs = {"group=-2"}, .inputs = {x, w}, .expected = "gap: group is -2"},
      {.op = "Conv",
       .attrs = {"group=3"},
       .inputs = {"f32[1,12,8,8]", w},
       .expected = "gap: not divisible by group 3"},
      {.op = "Conv", .inputs = {x, "f32[4,4,3]=weights"}, .expected = "gap: the weight 3"},
      {.op = "Conv",
       .inputs = {"f32[1,4]", "f32[4,4]=weights"},
       .expected = "gap: no spatial dims"},
      {.op = "ConvTranspose", .inputs = {"f32[1,3,8,8]", w}, .expected = "gap: 3 channels"},
      {.op = "ConvTranspose",
       .attrs = {"group=0"},
       .inputs = {x, w},
       .expected = "gap: group is 0"},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
