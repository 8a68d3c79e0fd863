// Costs and gaps, node by node.
#include "analyzer/cost_walk.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "analyzer/op_context.h"

namespace onnx_macs {
namespace {

std::string NoRuleReason(const Inference& inference, const Node& node) {
  const Operator& op = inference.model().operators[node.op];
  const absl::string_view domain = op.domain.empty() ? "ai.onnx" : op.domain;
  return absl::StrCat("no rule for ", domain, ".", op.type);
}

// The first value among these that keeps a cost from being known.
const Value* FindUnknown(const NodeRecord& record, absl::Span<const ValueId> values) {
  for (const ValueId value : values) {
    if (value == kNoValue) continue;
    const TensorInfo& info = record.frame->values[value];
    if (info.kind == ValueKind::kTensor && !info.shape.is_known()) {
      return &record.frame->graph->values[value];
    }
  }
  return nullptr;
}

// A node that was inferred and whose cost is still not known.
NodeCost Unknown(const NodeRecord& record) {
  NodeCost node{.status = NodeStatus::kGap};
  const Value* input = FindUnknown(record, record.node->inputs);
  const Value* unknown = input != nullptr ? input : FindUnknown(record, record.node->outputs);
  node.is_consequence = input != nullptr;
  node.reason = unknown == nullptr
                    ? "its cost cannot be known from what the file says"
                    : absl::StrCat("the shape of '", unknown->name, "' is not known");
  return node;
}

NodeCost Gap(std::string reason) {
  return {.status = NodeStatus::kGap, .reason = std::move(reason)};
}

// Sizes that fit together make none, so what made one has no meaning.
bool IsNegative(const Count& count) { return count.is_integer() && count.value() < 0; }

NodeCost CostNode(Inference& inference, size_t index) {
  if (const std::string* refusal = inference.RefusalOf(index)) return Gap(*refusal);
  const NodeRecord& record = inference.records()[index];
  const Callee& callee = record.callee();
  if (callee.function != nullptr) return {};  // its body is counted instead
  if (callee.rule == nullptr) return Gap(NoRuleReason(inference, *record.node));
  if (callee.rule->cost == ZeroCost) return {};
  const OpContext context(inference, *record.frame, *record.node, callee.opset);
  NodeCost node{.status = NodeStatus::kCounted, .cost = callee.rule->cost(context)};
  if (!node.cost.refusal.empty()) return Gap(std::string(node.cost.refusal));
  Count &macs = node.cost.macs, &ops = node.cost.ops;
  if (record.frame->entered_by != nullptr) {  // nodes of the main graph run once
    macs *= record.frame->times;
    ops *= record.frame->times;
  }
  macs = Resolve(macs);
  ops = Resolve(ops);
  if (IsNegative(macs) || IsNegative(ops)) return Gap("its sizes make a negative cost");
  if (macs.is_known() && ops.is_known()) return node;
  if (macs.is_too_large() || ops.is_too_large()) {
    return Gap("its cost is too large to be represented");
  }
  return Unknown(record);
}

// Two branches of which only the one that costs more counts, and so on inside them: all that lies
// in an outermost pair is held back until it is known what counts.
class BranchChooser {
 public:
  BranchChooser(Inference& inference, size_t begin, size_t end) : begin_(begin) {
    for (size_t i = begin; i < end; ++i) nodes_.push_back(CostNode(inference, i));
  }

  // Formulas are compared where every symbol is the same nominal size.
  void DropCheaper(const Inference::Alternative& a) {
    const auto first = Weigh(a.first_begin, a.second_begin);
    const auto second = Weigh(a.second_begin, a.second_end);
    const bool drop_first = first < second;
    const size_t begin = drop_first ? a.first_begin : a.second_begin;
    const size_t end = drop_first ? a.second_begin : a.second_end;
    for (size_t i = begin; i < end; ++i) {
      NodeCost& node = nodes_[i - begin_];
      if (node.status == NodeStatus::kCounted) node = {};
      node.is_dropped = true;
    }
  }

  const std::vector<NodeCost>& nodes() const { return nodes_; }

 private:
  // MACs, then operations, of a stretch of nodes.
  std::pair<double, double> Weigh(size_t begin, size_t end) const {
    constexpr double kNominalSize = 64;
    std::pair<double, double> sum{0, 0};
    for (size_t i = begin; i < end; ++i) {
      sum.first += Approximate(nodes_[i - begin_].cost.macs, kNominalSize);
      sum.second += Approximate(nodes_[i - begin_].cost.ops, kNominalSize);
    }
    return sum;
  }

  const size_t begin_;
  std::vector<NodeCost> nodes_;
};

// The pairs that lie in no other one, by index. Inner ones come before the outer one that has them.
std::vector<size_t> Outermost(const std::vector<Inference::Alternative>& all) {
  std::vector<size_t> found;
  for (size_t i = all.size(); i-- > 0;) {
    if (found.empty() || all[i].second_end <= all[found.back()].first_begin) found.push_back(i);
  }
  std::reverse(found.begin(), found.end());
  return found;
}

}  // namespace

void CostNodes(Inference& inference, CostVisitor visit) {
  const std::vector<Inference::Alternative>& pairs = inference.alternatives();
  size_t record = 0, pair = 0;
  const auto visit_until = [&](size_t end) {
    for (; record < end; ++record) visit(record, CostNode(inference, record));
  };
  for (const size_t outermost : Outermost(pairs)) {
    visit_until(pairs[outermost].first_begin);
    BranchChooser chooser(inference, record, pairs[outermost].second_end);
    for (; pair <= outermost; ++pair) chooser.DropCheaper(pairs[pair]);
    for (const NodeCost& node : chooser.nodes()) visit(record++, node);
  }
  visit_until(inference.records().size());
}

}  // namespace onnx_macs
