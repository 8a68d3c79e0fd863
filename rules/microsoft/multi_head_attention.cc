// Attention over Q, K and V that were projected before: MultiHeadAttention, its decoder and its
// packed form, and DecoderAttention, which projects but keeps its sequences first.
#include "absl/strings/str_cat.h"
#include "rules/broadcast.h"
#include "rules/microsoft/attention_work.h"
#include "rules/microsoft/microsoft.h"

namespace onnx_macs {
namespace {

constexpr int kQuery = 0, kKey = 1, kValue = 2;

struct Form {
  int bias, past_key, past_value, past_length;
};
constexpr Form kPlain{3, 6, 7, 8};
constexpr Form kDecoder{10, 5, 6, 7};

struct Sizes {
  int64_t heads = 1;
  Dim batch, queries, added;  // added: new keys
  Dim key_size, value_size;
  bool is_cached = false;  // key and value are the cache of a cross-attention
  Dim keys;                // cached and new
};

absl::Status RankError(absl::string_view operand, const Shape& shape) {
  return absl::InvalidArgumentError(absl::StrCat("the ", operand, " has ", shape.rank(), " dims"));
}

absl::Status SplitHeads(const OpContext& ctx, Dim width, int64_t heads, Dim* size) {
  const absl::StatusOr<Dim> each = DivideEvenly(ctx, width, heads);
  if (!each.ok()) return each.status();
  *size = *each;
  return absl::OkStatus();
}

// [batch, length, heads, 3, size], or [batch, length, 3 * width].
absl::Status ReadPackedQuery(const OpContext& ctx, const Shape& q, Sizes* sizes) {
  sizes->added = q[1];
  if (q.rank() == 5) {
    sizes->key_size = sizes->value_size = q[4];
    return absl::OkStatus();
  }
  if (auto s = SplitHeads(ctx, q[2], 3 * sizes->heads, &sizes->key_size); !s.ok()) return s;
  sizes->value_size = sizes->key_size;
  return absl::OkStatus();
}

absl::Status ReadSeparateKeys(const OpContext& ctx, const Shape& q, const Shape& k, Sizes* sizes) {
  const Shape v = ctx.InputShape(kValue);
  if (auto s = SplitHeads(ctx, q[2], sizes->heads, &sizes->key_size); !s.ok()) return s;
  switch (k.rank()) {
    case 3:
      sizes->added = k[1];
      if (!ctx.MustEqual(q[2], k[2])) {
        return absl::InvalidArgumentError("Q and K have different hidden sizes");
      }
      if (v.has_rank() && !ctx.MustEqual(k[1], v[1])) {
        return absl::InvalidArgumentError("K and V have different lengths");
      }
      return SplitHeads(ctx, v[2], sizes->heads, &sizes->value_size);
    case 4:
      sizes->added = k[2];
      sizes->value_size = v[3];
      sizes->is_cached = true;
      return absl::OkStatus();
    case 5:
      sizes->added = k[1];
      sizes->value_size = k[4];
      return absl::OkStatus();
    default:
      return k.has_rank() ? RankError("key", k) : absl::OkStatus();
  }
}

template <const Form& form>
absl::StatusOr<Sizes> ReadSizes(const OpContext& ctx) {
  Sizes sizes;
  const absl::StatusOr<int64_t> heads = ReadHeads(ctx, "num_heads");
  if (!heads.ok()) return heads.status();
  constexpr int64_t kMaxHeads = 1 << 20;
  if (*heads > kMaxHeads) return absl::InvalidArgumentError(absl::StrCat("num_heads is ", *heads));
  sizes.heads = *heads;
  const Shape q = ctx.InputShape(kQuery);
  if (!q.has_rank()) return sizes;
  if (q.rank() != 3 && q.rank() != 5) return RankError("query", q);
  sizes.batch = q[0];
  sizes.queries = q[1];
  auto status = ctx.HasInput(kKey) ? ReadSeparateKeys(ctx, q, ctx.InputShape(kKey), &sizes)
                                   : ReadPackedQuery(ctx, q, &sizes);
  if (!status.ok()) return status;
  sizes.keys = sizes.added;
  if (!ctx.HasInput(form.past_key) || sizes.is_cached) return sizes;
  const Dim cached = ctx.InputShape(form.past_key)[2];
  sizes.keys = ctx.HasInput(form.past_length)
                   ? KeysInBuffer(ctx, form.past_length, cached, sizes.added)
                   : cached + sizes.added;
  return sizes;
}

template <const Form& form>
absl::Status InferMultiHead(OpContext& ctx) {
  const absl::StatusOr<Sizes> sizes = ReadSizes<form>(ctx);
  if (!sizes.ok()) return sizes.status();
  const auto& s = *sizes;
  const DataType type = ctx.InputType(kQuery);
  ctx.SetOutput(0, type, {s.batch, s.queries, s.value_size * s.heads});
  if (ctx.HasInput(form.past_key) && ctx.HasInput(form.past_length)) {
    ctx.SetOutput(1, ctx.InputType(form.past_key), ctx.InputShape(form.past_key));
    ctx.SetOutput(2, ctx.InputType(form.past_value), ctx.InputShape(form.past_value));
  } else {
    ctx.SetOutput(1, type, {s.batch, s.heads, s.keys, s.key_size});
    ctx.SetOutput(2, type, {s.batch, s.heads, s.keys, s.value_size});
  }
  ctx.SetOutput(3, type, {s.batch, s.heads, s.queries, s.keys});
  return absl::OkStatus();
}

template <const Form& form>
absl::StatusOr<AttentionWork> ReadWork(const OpContext& ctx) {
  const absl::StatusOr<Sizes> sizes = ReadSizes<form>(ctx);
  if (!sizes.ok()) return sizes.status();
  const auto& s = *sizes;
  AttentionWork work;
  work.pairs = Count(s.batch) * Count(s.heads) * Count(s.queries) * Count(s.keys);
  work.key_size = s.key_size;
  work.value_size = s.value_size;
  if (ctx.HasInput(form.bias)) {
    const Dim q = s.queries * s.key_size, kv = s.added * (s.key_size + s.value_size);
    work.other_ops = Count(s.batch) * Count(s.heads) * (Count(q) + Count(s.is_cached ? 0 : kv));
  }
  return work;
}

// [tokens, heads, 3, size], or [tokens, width] thrice.
absl::Status ReadPackedSizes(const OpContext& ctx, Sizes* sizes) {
  const absl::StatusOr<int64_t> heads = ReadHeads(ctx, "num_heads");
  if (!heads.ok()) return heads.status();
  sizes->heads = *heads;
  const Shape q = ctx.InputShape(kQuery);
  sizes->queries = q[0];
  if (q.rank() == 4) {
    sizes->key_size = sizes->value_size = q[3];
    return absl::OkStatus();
  }
  if (q.has_rank() && q.rank() != 2) return RankError("query", q);
  if (auto s = SplitHeads(ctx, q[1], *heads, &sizes->key_size); !s.ok()) return s;
  return SplitHeads(ctx, ctx.InputShape(kValue)[1], *heads, &sizes->value_size);
}

absl::Status InferPackedMultiHead(OpContext& ctx) {
  Sizes sizes;
  if (auto status = ReadPackedSizes(ctx, &sizes); !status.ok()) return status;
  ctx.SetOutput(0, ctx.InputType(kQuery), {sizes.queries, sizes.value_size * sizes.heads});
  return absl::OkStatus();
}

absl::StatusOr<AttentionWork> ReadPackedWork(const OpContext& ctx) {
  constexpr int kBias = 3, kTokenOffset = 4, kCumulated = 5;
  Sizes sizes;
  if (auto status = ReadPackedSizes(ctx, &sizes); !status.ok()) return status;
  AttentionWork work;
  work.key_size = sizes.key_size;
  work.value_size = sizes.value_size;
  const Dim longest = ctx.InputShape(kTokenOffset)[1];
  work.pairs = Count(sizes.heads) * PackedPairs(ctx, kCumulated, sizes.queries, longest);
  if (ctx.HasInput(kBias)) {
    work.other_ops = Count(sizes.queries) * ctx.NumInputElements(kBias);
  }
  return work;
}

// DecoderAttention: query [length, batch, width]. Its three flags say where keys come from: a cross
// attention (static_kv) with a cache (use_past) projects none; a self-attention with one projects
// the query's. Flags that are not known are taken as not set.
struct DecoderSizes {
  int64_t heads = 1;
  Dim batch, length, width, head_size, projected, keys;
};

absl::StatusOr<DecoderSizes> ReadDecoderSizes(const OpContext& ctx) {
  constexpr int kKeyCache = 6, kStaticKv = 8, kUsePast = 9;
  DecoderSizes sizes;
  const absl::StatusOr<int64_t> heads = ReadHeads(ctx, "num_heads");
  if (!heads.ok()) return heads.status();
  const Shape q = ctx.InputShape(kQuery);
  if (q.has_rank() && q.rank() != 3) return RankError("query", q);
  sizes.heads = *heads;
  sizes.length = q[0];
  sizes.batch = q[1];
  sizes.width = q[2];
  if (auto s = SplitHeads(ctx, q[2], *heads, &sizes.head_size); !s.ok()) return s;
  const bool is_cross = IsInteger(ScalarInput(ctx, kStaticKv), 1);
  const bool uses_past = IsInteger(ScalarInput(ctx, kUsePast), 1);
  const Dim cached = ctx.InputShape(kKeyCache)[2];
  sizes.projected = is_cross ? ctx.InputShape(kKey)[0] : sizes.length;
  sizes.keys = sizes.projected;
  if (uses_past && is_cross) {
    sizes.projected = 0;
    sizes.keys = cached;
  } else if (uses_past) {
    sizes.keys = cached + sizes.length;
  }
  return sizes;
}

absl::Status InferDecoderAttention(OpContext& ctx) {
  const absl::StatusOr<DecoderSizes> s = ReadDecoderSizes(ctx);
  if (!s.ok()) return s.status();
  ctx.SetOutput(0, ctx.InputType(kQuery), {s->length, s->batch, s->width});
  for (int cache : {1, 2}) {
    ctx.SetOutput(cache, ctx.InputType(kQuery), {s->batch, s->heads, s->keys, s->head_size});
  }
  return absl::OkStatus();
}

absl::StatusOr<AttentionWork> ReadDecoderWork(const OpContext& ctx) {
  const absl::StatusOr<DecoderSizes> s = ReadDecoderSizes(ctx);
  if (!s.ok()) return s.status();
  // One width of every query, two of every key that is projected.
  const Count widths =
      Count(s->batch) * (Count(s->length) + Count(2) * Count(s->projected)) * Count(s->width);
  AttentionWork work;
  work.projections = widths * Count(s->width);
  work.other_ops = widths;
  work.pairs = Count(s->batch) * Count(s->heads) * Count(s->length) * Count(s->keys);
  work.key_size = work.value_size = s->head_size;
  return work;
}

const OpRule kRules[] = {
    AttentionRow<ReadWork<kPlain>>("MultiHeadAttention", InferMultiHead<kPlain>,
                                   Input(4) | Input(8) | Input(9)),
    AttentionRow<ReadWork<kDecoder>>("DecoderMaskedMultiHeadAttention", InferMultiHead<kDecoder>,
                                     Input(3) | Input(7) | Input(8) | Input(9)),
    AttentionRow<ReadPackedWork>("PackedMultiHeadAttention", InferPackedMultiHead,
                                 Input(4) | Input(5)),
    AttentionRow<ReadDecoderWork>("DecoderAttention", InferDecoderAttention,
                                  Input(5) | Input(8) | Input(9) | Input(10) | Input(11),
                                  Input(2) | Input(3)),
};

const CostOverride kContractions[] = {
    AttentionOverride<ReadWork<kPlain>>("MultiHeadAttention"),
    AttentionOverride<ReadWork<kDecoder>>("DecoderMaskedMultiHeadAttention"),
    AttentionOverride<ReadPackedWork>("PackedMultiHeadAttention"),
    AttentionOverride<ReadDecoderWork>("DecoderAttention"),
};

}  // namespace

absl::Span<const OpRule> MultiHeadAttentionRules() { return kRules; }
absl::Span<const CostOverride> MultiHeadAttentionContractions() { return kContractions; }

}  // namespace onnx_macs
