// The second walk: every inferred node gets a cost, is free by rule, or becomes a gap.
#ifndef ANALYZER_COST_WALK_H_
#define ANALYZER_COST_WALK_H_

#include <cstddef>
#include <string>

#include "absl/functional/function_ref.h"
#include "analyzer/inference.h"
#include "analyzer/rule.h"

namespace onnx_macs {

enum class NodeStatus : uint8_t { kCounted, kFree, kGap };

struct NodeCost {
  NodeStatus status = NodeStatus::kFree;
  bool is_consequence = false;  // a gap because an input is unknown: the node itself is in order
  bool is_dropped = false;      // of the branch of an If that does not count
  std::string reason{};         // why it is a gap; empty when it is none
  Cost cost{};
};

// Costs are told, not kept: a large model has many nodes. Called once for every record of the
// inference, in their order, with its index.
using CostVisitor = absl::FunctionRef<void(size_t, const NodeCost&)>;
void CostNodes(Inference& inference, CostVisitor visit);

}  // namespace onnx_macs

#endif  // ANALYZER_COST_WALK_H_
