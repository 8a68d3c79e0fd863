// Data movement, other layouts, generation, extensions; and every operator of the public list.
#include "absl/strings/match.h"
#include "analyzer/rule.h"
#include "rules/rules.h"
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

OpCase In(std::string domain, std::string op, std::vector<std::string> attrs,
          std::vector<std::string> inputs, std::string expected, int64_t ops, int64_t macs = 0) {
  return {.op = std::move(op),
          .domain = std::move(domain),
          .opset = 1,
          .attrs = std::move(attrs),
          .inputs = std::move(inputs),
          .expected = std::move(expected),
          .macs = macs,
          .ops = ops};
}

const std::string kMs = "com.microsoft";
const std::string kNhwc = "com.ms.internal.nhwc", kNchwc = "com.microsoft.nchwc";

TEST_CASE("data movement") {
  const std::string x = "f32[2,3,4]";
  RunOpCases(std::vector<OpCase>{
      In(kMs, "ExpandDims", {}, {x, "i32[1]={-1}"}, "f32[2,3,4,1]", 0),
      In(kMs, "Trilu", {}, {x}, x, 0),
      In(kMs, "GatherND", {}, {x, "i64[5,2]"}, "f32[5,4]", 0),
      In(kMs, "Pad", {}, {"f32[2,3]", "i64[4]={0,1,0,2}"}, "f32[2,6]", 0),
      In(kMs, "Range", {}, {"i64[]={2}", "i64[]={7}"}, "i64[5]", 0),
      In(kMs, "Range", {}, {"i64[]={2}", "i64[]={7}", "i64[]={2}"}, "i64[3]", 0),
      In(kMs, "UnfoldTensor", {"dim=1", "size=2", "step=1"}, {x}, "f32[2,2,4,2]", 0),
      In(kMs, "UnfoldTensor", {"dim=1", "size=1"}, {x}, "f32[2,3,4,1]", 0),
      In(kMs, "UnfoldTensor", {"dim=1"}, {x}, "gap: size and step must be 1 or more", 0),
      In(kMs, "UnfoldTensor", {"dim=1", "size=4"}, {x}, "gap: the windows are larger than the axis",
         0),
      In(kMs, "CropAndResize", {}, {"f32[1,3,9,9]", "f32[5,4]", "i32[5]", "i32[2]={6,7}"},
         "f32[5,3,6,7]", 630 * 7),
      In(kMs, "GridSample", {}, {"f32[1,3,9,9]", "f32[1,6,7,2]"}, "f32[1,3,6,7]", 126 * 7),
      In(kMs, "NhwcMaxPool", {"kernel_shape=[2,2]"}, {"u8[1,4,4,3]"}, "u8[1,3,3,3]", 108),
      In(kMs, "MurmurHash3", {}, {"str[5]"}, "u32[5]", 0),
      In(kMs, "Tokenizer", {}, {"str[5]"}, "str[5,words]", 0),
      In(kMs, "Tokenizer", {}, {"str[2,3,4]"}, "gap: the input has 3 dims", 0),
      In(kMs, "IsAllFinite", {}, {x, "f32[5]"}, "bool[]", 29),
      In(kMs, "AllGather", {"group_size=4"}, {x}, "f32[8,3,4]", 0),
      In(kMs, "AllReduce", {}, {x}, x, 24),
      In(kMs, "DistributedReshape", {}, {x, "i64[2]={6,4}"}, "f32[6,4]", 0),
      In(kMs, "DistributedReduceSum", {}, {x, "i64[1]={1}"}, "f32[2,1,4]", 24),
      In(kMs, "RestorePadding", {}, {"f32[5,8]", "i32[2,3]"}, "f32[2,3,8]", 0),
      In(kMs, "RemovePadding", {}, {"f32[2,3,8]", "i32[2]"},
         "f32[kept_tokens,8]; i32[2,3]; i32[3]; i32[1]", 0),
      In(kMs, "RotaryEmbedding", {}, {"f32[2,4,3,8]", "i64[2,3]", "f32[64,4]", "f32[64,4]"},
         "f32[2,4,3,8]", 192 * 3),
      In(kMs, "RotaryEmbedding", {"num_heads=4", "rotary_embedding_dim=2"},
         {"f32[2,3,32]", "i64[2,3]", "f32[64,1]", "f32[64,1]"}, "f32[2,3,32]", 6 * 4 * 2 * 3),
      // A sine and a cosine of 48 angles; 3 for each of 192 and 96 elements.
      In(kMs, "GemmaRotaryEmbedding", {},
         {"f32[2,3,8]", "f16[2,4,3,8]", "f16[2,4,3,8]", "f16[2,2,3,8]", "f16[2,2,3,8]"},
         "f16[2,4,3,8]; f16[2,2,3,8]", 48 * 2 + 288 * 3),
      In(kMs, "RelativePositionBias", {"max_distance=128"}, {"f32[32,8]", "i64[]={5}", "i64[]={6}"},
         "f32[1,8,5,6]", 300 + 240),
      // 2 * 4 * 3 rows of 8 x 8
      In(kMs, "GatedRelativePositionBias", {"num_heads=4"},
         {"f32[2,3,32]", "f32[32]", "f32[1,4,3,3]", "f32[8,8]", "f32[8]", "f32[1,4,1,1]"},
         "f32[2,4,3,3]", 192 + 24 * 8 + 24 * 12 + 72, 24 * 64),
  });
}

