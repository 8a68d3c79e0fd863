// Random tensors: their shape is written down or that of another tensor.
#include "absl/strings/str_cat.h"
#include "analyzer/op_context.h"
#include "rules/rules.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

DataType ReadType(const OpContext& ctx, DataType otherwise) {
  const int64_t named = ctx.IntAttribute("dtype", 0);
  return named != 0 ? DataTypeFromNumber(named) : otherwise;
}

absl::Status InferRandom(OpContext& ctx) {
  DimVector dims;
  for (int64_t d : ctx.IntsAttribute("shape")) {
    if (d < 0) return absl::InvalidArgumentError(absl::StrCat("shape has an entry of ", d));
    dims.push_back(d);
  }
  if (ctx.FindAttribute("shape") == nullptr) return absl::InvalidArgumentError("shape is missing");
  ctx.SetOutput(0, ReadType(ctx, DataType::kFloat), dims);
  return absl::OkStatus();
}

absl::Status InferLike(OpContext& ctx) {
  ctx.SetOutput(0, ReadType(ctx, ctx.InputType(0)), ctx.InputShape(0));
  return absl::OkStatus();
}

// [batch, classes] gives [batch, sample_size].
absl::Status InferMultinomial(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (x.has_rank() && x.rank() != 2) {
    return absl::InvalidArgumentError(absl::StrCat("input has ", x.rank(), " dims instead of 2"));
  }
  const int64_t samples = ctx.IntAttribute("sample_size", 1);
  if (samples < 0) return absl::InvalidArgumentError(absl::StrCat("sample_size is ", samples));
  ctx.SetOutput(0, ReadType(ctx, DataType::kInt32), {x[0], samples});
  return absl::OkStatus();
}

Cost CountMultinomial(const OpContext& ctx) {
  return {.ops = Count(2) * ctx.NumInputElements(0) + ctx.NumOutputElements(0)};
}

// What is drawn like another tensor weighs what is drawn without one.
template <OpName kOp>
constexpr OpRule DrawLikeRow(absl::string_view op_type) {
  OpRule row = WeightedRow<kOp>(1, InferLike, Input(0));
  row.op_type = op_type;
  return row;
}

const OpRule kRules[] = {
    WeightedRow<"Bernoulli">(15, InferLike),
    {.op_type = "Multinomial",
     .domain = "",
     .since_version = 7,
     .infer = InferMultinomial,
     .cost = CountMultinomial,
     .counting = "2 per input element (exp, sum), a draw per output element"},
    WeightedRow<"RandomNormal">(1, InferRandom),
    DrawLikeRow<"RandomNormal">("RandomNormalLike"),
    WeightedRow<"RandomUniform">(1, InferRandom),
    DrawLikeRow<"RandomUniform">("RandomUniformLike"),
};

}  // namespace

absl::Span<const OpRule> RandomRules() { return kRules; }

}  // namespace onnx_macs
