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

// The first value that keeps a cost from being known.
std::string UnknownReason(const NodeRecord& record) {
  const auto find = [&record](absl::Span<const ValueId> values) -> const Value* {
    for (const ValueId value : values) {
      if (value == kNoValue) continue;
      const TensorInfo& info = record.frame->values[value];
      if (info.kind == ValueKind::kTensor && !info.shape.is_known()) {
        return &record.frame->graph->values[value];
      }
    }
    return nullptr;
  };
  const Value* unknown = find(record.node->inputs);
  if (unknown == nullptr) unknown = find(record.node->outputs);
  if (unknown == nullptr) return "its cost cannot be known from what the file says";
  return absl::StrCat("the shape of '", unknown->name, "' is not known");
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
    return std::move(result_);
  }

 private:
  void CostNode(const NodeRecord& record, NodeCost& node) {
    if (record.rule == nullptr) return MakeGap(node, NoRuleReason(inference_, *record.node));
    if (record.refusal != nullptr) return MakeGap(node, *record.refusal);
    if (record.rule->cost == ZeroCost) return;
    node.status = NodeStatus::kCounted;
    const OpContext context(inference_, *record.frame, *record.node,
                            inference_.OpsetOf(*record.frame, *record.node));
    node.cost = record.rule->cost(context);
    node.cost.macs = Resolve(node.cost.macs);
    node.cost.ops = Resolve(node.cost.ops);
    if (node.cost.macs.is_known() && node.cost.ops.is_known()) return;
    const bool too_large = node.cost.macs.is_too_large() || node.cost.ops.is_too_large();
    node.cost = {};
    MakeGap(node, too_large ? "its cost is too large to be represented" : UnknownReason(record));
  }

  void MakeGap(NodeCost& node, std::string reason) {
    node.status = NodeStatus::kGap;
    node.gap = static_cast<int32_t>(result_.gap_reasons.size());
    result_.gap_reasons.push_back(std::move(reason));
  }

  Inference& inference_;
  CostResult result_;
};

}  // namespace

CostResult CostNodes(Inference& inference) { return Walker(inference).Run(); }

}  // namespace onnx_macs
