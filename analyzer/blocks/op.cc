// The names of operators, sorted by domain and name for the search.
#include "analyzer/blocks/op.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace onnx_macs {
namespace {

constexpr absl::string_view kOnnx = "", kMicrosoft = "com.microsoft";

struct Row {
  absl::string_view domain, type;
  Op op;
  // Behind each operand of a quantised operator come its scale and zero point.
  uint8_t first = 0, stride = 1;
};

constexpr Row kRows[] = {
    {kOnnx, "Add", Op::kAdd},
    {kOnnx, "Attention", Op::kFused},
    {kOnnx, "BatchNormalization", Op::kBatchNorm},
    {kOnnx, "Cast", Op::kCast},
    {kOnnx, "CastLike", Op::kCast},
    {kOnnx, "Celu", Op::kActivation},
    {kOnnx, "Clip", Op::kClip},
    {kOnnx, "Concat", Op::kConcat},
    {kOnnx, "Constant", Op::kConstant},
    {kOnnx, "Conv", Op::kConv},
    {kOnnx, "ConvInteger", Op::kConv},
    {kOnnx, "DequantizeLinear", Op::kQuantize},
    {kOnnx, "Div", Op::kDiv},
    {kOnnx, "Dropout", Op::kIdentity},
    {kOnnx, "DynamicQuantizeLinear", Op::kQuantize},
    {kOnnx, "Einsum", Op::kEinsum},
    {kOnnx, "Elu", Op::kActivation},
    {kOnnx, "Equal", Op::kEqual},
    {kOnnx, "Erf", Op::kErf},
    {kOnnx, "Expand", Op::kExpand},
    {kOnnx, "Flatten", Op::kReshape},
    {kOnnx, "Gather", Op::kGather},
    {kOnnx, "GatherElements", Op::kGather},
    {kOnnx, "GatherND", Op::kGather},
    {kOnnx, "Gelu", Op::kFused},
    {kOnnx, "Gemm", Op::kGemm},
    {kOnnx, "GlobalAveragePool", Op::kReduceMean},
    {kOnnx, "GroupNormalization", Op::kFused},
    {kOnnx, "HardSigmoid", Op::kActivation},
    {kOnnx, "HardSwish", Op::kActivation},
    {kOnnx, "Identity", Op::kIdentity},
    {kOnnx, "InstanceNormalization", Op::kInstanceNorm},
    {kOnnx, "IsNaN", Op::kIsNan},
    {kOnnx, "LayerNormalization", Op::kFused},
    {kOnnx, "LeakyRelu", Op::kActivation},
    {kOnnx, "LinearAttention", Op::kFused},
    {kOnnx, "MatMul", Op::kMatMul},
    {kOnnx, "MatMulInteger", Op::kMatMul},
    {kOnnx, "Max", Op::kMaxMin},
    {kOnnx, "Min", Op::kMaxMin},
    {kOnnx, "Mish", Op::kActivation},
    {kOnnx, "Mul", Op::kMul},
    {kOnnx, "Neg", Op::kNeg},
    {kOnnx, "NonZero", Op::kNonZero},
    {kOnnx, "OneHot", Op::kOneHot},
    {kOnnx, "PRelu", Op::kActivation},
    {kOnnx, "Pad", Op::kPad},
    {kOnnx, "Pow", Op::kPow},
    {kOnnx, "QLinearConv", Op::kConv, 0, 3},
    {kOnnx, "QLinearMatMul", Op::kMatMul, 0, 3},
    {kOnnx, "QuantizeLinear", Op::kQuantize},
    {kOnnx, "RMSNormalization", Op::kFused},
    {kOnnx, "Reciprocal", Op::kReciprocal},
    {kOnnx, "ReduceMean", Op::kReduceMean},
    {kOnnx, "ReduceSum", Op::kReduceSum},
    {kOnnx, "Relu", Op::kRelu},
    {kOnnx, "Reshape", Op::kReshape},
    {kOnnx, "RotaryEmbedding", Op::kFused},
    {kOnnx, "ScatterElements", Op::kScatter},
    {kOnnx, "ScatterND", Op::kScatter},
    {kOnnx, "Selu", Op::kActivation},
    {kOnnx, "Shape", Op::kShape},
    {kOnnx, "Sigmoid", Op::kSigmoid},
    {kOnnx, "SimplifiedLayerNormalization", Op::kFused},
    {kOnnx, "Size", Op::kShape},
    {kOnnx, "Slice", Op::kSlice},
    {kOnnx, "Softmax", Op::kSoftmax},
    {kOnnx, "Split", Op::kSplit},
    {kOnnx, "Sqrt", Op::kSqrt},
    {kOnnx, "Squeeze", Op::kReshape},
    {kOnnx, "Sub", Op::kSub},
    {kOnnx, "SwiGLU", Op::kFused},
    {kOnnx, "Swish", Op::kFused},
    {kOnnx, "Tanh", Op::kTanh},
    {kOnnx, "Tile", Op::kExpand},
    {kOnnx, "TopK", Op::kTopK},
    {kOnnx, "Transpose", Op::kTranspose},
    {kOnnx, "Unsqueeze", Op::kReshape},
    {kOnnx, "Where", Op::kWhere},
    {"ai.onnx.preview", "FlexAttention", Op::kFused},
    {kMicrosoft, "Attention", Op::kFused},
    {kMicrosoft, "BiasGelu", Op::kFused},
    {kMicrosoft, "BiasSoftmax", Op::kSoftmax},
    {kMicrosoft, "BiasSplitGelu", Op::kFused},
    {kMicrosoft, "DecoderMaskedMultiHeadAttention", Op::kFused},
    {kMicrosoft, "DecoderMaskedSelfAttention", Op::kFused},
    {kMicrosoft, "DequantizeLinear", Op::kQuantize},
    {kMicrosoft, "DynamicQuantizeMatMul", Op::kWeightMatMul},
    {kMicrosoft, "EmbedLayerNormalization", Op::kFused},
    {kMicrosoft, "FastGelu", Op::kFused},
    {kMicrosoft, "FusedConv", Op::kConv},
    {kMicrosoft, "FusedGemm", Op::kGemm},
    {kMicrosoft, "FusedMatMul", Op::kFusedMatMul},
    {kMicrosoft, "GatedDeltaNet", Op::kFused},
    {kMicrosoft, "Gelu", Op::kFused},
    {kMicrosoft, "GemmaRotaryEmbedding", Op::kFused},
    {kMicrosoft, "GroupNorm", Op::kFused},
    {kMicrosoft, "GroupQueryAttention", Op::kFused},
    {kMicrosoft, "LinearAttention", Op::kFused},
    {kMicrosoft, "LongformerAttention", Op::kFused},
    {kMicrosoft, "MRotaryEmbedding", Op::kFused},
    {kMicrosoft, "MatMulBnb4", Op::kWeightMatMul},
    {kMicrosoft, "MatMulFpQ4", Op::kWeightMatMul},
    {kMicrosoft, "MatMulIntegerToFloat", Op::kMatMul},
    {kMicrosoft, "MatMulNBits", Op::kWeightMatMul},
    {kMicrosoft, "MoE", Op::kMoe},
    {kMicrosoft, "MultiHeadAttention", Op::kFused},
    {kMicrosoft, "NhwcConv", Op::kConv},
    {kMicrosoft, "PackedAttention", Op::kFused},
    {kMicrosoft, "PackedMultiHeadAttention", Op::kFused},
    {kMicrosoft, "PagedAttention", Op::kFused},
    {kMicrosoft, "QAttention", Op::kFused},
    {kMicrosoft, "QGemm", Op::kGemm, 0, 3},
    {kMicrosoft, "QLinearAdd", Op::kAdd, 0, 3},
    {kMicrosoft, "QLinearConcat", Op::kConcat, 2, 3},
    {kMicrosoft, "QLinearConv", Op::kConv, 0, 3},
    {kMicrosoft, "QLinearLeakyRelu", Op::kActivation, 0, 3},
    {kMicrosoft, "QLinearMul", Op::kMul, 0, 3},
    {kMicrosoft, "QLinearReduceMean", Op::kReduceMean, 0, 3},
    {kMicrosoft, "QLinearSigmoid", Op::kSigmoid, 0, 3},
    {kMicrosoft, "QLinearSoftmax", Op::kSoftmax, 0, 3},
    {kMicrosoft, "QMoE", Op::kMoe},
    {kMicrosoft, "QOrderedAttention", Op::kFused},
    {kMicrosoft, "QuantizeLinear", Op::kQuantize},
    {kMicrosoft, "QuickGelu", Op::kFused},
    {kMicrosoft, "RotaryEmbedding", Op::kFused},
    {kMicrosoft, "ShardedMoE", Op::kMoe},
    {kMicrosoft, "SkipGroupNorm", Op::kFused},
    {kMicrosoft, "SkipLayerNormalization", Op::kFused},
    {kMicrosoft, "SkipSimplifiedLayerNormalization", Op::kFused},
    {kMicrosoft, "SparseAttention", Op::kFused},
    {kMicrosoft, "TransposeMatMul", Op::kFusedMatMul},
};

constexpr auto Key(const Row& row) { return std::tie(row.domain, row.type); }
constexpr bool Less(const Row& a, const Row& b) { return Key(a) < Key(b); }
static_assert(std::is_sorted(std::begin(kRows), std::end(kRows), Less));

}  // namespace

Called OpOf(const Operator& called) {
  const Row wanted = {called.domain, called.type, Op::kOther};
  const Row* row = std::lower_bound(std::begin(kRows), std::end(kRows), wanted, Less);
  if (row == std::end(kRows) || Key(*row) != Key(wanted)) return {};
  return {row->op, row->first, row->stride};
}

}  // namespace onnx_macs
