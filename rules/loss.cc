// Losses: NegativeLogLikelihoodLoss and SoftmaxCrossEntropyLoss over [batch, classes, ...] scores.
#include "absl/strings/str_cat.h"
#include "analyzer/op_context.h"
#include "rules/rules.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

enum InputIndex { kScores, kLabels, kWeights };

bool Reduces(const OpContext& ctx) { return ctx.StringAttribute("reduction", "mean") != "none"; }

// Labels have the dims of the scores without the classes.
absl::Status LabelDims(const OpContext& ctx, DimVector* dims) {
  const Shape scores = ctx.InputShape(kScores), labels = ctx.InputShape(kLabels);
  if (scores.rank() < 2) return absl::InvalidArgumentError("the scores have no classes");
  if (labels.has_rank() && labels.rank() != scores.rank() - 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("scores have ", scores.rank(), " dims, labels ", labels.rank()));
  }
  for (int i = 0; i < scores.rank(); ++i) {
    if (i == 1) continue;
    const Dim label = labels[i == 0 ? 0 : i - 1];
    if (!ctx.MustEqual(scores[i], label)) {
      return absl::InvalidArgumentError(absl::StrCat("axis ", i, " of the scores has size ",
                                                     ToString(scores[i]), ", of the labels ",
                                                     ToString(label)));
    }
    dims->push_back(scores[i].is_known() ? scores[i] : label);
  }
  return absl::OkStatus();
}

absl::Status InferLoss(OpContext& ctx) {
  const Shape scores = ctx.InputShape(kScores);
  ctx.SetOutput(1, ctx.InputType(kScores), scores);  // the logarithms of the probabilities
  DimVector dims;
  if (scores.has_rank()) {
    if (auto status = LabelDims(ctx, &dims); !status.ok()) return status;
  }
  if (Reduces(ctx)) {
    ctx.SetOutput(0, ctx.InputType(kScores), absl::Span<const Dim>());
  } else if (scores.has_rank()) {
    ctx.SetOutput(0, ctx.InputType(kScores), dims);
  } else {
    ctx.SetOutput(0, ctx.InputType(kScores), ctx.InputShape(kLabels));
  }
  return absl::OkStatus();
}

// A sign for each label, its weight, and its share in the sum.
Cost CountLikelihood(const OpContext& ctx) {
  const int ops = 1 + (ctx.HasInput(kWeights) ? 1 : 0) + (Reduces(ctx) ? 1 : 0);
  return {.ops = ctx.NumInputElements(kLabels) * Count(ops)};
}

Cost CountCrossEntropy(const OpContext& ctx) {
  constexpr ElementWeight kLogSoftmax = WeightOf("LogSoftmax");
  Cost cost = CountLikelihood(ctx);
  cost.ops += ctx.NumInputElements(kScores) * Count(kLogSoftmax.ops);
  return cost;
}

const OpRule kRules[] = {
    {.op_type = "NegativeLogLikelihoodLoss",
     .domain = "",
     .since_version = 12,
     .infer = InferLoss,
     .cost = CountLikelihood,
     .counting = "1 per label, 1 more if it is weighted, 1 if there is a sum",
     .not_parameters = Input(kLabels)},
    {.op_type = "SoftmaxCrossEntropyLoss",
     .domain = "",
     .since_version = 12,
     .infer = InferLoss,
     .cost = CountCrossEntropy,
     .counting = "as LogSoftmax of the scores and NegativeLogLikelihoodLoss",
     .not_parameters = Input(kLabels)},
};

}  // namespace

absl::Span<const OpRule> LossRules() { return kRules; }

}  // namespace onnx_macs
