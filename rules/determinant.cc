// Det: the determinants of a batch of square matrices.
#include "absl/strings/str_cat.h"
#include "analyzer/op_context.h"
#include "rules/rules.h"

namespace onnx_macs {
namespace {

absl::Status InferDet(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (!x.has_rank()) return absl::OkStatus();
  if (x.rank() < 2) return absl::InvalidArgumentError("input is no matrix");
  if (!ctx.MustEqual(x[-2], x[-1])) {
    return absl::InvalidArgumentError(
        absl::StrCat("a matrix is ", ToString(x[-2]), " by ", ToString(x[-1])));
  }
  ctx.SetOutput(0, ctx.InputType(0), x.dims().first(x.rank() - 2));
  return absl::OkStatus();
}

// Elimination takes n^3 / 3 products and as many differences.
Cost CountDet(const OpContext& ctx) {
  const Count n = Count(ctx.InputShape(0)[-1]);
  return {.ops = ctx.NumOutputElements(0) * Divide(Count(2) * n * n * n, 3)};
}

const OpRule kRules[] = {
    {.op_type = "Det",
     .domain = "",
     .since_version = 11,
     .infer = InferDet,
     .cost = CountDet,
     .counting = "floor(2 * n^3 / 3) per matrix: elimination"},
};

}  // namespace

absl::Span<const OpRule> DeterminantRules() { return kRules; }

}  // namespace onnx_macs
