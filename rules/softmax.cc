// Softmax, LogSoftmax, Hardmax.
#include "analyzer/op_context.h"
#include "rules/axis.h"
#include "rules/rules.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

constexpr int kSingleAxisSince = 13;

// Before opset 13 everything from `axis` on was one long row: other values, the same count.
absl::Status InferSoftmax(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (!x.has_rank()) return absl::OkStatus();
  const bool flattens = ctx.opset() < kSingleAxisSince;
  int axis;
  auto status =
      NormalizeAxis(ctx.IntAttribute("axis", flattens ? 1 : -1), x.rank(), &axis, flattens);
  if (!status.ok()) return status;
  ctx.SetOutput(0, ctx.InputType(0), x);
  return absl::OkStatus();
}

Cost CountSoftmax(const OpContext& ctx) {
  constexpr ElementWeight kWeight = WeightOf("Softmax");
  const Count elements = ctx.NumOutputElements(0);
  return {.macs = elements, .ops = elements * Count(kWeight.ops)};
}

const OpRule kRules[] = {
    {.op_type = "Softmax",
     .domain = "",
     .since_version = 1,
     .infer = InferSoftmax,
     .cost = CountSoftmax,
     .counting = WeightOf("Softmax").reason},
    WeightedRow<"LogSoftmax">(1, InferSoftmax),
    WeightedRow<"Hardmax">(1, InferSoftmax),
};

}  // namespace

absl::Span<const OpRule> SoftmaxRules() { return kRules; }

}  // namespace onnx_macs
