// The tables of contractions.h.
#include "tests/support/contractions.h"

namespace onnx_macs::testing {

std::string OperatorName(const std::string& domain, const std::string& op_type) {
  return (domain.empty() ? "ai.onnx" : domain) + " " + op_type;
}

const std::set<std::string>& Contractions() {
  static const auto* const names = new std::set<std::string>{
      "ai.onnx AffineGrid",
      "ai.onnx Attention",
      "ai.onnx CausalConvWithState",
      "ai.onnx Conv",
      "ai.onnx ConvInteger",
      "ai.onnx ConvTranspose",
      "ai.onnx DeformConv",
      "ai.onnx Einsum",
      "ai.onnx GRU",
      "ai.onnx Gemm",
      "ai.onnx LSTM",
      "ai.onnx LinearAttention",
      "ai.onnx MatMul",
      "ai.onnx MatMulInteger",
      "ai.onnx QLinearConv",
      "ai.onnx QLinearMatMul",
      "ai.onnx RNN",
      "ai.onnx.contrib Inverse",
      "ai.onnx.ml LinearClassifier",
      "ai.onnx.ml LinearRegressor",
      "ai.onnx.ml SVMClassifier",
      "ai.onnx.ml SVMRegressor",
      "ai.onnx.preview FlexAttention",
      "com.microsoft Attention",
      "com.microsoft AttnLSTM",
      "com.microsoft CDist",
      "com.microsoft CausalConvWithState",
      "com.microsoft ConvTransposeWithDynamicPads",
      "com.microsoft DecoderAttention",
      "com.microsoft DecoderMaskedMultiHeadAttention",
      "com.microsoft DecoderMaskedSelfAttention",
      "com.microsoft DistributedMatMul",
      "com.microsoft DynamicQuantizeLSTM",
      "com.microsoft DynamicQuantizeMatMul",
      "com.microsoft EngramGate",
      "com.microsoft FusedConv",
      "com.microsoft FusedGemm",
      "com.microsoft FusedMatMul",
      "com.microsoft FusedMatMulActivation",
      "com.microsoft GatedDeltaNet",
      "com.microsoft GatedRelativePositionBias",
      "com.microsoft GemmFastGelu",
      "com.microsoft GemmFloat8",
      "com.microsoft GroupQueryAttention",
      "com.microsoft Inverse",
      "com.microsoft LinearAttention",
      "com.microsoft LongformerAttention",
      "com.microsoft MatMulBlockQuantizedFp4Weight",
      "com.microsoft MatMulBlockQuantizedFp8Weight",
      "com.microsoft MatMulBnb4",
      "com.microsoft MatMulFpQ4",
      "com.microsoft MatMulInteger16",
      "com.microsoft MatMulIntegerToFloat",
      "com.microsoft MatMulNBits",
      "com.microsoft MatMulNBitsMlp",
      "com.microsoft MatMulNBitsQkv",
      "com.microsoft MoE",
      "com.microsoft MultiHeadAttention",
      "com.microsoft NhwcConv",
      "com.microsoft NhwcFusedConv",
      "com.microsoft PackedAttention",
      "com.microsoft PackedMultiHeadAttention",
      "com.microsoft PagedAttention",
      "com.microsoft QAttention",
      "com.microsoft QGemm",
      "com.microsoft QLinearConv",
      "com.microsoft QLinearConvTranspose",
      "com.microsoft QMoE",
      "com.microsoft QOrderedAttention",
      "com.microsoft QOrderedLongformerAttention",
      "com.microsoft QOrderedMatMul",
      "com.microsoft ShardedMoE",
      "com.microsoft SparseAttention",
      "com.microsoft SparseToDenseMatMul",
      "com.microsoft TransposeMatMul",
      "com.microsoft VarlenCausalConvWithState",
      "com.microsoft WordConvEmbedding",
      "com.microsoft.extensions Inverse",
      "com.microsoft.nchwc Conv",
      "com.ms.internal.nhwc Conv",
      "com.ms.internal.nhwc ConvTranspose",
      "com.ms.internal.nhwc QLinearConv",
      "com.ms.internal.nhwc QLinearConvTranspose",
  };
  return *names;
}

const std::set<std::string>& Softmaxes() {
  static const auto* const names = new std::set<std::string>{
      "ai.onnx Softmax",
      "com.microsoft BiasSoftmax",
      "com.microsoft QLinearSoftmax",
  };
  return *names;
}

}  // namespace onnx_macs::testing
