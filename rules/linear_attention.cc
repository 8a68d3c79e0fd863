// What transformers without softmax and their neighbours are made of: LinearAttention,
// CausalConvWithState, RotaryEmbedding, SwiGLU.
#include <utility>

#include "absl/strings/str_cat.h"
#include "analyzer/op_context.h"
#include "rules/broadcast.h"
#include "rules/rules.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

enum LinearInput { kQuery, kKey, kValue, kPastState, kDecay, kBeta };

struct UpdateRule {
  absl::string_view name;
  bool decays, retrieves;  // the state fades; what it would answer is taken off first
};

constexpr UpdateRule kUpdateRules[] = {
    {"linear", false, false},
    {"gated", true, false},
    {"delta", false, true},
    {"gated_delta", true, true},
};

absl::Status FindUpdateRule(const OpContext& ctx, UpdateRule* out) {
  const absl::string_view name = ctx.StringAttribute("update_rule", "gated_delta");
  for (const UpdateRule& row : kUpdateRules) {
    if (row.name != name) continue;
    *out = row;
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat("update_rule is '", name, "'"));
}

// Query and key have rows of `key_size`, values of `value_size`, side by side for every head.
struct LinearSizes {
  Dim batch, steps, key_size, value_size;
  int64_t query_heads = 0, kv_heads = 0;
};

absl::Status ReadLinearSizes(const OpContext& ctx, LinearSizes* out) {
  for (int i : {kQuery, kKey, kValue}) {
    const Shape shape = ctx.InputShape(i);
    if (shape.has_rank() && shape.rank() != 3) {
      return absl::InvalidArgumentError(
          absl::StrCat("input ", i, " has ", shape.rank(), " dims instead of 3"));
    }
  }
  const Shape query = ctx.InputShape(kQuery), key = ctx.InputShape(kKey);
  out->batch = query[0];
  out->steps = query[1];
  out->query_heads = ctx.IntAttribute("q_num_heads", 0);
  out->kv_heads = ctx.IntAttribute("kv_num_heads", 0);
  if (out->query_heads < 1 || out->kv_heads < 1 || out->query_heads % out->kv_heads != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(out->query_heads, " query heads for ", out->kv_heads, " key heads"));
  }
  const auto key_size = DivideEvenly(ctx, key[2], out->kv_heads);
  if (!key_size.ok()) return key_size.status();
  const auto value_size = DivideEvenly(ctx, ctx.InputShape(kValue)[2], out->kv_heads);
  if (!value_size.ok()) return value_size.status();
  out->key_size = *key_size;
  out->value_size = *value_size;
  return absl::OkStatus();
}

absl::Status CheckRank(const OpContext& ctx, int input, int rank) {
  const Shape shape = ctx.InputShape(input);
  if (!shape.has_rank() || shape.rank() == rank) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("input ", input, " has ", shape.rank(), " dims instead of ", rank));
}

// A gate is there where the rule needs it, and its rows have one of two sizes.
absl::Status CheckGate(const OpContext& ctx, LinearInput input, bool needed, Dim size,
                       Dim other_size) {
  if (ctx.HasInput(input) != needed) {
    return absl::InvalidArgumentError(
        absl::StrCat("update_rule ", needed ? "needs" : "has no use for", " input ", input));
  }
  if (auto status = CheckRank(ctx, input, 3); !status.ok()) return status;
  const Dim found = ctx.InputShape(input)[2];
  if (!ProvablyDifferent(found, size) || !ProvablyDifferent(found, other_size)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("input ", input, " has rows of ", ToString(found), " numbers"));
}

