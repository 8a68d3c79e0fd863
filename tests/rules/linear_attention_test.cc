// Attention without softmax, and what stands beside it.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("linear attention updates and reads a state per head") {
  RunOpCases({
      {.op = "LinearAttention",
       .opset = 27,
       .attrs = {"q_num_heads=4", "kv_num_heads=2", "update_rule=\"linear\""},
       .inputs = {"f32[1,3,32]", "f32[1,3,16]", "f32[1,3,10]"},
       .expected = "f32[1,3,20]; f32[1,2,8,5]",
       .macs = 720,
       .ops = 0},
      {.op = "LinearAttention",
       .opset = 27,
       .attrs = {"q_num_heads=4", "kv_num_heads=2"},
       .inputs = {"f32[1,3,32]", "f32[1,3,16]", "f32[1,3,10]", "f16[1,2,8,5]", "f32[1,3,2]",
                  "f32[1,3,1]"},
       .expected = "f32[1,3,20]; f16[1,2,8,5]",
       .macs = 960,
       .ops = 300},
      {.op = "LinearAttention",
       .opset = 27,
       .attrs = {"q_num_heads=3", "kv_num_heads=2"},
       .inputs = {"f32[1,3,32]", "f32[1,3,16]", "f32[1,3,10]"},
       .expected = "gap: 3 query heads for 2 key heads"},
      {.op = "LinearAttention",
       .opset = 27,
       .attrs = {"q_num_heads=2", "kv_num_heads=2"},
       .inputs = {"f32[1,3,16]", "f32[1,3,16]", "f32[1,3,10]"},
       .expected = "gap: update_rule needs input 4"},
      {.op = "LinearAttention",
       .opset = 27,
       .attrs = {"q_num_heads=2", "kv_num_heads=2", "update_rule=\"gated\""},
       .inputs = {"f32[1,3,16]", "f32[1,3,16]", "f32[1,3,10]", "", "f32[1,3,5]"},
       .expected = "gap: input 4 has rows of 5 numbers"},
      {.op = "LinearAttention",
       .opset = 27,
       .attrs = {"q_num_heads=2", "kv_num_heads=2", "update_rule=\"linear\""},
       .inputs = {"f32[1,3,16]", "f32[1,3,16]", "f32[1,3,10]", "f32[1,2,8,4]"},
       .expected = "gap: past_state is of another shape"},
  });
}

TEST_CASE("a causal convolution carries what its kernel still needs") {
  RunOpCases({
      {.op = "CausalConvWithState",
       .opset = 27,
       .inputs = {"f32[2,4,n]", "f32[4,1,3]"},
       .expected = "f32[2,4,n]; f32[2,4,2]",
       .macs_formula = "24*n"},
      {.op = "CausalConvWithState",
       .opset = 27,
       .attrs = {"activation=\"silu\""},
       .inputs = {"f32[2,4,8]", "f32[4,1,3]", "f32[4]"},
       .expected = "f32[2,4,8]; f32[2,4,2]",
       .macs = 192,
       .ops = 384},
  });
}

TEST_CASE("rotations and gated units cost their arithmetic") {
  RunOpCases({
      {.op = "RotaryEmbedding",
       .opset = 23,
       .inputs = {"f32[2,4,3,8]", "f32[50,4]", "f32[50,4]", "i64[2,3]"},
       .expected = "f32[2,4,3,8]",
       .macs = 0,
       .ops = 576},
      {.op = "RotaryEmbedding",
       .opset = 23,
       .attrs = {"num_heads=4", "rotary_embedding_dim=4"},
       .inputs = {"f32[2,3,32]", "f32[50,2]", "f32[50,2]"},
       .expected = "f32[2,3,32]",
       .ops = 288},
      {.op = "RotaryEmbedding",
       .opset = 23,
       .inputs = {"f32[2,3,32]", "f32[50,2]", "f32[50,2]"},
       .expected = "gap: num_heads is 0"},
      {.op = "SwiGLU",
       .opset = 28,
       .inputs = {"f32[2,h]", "f32[2,h]"},
       .expected = "f32[2,h]",
       .ops_formula = "12*h"},
      {.op = "SwiGLU",
       .opset = 28,
       .inputs = {"f32[2,4]", "f32[2,1]"},
       .expected = "gap: the two inputs differ in shape"},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
