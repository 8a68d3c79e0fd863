// Operators of ONNX Runtime's training: losses, and gradients of element-wise operators and
// normalisations. A gradient is counted by its own formula, element by element.
#include "absl/strings/str_cat.h"
#include "rules/microsoft/as_onnx.h"
#include "rules/microsoft/microsoft.h"
#include "rules/microsoft/rows.h"

namespace onnx_macs {
namespace {

// Scores and labels: a loss, for each label or of all, and the scores' logarithmic softmax.
absl::Status InferLoss(OpContext& ctx) {
  const Shape labels = ctx.InputShape(1);
  const bool is_reduced = ctx.StringAttribute("reduction", "mean") != "none";
  const DataType type = ctx.InputType(0);
  if (is_reduced) {
    ctx.SetOutput(0, type, absl::Span<const Dim>());
  } else {
    ctx.SetOutput(0, type, labels);
  }
  ctx.SetOutput(1, type, ctx.InputShape(0));
  return absl::OkStatus();
}

Cost CountLoss(const OpContext& ctx) {
  return {.ops = ctx.NumInputElements(0) * Count(WeightOf("LogSoftmax").ops) +
                 ctx.NumInputElements(1) * Count(2)};
}

// The gradient of the result, then the input, the scale and the statistics.
absl::Status InferLayerNormGrad(OpContext& ctx) {
  constexpr int kX = 1, kScale = 2;
  ctx.SetOutput(0, ctx.InputType(kX), ctx.InputShape(kX));
  ctx.SetOutput(1, ctx.InputType(kScale), ctx.InputShape(kScale));
  ctx.SetOutput(2, ctx.InputType(kScale), ctx.InputShape(kScale));
  return absl::OkStatus();
}

absl::Status InferSliceGrad(OpContext& ctx) {
  DimVector dims;
  if (ctx.InputDims(1, &dims)) {
    ctx.SetOutput(0, ctx.InputType(0), dims);
  } else {
    ctx.SetOutput(0, ctx.InputType(0), Shape());
  }
  return absl::OkStatus();
}

// Also gives the length of every input along the axis.
absl::Status InferConcat(OpContext& ctx) {
  ctx.SetOutput(1, DataType::kInt64, {ctx.num_inputs()});
  return InferAsOnnx(ctx, "Concat");
}

// The axes along which either operand was broadcast: at most as many as the longer has.
absl::Status InferBroadcastAxes(OpContext& ctx) {
  constexpr int64_t kMostAxes = 64;
  for (int i : {0, 1}) {
    ctx.SetOutput(i, DataType::kInt64, {ctx.pool().FreshSymbol("broadcast_axes", {0, kMostAxes})});
  }
  return absl::OkStatus();
}

absl::Status InferAccumulator(OpContext& ctx) {
  ctx.SetOutput(0, DataType::kBool, {1});
  ctx.SetOutput(1, ctx.InputType(0), ctx.InputShape(0));
  return absl::OkStatus();
}

// What comes back from outside has the shape of what went out.
absl::Status InferYield(OpContext& ctx) {
  for (int i = 0; i < ctx.num_outputs(); ++i) {
    ctx.SetOutput(i, ctx.InputType(i), ctx.InputShape(i));
  }
  return absl::OkStatus();
}

constexpr int kMul = WeightOf("Mul").ops, kAdd = WeightOf("Add").ops;
// dx = y * (dy - sum(y * dy))
constexpr int kSoftmaxGrad = 4;
// The function's own elementary parts once more, and the chain rule's products and sum.
constexpr int kGeluGrad = 2 * WeightOf("Gelu").ops;
constexpr int kFastGeluGrad = 2 * WeightOf("GeluTanh").ops;
constexpr int kLayerNormGrad = 2 * WeightOf("LayerNormalization").ops;

const OpRule kRules[] = {
    CountedRow("SoftmaxCrossEntropyLossInternal", InferLoss, CountLoss, "5 per score, 2 per label"),
    PerElementRow<kMul + kAdd>("SoftmaxCrossEntropyLossInternalGrad", InferLike<1>,
                               "2 per element: subtract, scale"),
    PerElementRow<kMul + kAdd>("SoftmaxCrossEntropyLossGrad", InferLike<1>,
                               "2 per element: subtract, scale"),
    PerElementRow<kLayerNormGrad>("LayerNormalizationGrad", InferLayerNormGrad, "10 per element"),
    PerElementRow<kSoftmaxGrad>("SoftmaxGrad", InferLike<0>,
                                "4 per element: product, sum, subtract, product"),
    PerElementRow<kSoftmaxGrad>("SoftmaxGrad_13", InferLike<0>,
                                "4 per element: product, sum, subtract, product"),
    PerElementRow<kGeluGrad>("GeluGrad", InferLike<0>, "10 per element"),
    PerElementRow<kFastGeluGrad + kAdd>("BiasFastGeluGrad_dX", InferLike<0>, "25 per element"),
    WeightedRow<"ReluGrad">(1, InferLike<0>, 0, kMicrosoft),
    PerElementRow<2 * kMul>("DropoutGrad", InferLike<0>, "2 per element: mask, scale", Input(1)),
    FreeRowIn(kMicrosoft, "SliceGrad", InferSliceGrad,
              Input(1) | Input(2) | Input(3) | Input(4) | Input(5)),
    FreeRowIn(kMicrosoft, "ConcatTraining", InferConcat),
    FreeRowIn(kMicrosoft, "BroadcastGradientArgs", InferBroadcastAxes, Input(0) | Input(1)),
    CountedRow("InPlaceAccumulatorV2", InferAccumulator, PerInputElement<kAdd>, "1 per element",
               Input(2)),
    FreeRowIn(kMicrosoft, "YieldOp", InferYield),
    WeightedRow<"Scale">(1, InferLike<0>, Input(1), kMicrosoft),
};

}  // namespace

absl::Span<const OpRule> MicrosoftTrainingRules() { return kRules; }

}  // namespace onnx_macs
