// Costs and gaps, node by node.
#include "analyzer/cost_walk.h"

#include <utility>

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

NodeGap UnknownGap(const NodeRecord& record) {
  const Value* input = FindUnknown(record, record.node->inputs);
  const Value* unknown = input != nullptr ? input : FindUnknown(record, record.node->outputs);
  if (unknown == nullptr) return {"its cost cannot be known from what the file says"};
  return {absl::StrCat("the shape of '", unknown->name, "' is not known"), input != nullptr};
}

class Walker {
 public:
  explicit Walker(Inference& inference) : inference_(inference) {}

  CostResult Run() {
    result_.nodes.reserve(inference_.records().size());
    for (const NodeRecord& record : inference_.records()) {
      result_.nodes.emplace_back();
      CostNode(record, result_.nodes.back());
    }
    for (const Inference::Alternative& alternative : inference_.alternatives()) {
      DropCheaper(alternative);
    }
    return std::move(result_);
  }

 private:
  void CostNode(const NodeRecord& record, NodeCost& node) {
    if (record.refusal != nullptr) return MakeGap(node, {*record.refusal});
    if (record.function != nullptr) return;  // its body is counted instead
    if (record.rule == nullptr) return MakeGap(node, {NoRuleReason(inference_, *record.node)});
    if (record.rule->cost == ZeroCost) return;
    node.status = NodeStatus::kCounted;
    const OpContext context(inference_, *record.frame, *record.node,
                            inference_.OpsetOf(*record.frame, *record.node));
    node.cost = record.rule->cost(context);
    node.cost.macs = Resolve(node.cost.macs * record.frame->times);
    node.cost.ops = Resolve(node.cost.ops * record.frame->times);
    if (node.cost.macs.is_known() && node.cost.ops.is_known()) return;
    const bool too_large = node.cost.macs.is_too_large() || node.cost.ops.is_too_large();
    node.cost = {};
    if (too_large) return MakeGap(node, {"its cost is too large to be represented"});
    MakeGap(node, UnknownGap(record));
  }

  // Of two branches only the one that costs more counts; formulas are compared where every symbol
  // is the same nominal size.
  void DropCheaper(const Inference::Alternative& a) {
    const auto first = Weigh(a.first_begin, a.second_begin);
    const auto second = Weigh(a.second_begin, a.second_end);
    const bool drop_first = first < second;
    const size_t begin = drop_first ? a.first_begin : a.second_begin;
    const size_t end = drop_first ? a.second_begin : a.second_end;
    for (size_t i = begin; i < end; ++i) {
      NodeCost& node = result_.nodes[i];
      if (node.status == NodeStatus::kCounted) node = {};
    }
  }

  // MACs, then operations, of a stretch of nodes.
  std::pair<double, double> Weigh(size_t begin, size_t end) const {
    constexpr double kNominalSize = 64;
    std::pair<double, double> sum{0, 0};
    for (size_t i = begin; i < end; ++i) {
      sum.first += Approximate(result_.nodes[i].cost.macs, kNominalSize);
      sum.second += Approximate(result_.nodes[i].cost.ops, kNominalSize);
    }
    return sum;
  }

  void MakeGap(NodeCost& node, NodeGap gap) {
    node.status = NodeStatus::kGap;
    node.gap = static_cast<int32_t>(result_.gaps.size());
    result_.gaps.push_back(std::move(gap));
  }

  Inference& inference_;
  CostResult result_;
};

}  // namespace

CostResult CostNodes(Inference& inference) { return Walker(inference).Run(); }

}  // namespace onnx_macs
