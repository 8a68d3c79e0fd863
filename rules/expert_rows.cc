// From NonZero back to the TopK of the router, over what exporters put between: the part of one
// expert (Gather), transpositions and casts, and the one-hot form (OneHot, or Equal with a range).
// Where the loop was unrolled over the experts that an example hit, which expert a part is of comes
// from a list of those, which a Split takes apart.
#include "rules/expert_rows.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "analyzer/frame.h"
#include "analyzer/inference.h"
#include "rules/scalar.h"

namespace onnx_macs {
namespace {

constexpr int kMostSteps = 24;
constexpr absl::string_view kMoves[] = {"Cast",    "Transpose", "Squeeze", "Unsqueeze",
                                        "Reshape", "Identity",  "Flatten"};

// A value and the node that makes it, in the graph of the node that is inferred.
class Trail {
 public:
  explicit Trail(const OpContext& ctx) : ctx_(&ctx), node_(&ctx.node()) {}

  // To the producer of an input; false where there is none.
  bool GoTo(size_t input) {
    if (++steps_ > kMostSteps || input >= node_->inputs.size()) return false;
    value_ = node_->inputs[input];
    if (value_ == kNoValue) return false;
    const Graph& graph = *ctx_->frame().graph;
    const int32_t producer = graph.values[value_].producer();
    if (producer < 0) return false;
    node_ = &graph.nodes[producer];
    return true;
  }
  // To the first producer behind operators that only move elements or change their type.
  bool GoBehindMoves(size_t input) { return GoBehind(kMoves, input); }
  bool GoBehind(absl::Span<const absl::string_view> passed, size_t input) {
    if (!GoTo(input)) return false;
    while (absl::c_linear_search(passed, type())) {
      if (!GoTo(0)) return false;
    }
    return true;
  }

  absl::string_view type() const {
    const Operator& op = ctx_->inference().model().operators[node_->op];
    return op.domain.empty() ? op.type : absl::string_view();
  }
  // The context of the producer, and of what it was asked for.
  OpContext context() const {
    return OpContext(ctx_->inference(), ctx_->frame(), *node_,
                     ctx_->frame().callees[node_->op].opset);
  }
  bool IsOutput(size_t i) const { return i < node_->outputs.size() && node_->outputs[i] == value_; }
  // Which output of the producer was asked for, of how many.
  int64_t output() const { return absl::c_find(node_->outputs, value_) - node_->outputs.begin(); }
  int64_t num_outputs() const { return static_cast<int64_t>(node_->outputs.size()); }

 private:
  const OpContext* ctx_;
  const Node* node_;
  ValueId value_ = kNoValue;
  int steps_ = 0;
};

// One of the experts that the graph runs.
struct Turn {
  int64_t index = 0, of = 0;  // of = 0: none
};

// By number: all experts there are take turns.
Turn NumberedTurn(const OpContext& part, Dim experts) {
  const Dim index = ScalarInput(part, 1);
  if (!index.is_integer()) return {};
  const int64_t of = experts.value(), from_end = index.value() < 0 ? of : 0;
  return {index.value() + from_end, of};
}

// By its place in the list of those that an example hit, which is what NonZero found in the choice.
Turn TracedTurn(Trail trail) {
  constexpr absl::string_view kTakesOne[] = {"Cast",    "Squeeze",  "Unsqueeze",
                                             "Reshape", "Identity", "Gather"};
  constexpr int kIndex = 1;
  if (!trail.GoBehind(kTakesOne, kIndex)) return {};
  Turn turn = {0, 1};
  if (trail.type() == "Split") {
    turn = {trail.output(), trail.num_outputs()};
    if (!trail.GoBehindMoves(0)) return {};
  }
  return trail.type() == "NonZero" ? turn : Turn();
}

// From the one-hot form to the choice; false where the node makes none of that many classes.
bool GoToChoice(Trail* trail, Dim experts) {
  const OpContext one_hot = trail->context();
  if (trail->type() == "OneHot") {
    return ScalarInput(one_hot, 1) == experts && trail->GoBehindMoves(0);
  }
  if (trail->type() != "Equal") return false;
  for (int range : {1, 0}) {
    if (one_hot.InputShape(range).NumElements() != experts) continue;
    Trail choice = *trail;
    if (!choice.GoBehindMoves(1 - range) || choice.type() != "TopK") continue;
    *trail = choice;
    return true;
  }
  return false;
}

void NoteTraced(const OpContext& ctx, int64_t traced, Dim experts) {
  ctx.NoteOnce(absl::StrCat("only ", traced, " of ", ToString(experts),
                            " experts were traced, those that an example hit: they are taken to do "
                            "the work of all"));
}

}  // namespace

Dim RowsOfExpert(const OpContext& ctx) {
  Trail trail(ctx);
  if (!trail.GoBehindMoves(0) || trail.type() != "Gather") return Dim();
  const OpContext part = trail.context();
  const Dim experts = part.InputShape(0)[static_cast<int>(part.IntAttribute("axis", 0))];
  if (!experts.is_integer()) return Dim();
  Turn turn = NumberedTurn(part, experts);
  const bool is_traced = turn.of == 0;
  if (is_traced) turn = TracedTurn(trail);
  if (turn.index < 0 || turn.index >= turn.of) return Dim();
  if (!trail.GoBehindMoves(0) || !GoToChoice(&trail, experts)) return Dim();
  constexpr int kIndices = 1;
  if (trail.type() != "TopK" || !trail.IsOutput(kIndices)) return Dim();
  const Dim rows = trail.context().OutputShape(kIndices).NumElements();
  if (is_traced && !IsInteger(experts, turn.of)) NoteTraced(ctx, turn.of, experts);
  ctx.NoteOnce("the rows of experts are taken to be dealt out evenly; together they are exact");
  return FloorDiv(rows + (turn.of - 1 - turn.index), Dim(turn.of));
}

Dim TracedExperts(const OpContext& ctx) {
  Trail trail(ctx);
  const bool is_any_token = trail.GoBehindMoves(0) && trail.type() == "Greater" && trail.GoTo(0) &&
                            trail.type() == "ReduceSum" && trail.GoBehindMoves(0) &&
                            (trail.type() == "OneHot" || trail.type() == "Equal");
  if (!is_any_token || ctx.node().outputs.empty()) return Dim();
  constexpr size_t kMostNodes = 8;
  const absl::Span<const Node> nodes = ctx.frame().graph->nodes;
  const size_t here = &ctx.node() - nodes.data();
  ValueId list = ctx.node().outputs[0];
  for (const Node& node : nodes.subspan(here + 1, kMostNodes)) {
    if (node.inputs.empty() || node.inputs[0] != list || node.outputs.empty()) continue;
    const absl::string_view type = ctx.inference().model().operators[node.op].type;
    if (type == "Split") return static_cast<int64_t>(node.outputs.size());
    if (absl::c_linear_search(kMoves, type)) list = node.outputs[0];
  }
  return Dim();
}

}  // namespace onnx_macs
