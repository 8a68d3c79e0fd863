// Recurrent layers: the LSTM with quantised weights and the LSTM that attends to a memory.
#include "absl/strings/str_cat.h"
#include "rules/microsoft/microsoft.h"
#include "rules/microsoft/rows.h"

namespace onnx_macs {
namespace {

constexpr int kX = 0, kW = 1, kR = 2;

absl::StatusOr<int64_t> ReadDirections(const OpContext& ctx) {
  const absl::string_view direction = ctx.StringAttribute("direction", "forward");
  if (direction == "bidirectional") return 2;
  if (direction == "forward" || direction == "reverse") return 1;
  return absl::InvalidArgumentError(absl::StrCat("direction is '", direction, "'"));
}

// X [time, batch, width]; the hidden size is an attribute, or a dim of R [directions, ...].
absl::Status InferLstm(OpContext& ctx, int axis_of_hidden) {
  const Shape x = ctx.InputShape(kX);
  if (x.has_rank() && x.rank() != 3) {
    return absl::InvalidArgumentError(absl::StrCat("the input has ", x.rank(), " dims"));
  }
  const absl::StatusOr<int64_t> directions = ReadDirections(ctx);
  if (!directions.ok()) return directions.status();
  const int64_t given = ctx.IntAttribute("hidden_size", 0);
  const Dim hidden = given > 0 ? Dim(given) : ctx.InputShape(kR)[axis_of_hidden];
  ctx.SetOutput(0, ctx.InputType(kX), {x[0], *directions, x[1], hidden});
  ctx.SetOutput(1, ctx.InputType(kX), {*directions, x[1], hidden});
  ctx.SetOutput(2, ctx.InputType(kX), {*directions, x[1], hidden});
  return absl::OkStatus();
}

absl::Status InferQuantisedLstm(OpContext& ctx) { return InferLstm(ctx, 1); }
absl::Status InferAttentionLstm(OpContext& ctx) { return InferLstm(ctx, 2); }

// Three sigmoids and two tangents of the sums, three products and a sum that make the cell.
constexpr int kCell = 3 * WeightOf("Sigmoid").ops + 2 * WeightOf("Tanh").ops + 4;
constexpr int kGates = 4;

// Of every hidden value: the gates' sums, their biases where there are, the cell.
Count CellOps(const OpContext& ctx) {
  constexpr int kBias = 3;
  const Shape x = ctx.InputShape(kX), r = ctx.InputShape(kR);
  const absl::StatusOr<int64_t> directions = ReadDirections(ctx);
  if (!directions.ok() || r.rank() != 3) return Count::Unknown();
  const Dim hidden = Min(r[1], r[2]);
  const int per_value = kCell + kGates + (ctx.HasInput(kBias) ? kGates : 0);
  return Count(x[0]) * Count(x[1]) * Count(*directions) * Count(hidden) * Count(per_value);
}

// Every step of every sequence meets all weights.
Cost CountQuantisedLstm(const OpContext& ctx) {
  const Shape x = ctx.InputShape(kX);
  const Count weights = ctx.NumInputElements(kW) + ctx.NumInputElements(kR);
  return {.macs = Count(x[0]) * Count(x[1]) * weights,
          .ops = CellOps(ctx) +
                 ctx.NumInputElements(kX) * Count(WeightOf("DynamicQuantizeLinear").ops)};
}

// Besides the cell, every step projects the query, scores it against every memory and sums those
// up; the memory [batch, length, depth] is projected once.
Cost CountAttentionLstm(const OpContext& ctx) {
  constexpr int kQuery = 8, kMemoryWeight = 9, kMemory = 11, kAttentionLayer = 13;
  const Shape x = ctx.InputShape(kX), memory = ctx.InputShape(kMemory);
  const Shape projection = ctx.InputShape(kMemoryWeight);  // [directions, depth, attention size]
  const Count steps = Count(x[0]) * Count(x[1]);
  Count weights =
      ctx.NumInputElements(kW) + ctx.NumInputElements(kR) + ctx.NumInputElements(kQuery);
  if (ctx.HasInput(kAttentionLayer)) weights += ctx.NumInputElements(kAttentionLayer);
  const Count scores = steps * Count(projection[0]) * Count(memory[1]);
  const Count sums = Count(projection[2]) + Count(memory[2]);
  const Count keys = Count(memory[0]) * Count(memory[1]) * ctx.NumInputElements(kMemoryWeight);
  const int per_score = WeightOf("Softmax").ops;
  // A score is a tangent per attention value, then a softmax over the memory.
  const Count tangents = scores * Count(projection[2]) * Count(WeightOf("Tanh").ops + 1);
  return {.macs = steps * weights + scores * sums + keys,
          .ops = CellOps(ctx) + tangents + scores * Count(per_score)};
}

const OpRule kRules[] = {
    CountedRow("DynamicQuantizeLSTM", InferQuantisedLstm, CountQuantisedLstm,
               "time * batch * elements of the weights; gates, cell, quantising the input",
               Input(4) | Input(8) | Input(9) | Input(10) | Input(11), Input(kW) | Input(kR)),
    CountedRow("AttnLSTM", InferAttentionLstm, CountAttentionLstm,
               "time * batch * elements of the weights, and the attention to the memory; gates, "
               "cell",
               Input(4) | Input(12),
               Input(kW) | Input(kR) | Input(8) | Input(9) | Input(10) | Input(13)),
};

}  // namespace

absl::Span<const OpRule> MicrosoftRecurrentRules() { return kRules; }

}  // namespace onnx_macs
