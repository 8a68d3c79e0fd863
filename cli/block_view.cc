// The tree of blocks: rows come with their sums.
#include "cli/block_view.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "analyzer/figures.h"
#include "cli/number_format.h"

namespace onnx_macs {
namespace {

constexpr int kMaxDepth = 64;  // trees are walked by recursion

std::string SizeText(const Amount& size) { return FormatExact(size); }

class TreeBuilder {
 public:
  TreeBuilder(const ModelReport& model, const NameFilter& filter, bool with_paths)
      : model_(model), filter_(filter), with_paths_(with_paths) {
    children_.resize(model.blocks.size() + 1);
    members_.resize(model.blocks.size() + 1);
    for (const BlockRow& block : model.blocks) children_[block.parent + 1].push_back(block.id);
    for (const NodeRow& node : model.nodes) members_[node.block + 1].push_back({&node, &model});
  }

  TreeNode Build() {
    TreeNode root;
    root.label = model_.file;
    AddChildren(-1, false, 0, &root);
    if (Matches(model_.outside_blocks, filter_)) {
      TreeNode none = Row(model_.outside_blocks);
      none.members = members_[0];
      root.children.push_back(std::move(none));
    }
    SumUp(&root);
    if (!filter_.is_set()) root.figures = model_.figures;
    return root;
  }

 private:
  TreeNode Row(const BlockRow& block) const {
    TreeNode row;
    row.label = BlockLabel(block);
    if (with_paths_ && !block.path.empty())
      row.label = absl::StrCat(block.path, ": ", row.label.view());
    row.figures = block.figures;
    row.has_gap = block.gaps > 0;
    return row;
  }

  // Below a match all stays.
  void AddChildren(int64_t parent, bool matched, int depth, TreeNode* out) {
    for (const int64_t id : children_[parent + 1]) {
      const BlockRow& block = model_.blocks[id];
      const bool stays = matched || Matches(block, filter_);
      TreeNode row = Row(block);
      if (stays) row.members = members_[id + 1];
      if (depth < kMaxDepth) AddChildren(id, stays, depth + 1, &row);
      if (!stays) SumUp(&row);
      if (stays || !row.children.empty()) out->children.push_back(std::move(row));
    }
  }

  static void SumUp(TreeNode* row) {
    FiguresSum sum;
    row->has_gap = false;
    for (const TreeNode& child : row->children) {
      sum.Add(child.figures);
      row->has_gap |= child.has_gap;
    }
    row->figures = sum.Total();
  }

  const ModelReport& model_;
  const NameFilter& filter_;
  const bool with_paths_;
  std::vector<std::vector<int64_t>> children_;  // by block, behind those without a parent
  std::vector<std::vector<Member>> members_;    // by block, behind those of none
};

}  // namespace

const BlockRow& BlockOf(const ModelReport& model, const NodeRow& node) {
  return node.block < 0 ? model.outside_blocks : model.blocks[node.block];
}

std::string BlockLabel(const BlockRow& block) {
  if (block.is_mixture) {
    return absl::StrCat(block.kind, " ", SizeText(block.top_k), " of ", SizeText(block.experts),
                        ", ", SizeText(block.tokens), " tokens");
  }
  if (!block.is_attention) return block.kind;
  return absl::StrCat(block.kind, " ", SizeText(block.heads), " x ", SizeText(block.head_size),
                      ", ", SizeText(block.q_len), " to ", SizeText(block.k_len));
}

std::string BlockName(const BlockRow& block) {
  return block.path.empty() ? block.kind : absl::StrCat(block.kind, " ", block.path);
}

bool Matches(const BlockRow& block, const NameFilter& filter) {
  return filter.Matches(block.kind) || filter.Matches(block.path);
}

TreeNode BlockTree(const ModelReport& model, const NameFilter& filter, bool with_paths) {
  return TreeBuilder(model, filter, with_paths).Build();
}

}  // namespace onnx_macs
