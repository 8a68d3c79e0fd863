// Sums of blocks, and the rows of a report made of them.
#include "analyzer/blocks/block_sums.h"

#include <string>
#include <utility>

#include "analyzer/report_rows.h"

namespace onnx_macs {
namespace {

constexpr BlockKind kPartsOfMixture[] = {BlockKind::kRouter, BlockKind::kExperts,
                                         BlockKind::kSharedExperts};

// What its mixture calls a block; empty of others.
absl::string_view PartOfMixture(BlockKind kind) {
  switch (kind) {
    case BlockKind::kRouter:
      return "router";
    case BlockKind::kExperts:
      return "experts";
    case BlockKind::kSharedExperts:
      return "shared";
    default:
      return "";
  }
}

}  // namespace

BlockSums::BlockSums(Inference& inference, const ComponentTree& tree, const Blocks& blocks)
    : inference_(inference), tree_(tree), blocks_(blocks), sums_(blocks.blocks.size()) {}

void BlockSums::Add(size_t record, const NodeCost& node, ComponentId component) {
  Sum& sum = SumOf(record);
  sum.totals.AddNode(node.cost.macs, node.cost.ops);
  sum.gaps += node.status == NodeStatus::kGap;
  if (&sum == &outside_) return;
  AddParts(record, node, &sum);
  Enclose(component, &sum);
}

void BlockSums::AddTraffic(size_t record, const Count& bytes) {
  SumOf(record).totals.traffic_bytes.Add(bytes);
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
    const Block& block = blocks_.blocks[id];
    Sum& sum = sums_[id];
    if (block.kind == BlockKind::kExperts) sum.idle = IdleOf(block.mixture, sum.totals);
    (block.parent == kNoBlock ? idle_ : sums_[block.parent].idle).Add(sum.idle);
    if (block.parent != kNoBlock) FoldInto(block.kind, sum, &sums_[block.parent]);
  }
}

void BlockSums::FoldInto(BlockKind kind, const Sum& sum, Sum* parent) const {
  if (const absl::string_view part = PartOfMixture(kind); !part.empty()) {
    parent->parts.push_back({part, {}});
    parent->parts.back().macs.Add(sum.totals.macs);
  }
  parent->totals.Add(sum.totals);
  parent->gaps += sum.gaps;
  Enclose(sum.component, parent);
}

// Experts are alike, and each token takes k of them. Where only the chosen ones run, nothing that
// runs is idle.
BlockSums::Idle BlockSums::IdleOf(const Mixture& mixture, const Totals& experts) {
  const auto share = [&](const Count& count) {
    return Divide(count * Count(mixture.experts - mixture.top_k), mixture.experts);
  };
  return {.macs = mixture.is_dense ? share(Resolve(experts.macs.Total())) : Count(0),
          .params = share(experts.params.Total())};
}

ActiveFigures BlockSums::Active(const Totals& totals, const Idle& idle) {
  return {.macs = MakeAmount(Resolve(totals.macs.Total()) - idle.macs),
          .params = MakeAmount(totals.params.Total() - idle.params)};
}

Amount BlockSums::SizeAmount(Dim size) const {
  return MakeAmount(Count(inference_.pool().Resolve(size)));
}

void BlockSums::AddRow(const PartSum& part, BlockRow* row) {
  row->parts.push_back({std::string(part.part), MakeAmount(Resolve(part.macs.Total()))});
}

void BlockSums::DescribeAttention(const Block& block, const Sum& sum, BlockRow* row) const {
  row->is_attention = true;
  row->heads = SizeAmount(block.attention.heads);
  row->head_size = SizeAmount(block.attention.head_size);
  row->q_len = SizeAmount(block.attention.q_len);
  row->k_len = SizeAmount(block.attention.k_len);
  for (const PartSum& part : sum.parts) AddRow(part, row);
}

void BlockSums::DescribeMixture(const Block& block, const Sum& sum, BlockRow* row) const {
  row->is_mixture = true;
  row->tokens = SizeAmount(block.mixture.tokens);
  row->experts = Amount::Integer(block.mixture.experts);
  row->top_k = Amount::Integer(block.mixture.top_k);
  row->active = Active(sum.totals, sum.idle);
  for (const BlockKind kind : kPartsOfMixture) {
    for (const PartSum& part : sum.parts) {
      if (part.part == PartOfMixture(kind)) AddRow(part, row);
    }
  }
}

BlockRow BlockSums::MakeRow(BlockId id, AmountMaker* amounts) const {
  const Block& block = blocks_.blocks[id];
  const Sum& sum = sums_[id];
  BlockRow row;
  row.id = id;
  row.parent = block.parent;
  row.kind = std::string(KindName(block.kind));
  row.path = std::string(tree_[sum.component].path);
  row.figures = amounts->Make(sum.totals);
  row.gaps = sum.gaps;
  const bool is_attention =
      block.kind == BlockKind::kAttention || block.kind == BlockKind::kLinearAttention;
  if (is_attention) DescribeAttention(block, sum, &row);
  if (block.kind == BlockKind::kMoe) DescribeMixture(block, sum, &row);
  return row;
}

ActiveFigures BlockSums::Finish(const Totals& all) {
  FoldIntoParents();
  return Active(all, idle_);
}

void BlockSums::MakeRows(ModelReport* report) const {
  AmountMaker amounts;
  report->blocks.reserve(sums_.size());
  for (size_t id = 0; id < sums_.size(); ++id) {
    report->blocks.push_back(MakeRow(static_cast<BlockId>(id), &amounts));
  }
  report->outside_blocks.id = -1;
  report->outside_blocks.kind = "(none)";
  report->outside_blocks.figures = amounts.Make(outside_.totals);
  report->outside_blocks.gaps = outside_.gaps;
}

}  // namespace onnx_macs
