// Recurrences: linear attention, its convolutions, LSTMs; and Fourier transforms.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

OpCase Ms(std::string op, std::vector<std::string> attrs, std::vector<std::string> inputs,
          std::string expected, int64_t macs, int64_t ops) {
  return {.op = std::move(op),
          .domain = "com.microsoft",
          .opset = 1,
          .attrs = std::move(attrs),
          .inputs = std::move(inputs),
          .expected = std::move(expected),
          .macs = macs,
          .ops = ops};
}

// 2 sequences of 3 tokens; 4 query and 2 key-value heads; a state of 5 x 6.
TEST_CASE("linear attention") {
  const std::vector<std::string> inputs = {"f32[2,3,20]", "f32[2,3,10]", "f32[2,3,12]"};
  const std::string heads = "q_num_heads=4", kv = "kv_num_heads=2";
  const std::string y = "f32[2,3,24]; f32[2,2,5,6]";
  RunOpCases(std::vector<OpCase>{
      Ms("LinearAttention", {heads, kv, "update_rule=\"linear\""}, inputs, y, 180 * 6, 0),
      Ms("LinearAttention", {heads, kv, "update_rule=\"gated\""}, inputs, y, 180 * 6, 360),
      Ms("LinearAttention", {heads, kv, "update_rule=\"delta\""}, inputs, y, 180 * 8, 0),
      Ms("LinearAttention", {heads, kv}, inputs, y, 180 * 8, 360),
      Ms("LinearAttention", {heads, kv, "state_window=3"}, inputs, "f32[2,3,24]; f32[3,2,2,5,6]",
         180 * 8, 360),
      Ms("LinearAttention", {heads, kv, "update_rule=\"odd\""}, inputs, "gap: update_rule is 'odd'",
         0, 0),
      // 7 tokens, 2 query and 4 value heads, a state of 5 x 6: 3 times 7 * 4 * 30.
      Ms("GatedDeltaNet", {}, {"f32[7,2,5]", "f32[7,2,5]", "f32[7,4,6]", "i32[3]"},
         "f32[7,4,6]; f32[2,4,6,5]; f32[2,0]", 2520, 840),
      Ms("LinearAttentionGate", {}, {"f32[2,3,4]", "f32[4]", "f32[4]", "f32[2,3,4]"},
         "f32[2,3,4]; f32[2,3,4]", 0, 24 * 9),
      Ms("CausalConvWithState", {"activation=\"silu\""}, {"f32[2,8,5]", "f32[8,1,4]", "f32[8]"},
         "f32[2,8,5]; f32[2,8,3]", 80 * 4, 80 * 6),
      Ms("CausalConvWithState", {"channels_last=1", "dilation=2"}, {"f32[2,5,8]", "f32[8,1,4]"},
         "f32[2,5,8]; f32[2,6,8]", 80 * 4, 0),
      Ms("VarlenCausalConvWithState", {}, {"f32[7,8]", "f32[8,4]", "i32[3]"},
         "f32[7,8]; f32[2,8,3]", 56 * 4, 0),
  });
}

// 5 steps of 2 sequences, 3 wide, 4 hidden values.
TEST_CASE("recurrent layers") {
  RunOpCases(std::vector<OpCase>{
      // 10 * (48 + 64); per hidden value 12 + 10 + 4 + 4, and 5 per input element
      Ms("DynamicQuantizeLSTM", {"hidden_size=4"}, {"f32[5,2,3]", "i8[1,3,16]", "i8[1,4,16]"},
         "f32[5,1,2,4]; f32[1,2,4]; f32[1,2,4]", 1120, 40 * 30 + 150),
      Ms("DynamicQuantizeLSTM", {"direction=\"bidirectional\""},
         {"f32[5,2,3]", "i8[2,3,16]", "i8[2,4,16]", "f32[2,32]"},
         "f32[5,2,2,4]; f32[2,2,4]; f32[2,2,4]", 2240, 80 * 34 + 150),
      Ms("DynamicQuantizeLSTM", {"direction=\"up\""}, {"f32[5,2,3]", "i8[1,3,16]", "i8[1,4,16]"},
         "gap: direction is 'up'", 0, 0),
  });
  // 6 memories, 7 deep, attention of 8: 10 * (16 * 10 + 64 + 32) + 10 * 6 * 15 + 2 * 6 * 56
  OpCase attention = {.op = "AttnLSTM",
                      .domain = "com.microsoft",
                      .opset = 1,
                      .attrs = {"hidden_size=4"},
                      .inputs = {"f32[5,2,3]", "f32[1,16,10]", "f32[1,16,4]", "", "", "", "", "",
                                 "f32[1,4,8]", "f32[1,7,8]", "f32[1,8]", "f32[2,6,7]"},
                      .expected = "f32[5,1,2,4]; f32[1,2,4]; f32[1,2,4]",
                      .macs = 2560 + 900 + 672};
  RunOpCase(attention);
}

TEST_CASE("Fourier transforms") {
  RunOpCases(std::vector<OpCase>{
      // 2.5 * 8 * 3 for each of 6 signals
      Ms("Rfft", {"signal_ndim=1"}, {"f32[2,3,8]"}, "f32[2,3,5,2]", 0, 360),
      Ms("Irfft", {"signal_ndim=1"}, {"f32[2,3,5,2]"}, "f32[2,3,8]", 0, 360),
      Ms("Irfft", {"signal_ndim=1"}, {"f32[2,3,5]"}, "gap: the input is not made of pairs", 0, 0),
  });
  // 5 * 8 * 3 for each of 2 signals
  OpCase inverse = Ms("IDFT", {"axis=1"}, {"f32[2,8,2]"}, "f32[2,8,2]", 0, 240);
  inverse.domain = "com.microsoft.experimental";
  RunOpCase(inverse);
}

}  // namespace
}  // namespace onnx_macs::testing
