// Block: nodes that together are one thing people have a name for (an attention, a norm, an MLP).
// A block is a label over nodes: whatever is recognised, no total changes.
#ifndef ANALYZER_BLOCKS_BLOCK_H_
#define ANALYZER_BLOCKS_BLOCK_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "analyzer/dim.h"

namespace onnx_macs {

enum class BlockKind : uint8_t {
  kAttention,
  kLinearAttention,
  kLayerNorm,
  kRmsNorm,
  kGroupNorm,
  kGelu,
  kSilu,
  kGeglu,
  kSwiglu,
  kRope,
  kMlp,
  kResidual,
  kMoe,
  // The parts of that.
  kRouter,
  kExperts,
  kSharedExperts,
};

// "attention", "layer_norm", ...
absl::string_view KindName(BlockKind kind);

// Index into Blocks::blocks.
using BlockId = int32_t;
inline constexpr BlockId kNoBlock = -1;

// One node whose whole cost is a named share of its block: the product of queries and keys.
struct PartNode {
  absl::string_view part;  // a literal
  int64_t node;            // in its graph; once all graphs are done, the record
};

// What attentions of every kind say of themselves; unknown where the graph does not show it.
struct AttentionSizes {
  Dim heads, head_size, q_len, k_len;
};

// What mixtures of experts say of themselves, they and each of their parts.
struct Mixture {
  Dim tokens{};
  int64_t experts = 0, top_k = 0;
  // Whether all experts run for every token, and the choice only weighs what they give.
  bool is_dense = false;
};

struct Block {
  BlockKind kind = BlockKind::kAttention;
  BlockId parent = kNoBlock;
  AttentionSizes attention{};
  Mixture mixture{};
  // Empty for fused operators: they name the parts of their costs themselves.
  std::vector<PartNode> parts{};
};

// The blocks of an analysis; where they were not asked for, mixtures of experts alone.
struct Blocks {
  std::vector<Block> blocks;       // parents before children, else as they come in the model
  std::vector<BlockId> of_record;  // the innermost one that a record of the inference is in

  BlockId Of(size_t record) const { return of_record.empty() ? kNoBlock : of_record[record]; }
};

}  // namespace onnx_macs

#endif  // ANALYZER_BLOCKS_BLOCK_H_