TEST_CASE("channels in blocks and channels last") {
  RunOpCases(std::vector<OpCase>{
      In(kNchwc, "ReorderInput", {}, {"f32[1,32,8,8]"}, "f32[1,32,8,8]", 0),
      In(kNchwc, "ReorderInput", {"channels_last=1"}, {"f32[1,8,8,32]"}, "f32[1,32,8,8]", 0),
      In(kNchwc, "ReorderOutput", {"channels=30"}, {"f32[1,32,8,8]"}, "f32[1,30,8,8]", 0),
      In(kNchwc, "ReorderOutput", {"channels=30", "channels_last=1"}, {"f32[1,32,8,8]"},
         "f32[1,8,8,30]", 0),
      In(kNchwc, "Conv", {"activation=\"Relu\""}, {"f32[1,16,8,8]", "f32[32,16,3,3]"},
         "f32[1,32,6,6]", 1152, 36 * 4608),
      In(kNchwc, "MaxPool", {"kernel_shape=[2,2]", "strides=[2,2]"}, {"f32[1,16,8,8]"},
         "f32[1,16,4,4]", 1024),
      In(kNchwc, "Upsample", {"scales=[1,1,2,2]"}, {"f32[1,16,8,8]"}, "f32[1,16,16,16]", 0),
      In(kNhwc, "Conv", {}, {"f32[1,8,8,3]", "f32[4,3,3,3]", "f32[4]"}, "f32[1,6,6,4]", 144, 3888),
      In(kNhwc, "ConvTranspose", {"strides=[2,2]"}, {"f32[1,4,4,3]", "f32[3,2,2,2]"},
         "f32[1,8,8,2]", 0, 16 * 24),
      In(kNhwc, "AveragePool", {"kernel_shape=[2,2]"}, {"f32[1,4,4,3]"}, "f32[1,3,3,3]", 108),
      In(kNhwc, "GlobalAveragePool", {}, {"f32[1,4,5,3]"}, "f32[1,1,1,3]", 60),
      In(kNhwc, "BatchNormalization", {}, {"f32[1,4,5,3]", "f32[3]", "f32[3]", "f32[3]", "f32[3]"},
         "f32[1,4,5,3]", 120),
      In(kNhwc, "DepthToSpace", {"blocksize=2"}, {"f32[1,4,5,12]"}, "f32[1,8,10,3]", 0),
      In(kNhwc, "FormatTransform", {"dst_format=\"nChw4c\""}, {"f32[1,3,8,8]"}, "f32[1,4,8,8]", 0),
  });
}

TEST_CASE("generation: shapes are told, the cost of the loop is not made up") {
  RunOpCases(std::vector<OpCase>{
      In(kMs, "GreedySearch", {}, {"i32[2,5]", "i32[1]={20}"},
         "gap: it runs its subgraphs until the text ends", 0),
      In(kMs, "BeamSearch", {}, {"i32[2,5]", "i32[1]={20}", "", "i32[1]={4}", "i32[1]={2}"},
         "gap: it runs its subgraphs until the text ends", 0),
      In(kMs, "NGramRepeatBlock", {"ngram_size=3"}, {"i64[2,7]", "f32[2,100]"}, "f32[2,100]", 42),
      In(kMs, "DynamicTimeWarping", {}, {"f32[4,6]"}, "i32[2,path]", 72),
      In(kMs, "EPContext", {}, {"f32[2]"}, "gap: it holds a model compiled for a device", 0),
      In("org.pytorch.aten", "ATen", {"operator=\"embedding\""}, {"f32[2]"},
         "gap: it calls the PyTorch operator 'embedding'", 0),
  });
}

