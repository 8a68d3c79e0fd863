// Recurrent layers: RNN, GRU and LSTM, whole sequences at once, in one direction or both.
#include "absl/strings/str_cat.h"
#include "analyzer/op_context.h"
#include "rules/rules.h"

namespace onnx_macs {
namespace {

enum InputIndex { kX, kW, kR, kB, kSequenceLengths, kInitialH, kInitialC, kPeepholes };

struct Recurrence {
  bool batch_first = false;
  int64_t directions = 1;
  Dim steps, batch, input, hidden;
};

// Opset 1 of GRU misspelt the default.
absl::Status ReadDirections(const OpContext& ctx, int64_t* directions) {
  const absl::string_view direction = ctx.StringAttribute("direction", "forward");
  *directions = direction == "bidirectional" ? 2 : 1;
  for (absl::string_view known : {"forward", "foward", "reverse", "bidirectional"}) {
    if (direction == known) return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat("direction is '", direction, "'"));
}

absl::Status CheckRanks(const OpContext& ctx) {
  for (int i : {kX, kW, kR}) {
    const Shape shape = ctx.InputShape(i);
    if (shape.has_rank() && shape.rank() != 3) {
      return absl::InvalidArgumentError(
          absl::StrCat("input ", i, " has ", shape.rank(), " dims instead of 3"));
    }
  }
  return absl::OkStatus();
}

// X is [steps, batch, input], or with layout=1 [batch, steps, input].
absl::Status ReadRecurrence(const OpContext& ctx, Recurrence* out) {
  if (auto status = CheckRanks(ctx); !status.ok()) return status;
  if (auto status = ReadDirections(ctx, &out->directions); !status.ok()) return status;
  const Shape x = ctx.InputShape(kX);
  out->batch_first = ctx.IntAttribute("layout", 0) != 0;
  out->steps = x[out->batch_first ? 1 : 0];
  out->batch = x[out->batch_first ? 0 : 1];
  out->input = x[2];
  const int64_t named = ctx.IntAttribute("hidden_size", 0);
  out->hidden = named > 0 ? Dim(named) : ctx.InputShape(kR)[2];
  return absl::OkStatus();
}

absl::Status CheckWeights(const OpContext& ctx, const Recurrence& r) {
  if (!ctx.MustEqual(ctx.InputShape(kW)[2], r.input)) {
    return absl::InvalidArgumentError(absl::StrCat("the input has ", ToString(r.input),
                                                   " features, the weight takes ",
                                                   ToString(ctx.InputShape(kW)[2])));
  }
  if (!ctx.MustEqual(ctx.InputShape(kR)[2], r.hidden)) {
    return absl::InvalidArgumentError("hidden_size differs from the recurrent weight's");
  }
  if (!ctx.MustEqual(ctx.InputShape(kW)[0], r.directions)) {
    return absl::InvalidArgumentError("the weight is for another number of directions");
  }
  return absl::OkStatus();
}

// Y holds every step, Y_h (and LSTM's Y_c) the last one.
absl::Status InferRecurrent(OpContext& ctx) {
  Recurrence r;
  if (auto status = ReadRecurrence(ctx, &r); !status.ok()) return status;
  const DataType type = ctx.InputType(kX);
  if (r.batch_first) {
    ctx.SetOutput(0, type, {r.batch, r.steps, r.directions, r.hidden});
  } else {
    ctx.SetOutput(0, type, {r.steps, r.directions, r.batch, r.hidden});
  }
  for (int i = 1; i < ctx.num_outputs(); ++i) {
    if (r.batch_first) {
      ctx.SetOutput(i, type, {r.batch, r.directions, r.hidden});
    } else {
      ctx.SetOutput(i, type, {r.directions, r.batch, r.hidden});
    }
  }
  return CheckWeights(ctx, r);
}

// One unit in one step: operations beside the two products, with sigmoid as 4 and tanh as 5 and one
// addition per gate that joins the products.
struct Cell {
  int gates, ops;
};
constexpr Cell kRnn{1, 1 + 5};
constexpr Cell kGru{3, 3 + 2 * 4 + 5 + 5};       // r*h, (1 - z)*n + z*h
constexpr Cell kLstm{4, 4 + 3 * 4 + 2 * 5 + 4};  // f*c + i*g, o*tanh(c)

// Both bias vectors of every gate are added; a peephole is a product and a sum.
template <const Cell& cell>
Cost CountRecurrent(const OpContext& ctx) {
  constexpr int kBiases = 2, kPeepholeOps = 3 * 2;
  Recurrence r;
  if (!ReadRecurrence(ctx, &r).ok()) return {Count::Unknown(), Count::Unknown()};
  const Count units = Count(r.directions) * Count(r.steps) * Count(r.batch) * Count(r.hidden);
  int ops = cell.ops;
  if (ctx.HasInput(kB)) ops += kBiases * cell.gates;
  if (ctx.HasInput(kPeepholes)) ops += kPeepholeOps;
  return {.macs = units * Count(cell.gates) * Count(r.input + r.hidden), .ops = units * Count(ops)};
}

template <const Cell& cell>
constexpr OpRule RecurrentRow(absl::string_view op_type, absl::string_view counting) {
  return {.op_type = op_type,
          .domain = "",
          .since_version = 1,
          .infer = InferRecurrent,
          .cost = CountRecurrent<cell>,
          .counting = counting,
          .not_parameters = Input(kSequenceLengths),
          .contraction_operands = Input(kW) | Input(kR)};
}

const OpRule kRules[] = {
    RecurrentRow<kRnn>("RNN",
                       "directions * steps * batch * hidden * (input + hidden); 6 ops per "
                       "unit and step, 2 more with a bias"),
    RecurrentRow<kGru>("GRU",
                       "3 * directions * steps * batch * hidden * (input + hidden); 21 ops "
                       "per unit and step, 6 more with a bias"),
    RecurrentRow<kLstm>("LSTM",
                        "4 * directions * steps * batch * hidden * (input + hidden); 30 "
                        "ops per unit and step, 8 more with a bias, 6 with peepholes"),
};

}  // namespace

absl::Span<const OpRule> RecurrentRules() { return kRules; }

}  // namespace onnx_macs
