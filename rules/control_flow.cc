// If, Loop, Scan, SequenceMap: operators that run graphs. Their own cost is nothing; the nodes of
// their graphs are counted as often as they run.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "analyzer/inference.h"
#include "analyzer/op_context.h"
#include "analyzer/report_rows.h"
#include "rules/merge.h"
#include "rules/rules.h"

namespace onnx_macs {
namespace {

using Infos = std::vector<TensorInfo>;

void SetOutputs(OpContext& ctx, const Infos& infos) {
  for (size_t i = 0; i < infos.size(); ++i) ctx.SetOutput(static_cast<int>(i), infos[i]);
}

// An input with its elements, if they are to be had.
TensorInfo FullInput(const OpContext& ctx, int i) {
  ctx.InputElements(i);
  TensorInfo info = ctx.Input(i);
  info.shape = ctx.InputShape(i);
  return info;
}

// The one element of a scalar input; unknown when it is not known.
Dim ScalarValue(const TensorInfo& info) {
  return info.elements.size() == 1 ? info.elements[0].exact : Dim();
}

TensorInfo Tensor0(DataType type) {
  TensorInfo info;
  info.type = type;
  info.shape = Shape(absl::Span<const Dim>());
  return info;
}

// --- If

absl::Status MergeBranches(OpContext& ctx, const Infos& a, const Infos& b) {
  if (a.size() != b.size()) {
    return absl::InvalidArgumentError("the branches have different numbers of outputs");
  }
  for (size_t i = 0; i < a.size(); ++i) {
    ctx.SetOutput(static_cast<int>(i), MergeInfo(ctx, a[i], b[i], "if_size"));
  }
  return absl::OkStatus();
}

// The condition is not known: both branches are inferred, and the user's choice says what counts.
absl::Status InferBothBranches(OpContext& ctx, const Graph& then_graph, const Graph& else_graph) {
  const IfChoice choice = ctx.control_flow().if_choice;
  const auto walk = [&](const Graph& graph, bool counts) {
    return counts ? ctx.WalkSubgraph(graph, {}, 1) : ctx.TrySubgraph(graph, {});
  };
  const size_t first = ctx.inference().MarkWalk().records;
  const absl::StatusOr<Infos> a = walk(then_graph, choice != IfChoice::kElse);
  if (!a.ok()) return a.status();
  const size_t second = ctx.inference().MarkWalk().records;
  const absl::StatusOr<Infos> b = walk(else_graph, choice != IfChoice::kThen);
  if (!b.ok()) return b.status();
  if (choice == IfChoice::kMax) {
    ctx.inference().AddAlternative({first, second, ctx.inference().MarkWalk().records});
  }
  return MergeBranches(ctx, *a, *b);
}

absl::Status InferIf(OpContext& ctx) {
  const Graph* then_graph = ctx.GraphAttribute("then_branch");
  const Graph* else_graph = ctx.GraphAttribute("else_branch");
  if (then_graph == nullptr || else_graph == nullptr) {
    return absl::InvalidArgumentError("a branch is missing");
  }
  const Dim condition = ScalarValue(FullInput(ctx, 0));
  if (!condition.is_integer()) return InferBothBranches(ctx, *then_graph, *else_graph);
  const absl::StatusOr<Infos> outputs =
      ctx.WalkSubgraph(condition.value() != 0 ? *then_graph : *else_graph, {}, 1);
  if (!outputs.ok()) return outputs.status();
  SetOutputs(ctx, *outputs);
  return absl::OkStatus();
}

// --- Loop

constexpr int kMaxRounds = 6;

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
Dim LoopTrips(OpContext& ctx, const TensorInfo& limit_input, Dim start, Dim go_on) {
  if (IsInteger(start, 0)) return 0;
  Dim limit = ScalarValue(limit_input);
  constexpr int64_t kForever = INT32_MAX;
  if (limit.is_integer() && limit.value() >= kForever) limit = Dim();
  if (limit.is_expr() && ConstantTerm(limit) == limit) limit = Dim();  // a boxed INT64_MAX
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

absl::Status InferLoop(OpContext& ctx) {
  const Graph* body = ctx.GraphAttribute("body");
  if (body == nullptr) return absl::InvalidArgumentError("the body is missing");
  const size_t carried = std::max(ctx.num_inputs() - 2, 0);
  if (body->outputs.size() < carried + 1 || body->inputs.size() < carried + 2) {
    return absl::InvalidArgumentError("the body has too few inputs or outputs");
  }
  const Element yes = Dim(1);
  Infos inputs{Tensor0(DataType::kInt64), Tensor0(DataType::kBool)};
  inputs[1].elements = ctx.inference().arena().Copy<Element>({&yes, 1});
  for (size_t i = 0; i < carried; ++i) inputs.push_back(FullInput(ctx, static_cast<int>(i) + 2));
  const Dim start = ctx.HasInput(1) ? ScalarValue(FullInput(ctx, 1)) : Dim(1);

  const absl::StatusOr<Infos> stable = FixedPoint(ctx, *body, inputs, 2, carried, 1);
  if (!stable.ok()) return stable.status();
  const absl::StatusOr<Infos> probe = ctx.TrySubgraph(*body, *stable);
  if (!probe.ok()) return probe.status();
  const Dim trips = LoopTrips(ctx, FullInput(ctx, 0), start, ScalarValue((*probe)[0]));
  const absl::StatusOr<Infos> results = ctx.WalkSubgraph(*body, *stable, trips);
  if (!results.ok()) return results.status();
  Infos outputs;
  for (size_t i = 1; i < results->size(); ++i) {
    const TensorInfo& result = (*results)[i];
    if (i > carried) {
      outputs.push_back(Stacked(ctx, result, trips, 0));
    } else {
      outputs.push_back(IsInteger(trips, 0)
                            ? inputs[i + 1]
                            : MergeInfo(ctx, (*stable)[i + 1], result, "loop_size"));
    }
  }
  SetOutputs(ctx, outputs);
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
    TensorInfo input = FullInput(ctx, layout.first_input + static_cast<int>(i));
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

// --- SequenceMap

absl::Status InferSequenceMap(OpContext& ctx) {
  const Graph* body = ctx.GraphAttribute("body");
  if (body == nullptr) return absl::InvalidArgumentError("the body is missing");
  Infos inputs;
  Dim length;
  for (int i = 0; i < ctx.num_inputs(); ++i) {
    const TensorInfo input = FullInput(ctx, i);
    if (input.kind != ValueKind::kSequence || input.element_type == nullptr) {
      inputs.push_back(input);
      continue;
    }
    if (i == 0) length = input.length;
    inputs.push_back(*input.element_type);
  }
  const absl::StatusOr<Infos> results = ctx.WalkSubgraph(*body, inputs, Count(length));
  if (!results.ok()) return results.status();
  Infos outputs;
  for (const TensorInfo& result : *results) {
    TensorInfo sequence;
    sequence.kind = ValueKind::kSequence;
    sequence.type = result.type;
    sequence.element_type = ctx.inference().arena().New(result);
    sequence.length = length;
    outputs.push_back(sequence);
  }
  SetOutputs(ctx, outputs);
  return absl::OkStatus();
}

constexpr char kCounting[] = "nothing itself; the nodes of its graph as often as they run";

const OpRule kRules[] = {
    {.op_type = "If",
     .domain = "",
     .since_version = 1,
     .infer = InferIf,
     .cost = ZeroCost,
     .counting = "nothing itself; one branch, the dearer one where the condition is not known"},
    {.op_type = "Loop",
     .domain = "",
     .since_version = 1,
     .infer = InferLoop,
     .cost = ZeroCost,
     .counting = kCounting},
    {.op_type = "Scan",
     .domain = "",
     .since_version = 8,
     .infer = InferScan,
     .cost = ZeroCost,
     .counting = kCounting},
    {.op_type = "SequenceMap",
     .domain = "",
     .since_version = 17,
     .infer = InferSequenceMap,
     .cost = ZeroCost,
     .counting = kCounting},
};

}  // namespace

absl::Span<const OpRule> ControlFlowRules() { return kRules; }

}  // namespace onnx_macs
