// Mixtures of experts: the router, the experts it chooses from, those that every token takes, and
// what joins them.
#include <utility>

#include "analyzer/blocks/recognizers.h"
#include "analyzer/blocks/routing.h"

namespace onnx_macs {
namespace {

void AddMoe(const Routing& routing, Forest& forest) {
  NodeList nodes(routing.rest.begin(), routing.rest.end());
  const auto add_part = [&](BlockKind kind, absl::Span<const NodeId> part) {
    if (part.empty()) return;
    Block block;
    block.kind = kind;
    block.mixture = routing.mixture;
    forest.Add(std::move(block), part, {});
    nodes.push_back(part[0]);
  };
  add_part(BlockKind::kRouter, routing.router);
  add_part(BlockKind::kExperts, routing.experts);
  add_part(BlockKind::kSharedExperts, routing.shared);
  Block block;
  block.kind = BlockKind::kMoe;
  block.mixture = routing.mixture;
  forest.Add(std::move(block), nodes, {});
}

}  // namespace

void FindMoes(const GraphView& view, Forest& forest) {
  for (const Routing& routing : FindRoutings(view)) AddMoe(routing, forest);
}

}  // namespace onnx_macs