// What is not known of the operands, a state that is carried over may tell.
absl::Status MergePastState(const OpContext& ctx, LinearSizes* s) {
  if (auto status = CheckRank(ctx, kPastState, 4); !status.ok()) return status;
  const Shape state = ctx.InputShape(kPastState);
  const std::pair<Dim*, int> known[] = {{&s->batch, 0}, {&s->key_size, 2}, {&s->value_size, 3}};
  for (const auto& [size, axis] : known) {
    if (!ctx.MustEqual(*size, state[axis])) {
      return absl::InvalidArgumentError("past_state is of another shape");
    }
    if (!size->is_known()) *size = state[axis];
  }
  return absl::OkStatus();
}

absl::Status CheckGates(const OpContext& ctx, const UpdateRule& rule, const LinearSizes& s) {
  const Dim heads = s.kv_heads;
  if (auto status = CheckGate(ctx, kDecay, rule.decays, heads, heads * s.key_size); !status.ok()) {
    return status;
  }
  return CheckGate(ctx, kBeta, rule.retrieves, heads, 1);
}

absl::Status InferLinearAttention(OpContext& ctx) {
  LinearSizes s;
  UpdateRule rule;
  if (auto status = FindUpdateRule(ctx, &rule); !status.ok()) return status;
  if (auto status = ReadLinearSizes(ctx, &s); !status.ok()) return status;
  if (auto status = MergePastState(ctx, &s); !status.ok()) return status;
  if (auto status = CheckGates(ctx, rule, s); !status.ok()) return status;
  if (!ctx.MustEqual(ctx.InputShape(kQuery)[2], s.key_size * s.query_heads)) {
    return absl::InvalidArgumentError("queries and keys differ in size");
  }
  ctx.SetOutput(0, ctx.InputType(kQuery), {s.batch, s.steps, s.value_size * s.query_heads});
  const int state_like = ctx.HasInput(kPastState) ? kPastState : kQuery;
  ctx.SetOutput(1, ctx.InputType(state_like), {s.batch, s.kv_heads, s.key_size, s.value_size});
  return absl::OkStatus();
}

// The recurrent form: every step adds an outer product to the state of every key head and reads it
// once per query head. Chunks compute the same.
Cost CountLinearAttention(const OpContext& ctx) {
  LinearSizes s;
  UpdateRule rule;
  if (!FindUpdateRule(ctx, &rule).ok() || !ReadLinearSizes(ctx, &s).ok()) {
    return {Count::Unknown(), Count::Unknown()};
  }
  const Count rows = Count(s.batch) * Count(s.steps);
  const Count state = rows * Count(s.key_size) * Count(s.value_size);
  const Count update = state * Count(s.kv_heads), read = state * Count(s.query_heads);
  const Count retrieve = rule.retrieves ? update : Count(0);
  Count ops = 0;
  if (rule.decays) ops += update;
  // Taken off, and scaled by beta.
  if (rule.retrieves) ops += rows * Count(s.value_size) * Count(2) * Count(s.kv_heads);
  return ctx.WithParts({.macs = update + read + retrieve, .ops = ops},
                       {{"update", update}, {"retrieve", retrieve}, {"read", read}});
}

// Depthwise over [batch, channels, length], with the last kernel - 1 inputs carried over.
absl::Status InferCausalConv(OpContext& ctx) {
  const Shape x = ctx.InputShape(0), w = ctx.InputShape(1);
  if ((x.has_rank() && x.rank() != 3) || (w.has_rank() && w.rank() != 3)) {
    return absl::InvalidArgumentError("input and weight must have 3 dims");
  }
  if (!ctx.MustEqual(x[1], w[0]) || !ctx.MustEqual(w[1], 1)) {
    return absl::InvalidArgumentError(
        absl::StrCat("input has ", ToString(x[1]), " channels, the weight ", ToString(w[0])));
  }
  const absl::string_view activation = ctx.StringAttribute("activation", "none");
  if (activation != "none" && activation != "silu" && activation != "swish") {
    return absl::InvalidArgumentError(absl::StrCat("activation is '", activation, "'"));
  }
  const Dim carried = w[2] - 1;
  if (ProvablyLess(carried, 0)) return absl::InvalidArgumentError("the kernel is empty");
  ctx.SetOutput(0, ctx.InputType(0), x);
  ctx.SetOutput(1, ctx.InputType(0), {x[0], x[1], carried});
  return absl::OkStatus();
}

