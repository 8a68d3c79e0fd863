// Which node of a component is which of the other revision's.
#ifndef ANALYZER_DIFF_MATCH_NODES_H_
#define ANALYZER_DIFF_MATCH_NODES_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "analyzer/node_list.h"

namespace onnx_macs {

inline constexpr uint32_t kNoNode = ~uint32_t{0};

// Indices into the two lists: a node that changed, or one that only one side has.
struct NodePair {
  uint32_t old_node = kNoNode, new_node = kNoNode;
};

// Appends what differs; nodes that are the same, wherever they went, are left out. What is left of
// both sides is paired by name, then by operator in order.
void MatchNodes(const NodeList& old_list, absl::Span<const uint32_t> old_nodes,
                const NodeList& new_list, absl::Span<const uint32_t> new_nodes,
                std::vector<NodePair>* differing);

}  // namespace onnx_macs

#endif  // ANALYZER_DIFF_MATCH_NODES_H_
