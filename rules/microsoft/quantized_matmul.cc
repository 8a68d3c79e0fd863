// Products of quantised matrices: they count as the product they compute.
#include "absl/strings/str_cat.h"
#include "rules/microsoft/matrix.h"
#include "rules/microsoft/microsoft.h"
#include "rules/microsoft/rows.h"

namespace onnx_macs {
namespace {

DataType TypeOf16(const OpContext& ctx) {
  const bool is_unsigned =
      ctx.InputType(0) == DataType::kUint16 && ctx.InputType(1) == DataType::kUint16;
  return is_unsigned ? DataType::kUint32 : DataType::kInt32;
}

absl::Status InferInteger16(OpContext& ctx) { return InferProduct(ctx, 0, 1, TypeOf16(ctx)); }

// a, b, their scales and zero points, bias.
absl::Status InferIntegerToFloat(OpContext& ctx) {
  constexpr int kAScale = 2;
  return InferProduct(ctx, 0, 1, ctx.InputType(kAScale));
}

absl::Status InferDynamic(OpContext& ctx) { return InferProduct(ctx, 0, 1, ctx.InputType(0)); }

// A, its scale, B, its scale, ...
absl::Status InferOrdered(OpContext& ctx) {
  constexpr int kB = 2;
  return InferProduct(ctx, 0, kB, ctx.InputType(0));
}

// kScaling: operations on every output element besides the product, that bring it to its scale.
template <int kBias, int kScaling>
Cost CountScaled(const OpContext& ctx) {
  const Count out = ctx.NumOutputElements(0);
  return {.macs = out * Count(ctx.InputShape(0)[-1]),
          .ops = out * Count(kScaling + (ctx.HasInput(kBias) ? 1 : 0))};
}

// The input is quantised on the way.
Cost CountDynamic(const OpContext& ctx) {
  Cost cost = CountScaled<4, 1>(ctx);
  cost.ops += ctx.NumInputElements(0) * Count(WeightOf("DynamicQuantizeLinear").ops);
  return cost;
}

// A, scale, zero point, B, scale, zero point, C, and the scale and zero point of an output that is
// quantised again.
absl::Status InferQGemm(OpContext& ctx) {
  constexpr int kB = 3, kOutputZeroPoint = 8;
  const DataType type =
      ctx.HasInput(kOutputZeroPoint) ? ctx.InputType(kOutputZeroPoint) : DataType::kFloat;
  return InferGemmOf(ctx, kB, type);
}

Cost CountQGemm(const OpContext& ctx) {
  constexpr int kC = 6, kOutputScale = 7;
  const int scaling = 1 + (ctx.HasInput(kOutputScale) ? WeightOf("QuantizeLinear").ops : 0);
  const Count out = ctx.NumOutputElements(0);
  return {.macs = out * Count(InnerOfGemm(ctx)),
          .ops = out * Count(scaling + (ctx.HasInput(kC) ? 1 : 0))};
}

constexpr char kProduct[] = "batch * M * K * N";
constexpr char kScaled[] = "batch * M * K * N; scale and bias are one op per output element each";

constexpr int kNoBias = 63;  // no node of these has that many inputs

const OpRule kRules[] = {
    CountedRow("MatMulInteger16", InferInteger16, CountScaled<kNoBias, 0>, kProduct, 0,
               Input(0) | Input(1)),
    CountedRow("MatMulIntegerToFloat", InferIntegerToFloat, CountScaled<6, 1>, kScaled,
               Input(2) | Input(3) | Input(4) | Input(5), Input(0) | Input(1)),
    CountedRow("DynamicQuantizeMatMul", InferDynamic, CountDynamic,
               "batch * M * K * N; scale and bias are one op per output element each; quantising "
               "the input",
               Input(2) | Input(3), Input(0) | Input(1)),
    CountedRow("QOrderedMatMul", InferOrdered, CountScaled<5, 1>, kScaled,
               Input(1) | Input(3) | Input(4) | Input(7), Input(0) | Input(2)),
    CountedRow("QGemm", InferQGemm, CountQGemm,
               "M * K * N; scale, bias and quantising the output per output element",
               Input(1) | Input(2) | Input(4) | Input(5) | Input(7) | Input(8),
               Input(0) | Input(3) | Input(6)),
};

}  // namespace

absl::Span<const OpRule> QuantizedMatMulRules() { return kRules; }

}  // namespace onnx_macs
