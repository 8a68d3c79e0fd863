// If and SequenceMap: operators that run graphs. Their own cost is nothing; the nodes of their
// graphs are counted as often as they run. Loop and Scan are in loop.cc.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "analyzer/inference.h"
#include "analyzer/op_context.h"
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
  const Dim condition = ScalarValue(ctx.FullInput(0));
  if (!condition.is_integer()) return InferBothBranches(ctx, *then_graph, *else_graph);
  const absl::StatusOr<Infos> outputs =
      ctx.WalkSubgraph(condition.value() != 0 ? *then_graph : *else_graph, {}, 1);
  if (!outputs.ok()) return outputs.status();
  SetOutputs(ctx, *outputs);
  return absl::OkStatus();
}

// --- SequenceMap

// What the body sees of the inputs: sequences by their value at `item`, or by what all their values
// have in common.
Infos BodyInputs(const Infos& inputs, std::optional<size_t> item) {
  Infos seen;
  for (const TensorInfo& input : inputs) {
    Infos items;
    if (input.kind != ValueKind::kSequence || input.element_type == nullptr) {
      seen.push_back(input);
    } else if (item && ReadItems(input, &items) && *item < items.size()) {
      seen.push_back(items[*item]);
    } else {
      seen.push_back(*input.element_type);
    }
  }
  return seen;
}

// Values that differ are walked one by one, where that is not too much.
bool WalksItems(const OpContext& ctx, const TensorInfo& sequence, const Graph& body) {
  constexpr size_t kMaxNodes = 2000;
  if (!sequence.has_items || sequence.length.value() == 0) return false;
  const size_t nodes = body.nodes.size() * static_cast<size_t>(sequence.length.value());
  return nodes <= kMaxNodes && ctx.inference().HasRoomFor(nodes);
}

absl::Status InferSequenceMap(OpContext& ctx) {
  const Graph* body = ctx.GraphAttribute("body");
  if (body == nullptr) return absl::InvalidArgumentError("the body is missing");
  Infos inputs;
  for (int i = 0; i < ctx.num_inputs(); ++i) inputs.push_back(ctx.FullInput(i));
  if (inputs.empty()) return absl::InvalidArgumentError("there is no sequence");
  const Dim length = inputs[0].length;
  const bool one_by_one = WalksItems(ctx, inputs[0], *body);
  const int64_t walks = one_by_one ? length.value() : 1;
  std::vector<Infos> outputs(body->outputs.size());  // each its values
  for (int64_t item = 0; item < walks; ++item) {
    const auto at = one_by_one ? std::optional<size_t>(item) : std::nullopt;
    const absl::StatusOr<Infos> results =
        ctx.WalkSubgraph(*body, BodyInputs(inputs, at), one_by_one ? Count(1) : Count(length));
    if (!results.ok()) return results.status();
    for (size_t i = 0; i < outputs.size(); ++i) outputs[i].push_back((*results)[i]);
  }
  Arena& arena = ctx.inference().arena();
  for (size_t i = 0; i < outputs.size(); ++i) {
    ctx.SetOutput(static_cast<int>(i), one_by_one ? MakeSequence(arena, outputs[i], TensorInfo())
                                                  : MakeSequence(arena, outputs[i][0], length));
  }
  return absl::OkStatus();
}

int CarriesNothing(const OpContext&) { return 0; }

constexpr char kCounting[] = "nothing itself; the nodes of its graph as often as they run";

const OpRule kRules[] = {
    {.op_type = "If",
     .domain = "",
     .since_version = 1,
     .infer = InferIf,
     .cost = ZeroCost,
     .counting = "nothing itself; one branch, the dearer one where the condition is not known"},
    {.op_type = "SequenceMap",
     .domain = "",
     .since_version = 17,
     .infer = InferSequenceMap,
     .cost = ZeroCost,
     .counting = kCounting,
     .num_carried = CarriesNothing},
};

}  // namespace

absl::Span<const OpRule> ControlFlowRules() { return kRules; }

}  // namespace onnx_macs
