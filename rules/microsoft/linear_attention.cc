// Attention with a recurrent state instead of keys: LinearAttention and GatedDeltaNet, the gate in
// front of them and the causal convolutions that go with them.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "rules/broadcast.h"
#include "rules/microsoft/attention_work.h"
#include "rules/microsoft/microsoft.h"

namespace onnx_macs {
namespace {

constexpr int kQuery = 0, kKey = 1, kValue = 2;

// What a rule does with the state in every step, besides writing and reading it.
struct UpdateRule {
  absl::string_view name;
  bool decays, retrieves;
};
constexpr UpdateRule kUpdateRules[] = {
    {"linear", false, false},
    {"gated", true, false},
    {"delta", false, true},
    {"gated_delta", true, true},
};

absl::StatusOr<UpdateRule> ReadUpdateRule(const OpContext& ctx) {
  const absl::string_view name = ctx.StringAttribute("update_rule", "gated_delta");
  for (const UpdateRule& row : kUpdateRules) {
    if (row.name == name) return row;
  }
  return absl::InvalidArgumentError(absl::StrCat("update_rule is '", name, "'"));
}

struct Recurrence {
  Count steps;  // tokens
  Count state;  // elements of the state of one head
  Count state_heads, read_heads;
};

// Every step multiplies the whole state: once to update it, once for every head that reads it, and
// once more to retrieve what the delta is from.
Cost CountRecurrence(const Recurrence& r, const UpdateRule& rule) {
  const Count written = r.steps * r.state_heads * r.state;
  const Count read = r.steps * r.read_heads * r.state;
  return {.macs = written + read + (rule.retrieves ? written : Count(0)),
          .ops = rule.decays ? written : Count(0)};
}

Cost UnknownCost() { return {.macs = Count::Unknown(), .ops = Count::Unknown()}; }

struct LinearSizes {
  int64_t q_heads = 1, kv_heads = 1;
  Dim key_size, value_size;
};

absl::StatusOr<LinearSizes> ReadLinearSizes(const OpContext& ctx) {
  const absl::StatusOr<int64_t> q = ReadHeads(ctx, "q_num_heads");
  const absl::StatusOr<int64_t> kv = ReadHeads(ctx, "kv_num_heads");
  if (!q.ok()) return q.status();
  if (!kv.ok()) return kv.status();
  const absl::StatusOr<Dim> key_size = DivideEvenly(ctx, ctx.InputShape(kKey)[2], *kv);
  if (!key_size.ok()) return key_size.status();
  const absl::StatusOr<Dim> value_size = DivideEvenly(ctx, ctx.InputShape(kValue)[2], *kv);
  if (!value_size.ok()) return value_size.status();
  return LinearSizes{*q, *kv, *key_size, *value_size};
}

// With a window the state keeps that many steps, in front.
void SetState(OpContext& ctx, DataType type, DimVector dims) {
  const int64_t window = ctx.IntAttribute("state_window", 0);
  if (window > 0) dims.insert(dims.begin(), Dim(window));
  ctx.SetOutput(1, type, dims);
}

absl::Status InferLinearAttention(OpContext& ctx) {
  const Shape q = ctx.InputShape(kQuery);
  if (q.has_rank() && q.rank() != 3) {
    return absl::InvalidArgumentError(absl::StrCat("the query has ", q.rank(), " dims"));
  }
  if (const auto rule = ReadUpdateRule(ctx); !rule.ok()) return rule.status();
  const absl::StatusOr<LinearSizes> s = ReadLinearSizes(ctx);
  if (!s.ok()) return s.status();
  const Dim width = s->value_size * std::max(s->q_heads, s->kv_heads);
  ctx.SetOutput(0, ctx.InputType(kQuery), {q[0], q[1], width});
  const int donor = ctx.HasInput(3) ? 3 : kQuery;
  SetState(ctx, ctx.InputType(donor), {q[0], s->kv_heads, s->key_size, s->value_size});
  return absl::OkStatus();
}

Cost CountLinearAttention(const OpContext& ctx) {
  const Shape q = ctx.InputShape(kQuery);
  const absl::StatusOr<LinearSizes> s = ReadLinearSizes(ctx);
  const absl::StatusOr<UpdateRule> rule = ReadUpdateRule(ctx);
  if (!s.ok() || !rule.ok()) return UnknownCost();
  return CountRecurrence({Count(q[0]) * Count(q[1]), Count(s->key_size) * Count(s->value_size),
                          s->kv_heads, std::max(s->q_heads, s->kv_heads)},
                         *rule);
}

// Heads come from the shapes: [tokens, heads, size], or with [batch, length] for the tokens.
absl::Status InferGatedDeltaNet(OpContext& ctx) {
  constexpr int kCumulated = 3, kInitialState = 6;
  const Shape q = ctx.InputShape(kQuery), k = ctx.InputShape(kKey), v = ctx.InputShape(kValue);
  if (q.has_rank() && q.rank() != 3 && q.rank() != 4) {
    return absl::InvalidArgumentError(absl::StrCat("the query has ", q.rank(), " dims"));
  }
  if (const auto rule = ReadUpdateRule(ctx); !rule.ok()) return rule.status();
  if (!v.has_rank()) return absl::OkStatus();
  DimVector out(v.dims().begin(), v.dims().end());
  if (out.size() > 2) out[out.size() - 2] = Max(q[-2], v[-2]);
  ctx.SetOutput(0, ctx.InputType(kQuery), out);
  const Dim batch = ctx.HasInput(kCumulated) ? ctx.InputShape(kCumulated)[0] - 1
                                             : ctx.InputShape(kInitialState)[0];
  ctx.SetOutput(1, DataType::kFloat, {batch, v[-2], v[-1], q[-1]});
  const Dim step = v[-2] + k[-2] * q[-1] + v[-2] * v[-1];
  ctx.SetOutput(2, DataType::kFloat, {batch, step * ctx.IntAttribute("state_update_capacity", 0)});
  return absl::OkStatus();
}

Cost CountGatedDeltaNet(const OpContext& ctx) {
  const Shape q = ctx.InputShape(kQuery), v = ctx.InputShape(kValue);
  const absl::StatusOr<UpdateRule> rule = ReadUpdateRule(ctx);
  if (!rule.ok() || q.rank() < 3) return UnknownCost();
  const Count steps = Product(q.dims().first(q.rank() - 2));
  Cost cost = CountRecurrence(
      {steps, Count(q[-1]) * Count(v[-1]), Count(v[-2]), Count(Max(q[-2], v[-2]))}, *rule);
  if (ctx.IntAttribute("qk_l2_norm", 0) != 0) {
    const Count normalised = ctx.NumInputElements(kQuery) + ctx.NumInputElements(kKey);
    cost.ops += Count(WeightOf("LpNormalization").ops) * normalised;
  }
  return cost;
}

absl::Status InferGate(OpContext& ctx) {
  ctx.SetOutput(0, ctx.InputType(0), ctx.InputShape(0));
  ctx.SetOutput(1, ctx.InputType(0), ctx.InputShape(0));
  return absl::OkStatus();
}

// decay_scale * Softplus(a + bias), and Sigmoid(b).
Cost CountGate(const OpContext& ctx) {
  constexpr int kB = 3,
                kDecayOps = WeightOf("Add").ops + WeightOf("Softplus").ops + WeightOf("Mul").ops;
  const int per_element = kDecayOps + (ctx.HasInput(kB) ? WeightOf("Sigmoid").ops : 0);
  return {.ops = ctx.NumOutputElements(0) * Count(per_element)};
}

// A causal depthwise convolution keeps the length; the state is what its kernel reaches back.
Dim StateLength(const OpContext& ctx) {
  return (ctx.InputShape(1)[-1] - 1) * ctx.IntAttribute("dilation", 1);
}

absl::Status InferCausalConv(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (!x.has_rank()) return absl::OkStatus();
  if (x.rank() < 3) return absl::InvalidArgumentError("input has no spatial dims");
  if (ctx.IntAttribute("dilation", 1) < 1)
    return absl::InvalidArgumentError("dilation is not 1 or more");
  ctx.SetOutput(0, ctx.InputType(0), x);
  DimVector state(x.dims().begin(), x.dims().end());
  (ctx.IntAttribute("channels_last", 0) != 0 ? state[1] : state.back()) = StateLength(ctx);
  SetState(ctx, ctx.InputType(0), state);
  return absl::OkStatus();
}

// Packed: [tokens, channels].
absl::Status InferPackedCausalConv(OpContext& ctx) {
  constexpr int kCumulated = 2;
  const Shape x = ctx.InputShape(0);
  if (!x.has_rank()) return absl::OkStatus();
  if (x.rank() != 2) {
    return absl::InvalidArgumentError(absl::StrCat("the input has ", x.rank(), " dims"));
  }
  const Dim batch = ctx.InputShape(kCumulated)[0] - 1;
  ctx.SetOutput(0, ctx.InputType(0), x);
  ctx.SetOutput(1, ctx.InputType(0), {batch, x[1], StateLength(ctx)});
  ctx.SetOutput(2, ctx.InputType(0), {batch, ctx.IntAttribute("state_update_capacity", 0), x[1]});
  return absl::OkStatus();
}

// Every output element is the sum over its channel's kernel: weight [channels, 1, kernel...].
template <int kBias>
Cost CountCausalConv(const OpContext& ctx) {
  const Shape w = ctx.InputShape(1);
  if (w.rank() < 2) return UnknownCost();
  const Count elements = ctx.NumOutputElements(0);
  const absl::string_view activation = ctx.StringAttribute("activation", "none");
  const bool is_active = activation == "silu" || activation == "swish";
  const int per_element = (ctx.HasInput(kBias) ? 1 : 0) + (is_active ? WeightOf("Swish").ops : 0);
  const auto kernel = w.dims().subspan(w.rank() == 2 ? 1 : 2);
  return {.macs = elements * Product(kernel), .ops = elements * Count(per_element)};
}

constexpr char kRecurrent[] =
    "tokens * elements of a head's state * (heads written + heads read, and for delta rules heads "
    "retrieved); the decay is one op per element of the state";
constexpr char kCausal[] = "output elements * elements of a channel's kernel; bias, activation";

constexpr OpRule CausalRow(absl::string_view op_type, InferFn infer, CostFn cost,
                           InputMask not_parameters) {
  return CountedRow(op_type, infer, cost, kCausal, not_parameters, Input(1));
}

const OpRule kRules[] = {
    CountedRow("LinearAttention", InferLinearAttention, CountLinearAttention, kRecurrent),
    CountedRow("GatedDeltaNet", InferGatedDeltaNet, CountGatedDeltaNet, kRecurrent,
               Input(3) | Input(9) | Input(10)),
    CountedRow("LinearAttentionGate", InferGate, CountGate,
               "per element: add, softplus, multiply; with b a sigmoid"),
    CausalRow("CausalConvWithState", InferCausalConv, CountCausalConv<2>, 0),
    CausalRow("VarlenCausalConvWithState", InferPackedCausalConv, CountCausalConv<3>, Input(2)),
};

}  // namespace

absl::Span<const OpRule> LinearAttentionFormRules() { return kRules; }

}  // namespace onnx_macs
