// Attention: softmax(Q K^T) V over 3-D or 4-D operands, with or without a cache of keys and values;
// FlexAttention, whose scores and probabilities pass through graphs of the model.
#include "rules/attention.h"

#include "absl/strings/str_cat.h"
#include "analyzer/op_context.h"
#include "rules/rules.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

enum InputIndex { kQ, kK, kV, kMask, kPastKey, kPastValue, kUsedKeys };
enum OutputIndex { kY, kPresentKey, kPresentValue, kScores };

// One operand as [batch, heads, length, size], however it was laid out.
struct Operand {
  Dim batch, heads, length, size;
};

absl::Status ReadOperand(const OpContext& ctx, int input, absl::string_view heads_attribute,
                         Operand* out) {
  const Shape x = ctx.InputShape(input);
  if (!x.has_rank()) return absl::OkStatus();
  if (x.rank() == 4) {
    *out = {x[0], x[1], x[2], x[3]};
    return absl::OkStatus();
  }
  if (x.rank() != 3) {
    return absl::InvalidArgumentError(absl::StrCat("an operand has ", x.rank(), " dims"));
  }
  const int64_t heads = ctx.IntAttribute(heads_attribute, 0);
  if (heads < 1) return absl::InvalidArgumentError(absl::StrCat(heads_attribute, " is ", heads));
  if (x[2].is_integer() && x[2].value() % heads != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("hidden size ", x[2].value(), " is not divisible by ", heads, " heads"));
  }
  *out = {x[0], heads, x[1],
          x[2].is_expr() ? ctx.pool().AssumeDivisible(x[2], heads) : ExactDiv(x[2], heads)};
  return absl::OkStatus();
}

struct Sizes {
  Operand q, k, v;
  Dim keys;  // cached and new
};

absl::Status ReadSizes(const OpContext& ctx, Sizes* sizes) {
  if (auto s = ReadOperand(ctx, kQ, "q_num_heads", &sizes->q); !s.ok()) return s;
  if (auto s = ReadOperand(ctx, kK, "kv_num_heads", &sizes->k); !s.ok()) return s;
  if (auto s = ReadOperand(ctx, kV, "kv_num_heads", &sizes->v); !s.ok()) return s;
  sizes->keys = sizes->k.length;
  if (ctx.HasInput(kPastKey)) sizes->keys += ctx.InputShape(kPastKey)[2];
  return absl::OkStatus();
}

absl::Status CheckSizes(const OpContext& ctx, const Sizes& sizes) {
  struct Agreement {
    Dim a, b;
    absl::string_view fact;
  };
  const Agreement agreements[] = {
      {sizes.q.batch, sizes.k.batch, "Q and K have different batch sizes"},
      {sizes.k.batch, sizes.v.batch, "K and V have different batch sizes"},
      {sizes.q.size, sizes.k.size, "Q and K have different head sizes"},
      {sizes.k.length, sizes.v.length, "K and V have different lengths"},
      {sizes.k.heads, sizes.v.heads, "K and V have different numbers of heads"},
  };
  for (const Agreement& row : agreements) {
    if (!ctx.MustEqual(row.a, row.b)) return absl::InvalidArgumentError(row.fact);
  }
  const Dim heads = sizes.q.heads, kv_heads = sizes.k.heads;
  if (heads.is_integer() && kv_heads.is_integer() &&
      (kv_heads.value() == 0 || heads.value() % kv_heads.value() != 0)) {
    return absl::InvalidArgumentError(absl::StrCat(heads.value(), " query heads cannot share ",
                                                   kv_heads.value(), " key-value heads"));
  }
  return absl::OkStatus();
}

// A cache comes and goes as a whole, and not together with padded lengths.
absl::Status CheckCache(const OpContext& ctx) {
  if (ctx.HasInput(kPastKey) != ctx.HasInput(kPastValue)) {
    return absl::InvalidArgumentError("of past_key and past_value one is missing");
  }
  if (ctx.HasOutput(kPresentKey) != ctx.HasOutput(kPresentValue)) {
    return absl::InvalidArgumentError("of present_key and present_value one is missing");
  }
  if (ctx.HasInput(kUsedKeys) && (ctx.HasInput(kPastKey) || ctx.HasOutput(kPresentKey))) {
    return absl::InvalidArgumentError("a cache and nonpad_kv_seqlen exclude each other");
  }
  return absl::OkStatus();
}

