// Routing: what becomes of the choice of a router. From its TopK on, every value is followed that
// is made of the choice: the weights and rows of the experts it picks, what these give, and their
// sum.
#ifndef ANALYZER_BLOCKS_ROUTING_H_
#define ANALYZER_BLOCKS_ROUTING_H_

#include <vector>

#include "analyzer/blocks/block.h"
#include "analyzer/blocks/graph_view.h"

namespace onnx_macs {

struct Routing {
  Mixture mixture{};
  // `rest`: what brings the parts together.
  std::vector<NodeId> router{}, experts{}, shared{}, rest{};
};

// Every routing that mixes experts, in the order of the graph. Few steps per node.
std::vector<Routing> FindRoutings(const GraphView& view);

}  // namespace onnx_macs

#endif  // ANALYZER_BLOCKS_ROUTING_H_
