// Blocks that are one operator: a table of what each of them is and how its sizes are read.
#include <utility>

#include "analyzer/blocks/recognizers.h"

namespace onnx_macs {
namespace {

using SizesFn = AttentionSizes (*)(const OpContext& ctx);

// Keys that were there before: `past`, an input, has them at `axis`.
Dim WithPast(const OpContext& ctx, Dim keys, int past, int axis) {
  return ctx.HasInput(past) ? keys + ctx.InputShape(past)[axis] : keys;
}

Dim Heads(const OpContext& ctx, absl::string_view attribute) {
  const int64_t heads = ctx.IntAttribute(attribute, 0);
  return heads > 0 ? Dim(heads) : Dim();
}

// [batch, heads, length, size] or [batch, length, heads * size].
AttentionSizes OnnxAttention(const OpContext& ctx) {
  constexpr int kPastKey = 4;
  const Shape q = ctx.InputShape(0), k = ctx.InputShape(1);
  AttentionSizes sizes;
  sizes.heads = q.rank() == 4 ? q[1] : Heads(ctx, "q_num_heads");
  sizes.head_size = q.rank() == 4 ? q[3] : ExactDiv(q[-1], sizes.heads);
  sizes.q_len = q[-2];
  sizes.k_len = WithPast(ctx, k[-2], kPastKey, 2);
  return sizes;
}

// The input and the weights of all three projections; the cache is [2, batch, heads, length, size].
template <int kPast>
AttentionSizes ProjectedAttention(const OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  const absl::Span<const int64_t> widths = ctx.IntsAttribute("qkv_hidden_sizes");
  const Dim width = widths.empty() ? ExactDiv(ctx.InputShape(1)[-1], 3) : Dim(widths[0]);
  AttentionSizes sizes;
  sizes.heads = Heads(ctx, "num_heads");
  sizes.head_size = ExactDiv(width, sizes.heads);
  if (x.rank() != 3) return sizes;
  sizes.q_len = x[1];
  sizes.k_len = WithPast(ctx, x[1], kPast, 3);
  return sizes;
}

// Queries [batch, length, heads * size] or packed with keys and values; keys in as many layouts.
template <int kPast>
AttentionSizes MultiHeadAttention(const OpContext& ctx) {
  const Shape q = ctx.InputShape(0), k = ctx.InputShape(1);
  const bool is_packed = !ctx.HasInput(1);
  AttentionSizes sizes;
  sizes.heads = Heads(ctx, "num_heads");
  sizes.head_size =
      q.rank() == 5 ? q[-1] : ExactDiv(q[-1], is_packed ? sizes.heads * 3 : sizes.heads);
  sizes.q_len = q[1];
  const bool is_cross = k.rank() == 4;
  const Dim keys = is_packed ? q[1] : is_cross ? k[2] : k[1];
  sizes.k_len = is_cross ? keys : WithPast(ctx, keys, kPast, 2);
  return sizes;
}

// Fewer heads of keys than of queries; the cache that comes out holds all keys.
AttentionSizes GroupQueryAttention(const OpContext& ctx) {
  const Shape q = ctx.InputShape(0);
  AttentionSizes sizes;
  sizes.heads = Heads(ctx, "num_heads");
  const Dim packed = sizes.heads + Heads(ctx, "kv_num_heads") * 2;
  sizes.head_size = ExactDiv(q[-1], ctx.HasInput(1) ? sizes.heads : packed);
  sizes.q_len = q[1];
  const Dim keys = ctx.HasInput(1) ? ctx.InputShape(1)[1] : q[1];
  sizes.k_len = ctx.HasOutput(1) ? ctx.OutputShape(1)[2] : keys;
  return sizes;
}

// Tokens of all sequences in a row: no length is that of one of them.
AttentionSizes PackedAttention(const OpContext& ctx) {
  AttentionSizes sizes;
  sizes.heads = Heads(ctx, "num_heads");
  return sizes;
}

// Every query meets the keys of its window.
AttentionSizes LongformerAttention(const OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  AttentionSizes sizes;
  sizes.heads = Heads(ctx, "num_heads");
  sizes.head_size = ExactDiv(x[-1], sizes.heads);
  sizes.q_len = x[1];
  return sizes;
}

AttentionSizes LinearAttention(const OpContext& ctx) {
  const Shape q = ctx.InputShape(0);
  AttentionSizes sizes;
  sizes.heads = Heads(ctx, "q_num_heads");
  sizes.head_size = ExactDiv(q[-1], sizes.heads);
  if (q.rank() == 3) sizes.q_len = sizes.k_len = q[1];
  return sizes;
}

struct Row {
  absl::string_view type;
  BlockKind kind;
  SizesFn sizes = nullptr;
  absl::string_view domain = "com.microsoft";
};

// An empty domain here means any: these are the same block wherever they come from.
constexpr absl::string_view kAny = "";

constexpr Row kRows[] = {
    {"Attention", BlockKind::kAttention, ProjectedAttention<4>},
    {"QAttention", BlockKind::kAttention, ProjectedAttention<8>},
    {"DecoderMaskedSelfAttention", BlockKind::kAttention, ProjectedAttention<4>},
    {"MultiHeadAttention", BlockKind::kAttention, MultiHeadAttention<6>},
    {"DecoderMaskedMultiHeadAttention", BlockKind::kAttention, MultiHeadAttention<5>},
    {"GroupQueryAttention", BlockKind::kAttention, GroupQueryAttention},
    {"SparseAttention", BlockKind::kAttention, GroupQueryAttention},
    {"LongformerAttention", BlockKind::kAttention, LongformerAttention},
    {"QOrderedAttention", BlockKind::kAttention, LongformerAttention},
    {"PagedAttention", BlockKind::kAttention, PackedAttention},
    {"PackedAttention", BlockKind::kAttention, PackedAttention},
    {"PackedMultiHeadAttention", BlockKind::kAttention, PackedAttention},
    {"Attention", BlockKind::kAttention, OnnxAttention, kAny},
    {"FlexAttention", BlockKind::kAttention, OnnxAttention, kAny},
    {"LinearAttention", BlockKind::kLinearAttention, LinearAttention, kAny},
    {"GatedDeltaNet", BlockKind::kLinearAttention, LinearAttention, kAny},
    {"LayerNormalization", BlockKind::kLayerNorm, nullptr, kAny},
    {"SkipLayerNormalization", BlockKind::kLayerNorm, nullptr, kAny},
    {"EmbedLayerNormalization", BlockKind::kLayerNorm, nullptr, kAny},
    {"RMSNormalization", BlockKind::kRmsNorm, nullptr, kAny},
    {"SimplifiedLayerNormalization", BlockKind::kRmsNorm, nullptr, kAny},
    {"SkipSimplifiedLayerNormalization", BlockKind::kRmsNorm, nullptr, kAny},
    {"GroupNormalization", BlockKind::kGroupNorm, nullptr, kAny},
    {"GroupNorm", BlockKind::kGroupNorm, nullptr, kAny},
    {"SkipGroupNorm", BlockKind::kGroupNorm, nullptr, kAny},
    {"Gelu", BlockKind::kGelu, nullptr, kAny},
    {"FastGelu", BlockKind::kGelu, nullptr, kAny},
    {"BiasGelu", BlockKind::kGelu, nullptr, kAny},
    {"QuickGelu", BlockKind::kGelu, nullptr, kAny},
    {"BiasSplitGelu", BlockKind::kGeglu, nullptr, kAny},
    {"Swish", BlockKind::kSilu, nullptr, kAny},
    {"SwiGLU", BlockKind::kSwiglu, nullptr, kAny},
    {"RotaryEmbedding", BlockKind::kRope, nullptr, kAny},
    {"MRotaryEmbedding", BlockKind::kRope, nullptr, kAny},
    {"GemmaRotaryEmbedding", BlockKind::kRope, nullptr, kAny},
};

const Row* FindRow(absl::string_view domain, absl::string_view type) {
  for (const Row& row : kRows) {
    if (row.type == type && (row.domain == kAny || row.domain == domain)) return &row;
  }
  return nullptr;
}

// The session writes x * sigmoid(x) as QuickGelu.
BlockKind KindOf(const GraphView& view, NodeId n, const Row& row) {
  const bool is_silu =
      row.type == "QuickGelu" && view.Context(n).FloatAttribute("alpha", 1.702f) == 1.0f;
  return is_silu ? BlockKind::kSilu : row.kind;
}

}  // namespace

void FindFusedBlocks(const GraphView& view, Forest& forest) {
  for (const NodeId n : view.NodesOf(Op::kFused)) {
    const Row* row = FindRow(view.OpDomain(n), view.OpType(n));
    if (row == nullptr) continue;
    Block block;
    block.kind = KindOf(view, n, *row);
    if (row->sizes != nullptr) block.attention = row->sizes(view.Context(n));
    forest.Add(std::move(block), {n}, {view.Input(n, 0), view.Output(n)});
  }
}

}  // namespace onnx_macs
