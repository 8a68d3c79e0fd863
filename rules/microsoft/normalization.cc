// Normalisations with a residual, a gate or an activation fused in, and quantised ones.
#include "absl/strings/str_cat.h"
#include "rules/microsoft/as_onnx.h"
#include "rules/microsoft/microsoft.h"
#include "rules/microsoft/rows.h"

namespace onnx_macs {
namespace {

constexpr int kAdd = WeightOf("Add").ops, kMul = WeightOf("Mul").ops;
constexpr int kSwish = WeightOf("Swish").ops, kRms = WeightOf("RMSNormalization").ops;
constexpr int kLayer = WeightOf("LayerNormalization").ops;
constexpr int kGroup = WeightOf("GroupNormalization").ops;

// After the result the statistics, one per row, and the sum that was normalised.
absl::Status InferSkipNorm(OpContext& ctx) {
  constexpr int kMean = 1, kDeviation = 2, kSum = 3;
  const Shape x = ctx.InputShape(0);
  if (!x.has_rank()) return absl::OkStatus();
  if (x.rank() == 0) return absl::InvalidArgumentError("input is a scalar");
  if (!ctx.MustEqual(x[-1], ctx.InputShape(2)[0])) {
    return absl::InvalidArgumentError(absl::StrCat(
        "input is ", ToString(x[-1]), " wide, the scale ", ToString(ctx.InputShape(2)[0])));
  }
  DimVector row(x.dims().begin(), x.dims().end());
  row.back() = 1;
  ctx.SetOutput(0, ctx.InputType(0), x);
  ctx.SetOutput(kMean, DataType::kFloat, row);
  ctx.SetOutput(kDeviation, DataType::kFloat, row);
  ctx.SetOutput(kSum, ctx.InputType(0), x);
  return absl::OkStatus();
}

template <int kNorm, int kBias>
Cost CountSkipNorm(const OpContext& ctx) {
  const int per_element = kAdd + kNorm + (ctx.HasInput(kBias) ? kAdd : 0);
  return {.ops = ctx.NumOutputElements(0) * Count(per_element)};
}

absl::Status InferGroupNorm(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  const int64_t groups = ctx.IntAttribute("groups", 0);
  if (groups < 1) return absl::InvalidArgumentError(absl::StrCat("groups is ", groups));
  if (x.has_rank() && x.rank() < 2) return absl::InvalidArgumentError("input has no channels");
  const Dim channels = x[ctx.IntAttribute("channels_last", 1) != 0 ? -1 : 1];
  if (channels.is_integer() && channels.value() % groups != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(channels.value(), " channels are not divisible by ", groups, " groups"));
  }
  ctx.SetOutput(1, ctx.InputType(0), x);  // SkipGroupNorm's sum
  ctx.SetOutput(0, ctx.InputType(0), x);
  return absl::OkStatus();
}

Cost CountGroupNorm(const OpContext& ctx) {
  constexpr int kSkip = 3, kBias = 4;
  const int activation = ctx.IntAttribute("activation", 0) != 0 ? kSwish : 0;
  const int added = (ctx.HasInput(kSkip) ? kAdd : 0) + (ctx.HasInput(kBias) ? kAdd : 0);
  return {.ops = ctx.NumOutputElements(0) * Count(kGroup + activation + added)};
}

absl::Status InferEngramGate(OpContext& ctx) {
  ctx.SetOutput(1, ctx.InputType(0), ctx.InputShape(0));
  return InferLike<0>(ctx);
}

// Key and query, both normalised, make a product per row; its sigmoid scales the value.
Cost CountEngramGate(const OpContext& ctx) {
  const Count elements = ctx.NumOutputElements(0);
  const int normed = ctx.HasOutput(1) ? 3 : 2;
  return {.macs = elements, .ops = elements * Count(normed * kRms + kMul)};
}

const OpRule kRules[] = {
    CountedRow("SkipLayerNormalization", InferSkipNorm, CountSkipNorm<kLayer, 4>,
               "6 per element: skip, LayerNormalization; 1 for the bias"),
    CountedRow("SkipSimplifiedLayerNormalization", InferSkipNorm, CountSkipNorm<kRms, 3>,
               "5 per element: skip, RMSNormalization; 1 for the bias"),
    CountedRow("SimplifiedLayerNormalization", InferAs<"SimplifiedLayerNormalization">,
               PerOutputElement<WeightOf("SimplifiedLayerNormalization").ops>,
               WeightOf("SimplifiedLayerNormalization").reason),
    CountedRow("GroupNorm", InferGroupNorm, CountGroupNorm, "5 per element, 5 for the activation"),
    CountedRow("SkipGroupNorm", InferGroupNorm, CountGroupNorm,
               "5 per element, 5 for the activation, 1 for skip and bias each"),
    PerElementRow<kRms + kSwish + kMul>("GatedRMSNorm", InferLike<0>,
                                        "10 per element: RMSNormalization, Swish, product"),
    PerElementRow<WeightOf("DequantizeLinear").ops + kLayer + WeightOf("QuantizeLinear").ops>(
        "QOrderedLayerNormalization", InferLike<0>,
        "10 per element: dequantise, LayerNormalization, quantise", Input(1) | Input(4)),
    CountedRow("EngramGate", InferEngramGate, CountEngramGate,
               "1 MAC per element; RMSNormalization of key and query, product"),
};

}  // namespace

absl::Span<const OpRule> MicrosoftNormalizationRules() { return kRules; }

}  // namespace onnx_macs
