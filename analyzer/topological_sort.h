// Brings the nodes of a graph into an order in which every node follows what it reads.
#ifndef ANALYZER_TOPOLOGICAL_SORT_H_
#define ANALYZER_TOPOLOGICAL_SORT_H_

#include <cstdint>

#include "analyzer/model.h"

namespace onnx_macs {

// Nodes that were in order stay where they are. Also what a node's subgraphs capture is read by it.
// Sets Graph::was_sorted and the producers of values; -1, or the index of a node on a cycle.
int32_t SortTopologically(Graph* graph);

}  // namespace onnx_macs

#endif  // ANALYZER_TOPOLOGICAL_SORT_H_