TEST_CASE("extensions and quantisers") {
  RunOpCases(std::vector<OpCase>{
      In("ai.onnx.contrib", "StringUpper", {}, {"str[2,3]"}, "str[2,3]", 0),
      In("com.microsoft.extensions", "StringEqual", {}, {"str[2,3]", "str[3]"}, "bool[2,3]", 0),
      In("ai.onnx.contrib", "NegPos", {}, {"f32[2,3]"}, "f32[2,3]; f32[2,3]", 12),
      In("ai.onnx.contrib", "Inverse", {}, {"f32[4,4]"}, "f32[4,4]", 0, 64),
      // 4 frames of 8: the window, 2.5 * 8 * 3, and 3 for each of 5 bins.
      In("ai.onnx.contrib", "StftNorm", {},
         {"f32[2,20]", "i64[]={8}", "i64[]={4}", "f32[8]", "i64[]={8}"}, "f32[2,5,4]",
         8 * (8 + 60 + 15)),
      In("com.microsoft.extensions", "StftNorm", {"onesided=0"},
         {"f32[1,20]", "i64[]={8}", "i64[]={4}", "f32[8]", "i64[]={8}"}, "f32[1,8,4]",
         4 * (8 + 60 + 24)),
      In("onnx.brevitas", "Quant", {}, {"f32[2,3]", "f32[]", "f32[]", "f32[]"}, "f32[2,3]", 42),
  });
}

