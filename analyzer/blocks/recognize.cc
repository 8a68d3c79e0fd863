// Graph by graph the recognisers run in the order of their table; then nodes become records, and
// blocks get ids in the order of the model.
#include "analyzer/blocks/recognize.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "analyzer/blocks/forest.h"
#include "analyzer/blocks/graph_view.h"
#include "analyzer/blocks/op.h"
#include "analyzer/blocks/recognizers.h"
#include "analyzer/blocks/walk.h"

namespace onnx_macs {
namespace {

// What is part of something larger comes before it; the products of experts are no linear
// attention.
constexpr Recognizer kRecognizers[] = {
    FindFusedBlocks, FindNorms, FindSoftmaxAttention, FindActivations, FindRope, FindGatedUnits,
    FindMlps,        FindMoes,  FindLinearAttention,  FindResiduals,
};

std::vector<Called> OpsOf(const Model& model) {
  std::vector<Called> ops;
  for (const Operator& called : model.operators) ops.push_back(OpOf(called));
  return ops;
}

class Collector {
 public:
  Collector(Inference& inference, std::vector<Called> ops, absl::Span<const Recognizer> recognizers)
      : inference_(inference),
        ops_(std::move(ops)),
        recognizers_(recognizers),
        of_record_(inference.records().size(), kNoBlock) {}

  Blocks Collect() {
    FindFrames();
    for (const WalkedFrame& walked : frames_) AddFrame(walked);
    return InOrder();
  }

 private:
  struct WalkedFrame {
    Frame* frame;
    std::vector<int64_t> records;  // by node; -1 where a walk ended early
  };

  // A frame comes after the one that entered it.
  void FindFrames() {
    const std::vector<NodeRecord>& records = inference_.records();
    size_t current = 0;
    for (size_t r = 0; r < records.size(); ++r) {
      Frame* const frame = records[r].frame;
      if (frames_.empty() || frames_[current].frame != frame) current = IndexOf(frame);
      const std::ptrdiff_t node = records[r].node - frame->graph->nodes.data();
      frames_[current].records[node] = static_cast<int64_t>(r);
    }
  }

  size_t IndexOf(Frame* frame) {
    const auto [found, is_new] = index_.try_emplace(frame, frames_.size());
    if (is_new) frames_.push_back({frame, std::vector<int64_t>(frame->graph->nodes.size(), -1)});
    return found->second;
  }

  void AddFrame(const WalkedFrame& walked) {
    const GraphView view(inference_, *walked.frame, ops_);
    Forest forest(view.num_nodes());
    for (const Recognizer recognize : recognizers_) recognize(view, forest);
    const auto first = static_cast<BlockId>(blocks_.size());
    const BlockId enclosing = Enclosing(*walked.frame);
    for (NodeId n = 0; n < view.num_nodes(); ++n) {
      if (walked.records[n] < 0) continue;
      const BlockId inner = forest.Innermost(n);
      of_record_[walked.records[n]] = inner == kNoBlock ? enclosing : first + inner;
    }
    for (Block& block : forest.TakeBlocks()) {
      block.parent = block.parent == kNoBlock ? enclosing : first + block.parent;
      for (PartNode& part : block.parts) part.node = walked.records[part.node];
      blocks_.push_back(std::move(block));
    }
  }

  // Nodes and blocks inside a call belong where the calling node does.
  BlockId Enclosing(const Frame& frame) const {
    if (frame.entered_by == nullptr) return kNoBlock;
    const auto outer = index_.find(frame.outer);
    if (outer == index_.end()) return kNoBlock;
    const std::ptrdiff_t node = frame.entered_by - frame.outer->graph->nodes.data();
    const int64_t record = frames_[outer->second].records[node];
    return record < 0 ? kNoBlock : of_record_[record];
  }

  // Ids anew: a block comes where its first node does, behind the blocks it lies in.
  Blocks InOrder() {
    Blocks result;
    std::vector<BlockId> new_id(blocks_.size(), kNoBlock);
    std::vector<BlockId> unseen;
    for (BlockId& of : of_record_) {
      for (BlockId b = of; b != kNoBlock && new_id[b] == kNoBlock; b = blocks_[b].parent) {
        unseen.push_back(b);
      }
      for (; !unseen.empty(); unseen.pop_back()) {
        Block& block = blocks_[unseen.back()];
        new_id[unseen.back()] = static_cast<BlockId>(result.blocks.size());
        if (block.parent != kNoBlock) block.parent = new_id[block.parent];
        result.blocks.push_back(std::move(block));
      }
      if (of != kNoBlock) of = new_id[of];
    }
    result.of_record = std::move(of_record_);
    return result;
  }

  Inference& inference_;
  const std::vector<Called> ops_;  // by operator id
  const absl::Span<const Recognizer> recognizers_;
  std::vector<WalkedFrame> frames_;
  absl::flat_hash_map<const Frame*, size_t> index_;  // into frames_
  std::vector<Block> blocks_;
  std::vector<BlockId> of_record_;
};

}  // namespace

Blocks RecognizeBlocks(Inference& inference) {
  return Collector(inference, OpsOf(inference.model()), kRecognizers).Collect();
}

Blocks RecognizeMixtures(Inference& inference) {
  constexpr Recognizer kMixtures[] = {FindMoes};
  constexpr OpSet kChooseExperts = {Op::kTopK, Op::kMoe};
  std::vector<Called> ops = OpsOf(inference.model());
  if (absl::c_none_of(ops, [&](Called c) { return kChooseExperts.Has(c.op); })) return {};
  Blocks mixtures = Collector(inference, std::move(ops), kMixtures).Collect();
  return mixtures.blocks.empty() ? Blocks() : mixtures;
}

}  // namespace onnx_macs
