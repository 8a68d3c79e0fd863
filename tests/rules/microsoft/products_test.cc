// com.microsoft's products: experts, packed weights, quantised and fused matrix products, and
// convolutions.
#include "tests/support/catch.h"
#include "tests/support/naive_counter.h"
#include "tests/support/op_case.h"
#include "tests/support/text.h"

namespace onnx_macs::testing {
namespace {

const std::string kMs = "com.microsoft";

OpCase Ms(std::string op, std::vector<std::string> attrs, std::vector<std::string> inputs,
          std::string expected, int64_t macs) {
  return {.op = std::move(op),
          .domain = kMs,
          .opset = 1,
          .attrs = std::move(attrs),
          .inputs = std::move(inputs),
          .expected = std::move(expected),
          .macs = macs};
}

// 6 tokens, 8 experts of 16 * 32, of which every token takes 2.
TEST_CASE("experts: tokens * k * one expert") {
  const std::vector<std::string> two = {"k=2"};
  std::vector<std::string> gated = {"f32[2,3,16]",  "f32[6,8]", "f32[8,32,16]", "",
                                    "f32[8,16,32]", "",         "f32[8,32,16]"};
  RunOpCases(std::vector<OpCase>{
      Ms("MoE", two, {"f32[2,3,16]", "f32[6,8]", "f32[8,32,16]", "", "f32[8,16,32]"}, "f32[2,3,16]",
         12 * 2 * 16 * 32),
      Ms("MoE", two, gated, "f32[2,3,16]", 12 * 3 * 16 * 32),
      Ms("MoE", {"k=2", "activation_type=\"swiglu\"", "swiglu_fusion=1"},
         {"f32[6,16]", "f32[6,8]", "f32[8,64,16]", "", "f32[8,16,32]"}, "f32[6,16]",
         12 * 3 * 16 * 32),
      // Two weights of 4 bits in a byte: columns are halved, the work is not.
      Ms("QMoE", {"k=2", "expert_weight_bits=4"},
         {"f32[6,16]", "f32[6,8]", "u8[8,32,8]", "f32[8,32]", "", "u8[8,16,16]", "f32[8,16]"},
         "f32[6,16]", 12 * 2 * 16 * 32),
  });
  // Activation 1 and 32 inner values, weighted sums of 16, a comparison per token and expert.
  OpCase ops = Ms("MoE", two, {"f32[6,16]", "f32[6,8]", "f32[8,32,16]", "", "f32[8,16,32]"},
                  "f32[6,16]", 12 * 2 * 16 * 32);
  ops.ops = 12 * (32 + 2 * 16) + 6 * 8;
  RunOpCase(ops);
  // A bias for each of the two, after the scale in the quantised form.
  ops.inputs = {"f32[6,16]", "f32[6,8]", "f32[8,32,16]", "f32[8,32]", "f32[8,16,32]", "f32[8,16]"};
  ops.ops = 12 * (32 + 32 + 16 + 2 * 16) + 6 * 8;
  RunOpCase(ops);
  ops.op = "QMoE";
  ops.attrs = {"k=2", "expert_weight_bits=8"};
  ops.inputs = {"f32[6,16]", "f32[6,8]",    "u8[8,32,16]", "f32[8,32]",
                "f32[8,32]", "u8[8,16,32]", "f32[8,16]",   "f32[8,16]"};
  RunOpCase(ops);
  ops.inputs[4] = ops.inputs[7] = "";
  ops.ops = 12 * (32 + 2 * 16) + 6 * 8;
  RunOpCase(ops);
  OpCase symbolic = {.op = "MoE",
                     .domain = kMs,
                     .opset = 1,
                     .attrs = {"k=2"},
                     .inputs = {"f32[b,s,16]", "f32[?,8]", "f32[8,32,16]", "", "f32[8,16,32]"},
                     .expected = "f32[b,s,16]",
                     .macs_formula = "2048*b*s"};
  RunOpCase(symbolic);
  symbolic.attrs = {"k=9"};
  symbolic.expected = "gap: k is 9 of 8";
  RunOpCase(symbolic);
}

// The same case with the number of its parameters.
OpCase WithParams(OpCase op_case, int64_t params) {
  op_case.params = params;
  return op_case;
}

TEST_CASE("packed weights are as many parameters as they hold") {
  const std::vector<std::string> sizes = {"K=60", "N=32", "bits=4", "block_size=32"};
  RunOpCases(std::vector<OpCase>{
      // Two blocks of 32, the last four of the second unused.
      WithParams(Ms("MatMulNBits", sizes, {"f32[6,60]", "u8[32,2,16]=weights", "f32[64]=weights"},
                    "f32[6,32]", 6 * 60 * 32),
                 1920),
      WithParams(
          Ms("MatMulNBits", sizes,
             {"f32[6,60]", "u8[32,2,16]=weights", "f32[64]=weights", "", "", "f32[32]=weights"},
             "f32[6,32]", 6 * 60 * 32),
          1952),
      WithParams(Ms("MatMulBnb4", {"K=64", "N=32"},
                    {"f32[6,64]", "u8[1024]=weights", "f32[32]=weights"}, "f32[6,32]", 6 * 64 * 32),
                 2048),
      WithParams(Ms("MatMulFpQ4", {}, {"f32[6,64]", "u8[1000]=weights", "i64[2]={64,32}"},
                    "f32[6,32]", 6 * 64 * 32),
                 2048),
      WithParams(Ms("MatMulBlockQuantizedFp4Weight", {},
                    {"f16[6,64]", "u8[32,32]=weights", "u8[32,4]=weights", "f32"}, "f16[6,32]",
                    6 * 64 * 32),
                 2048),
      WithParams(Ms("MatMulNBitsQkv", {"K=64", "Nq=32", "Nkv=16"},
                    {"f32[6,64]", "", "f32[64]=weights", "u8[32,2,16]=weights", "f32[64]", "",
                     "u8[16,2,16]=weights", "f32[32]", "", "u8[16,2,16]=weights"},
                    "f32[6,32]; f32[6,16]; f32[6,16]", 6 * 64 * 64),
                 64 + 64 * 64),
      WithParams(Ms("QMoE", {"k=2", "expert_weight_bits=4"},
                    {"f32[6,16]", "f32[6,8]", "u8[8,32,8]=weights", "f32[8,32]", "",
                     "u8[8,16,16]=weights", "f32[8,16]"},
                    "f32[6,16]", 12 * 2 * 16 * 32),
                 2 * 8 * 32 * 16),
      WithParams(Ms("QMoE", {"k=2", "expert_weight_bits=8"},
                    {"f32[6,16]", "f32[6,8]", "u8[8,32,16]=weights", "f32[8,32]", "",
                     "u8[8,16,32]=weights", "f32[8,16]"},
                    "f32[6,16]", 12 * 2 * 16 * 32),
                 2 * 8 * 32 * 16),
      WithParams(Ms("GatherBlockQuantized", {"bits=4"},
                    {"u8[100,2]=weights", "i64[2,3]", "f16[100,1]=weights"}, "f16[2,3,4]", 0),
                 400),
      WithParams(Ms("DequantizeLinear", {}, {"i32[5]=weights", "f32[1]=weights", "i32[1]=weights"},
                    "f32[5]", 0),
                 5),
      // Scales and zero points are none; biases are, of whatever type.
      WithParams(
          Ms("QGemm", {},
             {"u8[2,3]", "f32[1]=weights", "u8[1]=weights", "i8[3,4]=weights", "f32[4]=weights",
              "i8[4]=weights", "i32[4]=weights", "f32[1]=weights", "u8[1]=weights"},
             "u8[2,4]", 24),
          12 + 4),
      WithParams(Ms("QOrderedMatMul", {},
                    {"i8[2,3]", "f32[1]=weights", "i8[3,4]=weights", "f32[4]=weights",
                     "f32[1]=weights", "f32[4]=weights", "i8[2,4]", "f32[1]=weights"},
                    "i8[2,4]", 24),
                 12 + 4),
  });
  // The same convolutions, channels in their place and last.
  const std::vector<std::string> parts = {"f32[1]=weights", "u8[1]=weights", "i8[3,4,1]=weights",
                                          "f32[4]=weights", "i8[4]=weights", "f32[1]=weights",
                                          "u8[1]=weights",  "i32[4]=weights"};
  for (const std::string domain : {"com.microsoft", "com.ms.internal.nhwc"}) {
    const bool last = domain != "com.microsoft";
    OpCase transposed = {.op = "QLinearConvTranspose",
                         .domain = domain,
                         .opset = 1,
                         .inputs = parts,
                         .expected = last ? "u8[1,5,4]" : "u8[1,4,5]",
                         .macs = 5 * 12,
                         .params = 12 + 4};
    transposed.inputs.insert(transposed.inputs.begin(), last ? "u8[1,5,3]" : "u8[1,3,5]");
    RunOpCase(transposed);
    OpCase plain = transposed;
    plain.op = "QLinearConv";
    plain.inputs[3] = "i8[4,3,1]=weights";
    RunOpCase(plain);
  }
}

TEST_CASE("packed weights count as rows * K * N") {
  const std::vector<std::string> sizes = {"K=64", "N=32", "bits=4", "block_size=32"};
  RunOpCases(std::vector<OpCase>{
      Ms("MatMulNBits", sizes, {"f32[2,3,64]", "u8[32,2,16]", "f32[64]"}, "f32[2,3,32]",
         6 * 64 * 32),
      Ms("MatMulBnb4", {"K=64", "N=32"}, {"f32[2,3,64]", "u8[1024]", "f32[32]"}, "f32[2,3,32]",
         6 * 64 * 32),
      Ms("MatMulBnb4", {"K=64", "N=32", "transB=0"}, {"f32[2,3,32]", "u8[1024]", "f32[32]"},
         "f32[2,3,64]", 6 * 64 * 32),
      Ms("MatMulFpQ4", {}, {"f32[2,3,64]", "u8[1000]", "i64[2]={64,32}"}, "f32[2,3,32]",
         6 * 64 * 32),
      Ms("MatMulBlockQuantizedFp4Weight", {}, {"f16[6,64]", "u8[32,32]", "u8[32,4]", "f32"},
         "f16[6,32]", 6 * 64 * 32),
      Ms("MatMulBlockQuantizedFp8Weight", {}, {"f16[6,64]", "f8e4m3fn[32,64]", "f32[32,1]"},
         "f16[6,32]", 6 * 64 * 32),
      Ms("MatMulNBitsQkv", {"K=64", "Nq=32", "Nkv=16"},
         {"f32[6,64]", "", "f32[64]", "u8[32,2,16]", "f32[64]"}, "f32[6,32]; f32[6,16]; f32[6,16]",
         6 * 64 * 64),
      Ms("MatMulNBitsMlp", {"K=64", "N=32", "activation=\"silu\""},
         {"f32[6,64]", "", "", "u8[32,2,16]", "f32[64]", "", "u8[32,2,16]", "f32[64]"}, "f32[6,32]",
         2 * 6 * 64 * 32),
  });
  OpCase biased = Ms("MatMulNBits", sizes,
                     {"f32[2,3,64]", "u8[32,2,16]=weights", "f32[64]=weights", "", "", "f32[32]"},
                     "f32[2,3,32]", 6 * 64 * 32);
  biased.ops = 192;
  RunOpCase(biased);
  // A second input, the scale of a normalisation and two biases: 6*64 * (1 + 4) for skip and
  // RMSNormalization, 6*32 * (5 + 1 + 2) for Swish, the product and the biases.
  OpCase whole = Ms("MatMulNBitsMlp", {"K=64", "N=32", "activation=\"silu\""},
                    {"f32[6,64]", "f32[6,64]", "f32[64]", "u8[32,2,16]", "f32[64]", "f32[32]",
                     "u8[32,2,16]", "f32[64]", "f32[32]"},
                    "f32[6,32]", 2 * 6 * 64 * 32);
  whole.ops = 6 * 64 * 5 + 6 * 32 * 8;
  RunOpCase(whole);
  whole.inputs[5] = whole.inputs[8] = "";
  whole.ops = 6 * 64 * 5 + 6 * 32 * 6;
  RunOpCase(whole);
  OpCase wrong = Ms("MatMulNBits", sizes, {"f32[6,60]", "u8[32,2,16]", "f32[64]"},
                    "gap: inner sizes differ: 60 and 64", 0);
  RunOpCase(wrong);
  wrong.attrs = {"N=32"};
  wrong.expected = "gap: K is 0";
  RunOpCase(wrong);
}

TEST_CASE("quantised and fused products as the naive loops count them") {
  for (const auto& [a, b] : std::vector<std::pair<Ints, Ints>>{
           {{2, 3}, {3, 4}}, {{5, 2, 3}, {3, 4}}, {{5, 2, 3}, {5, 3, 4}}, {{1, 2, 3}, {5, 3, 4}}}) {
    const NaiveResult product = CountMatMul(a, b);
    const std::string y = F32(product.shape), left = F32(a), right = F32(b);
    RunOpCases(std::vector<OpCase>{
        Ms("FusedMatMul", {}, {left, right}, y, product.macs),
        Ms("TransposeMatMul", {}, {left, right}, y, product.macs),
        Ms("FusedMatMulActivation", {"activation=\"Relu\""}, {left, right}, y, product.macs),
        Ms("DynamicQuantizeMatMul", {}, {left, right, "f32"}, y, product.macs),
        Ms("MatMulIntegerToFloat", {}, {left, right, "f32[1]", "f32[1]"}, y, product.macs),
    });
  }
  // Scale, and the bias where there is one, for each of 8 output elements.
  OpCase to_float =
      Ms("MatMulIntegerToFloat", {},
         {"u8[2,3]", "i8[3,4]", "f32[1]", "f32[1]", "u8[1]", "i8[1]", "f32[4]"}, "f32[2,4]", 24);
  to_float.ops = 2 * 8;
  RunOpCase(to_float);
  to_float.inputs[6] = "";
  to_float.ops = 8;
  RunOpCase(to_float);
  RunOpCases(std::vector<OpCase>{
      Ms("FusedMatMul", {"transA=1", "transB=1"}, {"f32[7,3,2]", "f32[7,4,3]"}, "f32[7,2,4]",
         7 * 2 * 3 * 4),
      // [d0, d1, d2, d3] becomes [d1, d2, d0, d3]: heads from behind the length.
      Ms("FusedMatMul", {"transBatchA=1"}, {"f32[2,5,6,3]", "f32[5,6,3,4]"}, "f32[5,6,2,4]",
         5 * 6 * 2 * 3 * 4),
      Ms("MatMulInteger16", {}, {"i16[2,3]", "i16[3,4]"}, "i32[2,4]", 24),
      Ms("MatMulInteger16", {}, {"u16[2,3]", "u16[3,4]"}, "u32[2,4]", 24),
      Ms("QGemm", {"transB=1"}, {"u8[2,3]", "f32", "u8", "i8[4,3]", "f32", "i8"}, "f32[2,4]", 24),
      Ms("QGemm", {}, {"u8[2,3]", "f32", "u8", "i8[3,4]", "f32", "i8", "", "f32", "u8"}, "u8[2,4]",
         24),
      Ms("QOrderedMatMul", {}, {"i8[5,2,3]", "f32", "i8[3,4]", "f32", "f32"}, "i8[5,2,4]", 120),
      Ms("FusedGemm", {"transA=1", "activation=\"Relu\""}, {"f32[3,2]", "f32[3,4]"}, "f32[2,4]",
         24),
      Ms("GemmFloat8", {"transB=1", "dtype=10"}, {"f32[2,3]", "f32[4,3]"}, "f16[2,4]", 24),
      Ms("GemmFastGelu", {}, {"f32[5,2,3]", "f32[3,4]"}, "f32[5,2,4]", 120),
      Ms("CDist", {"metric=\"euclidean\""}, {"f32[2,3]", "f32[4,3]"}, "f32[2,4]", 24),
      Ms("Inverse", {}, {"f32[5,4,4]"}, "f32[5,4,4]", 5 * 64),
      Ms("DistributedMatMul", {}, {"f32[2,3]", "f32[3,4]"}, "f32[2,4]", 24),
  });
  OpCase scaled = Ms("FusedMatMul", {"alpha=0.5"}, {"f32[2,3]", "f32[3,4]"}, "f32[2,4]", 24);
  scaled.ops = 8;
  RunOpCase(scaled);
  OpCase wrong = Ms("FusedMatMul", {"transA=1"}, {"f32[2,3]", "f32[3,4]"},
                    "gap: inner sizes differ: 2 and 3", 0);
  RunOpCase(wrong);
}

// [1,3,8,8] with 4 filters of 3 x 3: 36 positions * 108 weights.
TEST_CASE("convolutions in every layout") {
  RunOpCases(std::vector<OpCase>{
      Ms("FusedConv", {"activation=\"Relu\""}, {"f32[1,3,8,8]", "f32[4,3,3,3]"}, "f32[1,4,6,6]",
         3888),
      Ms("NhwcFusedConv", {}, {"f16[1,8,8,3]", "f16[4,3,3,3]"}, "f16[1,6,6,4]", 3888),
      Ms("NhwcConv", {}, {"f32[1,8,8,5]", "f32[4,3,3,5]"}, "f32[1,6,6,4]", 36 * 180),
      Ms("NhwcConv", {}, {"f32[1,8,8,5]", "f32[4,5,3,3]"}, "f32[1,6,6,4]", 36 * 180),
      Ms("QLinearConv", {"channels_last=1"},
         {"u8[1,8,8,3]", "f32", "u8", "i8[4,3,3,3]", "f32", "i8", "f32", "u8"}, "u8[1,6,6,4]",
         3888),
      Ms("QLinearConv", {}, {"u8[1,3,8,8]", "f32", "u8", "i8[4,3,3,3]", "f32", "i8", "f32", "u8"},
         "u8[1,4,6,6]", 3888),
      Ms("ConvTransposeWithDynamicPads", {"strides=[2,2]"},
         {"f32[1,3,4,4]", "f32[3,2,3,3]", "i64[4]={1,1,1,1}"}, "f32[1,2,7,7]", 16 * 54),
      Ms("ConvTransposeWithDynamicPads", {"strides=[2,2]"},
         {"f32[1,3,4,4]", "f32[3,2,3,3]", "i64[4]"}, "f32[1,2,?,?]", 16 * 54),
      Ms("QLinearConvTranspose", {"strides=[2,2]"},
         {"u8[1,3,4,4]", "f32", "u8", "i8[3,2,3,3]", "f32", "i8", "f32", "u8"}, "u8[1,2,9,9]",
         16 * 54),
  });
  // A bias is one op for each of 2 * 81 output elements.
  OpCase biased =
      Ms("QLinearConvTranspose", {"strides=[2,2]"},
         {"u8[1,3,4,4]", "f32", "u8", "i8[3,2,3,3]", "f32", "i8", "f32", "u8", "i32[2]"},
         "u8[1,2,9,9]", 16 * 54);
  biased.ops = 2 * 81;
  RunOpCase(biased);
  // Bias, residual, and an activation of 4: 6 ops for 144 elements.
  OpCase fused =
      Ms("FusedConv", {"activation=\"Sigmoid\""},
         {"f32[1,3,8,8]", "f32[4,3,3,3]", "f32[4]", "f32[1,4,6,6]"}, "f32[1,4,6,6]", 3888);
  fused.ops = 144 * 6;
  RunOpCase(fused);
}

}  // namespace
}  // namespace onnx_macs::testing
