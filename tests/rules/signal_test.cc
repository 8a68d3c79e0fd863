// Fourier transforms, windows and filter banks.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("a transform keeps its axis or half of it") {
  RunOpCases({
      {.op = "DFT", .inputs = {"f32[2,8,1]"}, .expected = "f32[2,8,2]", .macs = 0, .ops = 120},
      {.op = "DFT",
       .attrs = {"onesided=1"},
       .inputs = {"f32[2,8,1]"},
       .expected = "f32[2,5,2]",
       .ops = 120},
      {.op = "DFT",
       .opset = 20,
       .attrs = {"onesided=1", "inverse=1"},
       .inputs = {"f32[2,5,2]"},
       .expected = "f32[2,8,1]",
       .ops = 120},
      {.op = "DFT",
       .opset = 20,
       .inputs = {"f32[3,4,2]", "i64[]={16}", "i64[]={0}"},
       .expected = "f32[16,4,2]",
       .ops = 1280},
      {.op = "DFT",
       .opset = 20,
       .inputs = {"f32[3,4,2]", "", "i64[]"},
       .expected = "gap: its cost cannot be known"},
      {.op = "DFT",
       .attrs = {"axis=2"},
       .inputs = {"f32[3,4,2]"},
       .expected = "gap: the axis holds the parts"},
  });
}

TEST_CASE("frames overlap, and one side of their spectrum is kept unless told otherwise") {
  RunOpCases({
      {.op = "STFT",
       .inputs = {"f32[b,128,1]", "i64[]={8}", "f32[16]"},
       .expected = "f32[b,15,9,2]",
       .ops_formula = "2640*b"},
      {.op = "STFT",
       .attrs = {"onesided=0"},
       .inputs = {"f32[1,128,1]", "i64[]={8}", "", "i64[]={16}"},
       .expected = "f32[1,15,16,2]",
       .ops = 2400},
      // Complex: 5 * 16 * 4 for a frame, and 2 * 16 for the window.
      {.op = "STFT",
       .attrs = {"onesided=0"},
       .inputs = {"f32[1,128,2]", "i64[]={8}", "f32[16]"},
       .expected = "f32[1,15,16,2]",
       .ops = 15 * (320 + 32)},
      {.op = "STFT",
       .attrs = {"onesided=0"},
       .inputs = {"f32[1,128]", "i64[]={8}", "", "i64[]={16}"},
       .expected = "f32[1,15,16,2]",
       .ops = 2400},
      {.op = "STFT",
       .inputs = {"f32[1,n,1]", "i64[]={8}", "", "i64[]={16}"},
       .expected = "f32[1,floor(n/8) - 1,9,2]"},
      {.op = "STFT",
       .inputs = {"f32[1,8,1]", "i64[]={8}", "", "i64[]={16}"},
       .expected = "gap: a frame is longer than the signal"},
  });
}

TEST_CASE("windows and filter banks are as large as their inputs say") {
  RunOpCases({
      {.op = "HannWindow", .inputs = {"i64[]={10}"}, .expected = "f32[10]", .ops = 40},
      {.op = "HammingWindow",
       .attrs = {"output_datatype=11"},
       .inputs = {"i64[]={n}"},
       .expected = "f64[n]",
       .ops_formula = "4*n"},
      {.op = "BlackmanWindow", .inputs = {"i64[]={10}"}, .expected = "f32[10]", .ops = 80},
      {.op = "MelWeightMatrix",
       .inputs = {"i64[]={8}", "i64[]={16}", "i64[]={8192}", "f32[]={0}", "f32[]={4096}"},
       .expected = "f32[9,8]",
       .ops = 144},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
