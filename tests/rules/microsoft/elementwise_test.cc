// Activations, normalisations, embeddings, quantised element-wise operators, losses: shapes, and
// ops that are the sum of what is fused.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

OpCase Ms(std::string op, std::vector<std::string> attrs, std::vector<std::string> inputs,
          std::string expected, int64_t ops, int64_t macs = 0) {
  return {.op = std::move(op),
          .domain = "com.microsoft",
          .opset = 1,
          .attrs = std::move(attrs),
          .inputs = std::move(inputs),
          .expected = std::move(expected),
          .macs = macs,
          .ops = ops};
}

const std::string kX = "f32[2,3,4]", kBias = "f32[4]", kOne = "f32[1]";

TEST_CASE("activations of 24 elements") {
  RunOpCases(std::vector<OpCase>{
      Ms("Gelu", {}, {kX}, kX, 24 * 5),
      Ms("BiasGelu", {}, {kX, kBias}, kX, 24 * 6),
      Ms("FastGelu", {}, {kX}, kX, 24 * 12),
      Ms("FastGelu", {}, {kX, kBias}, kX, 24 * 13),
      Ms("QuickGelu", {}, {kX}, kX, 24 * 6),
      Ms("QOrderedGelu", {}, {"i8[2,3,4]", kOne, kOne}, "i8[2,3,4]", 24 * 10),
      Ms("BiasSplitGelu", {}, {kX, kBias}, "f32[2,3,2]", 12 * 8),
      Ms("BiasSplitGelu", {}, {"f32[2,3,5]", "f32[5]"}, "gap: 5 is not divisible by 2", 0),
      Ms("BiasAdd", {}, {kX, kBias, kX}, kX, 48),
      Ms("GatedAdd", {}, {kX, kX, "f32[2,3,1]"}, kX, 48),
      Ms("BiasSoftmax", {"axis=2"}, {kX, kX}, kX, 96, 24),
      Ms("BiasDropout", {}, {kX, kBias, kX}, kX + "; bool[2,3,4]", 48),
      Ms("BitmaskDropout", {}, {"f32[10,10]"}, "f32[10,10]; u32[4]", 0),
      Ms("BitmaskBiasDropout", {}, {kX, kBias}, kX + "; u32[1]", 24),
      Ms("ComplexMul", {}, {"f32[5,2]", "f32[5,2]"}, "f32[5,2]", 30),
  });
  OpCase softmax = Ms("BiasSoftmax", {}, {kX, kX}, kX, 24 * 6);
  softmax.convention = "contractions";
  RunOpCase(softmax);
}

TEST_CASE("normalisations of 24 elements") {
  RunOpCases(std::vector<OpCase>{
      Ms("SkipLayerNormalization", {}, {kX, kX, kBias, kBias},
         kX + "; f32[2,3,1]; f32[2,3,1]; " + kX, 24 * 6),
      Ms("SkipLayerNormalization", {}, {kX, kX, kBias, kBias, kBias}, kX, 24 * 7),
      Ms("SkipLayerNormalization", {}, {kX, kX, "f32[5]"}, "gap: input is 4 wide, the scale 5", 0),
      Ms("SkipSimplifiedLayerNormalization", {}, {kX, kX, kBias}, kX, 24 * 5),
      Ms("SkipSimplifiedLayerNormalization", {}, {kX, kX, kBias, kBias}, kX, 24 * 6),
      Ms("SimplifiedLayerNormalization", {}, {kX, kBias}, kX, 24 * 4),
      Ms("GroupNorm", {"groups=2", "activation=1"}, {"f32[1,2,3,4]", kBias, kBias}, "f32[1,2,3,4]",
         24 * 10),
      Ms("GroupNorm", {"groups=3"}, {"f32[1,2,3,4]", kBias, kBias},
         "gap: 4 channels are not divisible by 3 groups", 0),
      Ms("SkipGroupNorm", {"groups=2"}, {"f32[1,2,3,4]", kBias, kBias, "f32[1,2,3,4]", kBias},
         "f32[1,2,3,4]; f32[1,2,3,4]", 24 * 7),
      Ms("GatedRMSNorm", {}, {kX, kBias, kX}, kX, 24 * 10),
      Ms("QOrderedLayerNormalization", {}, {"i8[2,3,4]", kOne, kBias, kBias, kOne}, "i8[2,3,4]",
         24 * 10),
      Ms("EngramGate", {}, {"f32[1,2,3,4]", "f32[1,2,3,4]", "f32[1,2,4]", "f32[3,4]", "f32[3,4]"},
         "f32[1,2,3,4]", 24 * 9, 24),
  });
}

TEST_CASE("embeddings") {
  const std::string ids = "i32[2,3]", table = "f32[100,4]", packed = "u8[100,2]";
  RunOpCases(std::vector<OpCase>{
      // Three lookups, two sums, the norm.
      Ms("EmbedLayerNormalization", {}, {ids, ids, table, table, table, kBias, kBias},
         kX + "; i32[2]; " + kX, 24 * 10),
      Ms("EmbedLayerNormalization", {}, {ids, "", table, table, "", kBias, kBias}, kX, 24 * 8),
      Ms("TorchEmbedding", {}, {table, "i64[2,3]"}, kX, 24),
      Ms("GatherBlockQuantized", {"bits=4"}, {packed, "i64[2,3]", "f16[100,1]"}, "f16[2,3,4]",
         24 * 3),
      // 3 words of 9 letters: 7 positions; 4 filters of 3 letters of 5.
      Ms("WordConvEmbedding", {}, {"i32[1,3,9]", "f32[4,1,3,5]", kBias, "f32[60,5]"}, "f32[1,3,4]",
         21 * 4 * 7, 21 * 60),
      Ms("WordConvEmbedding", {}, {"i32[1,3,9]", "f32[4,1,10,5]", kBias, "f32[60,5]"},
         "gap: the filter is longer than the words", 0),
      Ms("NGramHashMapping", {"max_ngram_size=3", "n_head_per_ngram=2"},
         {"i64[2,5]", "i64[3]", "i64[4]"}, "i64[2,5,4]; i64[2,2]", 10 * 5 + 40),
      Ms("VarlenNGramHashMapping", {"max_ngram_size=3", "n_head_per_ngram=2"},
         {"i64[7]", "i64[3]", "i64[4]", "i32[3]"}, "i64[7,4]; i64[2,2]", 7 * 5 + 28),
      Ms("NGramHashMapping", {"max_ngram_size=1", "n_head_per_ngram=2"}, {"i64[2,5]"},
         "gap: n-grams up to 1 with 2 heads", 0),
  });
}

