// Trees grow at their roots only; ways to the root are shortened whenever they are gone, because a
// hostile graph nests as deep as it is long.
#include "analyzer/blocks/forest.h"

namespace onnx_macs {

BlockId Forest::Add(Block block, absl::Span<const NodeId> nodes, Ends ends) {
  const BlockId id = size();
  blocks_.push_back(std::move(block));
  ends_.push_back(ends);
  towards_root_.push_back(id);
  for (const NodeId n : nodes) {
    if (of_node_[n] == kNoBlock) {
      of_node_[n] = id;
    } else if (const BlockId root = Root(of_node_[n]); root != id) {
      blocks_[root].parent = towards_root_[root] = id;
    }
  }
  return id;
}

BlockId Forest::Add(BlockKind kind, absl::Span<const NodeId> nodes, Ends ends) {
  Block block;
  block.kind = kind;
  return Add(std::move(block), nodes, ends);
}

BlockId Forest::Root(BlockId id) {
  while (towards_root_[id] != id) {
    towards_root_[id] = towards_root_[towards_root_[id]];
    id = towards_root_[id];
  }
  return id;
}

BlockId Forest::Outermost(NodeId n) { return IsFree(n) ? kNoBlock : Root(of_node_[n]); }

BlockId Forest::Giving(const GraphView& view, ValueId v) {
  const BlockId root = Outermost(view.Producer(v));
  return root != kNoBlock && ends_[root].output == v ? root : kNoBlock;
}

}  // namespace onnx_macs
