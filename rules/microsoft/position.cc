// What goes around attention: rotary embeddings, relative position biases, and the removal of
// padding.
#include <limits>

#include "absl/strings/str_cat.h"
#include "rules/broadcast.h"
#include "rules/microsoft/microsoft.h"
#include "rules/microsoft/rows.h"

namespace onnx_macs {
namespace {

constexpr int kRotation = WeightOf("RotaryEmbedding").ops;

absl::Status InferRotary(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (x.has_rank() && x.rank() != 3 && x.rank() != 4) {
    return absl::InvalidArgumentError(absl::StrCat("the input has ", x.rank(), " dims"));
  }
  return InferLike<0>(ctx);
}

// All of a head is rotated, or its first rotary_embedding_dim elements. With three dims the heads
// are an attribute, else they are the second.
Cost CountRotary(const OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  const int64_t rotated = ctx.IntAttribute("rotary_embedding_dim", 0);
  const int64_t heads = ctx.IntAttribute("num_heads", 0);
  if (rotated <= 0 || (x.rank() != 4 && heads <= 0)) return PerOutputElement<kRotation>(ctx);
  const Count tokens = Count(x[0]) * Count(x.rank() == 4 ? x[2] : x[1]);
  const Count all_heads = x.rank() == 4 ? Count(x[1]) : Count(heads);
  return {.ops = tokens * all_heads * Count(rotated) * Count(kRotation)};
}

constexpr int kAngles = 0, kQ = 1, kK = 3;

absl::Status InferGemmaRotary(OpContext& ctx) {
  ctx.SetOutput(0, ctx.InputType(kQ), ctx.InputShape(kQ));
  ctx.SetOutput(1, ctx.InputType(kK), ctx.InputShape(kK));
  return absl::OkStatus();
}

Cost CountGemmaRotary(const OpContext& ctx) {
  constexpr int kWaves = WeightOf("Sin").ops + WeightOf("Cos").ops;
  const Count rotated = ctx.NumInputElements(kQ) + ctx.NumInputElements(kK);
  return {.ops = ctx.NumInputElements(kAngles) * Count(kWaves) + rotated * Count(kRotation)};
}

// [1, heads, queries, keys] from a table [buckets, heads].
absl::Status InferRelativeBias(OpContext& ctx) {
  ctx.SetOutput(0, ctx.InputType(0),
                {1, ctx.InputShape(0)[1], ScalarInput(ctx, 1), ScalarInput(ctx, 2)});
  return absl::OkStatus();
}

// The bucket of every distance: difference, absolute value, comparison, logarithm and what scales
// it; then a lookup for every head.
Cost CountRelativeBias(const OpContext& ctx) {
  constexpr int kBucket = 10;
  const Shape y = ctx.OutputShape(0);
  return {.ops = Count(y[2]) * Count(y[3]) * Count(kBucket) +
                 ctx.NumOutputElements(0) * Count(WeightOf("Gather").ops)};
}

constexpr int kWeight = 3, kTokenOffset = 6;

// [batch, heads, length, length]; packed queries say batch and length by their offsets.
absl::Status InferGatedBias(OpContext& ctx) {
  const int64_t heads = ctx.IntAttribute("num_heads", 0);
  if (heads < 1) return absl::InvalidArgumentError(absl::StrCat("num_heads is ", heads));
  const Shape sizes = ctx.InputShape(ctx.HasInput(kTokenOffset) ? kTokenOffset : 0);
  ctx.SetOutput(0, ctx.InputType(0), {sizes[0], heads, sizes[1], sizes[1]});
  return absl::OkStatus();
}

// Every head of every query meets the weight [head size, D]; two gates of its sums scale the bias.
Cost CountGatedBias(const OpContext& ctx) {
  constexpr int kGates = 2 * WeightOf("Sigmoid").ops + 4;
  const Shape y = ctx.OutputShape(0);
  const Count rows = Count(y[0]) * Count(y[1]) * Count(y[2]);
  return {.macs = rows * ctx.NumInputElements(kWeight),
          .ops = ctx.NumInputElements(0) + rows * Count(ctx.InputShape(kWeight)[1]) +
                 rows * Count(kGates) + ctx.NumOutputElements(0)};
}

// How many tokens are left only the values tell: at most all.
absl::Status InferRemovePadding(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (x.has_rank() && x.rank() != 3) {
    return absl::InvalidArgumentError(absl::StrCat("the input has ", x.rank(), " dims"));
  }
  const Dim all = x[0] * x[1];
  Interval interval{0, std::numeric_limits<int64_t>::max()};
  if (all.is_integer() && all.value() >= 0) interval.high = all.value();
  const Dim kept = ctx.pool().FreshSymbol("kept_tokens", interval);
  ctx.SetOutput(0, ctx.InputType(0), {kept, x[2]});
  ctx.SetOutput(1, DataType::kInt32, {x[0], x[1]});
  ctx.SetOutput(2, DataType::kInt32, {x[0] + 1});
  ctx.SetOutput(3, DataType::kInt32, {1});
  return absl::OkStatus();
}

absl::Status InferRestorePadding(OpContext& ctx) {
  const Shape offsets = ctx.InputShape(1);
  ctx.SetOutput(0, ctx.InputType(0), {offsets[0], offsets[1], ctx.InputShape(0)[1]});
  return absl::OkStatus();
}

constexpr absl::string_view kRotary = WeightOf("RotaryEmbedding").reason;

const OpRule kRules[] = {
    CountedRow("RotaryEmbedding", InferRotary, CountRotary, kRotary,
               Input(1) | Input(2) | Input(3)),
    CountedRow("MRotaryEmbedding", InferRotary, CountRotary, kRotary,
               Input(1) | Input(2) | Input(3)),
    CountedRow("GemmaRotaryEmbedding", InferGemmaRotary, CountGemmaRotary,
               "3 per element that is rotated; sine and cosine of every angle"),
    CountedRow("RelativePositionBias", InferRelativeBias, CountRelativeBias,
               "10 per pair of positions for its bucket, 1 per output element",
               Input(1) | Input(2)),
    CountedRow("GatedRelativePositionBias", InferGatedBias, CountGatedBias,
               "batch * heads * length * elements of the weight; biases, gates, their product",
               Input(kTokenOffset)),
    FreeRowIn(kMicrosoft, "RemovePadding", InferRemovePadding, Input(1)),
    FreeRowIn(kMicrosoft, "RestorePadding", InferRestorePadding, Input(1)),
};

}  // namespace

absl::Span<const OpRule> PositionRules() { return kRules; }

}  // namespace onnx_macs
