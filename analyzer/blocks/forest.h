// Forest: the blocks found so far in one graph. A node that is already in a block stays there: the
// block that takes it in becomes the parent of the whole tree the node is in.
#ifndef ANALYZER_BLOCKS_FOREST_H_
#define ANALYZER_BLOCKS_FOREST_H_

#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"
#include "analyzer/blocks/block.h"
#include "analyzer/blocks/graph_view.h"

namespace onnx_macs {

using NodeList = absl::InlinedVector<NodeId, 24>;

// What a larger block needs to know of one that it may take in.
struct Ends {
  ValueId input = kNoValue;  // the value that the block transforms
  ValueId output = kNoValue;
  ValueId gated = kNoValue;  // of a gated unit: what the activation is multiplied with
};

class Forest {
 public:
  explicit Forest(NodeId num_nodes) : of_node_(num_nodes, kNoBlock) {}

  BlockId Add(Block block, absl::Span<const NodeId> nodes, Ends ends);
  BlockId Add(BlockKind kind, absl::Span<const NodeId> nodes, Ends ends);

  BlockId Innermost(NodeId n) const { return n == kNoNode ? kNoBlock : of_node_[n]; }
  bool IsFree(NodeId n) const { return Innermost(n) == kNoBlock; }
  BlockId Outermost(NodeId n);
  // The outermost block that gives this value; kNoBlock where it is made by no block, or inside.
  BlockId Giving(const GraphView& view, ValueId v);

  const Ends& ends(BlockId id) const { return ends_[id]; }
  BlockKind kind(BlockId id) const { return blocks_[id].kind; }
  BlockId size() const { return static_cast<BlockId>(blocks_.size()); }

  std::vector<Block> TakeBlocks() { return std::move(blocks_); }

 private:
  BlockId Root(BlockId id);

  std::vector<Block> blocks_;
  std::vector<Ends> ends_;
  std::vector<BlockId> towards_root_;  // by block; itself at a root
  std::vector<BlockId> of_node_;
};

}  // namespace onnx_macs

#endif  // ANALYZER_BLOCKS_FOREST_H_
