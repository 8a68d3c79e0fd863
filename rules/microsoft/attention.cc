// Self-attention that projects Q, K and V itself: Attention, QAttention, DecoderMaskedSelfAttention
// and PackedAttention with one weight for the three, QOrderedAttention with three.
#include "absl/strings/str_cat.h"
#include "rules/broadcast.h"
#include "rules/microsoft/attention_work.h"
#include "rules/microsoft/microsoft.h"

namespace onnx_macs {
namespace {

constexpr int kInput = 0, kWeights = 1, kBias = 2;
constexpr int kNone = -1;

// Which inputs are what; the quantised form puts scales in between.
struct Form {
  int past, past_length, type_donor;
};
constexpr Form kPlain{4, 6, kInput};
constexpr Form kQuantised{8, kNone, 3};

struct Sizes {
  Dim batch, length, input;
  Dim q, k, v;  // widths of the projections
  Dim key_size, value_size;
  int64_t heads = 1;
  Dim keys;  // cached and new
};

absl::Status ReadWidths(const OpContext& ctx, Dim all, Sizes* sizes) {
  const absl::Span<const int64_t> given = ctx.IntsAttribute("qkv_hidden_sizes");
  if (given.size() == 3) {
    sizes->q = given[0];
    sizes->k = given[1];
    sizes->v = given[2];
  } else {
    const absl::StatusOr<Dim> each = DivideEvenly(ctx, all, 3);
    if (!each.ok()) return each.status();
    sizes->q = sizes->k = sizes->v = *each;
  }
  const absl::StatusOr<Dim> key_size = DivideEvenly(ctx, sizes->k, sizes->heads);
  if (!key_size.ok()) return key_size.status();
  const absl::StatusOr<Dim> value_size = DivideEvenly(ctx, sizes->v, sizes->heads);
  if (!value_size.ok()) return value_size.status();
  sizes->key_size = *key_size;
  sizes->value_size = *value_size;
  return absl::OkStatus();
}

// The input is [batch, length, width], or [tokens, width] where it is packed.
absl::StatusOr<Sizes> ReadProjected(const OpContext& ctx, int rank) {
  Sizes sizes;
  const absl::StatusOr<int64_t> heads = ReadHeads(ctx, "num_heads");
  if (!heads.ok()) return heads.status();
  sizes.heads = *heads;
  const Shape x = ctx.InputShape(kInput), w = ctx.InputShape(kWeights);
  if (x.has_rank() && x.rank() != rank) {
    return absl::InvalidArgumentError(absl::StrCat("the input has ", x.rank(), " dims"));
  }
  if (w.has_rank() && w.rank() != 2) {
    return absl::InvalidArgumentError(absl::StrCat("the weights have ", w.rank(), " dims"));
  }
  if (!ctx.MustEqual(x[-1], w[0])) {
    return absl::InvalidArgumentError(
        absl::StrCat("the input is ", ToString(x[-1]), " wide, the weights take ", ToString(w[0])));
  }
  sizes.batch = rank == 3 ? x[0] : Dim(1);
  sizes.length = x[-2];
  sizes.input = x[-1];
  const Dim all = w[1].is_known() ? w[1] : ctx.InputShape(kBias)[0];
  if (auto status = ReadWidths(ctx, all, &sizes); !status.ok()) return status;
  return sizes;
}

bool SharesBuffer(const OpContext& ctx) {
  return ctx.IntAttribute("past_present_share_buffer", 0) != 0;
}

template <const Form& form>
absl::StatusOr<Sizes> ReadSizes(const OpContext& ctx) {
  absl::StatusOr<Sizes> sizes = ReadProjected(ctx, 3);
  if (!sizes.ok()) return sizes;
  sizes->keys = sizes->length;
  if (!ctx.HasInput(form.past)) return sizes;
  const Dim cached = ctx.InputShape(form.past)[3];
  sizes->keys = SharesBuffer(ctx) ? KeysInBuffer(ctx, form.past_length, cached, sizes->length)
                                  : cached + sizes->length;
  return sizes;
}

template <const Form& form>
absl::Status InferAttention(OpContext& ctx) {
  const absl::StatusOr<Sizes> sizes = ReadSizes<form>(ctx);
  if (!sizes.ok()) return sizes.status();
  const DataType type = ctx.InputType(form.type_donor);
  ctx.SetOutput(0, type, {sizes->batch, sizes->length, sizes->v});
  if (SharesBuffer(ctx) && ctx.HasInput(form.past)) {
    ctx.SetOutput(1, type, ctx.InputShape(form.past));
  } else {
    ctx.SetOutput(1, type, {2, sizes->batch, sizes->heads, sizes->keys, sizes->key_size});
  }
  return absl::OkStatus();
}

// Everything but the pairs.
AttentionWork WorkOf(const OpContext& ctx, const Sizes& sizes) {
  constexpr int kRotationOps = WeightOf("RotaryEmbedding").ops;
  const Count tokens = Count(sizes.batch) * Count(sizes.length);
  const Count widths = Count(sizes.q) + Count(sizes.k) + Count(sizes.v);
  AttentionWork work;
  work.projections = tokens * Count(sizes.input) * widths;
  work.key_size = sizes.key_size;
  work.value_size = sizes.value_size;
  if (ctx.HasInput(kBias)) work.other_ops += tokens * widths;
  if (ctx.IntAttribute("do_rotary", 0) != 0) {
    work.other_ops += Count(kRotationOps) * tokens * (Count(sizes.q) + Count(sizes.k));
  }
  return work;
}

template <const Form& form>
absl::StatusOr<AttentionWork> ReadWork(const OpContext& ctx) {
  const absl::StatusOr<Sizes> sizes = ReadSizes<form>(ctx);
  if (!sizes.ok()) return sizes.status();
  AttentionWork work = WorkOf(ctx, *sizes);
  work.pairs =
      Count(sizes->batch) * Count(sizes->heads) * Count(sizes->length) * Count(sizes->keys);
  return work;
}

absl::Status InferPackedAttention(OpContext& ctx) {
  const absl::StatusOr<Sizes> sizes = ReadProjected(ctx, 2);
  if (!sizes.ok()) return sizes.status();
  ctx.SetOutput(0, ctx.InputType(kInput), {sizes->length, sizes->v});
  return absl::OkStatus();
}

absl::StatusOr<AttentionWork> ReadPackedWork(const OpContext& ctx) {
  constexpr int kTokenOffset = 3, kCumulated = 4;
  const absl::StatusOr<Sizes> sizes = ReadProjected(ctx, 2);
  if (!sizes.ok()) return sizes.status();
  AttentionWork work = WorkOf(ctx, *sizes);
  const Dim longest = ctx.InputShape(kTokenOffset)[1];
  work.pairs = Count(sizes->heads) * PackedPairs(ctx, kCumulated, sizes->length, longest);
  return work;
}

constexpr int kQWeight = 5, kKWeight = 6, kVWeight = 7, kQBias = 11;

absl::Status InferOrderedAttention(OpContext& ctx) {
  const Shape x = ctx.InputShape(kInput);
  if (!x.has_rank()) return absl::OkStatus();
  if (x.rank() != 3) {
    return absl::InvalidArgumentError(absl::StrCat("the input has ", x.rank(), " dims"));
  }
  ctx.SetOutput(0, ctx.InputType(kInput), {x[0], x[1], ctx.InputShape(kVWeight)[1]});
  return absl::OkStatus();
}

absl::StatusOr<AttentionWork> ReadOrderedWork(const OpContext& ctx) {
  const Shape x = ctx.InputShape(kInput);
  const absl::StatusOr<int64_t> heads = ReadHeads(ctx, "num_heads");
  if (!heads.ok()) return heads.status();
  const absl::StatusOr<Dim> key_size = DivideEvenly(ctx, ctx.InputShape(kKWeight)[1], *heads);
  if (!key_size.ok()) return key_size.status();
  const absl::StatusOr<Dim> value_size = DivideEvenly(ctx, ctx.InputShape(kVWeight)[1], *heads);
  if (!value_size.ok()) return value_size.status();
  const Count tokens = Count(x[0]) * Count(x[1]);
  AttentionWork work;
  for (int weight : {kQWeight, kKWeight, kVWeight}) {
    work.projections += tokens * ctx.NumInputElements(weight);
    const bool has_bias = ctx.HasInput(weight - kQWeight + kQBias);
    if (has_bias) work.other_ops += tokens * Count(ctx.InputShape(weight)[1]);
  }
  work.pairs = tokens * Count(*heads) * Count(x[1]);
  work.key_size = *key_size;
  work.value_size = *value_size;
  return work;
}

constexpr InputMask kOrderedScales = Input(1) | Input(2) | Input(3) | Input(4) | Input(8) |
                                     Input(9) | Input(10) | Input(14) | Input(15) | Input(16) |
                                     Input(17) | Input(18) | Input(19);

const OpRule kRules[] = {
    AttentionRow<ReadWork<kPlain>>("Attention", InferAttention<kPlain>, Input(3) | Input(6),
                                   Input(1)),
    AttentionRow<ReadWork<kPlain>>("DecoderMaskedSelfAttention", InferAttention<kPlain>,
                                   Input(3) | Input(6) | Input(7) | Input(8), Input(1)),
    AttentionRow<ReadWork<kQuantised>>("QAttention", InferAttention<kQuantised>,
                                       Input(3) | Input(4) | Input(5) | Input(6) | Input(7),
                                       Input(1)),
    AttentionRow<ReadPackedWork>("PackedAttention", InferPackedAttention, Input(3) | Input(4),
                                 Input(1)),
    AttentionRow<ReadOrderedWork>("QOrderedAttention", InferOrderedAttention, kOrderedScales,
                                  Input(kQWeight) | Input(kKWeight) | Input(kVWeight)),
};

const CostOverride kContractions[] = {
    AttentionOverride<ReadWork<kPlain>>("Attention"),
    AttentionOverride<ReadWork<kPlain>>("DecoderMaskedSelfAttention"),
    AttentionOverride<ReadWork<kQuantised>>("QAttention"),
    AttentionOverride<ReadPackedWork>("PackedAttention"),
    AttentionOverride<ReadOrderedWork>("QOrderedAttention"),
};

}  // namespace

absl::Span<const OpRule> MicrosoftAttentionRules() { return kRules; }
absl::Span<const CostOverride> MicrosoftAttentionContractions() { return kContractions; }

}  // namespace onnx_macs
