// Activations, alone and with a bias, a gate or a dropout (as it runs at inference) fused in.
#include "rules/broadcast.h"
#include "rules/microsoft/activations.h"
#include "rules/microsoft/microsoft.h"
#include "rules/microsoft/rows.h"

namespace onnx_macs {
namespace {

constexpr int kAdd = WeightOf("Add").ops, kMul = WeightOf("Mul").ops;
constexpr int kGelu = WeightOf("Gelu").ops, kFastGelu = WeightOf("GeluTanh").ops;
constexpr ElementWeight kSoftmax = WeightOf("Softmax");

Cost CountFastGelu(const OpContext& ctx) {
  return {.ops = ctx.NumOutputElements(0) * Count(kFastGelu + (ctx.HasInput(1) ? kAdd : 0))};
}

// One half gates the other.
absl::Status InferBiasSplitGelu(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (!x.has_rank()) return absl::OkStatus();
  if (x.rank() == 0) return absl::InvalidArgumentError("input is a scalar");
  const absl::StatusOr<Dim> half = DivideEvenly(ctx, x[-1], 2);
  if (!half.ok()) return half.status();
  DimVector dims(x.dims().begin(), x.dims().end());
  dims.back() = *half;
  ctx.SetOutput(0, ctx.InputType(0), dims);
  return absl::OkStatus();
}

Cost CountBiasSoftmax(const OpContext& ctx) {
  const Count elements = ctx.NumOutputElements(0);
  return {.macs = elements, .ops = elements * Count(kSoftmax.ops + kAdd)};
}

Cost CountBiasSoftmaxOps(const OpContext& ctx) {
  constexpr int kOpsPerMac = 2;
  return {.ops = ctx.NumOutputElements(0) * Count(kSoftmax.ops + kOpsPerMac + kAdd)};
}

// The mask has a truth value for every element, or a bit.
absl::Status InferDropout(OpContext& ctx) {
  ctx.SetOutput(1, DataType::kBool, ctx.InputShape(0));
  return InferLike<0>(ctx);
}

absl::Status InferBitmaskDropout(OpContext& ctx) {
  constexpr int kBits = 32;
  const Shape x = ctx.InputShape(0);
  ctx.SetOutput(1, DataType::kUint32, {CeilDiv(x.NumElements(), kBits)});
  return InferLike<0>(ctx);
}

// The bias, and the residual where there is one.
Cost CountBiasDropout(const OpContext& ctx) {
  constexpr int kResidual = 2;
  return {.ops = ctx.NumOutputElements(0) * Count(kAdd + (ctx.HasInput(kResidual) ? kAdd : 0))};
}

constexpr char kDropout[] = "1 per element for the bias, 1 for the residual";
constexpr InputMask kRatioOfBias = Input(3) | Input(4);

const OpRule kRules[] = {
    PerElementRow<kGelu>("Gelu", InferLike<0>, WeightOf("Gelu").reason),
    PerElementRow<kAdd + kGelu>("BiasGelu", InferLike<0>, "6 per element: bias, Gelu"),
    CountedRow("FastGelu", InferLike<0>, CountFastGelu, "12 per element, 1 for the bias"),
    PerElementRow<kMul + WeightOf("Swish").ops>("QuickGelu", InferLike<0>,
                                                "6 per element: x * sigmoid(alpha * x)"),
    PerElementRow<WeightOf("DequantizeLinear").ops + kGelu + WeightOf("QuantizeLinear").ops>(
        "QOrderedGelu", InferLike<0>, "10 per element: dequantise, Gelu, quantise",
        Input(1) | Input(2)),
    PerElementRow<2 * kAdd + kGelu + kMul>("BiasSplitGelu", InferBiasSplitGelu,
                                           "8 per output element: biases, Gelu, product"),
    PerElementRow<2 * kAdd>("BiasAdd", InferLike<0>, "2 per element: bias, skip"),
    PerElementRow<kMul + kAdd>("GatedAdd", InferLike<0>, "2 per element: gate, add"),
    CountedRow("BiasSoftmax", InferLike<0>, CountBiasSoftmax,
               "1 MAC and 4 per element: bias, max, exp, divide"),
    CountedRow("BiasDropout", InferDropout, CountBiasDropout, kDropout, kRatioOfBias),
    FreeRowIn(kMicrosoft, "BitmaskDropout", InferBitmaskDropout, Input(1) | Input(2)),
    CountedRow("BitmaskBiasDropout", InferBitmaskDropout, CountBiasDropout, kDropout, kRatioOfBias),
};

const CostOverride kContractions[] = {
    {.op_type = "BiasSoftmax",
     .domain = kMicrosoft,
     .cost = CountBiasSoftmaxOps,
     .counting = "6 ops per element, no MACs"},
};

}  // namespace

absl::Span<const OpRule> MicrosoftActivationRules() { return kRules; }
absl::Span<const CostOverride> MicrosoftActivationContractions() { return kContractions; }

}  // namespace onnx_macs