TEST_CASE("quantised operators dequantise, compute and quantise") {
  const std::string q = "u8[2,3]", row = "u8[3]", scale = "f32", zero = "u8";
  RunOpCases(std::vector<OpCase>{
      // 2 for each of 6 + 3 elements, 1 + 3 for each of 6
      Ms("QLinearAdd", {}, {q, scale, zero, row, scale, zero, scale, zero}, q, 42),
      Ms("QLinearMul", {}, {q, scale, zero, row, scale, zero, scale, zero}, q, 42),
      Ms("QLinearAdd", {}, {q, scale, zero, "u8[4]", scale, zero, scale, zero}, "gap: ", 0),
      Ms("MulInteger", {}, {q, zero, row, zero}, "i32[2,3]", 18),
      Ms("QLinearSigmoid", {}, {q, scale, zero, scale, zero}, q, 54),
      Ms("QLinearLeakyRelu", {}, {q, scale, zero, scale, zero}, q, 42),
      Ms("QLinearSoftmax", {"opset=13"}, {q, scale, zero, scale, zero}, q, 48, 6),
      Ms("QLinearWhere", {}, {"bool[2,1]", q, scale, zero, row, scale, zero, scale, zero}, q, 42),
      Ms("QLinearReduceMean", {"axes=[1]", "keepdims=0"}, {q, scale, zero, scale, zero}, "u8[2]",
         18 + 6),
      Ms("ReduceSumInteger", {"axes=[-1]"}, {q}, "u32[2,1]", 6),
      Ms("QLinearConcat", {"axis=1"}, {scale, zero, q, scale, zero, "u8[2,5]", scale, zero},
         "u8[2,8]", 80),
      Ms("QLinearConcat", {"axis=1"}, {scale, zero, q, scale, zero, "u8[4,5]", scale, zero},
         "gap: axis 0 differs", 0),
      Ms("QuantizeLinear", {}, {"f32[2,3]", scale, "u16"}, "u16[2,3]", 18),
      Ms("DequantizeLinear", {}, {q, "f16", zero}, "f16[2,3]", 12),
      Ms("QuantizeWithOrder", {}, {"f16[2,3]", scale}, "i8[2,3]", 18),
      Ms("DequantizeWithOrder", {"to=10"}, {"i8[2,3]", scale}, "f16[2,3]", 12),
      Ms("QuantizeBFP", {}, {"f32[2,3]"}, "u8[?]; i64[2]={2,3}; i64[2]", 18),
      Ms("DequantizeBFP", {}, {"u8[7]", "i64[2]={2,3}", "i64[2]"}, "f32[2,3]", 12),
      Ms("QLinearGlobalAveragePool", {"channels_last=1"}, {"u8[1,5,5,3]", scale, zero, scale, zero},
         "u8[1,1,1,3]", 75 * 3 + 9),
      Ms("QLinearAveragePool", {"kernel_shape=[2,2]"}, {"u8[1,3,4,4]", scale, zero, scale, zero},
         "u8[1,3,3,3]", 27 * 4 + 96 + 81),
  });
}

TEST_CASE("training") {
  const std::string s = "f32[6,10]";
  RunOpCases(std::vector<OpCase>{
      Ms("SoftmaxCrossEntropyLossInternal", {}, {s, "i64[6]"}, "f32[]; " + s, 312),
      Ms("SoftmaxCrossEntropyLossInternal", {"reduction=\"none\""}, {s, "i64[6]"}, "f32[6]; " + s,
         312),
      Ms("SoftmaxCrossEntropyLossGrad", {}, {kOne, s, "i64[6]"}, s, 120),
      Ms("SoftmaxGrad", {}, {s, s}, s, 240),
      Ms("GeluGrad", {}, {s, s}, s, 600),
      Ms("BiasFastGeluGrad_dX", {}, {s, s, "f32[10]"}, s, 1500),
      Ms("ReluGrad", {}, {s, s}, s, 120),
      Ms("LayerNormalizationGrad", {}, {kX, kX, kBias, "f32[2,3,1]", "f32[2,3,1]"},
         kX + "; f32[4]; f32[4]", 240),
      Ms("SliceGrad", {}, {s, "i64[2]={8,10}"}, "f32[8,10]", 0),
      Ms("ConcatTraining", {"axis=0"}, {s, s}, "f32[12,10]; i64[2]", 0),
      Ms("InPlaceAccumulatorV2", {}, {s, s}, "bool[1]; " + s, 60),
      Ms("YieldOp", {}, {s, kX}, s + "; " + kX, 0),
      Ms("Scale", {}, {s, "f32[]"}, s, 60),
  });
}

}  // namespace
}  // namespace onnx_macs::testing
