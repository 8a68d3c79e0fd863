// Pooling: windows (MaxPool, AveragePool, LpPool) and whole planes (Global*).
#include "analyzer/op_context.h"
#include "rules/rules.h"
#include "rules/spatial.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

absl::Status CheckRank(const Shape& x) {
  if (x.rank() >= 3) return absl::OkStatus();
  return absl::InvalidArgumentError("input has no spatial dims");
}

absl::Status InferPool(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (!x.has_rank()) return absl::OkStatus();
  if (auto status = CheckRank(x); !status.ok()) return status;
  Window window;
  if (auto s = ReadWindow(ctx, x.rank() - 2, {}, &window); !s.ok()) return s;
  DimVector out = {x[0], x[1]};
  if (auto s = AppendSlidingDims(ctx, window, x.dims().subspan(2), &out); !s.ok()) return s;
  ctx.SetOutput(0, ctx.InputType(0), out);
  ctx.SetOutput(1, DataType::kInt64, out);  // MaxPool's indices
  return absl::OkStatus();
}

Cost CountPool(const OpContext& ctx) {
  Count taps = 1;
  for (int64_t kernel : ctx.IntsAttribute("kernel_shape")) taps *= Count(kernel);
  return {.ops = ctx.NumOutputElements(0) * taps};
}

absl::Status InferGlobalPool(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (!x.has_rank()) return absl::OkStatus();
  if (auto status = CheckRank(x); !status.ok()) return status;
  DimVector out(x.rank(), Dim(1));
  out[0] = x[0];
  out[1] = x[1];
  ctx.SetOutput(0, ctx.InputType(0), out);
  return absl::OkStatus();
}

constexpr OpRule PoolRow(absl::string_view op_type) {
  return {.op_type = op_type,
          .domain = "",
          .since_version = 1,
          .infer = InferPool,
          .cost = CountPool,
          .counting = "elements of the kernel per output element"};
}

const OpRule kRules[] = {
    PoolRow("MaxPool"),
    PoolRow("AveragePool"),
    PoolRow("LpPool"),
    WeightedInputRow<"GlobalMaxPool">(1, InferGlobalPool),
    WeightedInputRow<"GlobalAveragePool">(1, InferGlobalPool),
    WeightedInputRow<"GlobalLpPool">(1, InferGlobalPool),
};

}  // namespace

absl::Span<const OpRule> PoolRules() { return kRules; }

}  // namespace onnx_macs
