// Sums of blocks, and the rows of a report made of them.
#include "analyzer/blocks/block_sums.h"

#include <string>
#include <utility>

#include "analyzer/report_rows.h"

namespace onnx_macs {

BlockSums::BlockSums(Inference& inference, const ComponentTree& tree, const Blocks& blocks)
    : inference_(inference), tree_(tree), blocks_(blocks), sums_(blocks.blocks.size()) {}

void BlockSums::Add(size_t record, const NodeCost& node, ComponentId component) {
  Sum& sum = SumOf(record);
  sum.totals.macs.Add(node.cost.macs);
  sum.totals.ops.Add(node.cost.ops);
  ++sum.totals.nodes;
  sum.gaps += node.status == NodeStatus::kGap;
  if (&sum == &outside_) return;
  AddParts(record, node, &sum);
  Enclose(component, &sum);
}

BlockSums::Sum& BlockSums::SumOf(size_t record) {
  const BlockId id = blocks_.Of(record);
  return id == kNoBlock ? outside_ : sums_[id];
}

void BlockSums::AddParameter(size_t record, const Count& elements, const Count& bytes) {
  Totals& totals = SumOf(record).totals;
  totals.params.Add(elements);
  totals.weight_bytes.Add(bytes);
}

void BlockSums::AddParts(size_t record, const NodeCost& node, Sum* sum) {
  const Block& block = blocks_.blocks[blocks_.Of(record)];
  for (const PartNode& part : block.parts) {
    if (part.node == static_cast<int64_t>(record)) AddPart(part.part, node.cost.macs, sum);
  }
  const Frame& frame = *inference_.records()[record].frame;
  for (const CostPart& part : node.cost.parts) {
    AddPart(part.name, frame.entered_by == nullptr ? part.macs : part.macs * frame.times, sum);
  }
}

void BlockSums::AddPart(absl::string_view part, const Count& macs, Sum* sum) {
  for (PartSum& known : sum->parts) {
    if (known.part == part) return known.macs.Add(macs);
  }
  sum->parts.push_back({part, {}});
  sum->parts.back().macs.Add(macs);
}

void BlockSums::Enclose(ComponentId component, Sum* sum) const {
  if (component == kRootComponent) return;
  sum->component = sum->component == kRootComponent
                       ? component
                       : tree_.CommonAncestor(sum->component, component);
}

// Parents come before their children.
void BlockSums::FoldIntoParents() {
  for (size_t id = sums_.size(); id-- > 0;) {
    const BlockId parent = blocks_.blocks[id].parent;
    if (parent == kNoBlock) continue;
    sums_[parent].totals.Add(sums_[id].totals);
    sums_[parent].gaps += sums_[id].gaps;
    Enclose(sums_[id].component, &sums_[parent]);
  }
}

BlockRow BlockSums::MakeRow(BlockId id) {
  const Block& block = blocks_.blocks[id];
  const Sum& sum = sums_[id];
  BlockRow row;
  row.id = id;
  row.parent = block.parent;
  row.kind = std::string(KindName(block.kind));
  row.path = std::string(tree_[sum.component].path);
  row.figures = MakeFigures(sum.totals);
  row.gaps = sum.gaps;
  row.is_attention =
      block.kind == BlockKind::kAttention || block.kind == BlockKind::kLinearAttention;
  if (!row.is_attention) return row;
  const auto size = [this](Dim d) { return MakeAmount(Count(inference_.pool().Resolve(d))); };
  row.heads = size(block.attention.heads);
  row.head_size = size(block.attention.head_size);
  row.q_len = size(block.attention.q_len);
  row.k_len = size(block.attention.k_len);
  for (const PartSum& part : sum.parts) {
    row.parts.push_back({std::string(part.part), MakeAmount(Resolve(part.macs.Total()))});
  }
  return row;
}

void BlockSums::MakeRows(ModelReport* report) {
  FoldIntoParents();
  report->blocks.reserve(sums_.size());
  for (size_t id = 0; id < sums_.size(); ++id) {
    report->blocks.push_back(MakeRow(static_cast<BlockId>(id)));
  }
  report->outside_blocks.id = -1;
  report->outside_blocks.kind = "(none)";
  report->outside_blocks.figures = MakeFigures(outside_.totals);
  report->outside_blocks.gaps = outside_.gaps;
}

}  // namespace onnx_macs
