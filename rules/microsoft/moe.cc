// Mixtures of experts: every token runs through its k best experts, whatever their number.
#include "absl/strings/str_cat.h"
#include "rules/microsoft/activations.h"
#include "rules/microsoft/microsoft.h"
#include "rules/microsoft/rows.h"

namespace onnx_macs {
namespace {

constexpr int kInput = 0, kRouter = 1;

// Which inputs are the experts' weights and biases; the quantised form puts scales in between.
struct Form {
  int fc1, fc1_bias, fc2, fc2_bias, fc3, fc3_bias;
};
constexpr Form kPlain{2, 3, 4, 5, 6, 7};
constexpr Form kQuantised{2, 4, 5, 7, 8, 10};

absl::Status InferMoE(OpContext& ctx) {
  const Shape x = ctx.InputShape(kInput);
  if (x.has_rank() && x.rank() < 2) {
    return absl::InvalidArgumentError(absl::StrCat("the input has ", x.rank(), " dims"));
  }
  const int64_t k = ctx.IntAttribute("k", 1);
  const Dim experts = ctx.InputShape(kRouter)[-1];
  if (k < 1 || ProvablyLess(experts, k)) {
    return absl::InvalidArgumentError(absl::StrCat("k is ", k, " of ", ToString(experts)));
  }
  ctx.SetOutput(0, ctx.InputType(kInput), x);
  return absl::OkStatus();
}

// The weights of one expert, [experts, rows, columns] together: dims of the input and the output
// are those of the activation, so packed columns need no unpacking.
struct Expert {
  Count hidden, inner;
  int inputs_of_gate = 1;  // projections before the activation: two where it is gated
};

template <const Form& form>
Expert ReadExpert(const OpContext& ctx) {
  const bool is_fused = ctx.StringAttribute("activation_type", "relu") == "swiglu" &&
                        ctx.IntAttribute("swiglu_fusion", 0) != 0;
  const Dim rows = ctx.InputShape(form.fc1)[1];
  Expert expert;
  expert.hidden = Count(ctx.InputShape(kInput)[-1]);
  expert.inner = Count(is_fused ? FloorDiv(rows, 2) : rows);
  expert.inputs_of_gate = is_fused || ctx.HasInput(form.fc3) ? 2 : 1;
  return expert;
}

// Of one token through one expert.
template <const Form& form>
Count OtherOps(const OpContext& ctx, const Expert& expert) {
  const bool is_gated = expert.inputs_of_gate == 2;
  const int activation = ActivationOps(ctx.StringAttribute("activation_type", "relu"));
  Count ops = expert.inner * Count(activation + (is_gated ? 1 : 0));
  if (ctx.HasInput(form.fc1_bias)) ops += expert.inner;
  if (ctx.HasInput(form.fc3_bias) ||
      (is_gated && !ctx.HasInput(form.fc3) && ctx.HasInput(form.fc1_bias))) {
    ops += expert.inner;
  }
  if (ctx.HasInput(form.fc2_bias)) ops += expert.hidden;
  // Scaled by the router's probability and added up.
  return ops + Count(2) * expert.hidden;
}

template <const Form& form>
Cost CountMoE(const OpContext& ctx) {
  const Shape x = ctx.InputShape(kInput);
  if (x.rank() < 2) return {.macs = Count::Unknown(), .ops = Count::Unknown()};
  const Count rows = Product(x.dims().first(x.rank() - 1)) * Count(ctx.IntAttribute("k", 1));
  const Expert expert = ReadExpert<form>(ctx);
  const Count product = rows * expert.hidden * expert.inner;
  const Count up = product * Count(expert.inputs_of_gate);
  const Count routing = Product(x.dims().first(x.rank() - 1)) * Count(ctx.InputShape(kRouter)[-1]) *
                        Count(WeightOf("TopK").ops);
  const Cost cost = {.macs = up + product, .ops = rows * OtherOps<form>(ctx, expert) + routing};
  return ctx.WithParts(cost, {{"up", up}, {"down", product}});
}

// Weights are packed into bytes along their last dim.
Count QuantisedWeights(const OpContext& ctx, int input) {
  const bool is_weight =
      input == kQuantised.fc1 || input == kQuantised.fc2 || input == kQuantised.fc3;
  const int64_t bits = ctx.IntAttribute("expert_weight_bits", 4);
  const bool is_packed = is_weight && ctx.InputType(input) == DataType::kUint8 && bits == 4;
  return ctx.NumInputElements(input) * Count(is_packed ? 2 : 1);
}

constexpr char kMoE[] =
    "tokens * k * one expert: hidden * inner for every projection (3 where gated, else 2); biases, "
    "activation, the weighted sum";

constexpr OpRule MoERow(absl::string_view op_type, const Form& form, CostFn cost,
                        InputMask not_parameters = 0, PackedElementsFn elements = nullptr) {
  OpRule row = CountedRow(op_type, InferMoE, cost, kMoE, not_parameters,
                          Input(form.fc1) | Input(form.fc2) | Input(form.fc3));
  row.packed_elements = elements;
  return row;
}

constexpr InputMask kScales = Input(3) | Input(6) | Input(9) | Input(11) | Input(12) | Input(13) |
                              Input(14) | Input(15) | Input(16) | Input(17) | Input(18) |
                              Input(19) | Input(20);

const OpRule kRules[] = {
    MoERow("MoE", kPlain, CountMoE<kPlain>),
    MoERow("QMoE", kQuantised, CountMoE<kQuantised>, kScales, QuantisedWeights),
    MoERow("ShardedMoE", kPlain, CountMoE<kPlain>),
};

}  // namespace

absl::Span<const OpRule> MoERules() { return kRules; }

}  // namespace onnx_macs