Cost CountCausalConv(const OpContext& ctx) {
  constexpr int kBias = 2;
  constexpr ElementWeight kSilu = WeightOf("Swish");
  const Count elements = ctx.NumOutputElements(0);
  int ops = ctx.HasInput(kBias) ? 1 : 0;
  if (ctx.StringAttribute("activation", "none") != "none") ops += kSilu.ops;
  return {.macs = elements * Count(ctx.InputShape(1)[2]), .ops = elements * Count(ops)};
}

absl::Status InferRotaryEmbedding(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (!x.has_rank()) return absl::OkStatus();
  if (x.rank() != 3 && x.rank() != 4) {
    return absl::InvalidArgumentError(absl::StrCat("input has ", x.rank(), " dims"));
  }
  const int64_t heads = ctx.IntAttribute("num_heads", 0);
  if (x.rank() == 3) {
    if (heads < 1) return absl::InvalidArgumentError(absl::StrCat("num_heads is ", heads));
    if (auto size = DivideEvenly(ctx, x[2], heads); !size.ok()) return size.status();
  }
  ctx.SetOutput(0, ctx.InputType(0), x);
  return absl::OkStatus();
}

// What is not rotated of a head is copied.
Cost CountRotaryEmbedding(const OpContext& ctx) {
  constexpr int kOps = WeightOf("RotaryEmbedding").ops;
  const int64_t rotated = ctx.IntAttribute("rotary_embedding_dim", 0);
  if (rotated <= 0) return PerOutputElement<kOps>(ctx);
  const Shape x = ctx.InputShape(0);
  const Dim heads = x.rank() == 4 ? x[1] : Dim(ctx.IntAttribute("num_heads", 0));
  const Dim steps = x.rank() == 4 ? x[2] : x[1];
  return {.ops = Count(x[0]) * Count(steps) * Count(heads) * Count(rotated) * Count(kOps)};
}

absl::Status InferSwiGlu(OpContext& ctx) {
  const Shape a = ctx.InputShape(0), b = ctx.InputShape(1);
  if (!a.has_rank() || !b.has_rank()) {
    ctx.SetOutput(0, ctx.InputType(0), a.has_rank() ? a : b);
    return absl::OkStatus();
  }
  bool equal = a.rank() == b.rank();
  for (int i = 0; equal && i < a.rank(); ++i) equal = ctx.MustEqual(a[i], b[i]);
  if (!equal) return absl::InvalidArgumentError("the two inputs differ in shape");
  ctx.SetOutput(0, ctx.InputType(0), a);
  return absl::OkStatus();
}

const OpRule kRules[] = {
    {.op_type = "CausalConvWithState",
     .domain = "",
     .since_version = 27,
     .infer = InferCausalConv,
     .cost = CountCausalConv,
     .counting = "output elements * kernel; ops: 1 per element for the bias, 5 for silu",
     .contraction_operands = Input(1)},
    {.op_type = "LinearAttention",
     .domain = "",
     .since_version = 27,
     .infer = InferLinearAttention,
     .cost = CountLinearAttention,
     .counting = "batch * steps * key size * value size * (query heads + key heads, twice those "
                 "for a delta rule); ops: decay of the state, delta of the values"},
    {.op_type = "RotaryEmbedding",
     .domain = "",
     .since_version = 23,
     .infer = InferRotaryEmbedding,
     .cost = CountRotaryEmbedding,
     .counting = WeightOf("RotaryEmbedding").reason,
     .not_parameters = Input(1) | Input(2) | Input(3)},
    WeightedRow<"SwiGLU">(28, InferSwiGlu),
};

}  // namespace

absl::Span<const OpRule> LinearAttentionRules() { return kRules; }

}  // namespace onnx_macs
