// From NonZero back to the TopK of the router, over what exporters put between: the part of one
// expert (Gather), transpositions and casts, and the one-hot form (OneHot, or Equal with a range).
#include "rules/expert_rows.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/string_view.h"
#include "analyzer/frame.h"
#include "analyzer/inference.h"
#include "rules/scalar.h"

namespace onnx_macs {
namespace {

constexpr int kMostSteps = 16;

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
  bool GoBehindMoves(size_t input) {
    constexpr absl::string_view kMoves[] = {"Cast",    "Transpose", "Squeeze", "Unsqueeze",
                                            "Reshape", "Identity",  "Flatten"};
    if (!GoTo(input)) return false;
    while (absl::c_linear_search(kMoves, type())) {
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

 private:
  const OpContext* ctx_;
  const Node* node_;
  ValueId value_ = kNoValue;
  int steps_ = 0;
};

// What one expert's part was taken from, by which index, of how many.
struct Part {
  Dim index, experts;
};

Part PartOf(const OpContext& gather) {
  const int axis = static_cast<int>(gather.IntAttribute("axis", 0));
  return {ScalarInput(gather, 1), gather.InputShape(0)[axis]};
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

}  // namespace

Dim RowsOfExpert(const OpContext& ctx) {
  Trail trail(ctx);
  if (!trail.GoBehindMoves(0) || trail.type() != "Gather") return Dim();
  const Part part = PartOf(trail.context());
  if (!part.index.is_integer() || !part.experts.is_integer()) return Dim();
  const int64_t experts = part.experts.value();
  const int64_t index = part.index.value() + (part.index.value() < 0 ? experts : 0);
  if (index < 0 || index >= experts) return Dim();
  if (!trail.GoBehindMoves(0) || !GoToChoice(&trail, part.experts)) return Dim();
  constexpr int kIndices = 1;
  if (trail.type() != "TopK" || !trail.IsOutput(kIndices)) return Dim();
  const Dim rows = trail.context().OutputShape(kIndices).NumElements();
  return FloorDiv(rows + (experts - 1 - index), Dim(experts));
}

}  // namespace onnx_macs
