// Folding works level by level: all rows that become one are merged at once, so that the work stays
// linear in the size of the tree.
#include "cli/fold.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "analyzer/figures.h"

namespace onnx_macs {
namespace {

bool IsNumber(absl::string_view label) {
  return !label.empty() && std::all_of(label.begin(), label.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
}

void MergeInto(TreeNode&& row, TreeNode* target) {
  target->instances += row.instances;
  target->has_gap |= row.has_gap;
  const auto move_all = [](auto& from, auto& to) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  move_all(row.members, target->members);
  move_all(row.children, target->children);
}

// They become the first of them.
void MergeGroup(absl::Span<const size_t> group, std::vector<TreeNode>* rows) {
  if (group.size() == 1) return;
  TreeNode& target = (*rows)[group[0]];
  FiguresSum sum;
  sum.Add(target.figures);
  for (const size_t i : group.subspan(1)) {
    sum.Add((*rows)[i].figures);
    MergeInto(std::move((*rows)[i]), &target);
  }
  target.figures = sum.Total();
}

// Rows of one label become one row.
void MergeEqualLabels(std::vector<TreeNode>* rows) {
  absl::flat_hash_map<absl::string_view, size_t> firsts;
  std::vector<size_t> first_of, order;  // by row; those of one label side by side
  for (const TreeNode& row : *rows) {
    order.push_back(first_of.size());
    first_of.push_back(firsts.try_emplace(row.label, first_of.size()).first->second);
  }
  if (firsts.size() == rows->size()) return;
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return first_of[a] < first_of[b]; });
  size_t begin = 0, kept = 0;
  for (size_t end = 1; end <= order.size(); ++end) {
    if (end < order.size() && first_of[order[end]] == order[begin]) continue;
    MergeGroup(absl::MakeConstSpan(order).subspan(begin, end - begin), rows);
    if (kept != order[begin]) (*rows)[kept] = std::move((*rows)[order[begin]]);
    ++kept;
    begin = end;
  }
  rows->resize(kept);
}

// Repeated blocks have parts of the same names, or the same cost where they have no parts; a list
// of different layers does not, and each of them is worth a row.
bool AreAlike(absl::Span<TreeNode* const> nodes) {
  const TreeNode& first = *nodes[0];
  absl::flat_hash_set<absl::string_view> parts;
  for (const TreeNode& part : first.children) parts.insert(part.label);
  return std::all_of(nodes.begin(), nodes.end(), [&](const TreeNode* node) {
    if (parts.empty()) {
      return node->children.empty() && node->figures.macs == first.figures.macs &&
             node->figures.params == first.figures.params;
    }
    return std::any_of(node->children.begin(), node->children.end(),
                       [&](const TreeNode& part) { return parts.contains(part.label); });
  });
}

bool IsOnlyItsChild(const TreeNode& node) {
  if (node.children.size() != 1) return false;
  const Figures &all = node.figures, &part = node.children[0].figures;
  return Simplified(Subtract(all.macs, part.macs)).is_zero() &&
         Simplified(Subtract(all.params, part.params)).is_zero();
}

}  // namespace

void FoldNumbered(TreeNode* root) {
  MergeEqualLabels(&root->children);  // Children of rows that became one come side by side.
  std::vector<TreeNode*> numbered;
  for (TreeNode& child : root->children) {
    if (IsNumber(child.label)) numbered.push_back(&child);
  }
  if (numbered.size() > 1 && AreAlike(numbered)) {
    for (TreeNode* child : numbered) child->label = "*";
    MergeEqualLabels(&root->children);
  }
  for (TreeNode& child : root->children) FoldNumbered(&child);
}

void JoinChains(TreeNode* root) {
  for (TreeNode& node : root->children) {
    while (IsOnlyItsChild(node)) {
      TreeNode child = std::move(node.children[0]);
      child.label = absl::StrCat(node.label.view(), ".", child.label.view());
      std::move(node.members.begin(), node.members.end(), std::back_inserter(child.members));
      child.figures = node.figures;
      node = std::move(child);
    }
    JoinChains(&node);
  }
}

}  // namespace onnx_macs