TEST_CASE("every operator of ONNX Runtime's documentation has a row") {
  // As in docs/ContribOperators.md, the collective and training ones included.
  constexpr absl::string_view kOperators[] = {"Attention",
                                              "QAttention",
                                              "QOrderedAttention",
                                              "MultiHeadAttention",
                                              "DecoderMaskedMultiHeadAttention",
                                              "DecoderMaskedSelfAttention",
                                              "GroupQueryAttention",
                                              "PagedAttention",
                                              "SparseAttention",
                                              "PackedAttention",
                                              "PackedMultiHeadAttention",
                                              "LongformerAttention",
                                              "QOrderedLongformerAttention",
                                              "DecoderAttention",
                                              "RelativePositionBias",
                                              "GatedRelativePositionBias",
                                              "LinearAttention",
                                              "GatedDeltaNet",
                                              "LinearAttentionGate",
                                              "CausalConvWithState",
                                              "VarlenCausalConvWithState",
                                              "RotaryEmbedding",
                                              "MRotaryEmbedding",
                                              "GemmaRotaryEmbedding",
                                              "RemovePadding",
                                              "RestorePadding",
                                              "MatMulNBits",
                                              "MatMulNBitsMlp",
                                              "MatMulNBitsQkv",
                                              "MatMulBnb4",
                                              "MatMulFpQ4",
                                              "MatMulBlockQuantizedFp4Weight",
                                              "MatMulBlockQuantizedFp8Weight",
                                              "MatMulInteger16",
                                              "MatMulIntegerToFloat",
                                              "DynamicQuantizeMatMul",
                                              "QGemm",
                                              "FusedMatMul",
                                              "FusedMatMulActivation",
                                              "TransposeMatMul",
                                              "FusedGemm",
                                              "GemmFastGelu",
                                              "GemmFloat8",
                                              "QOrderedMatMul",
                                              "SparseToDenseMatMul",
                                              "MoE",
                                              "QMoE",
                                              "WordConvEmbedding",
                                              "EmbedLayerNormalization",
                                              "QEmbedLayerNormalization",
                                              "TorchEmbedding",
                                              "GatherBlockQuantized",
                                              "FusedConv",
                                              "NhwcConv",
                                              "NhwcFusedConv",
                                              "QLinearConv",
                                              "ConvTransposeWithDynamicPads",
                                              "QLinearConvTranspose",
                                              "NhwcMaxPool",
                                              "MaxpoolWithMask",
                                              "QLinearAveragePool",
                                              "QLinearGlobalAveragePool",
                                              "CropAndResize",
                                              "GridSample",
                                              "UnfoldTensor",
                                              "SkipLayerNormalization",
                                              "SkipSimplifiedLayerNormalization",
                                              "GroupNorm",
                                              "SkipGroupNorm",
                                              "GatedRMSNorm",
                                              "QOrderedLayerNormalization",
                                              "EngramGate",
                                              "BiasGelu",
                                              "FastGelu",
                                              "Gelu",
                                              "QuickGelu",
                                              "QOrderedGelu",
                                              "Inverse",
                                              "BiasSplitGelu",
                                              "BiasAdd",
                                              "GatedAdd",
                                              "BiasSoftmax",
                                              "BiasDropout",
                                              "BitmaskDropout",
                                              "BitmaskBiasDropout",
                                              "ComplexMul",
                                              "ComplexMulConj",
                                              "QLinearAdd",
                                              "QLinearMul",
                                              "MulInteger",
                                              "QLinearLeakyRelu",
                                              "QLinearSigmoid",
                                              "QLinearSoftmax",
                                              "QLinearWhere",
                                              "QLinearReduceMean",
                                              "ReduceSumInteger",
                                              "QLinearConcat",
                                              "QuantizeLinear",
                                              "DequantizeLinear",
                                              "QuantizeWithOrder",
                                              "DequantizeWithOrder",
                                              "QuantizeBFP",
                                              "DequantizeBFP",
                                              "Trilu",
                                              "IsAllFinite",
                                              "DynamicQuantizeLSTM",
                                              "AttnLSTM",
                                              "Rfft",
                                              "Irfft",
                                              "CDist",
                                              "BeamSearch",
                                              "GreedySearch",
                                              "Sampling",
                                              "WhisperBeamSearch",
                                              "NGramRepeatBlock",
                                              "BifurcationDetector",
                                              "DynamicTimeWarping",
                                              "NGramHashMapping",
                                              "VarlenNGramHashMapping",
                                              "GatherND",
                                              "ExpandDims",
                                              "Pad",
                                              "Range",
                                              "Unique",
                                              "MurmurHash3",
                                              "Tokenizer",
                                              "SampleOp",
                                              "EPContext",
                                              "Snpe",
                                              "AllReduce",
                                              "AllGather",
                                              "AllToAll",
                                              "DistributedMatMul",
                                              "DistributedSlice",
                                              "DistributedReshape",
                                              "DistributedExpand",
                                              "DistributedReduceSum",
                                              "DistributedReduceMax",
                                              "DistributedReduceMean",
                                              "DistributedUnsqueeze",
                                              "DistributedSqueeze",
                                              "ShardedMoE",
                                              "SoftmaxCrossEntropyLossInternal",
                                              "SoftmaxCrossEntropyLossInternalGrad",
                                              "SoftmaxCrossEntropyLossGrad",
                                              "LayerNormalizationGrad",
                                              "SoftmaxGrad",
                                              "SoftmaxGrad_13",
                                              "GeluGrad",
                                              "ReluGrad",
                                              "DropoutGrad",
                                              "SliceGrad",
                                              "ConcatTraining",
                                              "BroadcastGradientArgs",
                                              "BiasFastGeluGrad_dX",
                                              "InPlaceAccumulatorV2",
                                              "YieldOp",
                                              "Scale"};
  for (const absl::string_view op : kOperators) {
    INFO(op);
    CHECK(BuiltinRules().Find("com.microsoft", op, 1) != nullptr);
  }
}

// Whatever comes in, there is a result or a reason.
TEST_CASE("every operator survives odd inputs") {
  const std::vector<std::vector<std::string>> kInputs = {
      {},
      {"f32"},
      {"f32[]", "f32[]", "f32[]"},
      {"f32[0,0,0]", "f32[0,0]", "f32[0]", "f32[0]"},
      std::vector<std::string>(12, "f32[2,3]"),
      std::vector<std::string>(12, "f32[2,3,4]"),
      std::vector<std::string>(12, "f32[a,b,c,d]"),
      std::vector<std::string>(9, "i64[2]={-3,4611686018427387904}"),
  };
  const std::vector<std::string> attrs = {"num_heads=2", "kv_num_heads=1", "q_num_heads=2",
                                          "groups=1",    "window=3",       "K=3",
                                          "N=4",         "Nq=4",           "Nkv=2",
                                          "size=1",      "ngram_size=2",   "sparse_block_size=16"};
  for (const OpRule* rule : BuiltinRules().All()) {
    if (!absl::StartsWith(rule->domain, "com.m")) continue;
    for (const auto& inputs : kInputs) {
      OpCase op_case = In(std::string(rule->domain), std::string(rule->op_type), attrs, inputs,
                          "any; any; any; any", 0);
      for (GapRow gap : AnalyzeOpCase(op_case).gaps) CHECK_FALSE(gap.reason.empty());
    }
  }
}

}  // namespace
}  // namespace onnx_macs::testing
