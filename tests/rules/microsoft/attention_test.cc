// com.microsoft's forms of attention that project Q, K and V themselves. The sizes are small enough
// to count by hand: 2 sequences of 3 tokens, 8 wide, 2 heads of 4.
#include "tests/support/catch.h"
#include "tests/support/naive_counter.h"
#include "tests/support/op_case.h"
#include "tests/support/text.h"

namespace onnx_macs::testing {
namespace {

const std::string kMs = "com.microsoft";

TEST_CASE("Attention: projections, products, softmax") {
  RunOpCases(std::vector<OpCase>{
      // projections 6 tokens * 8 * 24 = 1152; pairs 2 * 2 * 3 * 3 = 36; 36 * (4 + 1 + 4) = 324
      {.op = "Attention",
       .domain = kMs,
       .opset = 1,
       .attrs = {"num_heads=2"},
       .inputs = {"f32[2,3,8]", "f32[8,24]=weights", "f32[24]=weights"},
       .expected = "f32[2,3,8]; f32[2,2,2,3,4]",
       .macs = 1476,
       .ops = 252,  // 6 * 24 biases, 3 * 36
       .params = 216},
      {.op = "Attention",
       .domain = kMs,
       .opset = 1,
       .attrs = {"num_heads=2"},
       .inputs = {"f32[2,3,8]", "f32[8,24]=weights", "f32[24]=weights"},
       .expected = "f32[2,3,8]",
       .macs = 1440,
       .ops = 324,
       .convention = "contractions"},
      // 5 cached keys: pairs 2 * 2 * 3 * 8 = 96
      {.op = "Attention",
       .domain = kMs,
       .opset = 1,
       .attrs = {"num_heads=2"},
       .inputs = {"f32[2,3,8]", "f32[8,24]", "f32[24]", "", "f32[2,2,2,5,4]"},
       .expected = "f32[2,3,8]; f32[2,2,2,8,4]",
       .macs = 1152 + 96 * 9},
      // V of another width: qkv 8, 8, 4: 6 * 8 * 20 = 960; 36 * (4 + 1 + 2) = 252
      {.op = "Attention",
       .domain = kMs,
       .opset = 1,
       .attrs = {"num_heads=2", "qkv_hidden_sizes=[8,8,4]"},
       .inputs = {"f32[2,3,8]", "f32[8,20]"},
       .expected = "f32[2,3,4]",
       .macs = 960 + 252,
       .ops = 108},
      // A shared buffer of 16 of which 5 are used; where that is not known, all.
      {.op = "Attention",
       .domain = kMs,
       .opset = 1,
       .attrs = {"num_heads=2", "past_present_share_buffer=1"},
       .inputs = {"f32[2,3,8]", "f32[8,24]", "", "", "f32[2,2,2,16,4]", "", "i32[1]={5}"},
       .expected = "f32[2,3,8]; f32[2,2,2,16,4]",
       .macs = 1152 + 96 * 9},
      {.op = "Attention",
       .domain = kMs,
       .opset = 1,
       .attrs = {"num_heads=2", "past_present_share_buffer=1"},
       .inputs = {"f32[2,3,8]", "f32[8,24]", "", "", "f32[2,2,2,16,4]", "", "i32[1]"},
       .expected = "f32[2,3,8]; f32[2,2,2,16,4]",
       .macs = 1152 + 192 * 9},
      {.op = "Attention",
       .domain = kMs,
       .opset = 1,
       .attrs = {"num_heads=12"},
       .inputs = {"f32[b,s,768]", "f32[768,2304]", "f32[2304]"},
       .expected = "f32[b,s,768]",
       .macs_formula = "1548*b*s^2 + 1769472*b*s"},
  });
}

TEST_CASE("quantised, packed and decoding forms") {
  RunOpCases(std::vector<OpCase>{
      {.op = "QAttention",
       .domain = kMs,
       .opset = 1,
       .attrs = {"num_heads=2"},
       .inputs = {"u8[2,3,8]", "u8[8,24]=weights", "f32[24]=weights", "f32[1]=weights",
                  "f32[24]=weights"},
       .expected = "f32[2,3,8]",
       .macs = 1476,
       .params = 216},
      {.op = "DecoderMaskedSelfAttention",
       .domain = kMs,
       .opset = 1,
       .attrs = {"num_heads=2"},
       .inputs = {"f32[2,1,8]", "f32[8,24]", "f32[24]", "", "f32[2,2,2,5,4]"},
       .expected = "f32[2,1,8]; f32[2,2,2,6,4]",
       .macs = 2 * 8 * 24 + 2 * 2 * 6 * 9},
      // Lengths 2, 1 and 4 of 7 tokens: 2 heads * (4 + 1 + 16) pairs.
      {.op = "PackedAttention",
       .domain = kMs,
       .opset = 1,
       .attrs = {"num_heads=2"},
       .inputs = {"f32[7,8]", "f32[8,24]", "f32[24]", "i32[3,4]", "i32[4]={0,2,3,7}"},
       .expected = "f32[7,8]",
       .macs = 7 * 8 * 24 + 42 * 9},
      // Not known: every token meets 4.
      {.op = "PackedAttention",
       .domain = kMs,
       .opset = 1,
       .attrs = {"num_heads=2"},
       .inputs = {"f32[7,8]", "f32[8,24]", "f32[24]", "i32[3,4]", "i32[4]"},
       .expected = "f32[7,8]",
       .macs = 7 * 8 * 24 + 56 * 9},
      {.op = "QOrderedAttention",
       .domain = kMs,
       .opset = 1,
       .attrs = {"num_heads=2"},
       .inputs = {"i8[2,3,8]", "f32", "f32", "f32", "f32", "i8[8,8]", "i8[8,8]", "i8[8,8]"},
       .expected = "i8[2,3,8]",
       .macs = 1476},
  });
}

TEST_CASE("LongformerAttention: a window, and global tokens where they are known") {
  RunOpCases(std::vector<OpCase>{
      // 16 tokens * 8 * 24; pairs 2 heads * 16 * (2 * 2 + 1) = 160
      {.op = "LongformerAttention",
       .domain = kMs,
       .opset = 1,
       .attrs = {"num_heads=2", "window=2"},
       .inputs = {"f32[2,8,8]", "f32[8,24]", "f32[24]", "f32[2,8]", "f32[8,24]", "f32[24]",
                  "i32[2,8]"},
       .expected = "f32[2,8,8]",
       .macs = 16 * 8 * 24 + 160 * 9},
      // One global token of 4: 2 * 4 * 8 * 24; pairs 2 * 4 * (5 + 1 + 1) = 56
      {.op = "LongformerAttention",
       .domain = kMs,
       .opset = 1,
       .attrs = {"num_heads=2", "window=2"},
       .inputs = {"f32[1,4,8]", "f32[8,24]", "f32[24]", "f32[1,4]", "f32[8,24]", "f32[24]",
                  "i32[1,4]={1,0,0,0}"},
       .expected = "f32[1,4,8]",
       .macs = 2 * 4 * 8 * 24 + 56 * 9},
      {.op = "LongformerAttention",
       .domain = kMs,
       .opset = 1,
       .attrs = {"num_heads=2"},
       .inputs = {"f32[2,8,8]", "f32[8,24]"},
       .expected = "gap: window is 0"},
  });
}

TEST_CASE("projecting attention that cannot be") {
  RunOpCases(std::vector<OpCase>{
      {.op = "Attention",
       .domain = kMs,
       .opset = 1,
       .inputs = {"f32[2,3,8]", "f32[8,24]"},
       .expected = "gap: num_heads is 0"},
      {.op = "Attention",
       .domain = kMs,
       .opset = 1,
       .attrs = {"num_heads=2"},
       .inputs = {"f32[2,3,8]", "f32[9,24]"},
       .expected = "gap: the input is 8 wide, the weights take 9"},
      {.op = "Attention",
       .domain = kMs,
       .opset = 1,
       .attrs = {"num_heads=2"},
       .inputs = {"f32[2,3,8]", "f32[8,25]"},
       .expected = "gap: 25 is not divisible by 3"},
      {.op = "Attention",
       .domain = kMs,
       .opset = 1,
       .attrs = {"num_heads=3"},
       .inputs = {"f32[2,3,8]", "f32[8,24]"},
       .expected = "gap: 8 is not divisible by 3"},
      {.op = "Attention",
       .domain = kMs,
       .opset = 1,
       .attrs = {"num_heads=2"},
       .inputs = {"f32[3,8]", "f32[8,24]"},
       .expected = "gap: the input has 2 dims"},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