absl::Status CheckAttributes(const OpContext& ctx) {
  for (absl::string_view name : {"left_window_size", "right_window_size"}) {
    const int64_t size = ctx.IntAttribute(name, -1);
    if (size < -1) return absl::InvalidArgumentError(absl::StrCat(name, " is ", size));
  }
  const bool names_heads =
      ctx.FindAttribute("q_num_heads") != nullptr || ctx.FindAttribute("kv_num_heads") != nullptr;
  if (names_heads && ctx.InputShape(kQ).rank() == 4) {
    ctx.Warn("the heads are dims of the inputs, those in attributes are ignored");
  }
  return absl::OkStatus();
}

absl::Status InferAttention(OpContext& ctx) {
  Sizes sizes;
  if (auto s = CheckAttributes(ctx); !s.ok()) return s;
  if (auto s = CheckCache(ctx); !s.ok()) return s;
  if (auto s = ReadSizes(ctx, &sizes); !s.ok()) return s;
  if (auto s = CheckSizes(ctx, sizes); !s.ok()) return s;
  const auto& [q, k, v, keys] = sizes;
  if (ctx.InputShape(kQ).rank() == 4) {
    ctx.SetOutput(kY, ctx.InputType(kQ), {q.batch, q.heads, q.length, v.size});
  } else if (ctx.InputShape(kQ).rank() == 3) {
    ctx.SetOutput(kY, ctx.InputType(kQ), {q.batch, q.length, q.heads * v.size});
  }
  ctx.SetOutput(kPresentKey, ctx.InputType(kK), {k.batch, k.heads, keys, k.size});
  ctx.SetOutput(kPresentValue, ctx.InputType(kV), {v.batch, v.heads, keys, v.size});
  ctx.SetOutput(kScores, ctx.InputType(kQ), {q.batch, q.heads, q.length, keys});
  return absl::OkStatus();
}

// What becomes of the scores or the probabilities in a graph that the model may give for it: the
// graph runs once, over all of them.
absl::Status ModifyScores(OpContext& ctx, absl::string_view attribute, const TensorInfo& scores) {
  const Graph* modifier = ctx.GraphAttribute(attribute);
  if (modifier == nullptr) return absl::OkStatus();
  const auto results = ctx.WalkSubgraph(*modifier, {scores}, 1);
  if (!results.ok()) return results.status();
  if (modifier->inputs.size() != 1 || results->size() != 1) {
    return absl::InvalidArgumentError(absl::StrCat(attribute, " does not map one tensor to one"));
  }
  const Shape& modified = results->front().shape;
  bool same = !modified.has_rank() || modified.rank() == scores.shape.rank();
  for (int i = 0; same && i < modified.rank(); ++i) {
    same = ctx.MustEqual(modified[i], scores.shape[i]);
  }
  return same ? absl::OkStatus()
              : absl::InvalidArgumentError(absl::StrCat(attribute, " changes the shape of scores"));
}

