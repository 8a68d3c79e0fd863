// Loop and Scan: operators that run a graph again and again. Their own cost is nothing; the nodes
// of the graph are counted as often as they run.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "analyzer/inference.h"
#include "analyzer/op_context.h"
#include "analyzer/report_rows.h"
#include "analyzer/sequence_info.h"
#include "rules/merge.h"
#include "rules/rules.h"
#include "rules/scalar.h"

namespace onnx_macs {
namespace {

using Infos = std::vector<TensorInfo>;

void SetOutputs(OpContext& ctx, const Infos& infos) {
  for (size_t i = 0; i < infos.size(); ++i) ctx.SetOutput(static_cast<int>(i), infos[i]);
}

TensorInfo Tensor0(DataType type) {
  TensorInfo info;
  info.type = type;
  info.shape = Shape(absl::Span<const Dim>());
  return info;
}

// --- Loop

constexpr int kMaxRounds = 6;
constexpr int64_t kForever = INT32_MAX;  // a limit from here on is none

// What is left of a value that does not come to rest.
TensorInfo TypeOnly(const TensorInfo& info) {
  TensorInfo left;
  left.kind = info.kind;
  left.type = info.type;
  return left;
}

// Carried values such that the body maps them to what they already say: sizes that change from
// round to round are widened to "some size" and, if they go on changing, to "unknown". `inputs` are
// all inputs of the body, `carried` of them from `first` on.
absl::StatusOr<Infos> FixedPoint(OpContext& ctx, const Graph& body, Infos inputs, size_t first,
                                 size_t carried, size_t first_output) {
  const absl::Span<const Atom* const> symbols = ctx.pool().symbols();
  const int64_t last_symbol = symbols.empty() ? -1 : int64_t{symbols.back()->id};
  for (int round = 0; round < kMaxRounds; ++round) {
    const absl::StatusOr<Infos> outputs = ctx.TrySubgraph(body, inputs);
    if (!outputs.ok()) return outputs.status();
    bool stable = true;
    for (size_t i = 0; i < carried && first_output + i < outputs->size(); ++i) {
      TensorInfo& value = inputs[first + i];
      const TensorInfo widened = WidenInfo(ctx, value, (*outputs)[first_output + i], last_symbol);
      if (SameInfo(value, widened)) continue;
      stable = false;
      value = round + 1 < kMaxRounds ? widened : TypeOnly(widened);
    }
    if (stable) break;
  }
  return inputs;
}

// The name that reports give to this node: with the nodes around it, or by its place in the walk.
std::string ReportedName(const OpContext& ctx) {
  const std::vector<NodeRecord>& records = ctx.inference().records();
  return NodeName(records.back(), records.size() - 1);
}

// How often a loop runs that neither its file nor its inputs say.
Dim UnknownTrips(OpContext& ctx, Dim limit) {
  const std::string name = ReportedName(ctx);
  ctx.inference().AddOpenLoop(name);
  for (const auto& [loop, trips] : ctx.control_flow().node_loop_trips) {
    if (loop == name) return Dim(trips);
  }
  if (ctx.control_flow().loop_trips) return Dim(*ctx.control_flow().loop_trips);
  const int64_t high = limit.is_integer() ? limit.value() : INT64_MAX;
  const Dim trips = ctx.pool().FreshSymbol("trips", {0, std::max<int64_t>(high, 0)});
  ctx.Note(absl::StrCat("loop '", name, "' runs ", ToString(trips), " times",
                        limit.is_integer() ? absl::StrCat(", at most ", high) : "",
                        "; --loop-trips N sets it"));
  return trips;
}

// `go_on` is the body's condition after one round that began with "true".
Dim LoopTrips(OpContext& ctx, Dim limit, Dim start, Dim go_on) {
  if (IsInteger(start, 0)) return 0;
  if (limit.is_integer() && limit.value() >= kForever) limit = Dim();
  const bool never_stops = go_on.is_integer() && go_on.value() != 0;
  if (never_stops && limit.is_known()) return Max(limit, 0);
  if (IsInteger(go_on, 0)) return limit.is_known() ? Min(Max(limit, 0), 1) : Dim(1);
  return UnknownTrips(ctx, limit);
}

TensorInfo Stacked(const OpContext& ctx, const TensorInfo& slice, Dim count, int64_t axis) {
  TensorInfo info;
  info.type = slice.type;
  if (!slice.shape.has_rank()) return info;
  DimVector dims(slice.shape.dims().begin(), slice.shape.dims().end());
  if (axis < 0) axis += static_cast<int64_t>(dims.size()) + 1;
  axis = std::clamp<int64_t>(axis, 0, static_cast<int64_t>(dims.size()));
  dims.insert(dims.begin() + axis, count);
  info.shape = Shape(ctx.CopyDims(dims));
  return info;
}

// Outputs of the body in the order of the loop's own: carried values, then slices to stack.
Infos LoopOutputs(OpContext& ctx, const Infos& results, const Infos& before, size_t carried,
                  Dim trips) {
  Infos outputs;
  for (size_t i = 1; i < results.size(); ++i) {
    const bool is_carried = i <= carried;
    outputs.push_back(!is_carried           ? Stacked(ctx, results[i], trips, 0)
                      : IsInteger(trips, 0) ? before[i + 1]
                                            : results[i]);
  }
  return outputs;
}

// --- Unrolling: rounds walked one by one tell what changes from round to round.

constexpr int64_t kMaxUnrolled = 64;
constexpr size_t kMaxUnrolledNodes = 2000;

bool IsFullyKnown(const TensorInfo& info) {
  if (info.kind == ValueKind::kTensor) return info.shape.is_known();
  std::vector<TensorInfo> items;
  return info.kind != ValueKind::kSequence || ReadItems(info, &items);
}

// Whether a body that stands for all rounds says less than the rounds would: a carried value had to
// be widened, or a result, or whether it goes on, is not known.
bool IsVague(const Infos& inputs, const Infos& stable, const Infos& results) {
  for (size_t i = 2; i < inputs.size(); ++i) {
    TensorInfo before = inputs[i], after = stable[i];
    before.elements = after.elements = {};
    if (!SameInfo(before, after)) return true;
  }
  return !ScalarValue(results[0]).is_integer() ||
         !std::all_of(results.begin(), results.end(), IsFullyKnown);
}

// One round: the state goes in, and what the body makes of it comes out.
absl::StatusOr<Infos> WalkRound(OpContext& ctx, const Graph& body, int64_t round, Infos* inputs,
                                size_t carried) {
  (*inputs)[0] = Tensor0(DataType::kInt64);
  (*inputs)[0].elements = ctx.inference().CopyElements({Element(Dim(round))});
  absl::StatusOr<Infos> results = ctx.WalkSubgraph(body, *inputs, 1);
  if (!results.ok()) return results;
  for (size_t i = 1; i <= carried && i < results->size(); ++i) {
    (*inputs)[i + 1] = (*results)[i];
  }
  return results;
}

// Walks the rounds as long as it is certain that they go on; false, and nothing has happened, where
// that is not certain or they are too many.
bool Unroll(OpContext& ctx, const Graph& body, Infos inputs, size_t carried, int64_t limit) {
  const Inference::Mark mark = ctx.inference().MarkWalk();
  const Infos before = inputs;
  Infos merged;
  for (int64_t round = 0; round < std::min(limit, kMaxUnrolled); ++round) {
    const absl::StatusOr<Infos> results = WalkRound(ctx, body, round, &inputs, carried);
    const Dim go_on = results.ok() ? ScalarValue((*results)[0]) : Dim();
    if (!go_on.is_integer()) break;
    const Infos earlier = std::exchange(merged, *results);
    for (size_t i = carried + 1; i < merged.size() && i < earlier.size(); ++i) {
      merged[i] = MergeInfo(ctx, earlier[i], merged[i], "loop_size");
    }
    if (go_on.value() != 0 && round + 1 < limit) continue;
    SetOutputs(ctx, LoopOutputs(ctx, merged, before, carried, Dim(round + 1)));
    return true;
  }
  ctx.inference().Rewind(mark);
  return false;
}

// All rounds together must stay small, and leave room for others; and they must come to an end.
bool MayUnroll(const OpContext& ctx, size_t nodes, int64_t limit, Dim go_on) {
  const bool never_stops = go_on.is_integer() && go_on.value() != 0;
  if (limit < 1 || (never_stops && limit > kMaxUnrolled)) return false;
  const size_t rounds = static_cast<size_t>(std::min(limit, kMaxUnrolled));
  return nodes * rounds <= kMaxUnrolledNodes && ctx.inference().HasRoomFor(nodes * rounds);
}

struct LoopState {
  Infos inputs;  // of the body: the round, the condition, what is carried
  size_t carried = 0;
  Dim limit, start;
};

absl::Status ReadLoop(OpContext& ctx, const Graph& body, LoopState* state) {
  state->carried = static_cast<size_t>(std::max(ctx.num_inputs() - 2, 0));
  if (body.outputs.size() < state->carried + 1 || body.inputs.size() < state->carried + 2) {
    return absl::InvalidArgumentError("the body has too few inputs or outputs");
  }
  state->inputs = {Tensor0(DataType::kInt64), Tensor0(DataType::kBool)};
  state->inputs[1].elements = ctx.inference().CopyElements({Element(Dim(1))});
  for (size_t i = 0; i < state->carried; ++i) {
    state->inputs.push_back(ctx.FullInput(static_cast<int>(i) + 2));
  }
  state->start = ctx.HasInput(1) ? ScalarValue(ctx.FullInput(1)) : Dim(1);
  state->limit = ctx.HasInput(0) ? ScalarValue(ctx.FullInput(0)) : Dim(kForever);
  const bool is_boxed = state->limit.is_expr() && ConstantTerm(state->limit) == state->limit;
  if (is_boxed) state->limit = kForever;  // INT64_MAX
  return absl::OkStatus();
}

absl::Status InferLoop(OpContext& ctx) {
  const Graph* body = ctx.GraphAttribute("body");
  if (body == nullptr) return absl::InvalidArgumentError("the body is missing");
  LoopState state;
  if (auto status = ReadLoop(ctx, *body, &state); !status.ok()) return status;
  const auto& [inputs, carried, limit, start] = state;
  const absl::StatusOr<Infos> stable = FixedPoint(ctx, *body, inputs, 2, carried, 1);
  if (!stable.ok()) return stable.status();
  const size_t walked = ctx.inference().num_expanded();
  const absl::StatusOr<Infos> probe = ctx.TrySubgraph(*body, *stable);
  if (!probe.ok()) return probe.status();
  const size_t nodes = ctx.inference().num_expanded() - walked;
  const Dim go_on = ScalarValue((*probe)[0]);
  if (IsInteger(start, 1) && limit.is_integer() && IsVague(inputs, *stable, *probe) &&
      MayUnroll(ctx, nodes, limit.value(), go_on) &&
      Unroll(ctx, *body, inputs, carried, limit.value())) {
    return absl::OkStatus();
  }
  const Dim trips = LoopTrips(ctx, limit, start, go_on);
  absl::StatusOr<Infos> results = ctx.WalkSubgraph(*body, *stable, trips);
  if (!results.ok()) return results.status();
  for (size_t i = 1; i <= carried; ++i) {
    (*results)[i] = MergeInfo(ctx, (*stable)[i + 1], (*results)[i], "loop_size");
  }
  SetOutputs(ctx, LoopOutputs(ctx, *results, inputs, carried, trips));
  return absl::OkStatus();
}

// --- Scan

// One slice of a scanned input, without its axis.
TensorInfo SliceOf(const OpContext& ctx, const TensorInfo& input, int64_t axis) {
  TensorInfo slice;
  slice.type = input.type;
  if (!input.shape.has_rank()) return slice;
  if (axis < 0) axis += input.shape.rank();
  DimVector dims(input.shape.dims().begin(), input.shape.dims().end());
  if (axis < 0 || axis >= static_cast<int64_t>(dims.size())) return slice;
  dims.erase(dims.begin() + axis);
  slice.shape = Shape(ctx.CopyDims(dims));
  return slice;
}

int64_t AxisAt(absl::Span<const int64_t> axes, size_t i) { return i < axes.size() ? axes[i] : 0; }

struct ScanLayout {
  int first_input = 0;  // 1 where sequence_lens comes first (opset 8)
  bool has_batch = false;
  size_t states = 0, scanned = 0;
};

absl::Status ReadScanLayout(const OpContext& ctx, const Graph& body, ScanLayout* layout) {
  layout->has_batch = ctx.opset() < 9;
  layout->first_input = layout->has_batch ? 1 : 0;
  const int64_t total = ctx.num_inputs() - layout->first_input;
  const int64_t scanned = ctx.IntAttribute("num_scan_inputs", 0);
  if (scanned < 1 || scanned > total) {
    return absl::InvalidArgumentError("num_scan_inputs does not fit the inputs");
  }
  layout->scanned = static_cast<size_t>(scanned);
  layout->states = static_cast<size_t>(total - scanned);
  if (body.outputs.size() < layout->states) {
    return absl::InvalidArgumentError("the body has too few outputs");
  }
  return absl::OkStatus();
}

TensorInfo WithBatch(const OpContext& ctx, const TensorInfo& info, const ScanLayout& layout,
                     Dim batch) {
  return layout.has_batch ? Stacked(ctx, info, batch, 0) : info;
}

absl::Status InferScan(OpContext& ctx) {
  const Graph* body = ctx.GraphAttribute("body");
  if (body == nullptr) return absl::InvalidArgumentError("the body is missing");
  ScanLayout layout;
  if (auto status = ReadScanLayout(ctx, *body, &layout); !status.ok()) return status;
  const absl::Span<const int64_t> in_axes = ctx.IntsAttribute("scan_input_axes");
  Infos inputs;
  Dim trips, batch = 1;
  for (size_t i = 0; i < layout.states + layout.scanned; ++i) {
    TensorInfo input = ctx.FullInput(layout.first_input + static_cast<int>(i));
    if (layout.has_batch) {
      batch = input.shape[0];
      input = SliceOf(ctx, input, 0);
    }
    if (i >= layout.states) {
      const int64_t axis = AxisAt(in_axes, i - layout.states);
      const Dim length = input.shape[static_cast<int>(axis)];
      if (!trips.is_known()) trips = length;
      if (!ctx.MustEqual(trips, length)) {
        return absl::InvalidArgumentError("scanned inputs differ in length");
      }
      input = SliceOf(ctx, input, axis);
    }
    inputs.push_back(input);
  }
  const absl::StatusOr<Infos> stable = FixedPoint(ctx, *body, inputs, 0, layout.states, 0);
  if (!stable.ok()) return stable.status();
  const absl::StatusOr<Infos> results =
      ctx.WalkSubgraph(*body, *stable, Count(trips) * Count(batch));
  if (!results.ok()) return results.status();
  const absl::Span<const int64_t> out_axes = ctx.IntsAttribute("scan_output_axes");
  Infos outputs;
  for (size_t i = 0; i < results->size(); ++i) {
    TensorInfo result = (*results)[i];
    if (i >= layout.states) {
      result = Stacked(ctx, result, trips, AxisAt(out_axes, i - layout.states));
    } else if (!IsInteger(trips, 0)) {
      result = MergeInfo(ctx, (*stable)[i], result, "loop_size");
    } else {
      result = inputs[i];
    }
    outputs.push_back(WithBatch(ctx, result, layout, batch));
  }
  SetOutputs(ctx, outputs);
  return absl::OkStatus();
}

int NumCarriedByLoop(const OpContext& ctx) { return std::max(ctx.num_inputs() - 2, 0); }

int NumCarriedByScan(const OpContext& ctx) {
  const int first_input = ctx.opset() < 9 ? 1 : 0;
  const int64_t carried = ctx.num_inputs() - first_input - ctx.IntAttribute("num_scan_inputs", 0);
  return static_cast<int>(std::clamp<int64_t>(carried, 0, ctx.num_inputs()));
}

constexpr char kCounting[] = "nothing itself; the nodes of its graph as often as they run";

const OpRule kRules[] = {
    {.op_type = "Loop",
     .domain = "",
     .since_version = 1,
     .infer = InferLoop,
     .cost = ZeroCost,
     .counting = kCounting,
     .num_carried = NumCarriedByLoop},
    {.op_type = "Scan",
     .domain = "",
     .since_version = 8,
     .infer = InferScan,
     .cost = ZeroCost,
     .counting = kCounting,
     .num_carried = NumCarriedByScan},
};

}  // namespace

absl::Span<const OpRule> LoopRules() { return kRules; }

}  // namespace onnx_macs
