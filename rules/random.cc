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

template <int kOps>
constexpr OpRule RandomRow(absl::string_view op_type, int since_version, InferFn infer,
                           absl::string_view counting, InputMask not_parameters = 0) {
  return {.op_type = op_type,
          .domain = "",
          .since_version = since_version,
          .infer = infer,
          .cost = PerOutputElement<kOps>,
          .counting = counting,
          .not_parameters = not_parameters};
}

constexpr char kDraw[] = "1 per element: a draw";

const OpRule kRules[] = {
    RandomRow<2>("Bernoulli", 15, InferLike, "2 per element: draw, compare"),
    {.op_type = "Multinomial",
     .domain = "",
     .since_version = 7,
     .infer = InferMultinomial,
     .cost = CountMultinomial,
     .counting = "2 per input element (exp, sum), a draw per output element"},
    RandomRow<1>("RandomNormal", 1, InferRandom, kDraw),
    RandomRow<1>("RandomNormalLike", 1, InferLike, kDraw, Input(0)),
    RandomRow<1>("RandomUniform", 1, InferRandom, kDraw),
    RandomRow<1>("RandomUniformLike", 1, InferLike, kDraw, Input(0)),
};

}  // namespace

absl::Span<const OpRule> RandomRules() { return kRules; }

}  // namespace onnx_macs
