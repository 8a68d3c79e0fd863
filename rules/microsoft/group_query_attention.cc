// Attention whose query heads share key and value heads: GroupQueryAttention, SparseAttention over
// blocks, PagedAttention over a cache in pages. Sharing saves memory, not MACs.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "rules/broadcast.h"
#include "rules/microsoft/attention_work.h"
#include "rules/microsoft/microsoft.h"

namespace onnx_macs {
namespace {

constexpr int kQuery = 0, kKey = 1, kPastKey = 3, kPastValue = 4;
constexpr int kRotationOps = WeightOf("RotaryEmbedding").ops;

struct Heads {
  int64_t q = 1, kv = 1;
  Dim size;
};

// `width` is that of the query, or of Q, K and V packed into it.
absl::StatusOr<Heads> ReadGroups(const OpContext& ctx, Dim width) {
  constexpr int64_t kMaxHeads = 1 << 20;
  const absl::StatusOr<int64_t> q = ReadHeads(ctx, "num_heads"),
                                kv = ReadHeads(ctx, "kv_num_heads");
  if (!q.ok()) return q.status();
  if (!kv.ok()) return kv.status();
  if (*q > kMaxHeads || *q % *kv != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(*q, " query heads cannot share ", *kv, " key-value heads"));
  }
  const absl::StatusOr<Dim> size = DivideEvenly(ctx, width, ctx.HasInput(kKey) ? *q : *q + 2 * *kv);
  if (!size.ok()) return size.status();
  return Heads{*q, *kv, *size};
}

struct Sizes {
  Heads heads;
  Dim batch, queries;
  Dim keys;    // cached and new
  Dim cached;  // the length of the outputs that are the cache
};

// A total that is a number tells how much of the buffer is in use; else the cache is taken to grow
// by the new keys.
void ReadLengths(const OpContext& ctx, int total_length, Dim added, Sizes* sizes) {
  const Dim total = ScalarInput(ctx, total_length);
  const Dim past = ctx.HasInput(kPastKey) ? ctx.InputShape(kPastKey)[2] : Dim(0);
  const bool is_buffer = total.is_integer() && (past.is_integer() || !past.is_known());
  sizes->keys = is_buffer ? total : past + added;
  sizes->cached = is_buffer ? Max(past, total) : sizes->keys;
}

absl::StatusOr<Sizes> ReadSizes(const OpContext& ctx, int total_length) {
  const Shape q = ctx.InputShape(kQuery);
  if (q.has_rank() && q.rank() != 3) {
    return absl::InvalidArgumentError(absl::StrCat("the query has ", q.rank(), " dims"));
  }
  const absl::StatusOr<Heads> heads = ReadGroups(ctx, q[2]);
  if (!heads.ok()) return heads.status();
  Sizes sizes{*heads, q[0], q[1], Dim(), Dim()};
  ReadLengths(ctx, total_length, ctx.HasInput(kKey) ? ctx.InputShape(kKey)[1] : q[1], &sizes);
  return sizes;
}

constexpr int kGroupQueryTotal = 6, kSparseTotal = 7;

DataType CacheType(const OpContext& ctx) {
  return ctx.InputType(ctx.HasInput(kPastKey) ? kPastKey : kQuery);
}

absl::Status InferGroupQuery(OpContext& ctx) {
  constexpr int kScores = 3;
  const absl::StatusOr<Sizes> sizes = ReadSizes(ctx, kGroupQueryTotal);
  if (!sizes.ok()) return sizes.status();
  const auto& s = *sizes;
  const DataType type = ctx.InputType(kQuery);
  ctx.SetOutput(0, type, {s.batch, s.queries, s.heads.size * s.heads.q});
  const bool keeps_window = ctx.IntAttribute("sliding_window_cache", 0) != 0;
  // Four-bit caches hold two values in a byte: their last dim is that of the past.
  const Shape past = ctx.InputShape(kPastKey);
  for (int i : {1, 2}) {
    const Dim size = past.rank() == 4 ? past[3] : s.heads.size;
    const Dim length = keeps_window ? past[2] : s.cached;
    ctx.SetOutput(i, CacheType(ctx), {s.batch, s.heads.kv, length, size});
  }
  ctx.SetOutput(kScores, type, {s.batch, s.heads.q, s.queries, s.keys});
  return absl::OkStatus();
}

// The rotation of the new queries and keys, where the operator does it.
Count RotationOps(const OpContext& ctx, int cos_cache, const Heads& heads, const Count& tokens) {
  if (ctx.IntAttribute("do_rotary", 0) == 0) return 0;
  const Count rotated = Count(2) * Count(ctx.InputShape(cos_cache)[1]);
  return Count(kRotationOps) * tokens * Count(heads.q + heads.kv) * rotated;
}

// The normalisation of every head of the new queries and keys, where the operator does it.
Count HeadNormOps(const OpContext& ctx, int weight, const Heads& heads, const Count& tokens) {
  if (!ctx.HasInput(weight)) return 0;
  const Count elements = tokens * Count(heads.q + heads.kv) * Count(heads.size);
  return Count(WeightOf("RMSNormalization").ops) * elements;
}

// A window bounds what a query meets.
Dim Windowed(const OpContext& ctx, Dim keys) {
  const int64_t window = ctx.IntAttribute("local_window_size", -1);
  return window > 0 ? Min(keys, window) : keys;
}

absl::StatusOr<AttentionWork> ReadGroupQueryWork(const OpContext& ctx) {
  constexpr int kCosCache = 7, kQNormWeight = 14;
  const absl::StatusOr<Sizes> sizes = ReadSizes(ctx, kGroupQueryTotal);
  if (!sizes.ok()) return sizes.status();
  const Heads& heads = sizes->heads;
  const Count tokens = Count(sizes->batch) * Count(sizes->queries);
  AttentionWork work;
  work.pairs = tokens * Count(heads.q) * Count(Windowed(ctx, sizes->keys));
  work.key_size = work.value_size = heads.size;
  work.other_ops =
      RotationOps(ctx, kCosCache, heads, tokens) + HeadNormOps(ctx, kQNormWeight, heads, tokens);
  return work;
}

absl::Status InferSparse(OpContext& ctx) {
  const absl::StatusOr<Sizes> sizes = ReadSizes(ctx, kSparseTotal);
  if (!sizes.ok()) return sizes.status();
  const Heads& heads = sizes->heads;
  ctx.SetOutput(0, ctx.InputType(kQuery), {sizes->batch, sizes->queries, heads.size * heads.q});
  ctx.SetOutput(1, ctx.InputType(kPastKey), ctx.InputShape(kPastKey));
  ctx.SetOutput(2, ctx.InputType(kPastValue), ctx.InputShape(kPastValue));
  return absl::OkStatus();
}

// Queries begin..end of one head meet the blocks its layout lists for their rows of blocks: `rows`
// is where the blocks of each row begin.
Count LayoutPairs(absl::Span<const int64_t> rows, int64_t block, int64_t begin, int64_t end) {
  Count pairs = 0;
  for (int64_t row = begin / block; row * block < end; ++row) {
    if (row + 1 >= static_cast<int64_t>(rows.size())) return Count::Unknown();
    const int64_t queries = std::min(end, (row + 1) * block) - std::max(begin, row * block);
    pairs += Count(queries) * Count(Dim(rows[row + 1]) - Dim(rows[row])) * Count(block);
  }
  return pairs;
}

// Over all heads of one sequence; unknown where the layouts or the lengths are.
Count SparsePairs(const OpContext& ctx, const Sizes& sizes) {
  constexpr int kRows = 5;
  constexpr int64_t kLargestBlock = 1 << 20;
  std::vector<int64_t> rows;
  const int64_t block = ctx.IntAttribute("sparse_block_size", 0);
  const Shape shape = ctx.InputShape(kRows);
  if (block < 1 || block > kLargestBlock || !sizes.keys.is_integer() ||
      !sizes.queries.is_integer() || shape.rank() != 2 || !shape[0].is_integer() ||
      shape[0].value() < 1 || !ctx.InputInts(kRows, &rows)) {
    return Count::Unknown();
  }
  const int64_t layouts = shape[0].value(), length = static_cast<int64_t>(rows.size()) / layouts;
  const int64_t end = sizes.keys.value(), begin = std::max<int64_t>(0, end - sizes.queries.value());
  Count pairs = 0;
  for (int64_t i = 0; i < layouts; ++i) {
    const int64_t heads = sizes.heads.q / layouts + (i < sizes.heads.q % layouts ? 1 : 0);
    const auto layout = absl::MakeConstSpan(rows).subspan(i * length, length);
    pairs += Count(heads) * LayoutPairs(layout, block, begin, end);
  }
  return pairs;
}

absl::StatusOr<AttentionWork> ReadSparseWork(const OpContext& ctx) {
  constexpr int kCosCache = 9;
  const absl::StatusOr<Sizes> sizes = ReadSizes(ctx, kSparseTotal);
  if (!sizes.ok()) return sizes.status();
  const Heads& heads = sizes->heads;
  const Count tokens = Count(sizes->batch) * Count(sizes->queries);
  const Count sparse = SparsePairs(ctx, *sizes);
  AttentionWork work;
  work.pairs = sparse.is_known() ? Count(sizes->batch) * sparse
                                 : tokens * Count(heads.q) * Count(sizes->keys);
  work.key_size = work.value_size = heads.size;
  work.other_ops = RotationOps(ctx, kCosCache, heads, tokens);
  return work;
}

// Queries are [tokens, width]; a latent cache holds the values in its leading channels.
struct Pages {
  Heads heads;
  Dim tokens, value_size;
};

absl::StatusOr<Pages> ReadPages(const OpContext& ctx) {
  const Shape q = ctx.InputShape(kQuery);
  if (q.has_rank() && q.rank() != 2) {
    return absl::InvalidArgumentError(absl::StrCat("the query has ", q.rank(), " dims"));
  }
  const absl::StatusOr<Heads> heads = ReadGroups(ctx, q[1]);
  if (!heads.ok()) return heads.status();
  const int64_t value_size = ctx.IntAttribute("v_head_size", 0);
  return Pages{*heads, q[0], value_size > 0 ? Dim(value_size) : heads->size};
}

absl::Status InferPaged(OpContext& ctx) {
  const absl::StatusOr<Pages> pages = ReadPages(ctx);
  if (!pages.ok()) return pages.status();
  ctx.SetOutput(0, ctx.InputType(kQuery), {pages->tokens, pages->value_size * pages->heads.q});
  ctx.SetOutput(1, ctx.InputType(kPastKey), ctx.InputShape(kPastKey));
  ctx.SetOutput(2, ctx.InputType(kPastValue), ctx.InputShape(kPastValue));
  return absl::OkStatus();
}

// Of one head: every sequence's queries with its keys; where the lengths are not known, every token
// with all keys its pages can hold.
Count PagedPairs(const OpContext& ctx, Dim tokens) {
  constexpr int kCumulated = 5, kPast = 6, kBlockTable = 7;
  std::vector<int64_t> ends, past;
  if (ctx.InputInts(kCumulated, &ends) && ctx.InputInts(kPast, &past) &&
      ends.size() == past.size() + 1) {
    Count pairs = 0;
    for (size_t i = 0; i < past.size(); ++i) {
      const Dim queries = Max(Dim(ends[i + 1]) - Dim(ends[i]), 0);
      pairs += Count(queries) * Count(Windowed(ctx, queries + past[i]));
    }
    return pairs;
  }
  const Dim room = ctx.InputShape(kBlockTable)[1] * ctx.InputShape(kPastKey)[1];
  return Count(tokens) * Count(Windowed(ctx, room));
}

absl::StatusOr<AttentionWork> ReadPagedWork(const OpContext& ctx) {
  constexpr int kCosCache = 8, kQNormWeight = 12;
  const absl::StatusOr<Pages> pages = ReadPages(ctx);
  if (!pages.ok()) return pages.status();
  AttentionWork work;
  work.pairs = Count(pages->heads.q) * PagedPairs(ctx, pages->tokens);
  work.key_size = pages->heads.size;
  work.value_size = pages->value_size;
  work.other_ops = RotationOps(ctx, kCosCache, pages->heads, pages->tokens) +
                   HeadNormOps(ctx, kQNormWeight, pages->heads, pages->tokens);
  return work;
}

const OpRule kRules[] = {
    AttentionRow<ReadGroupQueryWork>(
        "GroupQueryAttention", InferGroupQuery,
        Input(5) | Input(6) | Input(7) | Input(8) | Input(9) | Input(10) | Input(12) | Input(13)),
    AttentionRow<ReadSparseWork>("SparseAttention", InferSparse,
                                 Input(5) | Input(6) | Input(7) | Input(8) | Input(9) | Input(10)),
    AttentionRow<ReadPagedWork>("PagedAttention", InferPaged,
                                Input(5) | Input(6) | Input(7) | Input(8) | Input(9) | Input(10) |
                                    Input(14) | Input(15) | Input(16)),
};

const CostOverride kContractions[] = {
    AttentionOverride<ReadGroupQueryWork>("GroupQueryAttention"),
    AttentionOverride<ReadSparseWork>("SparseAttention"),
    AttentionOverride<ReadPagedWork>("PagedAttention"),
};

}  // namespace

absl::Span<const OpRule> GroupQueryAttentionRules() { return kRules; }
absl::Span<const CostOverride> GroupQueryAttentionContractions() { return kContractions; }

}  // namespace onnx_macs
