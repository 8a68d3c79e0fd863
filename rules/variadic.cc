// Operators of several broadcast tensors: Sum, Mean, Min, Max, Where, Clip.
#include <algorithm>

#include "analyzer/op_context.h"
#include "rules/broadcast.h"
#include "rules/element_view.h"
#include "rules/fold.h"
#include "rules/rules.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

absl::Status InferMean(OpContext& ctx) {
  DimVector dims;
  bool known;
  return InferBroadcast(ctx, ctx.InputType(0), &dims, &known);
}

template <BinaryFold kFold>
absl::Status InferVariadic(OpContext& ctx) {
  DimVector dims;
  bool known;
  if (auto status = InferBroadcast(ctx, ctx.InputType(0), &dims, &known); !status.ok()) {
    return status;
  }
  if (!known || ctx.num_inputs() == 0 || !FollowsAll(ctx, ctx.num_inputs())) {
    return absl::OkStatus();
  }
  const Folder folder{ctx.pool(), ctx.InputType(0)};
  ElementVector result, next;
  if (!BroadcastElements(ctx, 0, dims, &result)) return absl::OkStatus();
  for (int i = 1; i < ctx.num_inputs(); ++i) {
    if (!BroadcastElements(ctx, i, dims, &next)) return absl::OkStatus();
    for (size_t k = 0; k < result.size(); ++k) result[k] = kFold(folder, result[k], next[k]);
  }
  ctx.SetElements(0, result);
  return absl::OkStatus();
}

// kFree inputs cost nothing: the first one of a sum.
template <int kOps, int kFree>
Cost CountVariadic(const OpContext& ctx) {
  const int counted = std::max(0, ctx.num_inputs() - kFree);
  return {.ops = ctx.NumOutputElements(0) * Count(kOps * counted)};
}

template <OpName kOp, int kFree>
OpRule VariadicRow(InferFn infer) {
  constexpr ElementWeight kWeight = WeightOf(kOp.view());
  return {.op_type = kWeight.op_type,
          .domain = "",
          .since_version = 1,
          .infer = infer,
          .cost = CountVariadic<kWeight.ops, kFree>,
          .counting = kWeight.reason};
}

// The chosen element; where the choice is open, what both sides agree on.
Element Choose(const Element& condition, const Element& x, const Element& y) {
  if (condition.exact.is_integer()) return condition.exact.value() != 0 ? x : y;
  if (condition.is_known() && ProvablyDifferent(condition.exact, 0)) return x;
  return ProvablyEqual(x.exact, y.exact) ? x : Element();
}

absl::Status InferWhere(OpContext& ctx) {
  DimVector dims;
  bool known;
  const DataType type =
      ctx.InputType(1) != DataType::kUndefined ? ctx.InputType(1) : ctx.InputType(2);
  if (auto status = InferBroadcast(ctx, type, &dims, &known); !status.ok()) return status;
  ElementVector condition, x, y;
  if (!known || !Follows(ctx, 0) || !(Follows(ctx, 1) || Follows(ctx, 2)) ||
      !BroadcastElements(ctx, 0, dims, &condition)) {
    return absl::OkStatus();
  }
  // A side that is not followed only leaves holes where it is chosen.
  if (!BroadcastElements(ctx, 1, dims, &x)) x.assign(condition.size(), Element());
  if (!BroadcastElements(ctx, 2, dims, &y)) y.assign(condition.size(), Element());
  for (size_t i = 0; i < condition.size(); ++i) x[i] = Choose(condition[i], x[i], y[i]);
  ctx.SetElements(0, x);
  return absl::OkStatus();
}

// Bounds that are left out do not bound; before opset 11 they are attributes and never meet sizes.
absl::Status InferClip(OpContext& ctx) {
  ctx.SetOutput(0, ctx.InputType(0), ctx.InputShape(0));
  if (!Follows(ctx, 0)) return absl::OkStatus();
  const Folder folder{ctx.pool(), ctx.InputType(0)};
  const absl::Span<const Element> x = ctx.InputElements(0);
  ElementVector result(x.begin(), x.end());
  constexpr BinaryFold kBounds[] = {FoldMax, FoldMin};
  for (int bound = 0; bound < 2; ++bound) {
    if (!ctx.HasInput(bound + 1)) continue;
    const absl::Span<const Element> limit = ctx.InputElements(bound + 1);
    for (Element& element : result) {
      element = limit.size() == 1 ? kBounds[bound](folder, element, limit[0]) : Element();
    }
  }
  if (ctx.FindAttribute("min") == nullptr && ctx.FindAttribute("max") == nullptr) {
    ctx.SetElements(0, result);
  }
  return absl::OkStatus();
}

const OpRule kRules[] = {
    WeightedRow<"Clip">(1, InferClip),
    VariadicRow<"Max", 1>(InferVariadic<FoldMax>),
    VariadicRow<"Mean", 0>(InferMean),
    VariadicRow<"Min", 1>(InferVariadic<FoldMin>),
    VariadicRow<"Sum", 1>(InferVariadic<FoldAdd>),
    WeightedRow<"Where">(9, InferWhere),
};

}  // namespace

absl::Span<const OpRule> VariadicRules() { return kRules; }

}  // namespace onnx_macs
