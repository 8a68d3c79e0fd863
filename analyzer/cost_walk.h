// The second walk: every inferred node gets a cost, is free by rule, or becomes a gap.
#ifndef ANALYZER_COST_WALK_H_
#define ANALYZER_COST_WALK_H_

#include <string>
#include <vector>

#include "analyzer/inference.h"
#include "analyzer/rule.h"

namespace onnx_macs {

enum class NodeStatus : uint8_t { kCounted, kFree, kGap };

// Parallel to Inference::records().
struct NodeCost {
  NodeStatus status = NodeStatus::kFree;
  int32_t gap = -1;  // index into CostResult::gaps
  Cost cost;
};

struct NodeGap {
  std::string reason;
  bool is_consequence = false;  // of an unknown input: the node itself is in order
};

struct CostResult {
  std::vector<NodeCost> nodes;
  std::vector<NodeGap> gaps;
};

CostResult CostNodes(Inference& inference);

}  // namespace onnx_macs

#endif  // ANALYZER_COST_WALK_H_
