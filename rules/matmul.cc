// MatMul, Gemm: the dense contractions, and MatMul's quantised forms.
#include "absl/strings/str_cat.h"
#include "analyzer/op_context.h"
#include "rules/broadcast.h"
#include "rules/rules.h"

namespace onnx_macs {
namespace {

// numpy.matmul: a 1-D operand gains an axis that the result drops again.
absl::Status InferMatMulOf(OpContext& ctx, int second, DataType type) {
  const Shape a = ctx.InputShape(0), b = ctx.InputShape(second);
  if (!a.has_rank() || !b.has_rank()) {
    ctx.SetOutput(0, type, Shape());
    return absl::OkStatus();
  }
  if (a.rank() == 0 || b.rank() == 0) return absl::InvalidArgumentError("an operand is a scalar");
  const Dim k_of_b = b.rank() == 1 ? b[0] : b[-2];
  if (!ctx.MustEqual(a[-1], k_of_b)) {
    return absl::InvalidArgumentError(
        absl::StrCat("inner sizes differ: ", ToString(a[-1]), " and ", ToString(k_of_b)));
  }
  const auto batch_dims = [](const Shape& shape) {
    return shape.dims().first(shape.rank() < 2 ? 0 : shape.rank() - 2);
  };
  DimVector out;
  if (auto status = BroadcastDims(ctx, batch_dims(a), batch_dims(b), &out); !status.ok()) {
    return status;
  }
  if (a.rank() > 1) out.push_back(a[-2]);
  if (b.rank() > 1) out.push_back(b[-1]);
  ctx.SetOutput(0, type, out);
  return absl::OkStatus();
}

absl::Status InferMatMul(OpContext& ctx) { return InferMatMulOf(ctx, 1, ctx.InputType(0)); }
absl::Status InferMatMulInteger(OpContext& ctx) { return InferMatMulOf(ctx, 1, DataType::kInt32); }

// Inputs: a, its scale and zero point; b, its; then those of the output.
absl::Status InferQLinearMatMul(OpContext& ctx) {
  constexpr int kSecond = 3, kOutputZeroPoint = 7;
  return InferMatMulOf(ctx, kSecond, ctx.InputType(kOutputZeroPoint));
}

// Every output element is a dot product of length K.
Cost CountMatMul(const OpContext& ctx) {
  return {.macs = ctx.NumOutputElements(0) * Count(ctx.InputShape(0)[-1])};
}

absl::Status InferGemm(OpContext& ctx) {
  const Shape a = ctx.InputShape(0), b = ctx.InputShape(1);
  const bool trans_a = ctx.IntAttribute("transA", 0) != 0;
  const bool trans_b = ctx.IntAttribute("transB", 0) != 0;
  if (!a.has_rank() || !b.has_rank()) {
    ctx.SetOutput(0, ctx.InputType(0), Shape());
    return absl::OkStatus();
  }
  if (a.rank() != 2 || b.rank() != 2) return absl::InvalidArgumentError("operands must be 2-D");
  if (!ctx.MustEqual(a[trans_a ? 0 : 1], b[trans_b ? 1 : 0])) {
    return absl::InvalidArgumentError("inner sizes differ");
  }
  ctx.SetOutput(0, ctx.InputType(0), {a[trans_a ? 1 : 0], b[trans_b ? 0 : 1]});
  return absl::OkStatus();
}

Cost CountGemm(const OpContext& ctx) {
  const Dim k = ctx.InputShape(0)[ctx.IntAttribute("transA", 0) != 0 ? 0 : 1];
  const Count out = ctx.NumOutputElements(0);
  return {.macs = out * Count(k), .ops = ctx.HasInput(2) ? out : Count(0)};
}

constexpr char kMatMul[] = "batch * M * K * N";
constexpr char kGemm[] = "M * K * N; the bias is one op per output element";

const OpRule kRules[] = {
    {.op_type = "MatMul",
     .domain = "",
     .since_version = 1,
     .infer = InferMatMul,
     .cost = CountMatMul,
     .counting = kMatMul,
     .contraction_operands = Input(0) | Input(1)},
    {.op_type = "Gemm",
     .domain = "",
     .since_version = 1,
     .infer = InferGemm,
     .cost = CountGemm,
     .counting = kGemm,
     .contraction_operands = Input(0) | Input(1)},
    {.op_type = "MatMulInteger",
     .domain = "",
     .since_version = 10,
     .infer = InferMatMulInteger,
     .cost = CountMatMul,
     .counting = kMatMul,
     .not_parameters = Input(2) | Input(3),
     .contraction_operands = Input(0) | Input(1)},
    {.op_type = "QLinearMatMul",
     .domain = "",
     .since_version = 10,
     .infer = InferQLinearMatMul,
     .cost = CountMatMul,
     .counting = kMatMul,
     .not_parameters = Input(1) | Input(2) | Input(4) | Input(5) | Input(6) | Input(7),
     .contraction_operands = Input(0) | Input(3)},
};

}  // namespace

absl::Span<const OpRule> MatMulRules() { return kRules; }

}  // namespace onnx_macs