absl::Status InferFlexAttention(OpContext& ctx) {
  for (const int operand : {kQ, kK, kV}) {
    const Shape shape = ctx.InputShape(operand);
    if (shape.has_rank() && shape.rank() != 4) {
      return absl::InvalidArgumentError(absl::StrCat("an operand has ", shape.rank(), " dims"));
    }
    const DataType type = ctx.InputType(operand), first = ctx.InputType(kQ);
    if (type != first && type != DataType::kUndefined && first != DataType::kUndefined) {
      return absl::InvalidArgumentError("the operands have different types");
    }
  }
  Sizes sizes;
  if (auto s = ReadSizes(ctx, &sizes); !s.ok()) return s;
  if (auto s = CheckSizes(ctx, sizes); !s.ok()) return s;
  const auto& [q, k, v, keys] = sizes;
  ctx.SetOutput(kY, ctx.InputType(kQ), {q.batch, q.heads, q.length, v.size});
  TensorInfo scores;
  const DataType precise =
      ctx.InputType(kQ) == DataType::kDouble ? DataType::kDouble : DataType::kFloat;
  scores.type =
      DataTypeFromNumber(ctx.IntAttribute("softmax_precision", static_cast<int64_t>(precise)));
  scores.shape = Shape(ctx.CopyDims({q.batch, q.heads, q.length, keys}));
  if (auto s = ModifyScores(ctx, "score_mod", scores); !s.ok()) return s;
  return ModifyScores(ctx, "prob_mod", scores);
}

struct Products {
  Count scores;  // batch * heads * queries * keys
  Count qk, av;
};

// The most keys that one query meets: a window closed on both sides saves what lies outside it, a
// causal mask only closes the right side.
Dim WithinWindow(const OpContext& ctx, Dim keys) {
  const int64_t left = ctx.IntAttribute("left_window_size", -1);
  const int64_t right =
      ctx.IntAttribute("is_causal", 0) != 0 ? 0 : ctx.IntAttribute("right_window_size", -1);
  constexpr int64_t kWidest = int64_t{1} << 31;
  if (left < 0 || right < 0 || left > kWidest || right > kWidest) return keys;
  return Min(keys, left + right + 1);
}

// Keys that one query meets, over all sequences; how many of a cache are used may be in the file.
Count CountKeys(const OpContext& ctx, const Sizes& sizes) {
  DimVector used;
  if (!ctx.HasInput(kUsedKeys) || !ctx.InputDims(kUsedKeys, &used)) {
    return Count(sizes.q.batch) * Count(WithinWindow(ctx, sizes.keys));
  }
  Count keys = 0;
  for (const Dim length : used) keys += Count(WithinWindow(ctx, Max(length, 0)));
  return keys;
}

Products CountProducts(const OpContext& ctx) {
  Sizes sizes;
  if (!ReadSizes(ctx, &sizes).ok()) return {Count::Unknown(), Count::Unknown(), Count::Unknown()};
  const Operand& q = sizes.q;
  const Count scores = CountKeys(ctx, sizes) * Count(q.heads) * Count(q.length);
  return {scores, scores * Count(q.size), scores * Count(sizes.v.size)};
}

constexpr ElementWeight kSoftmax = WeightOf("Softmax");

const OpRule kRules[] = {
    {.op_type = "Attention",
     .domain = "",
     .since_version = 23,
     .infer = InferAttention,
     .cost = CountAttention,
     .counting = "batch * heads * queries * keys * (key size + 1 + value size), at most a window "
                 "of keys; softmax: 3 ops",
     .not_parameters = Input(kUsedKeys)},
    {.op_type = "FlexAttention",
     .domain = "ai.onnx.preview",
     .since_version = 1,
     .infer = InferFlexAttention,
     .cost = CountAttention,
     .counting = "as Attention; the nodes of its graphs are counted besides, once"},
};

}  // namespace

Cost CountAttention(const OpContext& ctx) {
  const Products products = CountProducts(ctx);
  const Cost cost = {.macs = products.qk + products.scores + products.av,
                     .ops = products.scores * Count(kSoftmax.ops)};
  return ctx.WithParts(cost,
                       {{"qk", products.qk}, {"softmax", products.scores}, {"av", products.av}});
}

Cost CountAttentionProducts(const OpContext& ctx) {
  constexpr int kOpsPerMac = 2;
  const Products products = CountProducts(ctx);
  const Cost cost = {.macs = products.qk + products.av,
                     .ops = products.scores * Count(kSoftmax.ops + kOpsPerMac)};
  return ctx.WithParts(cost, {{"qk", products.qk}, {"av", products.av}});
}

absl::Span<const OpRule> AttentionRules() { return kRules; }

}  // namespace onnx_macs
