// Builds view trees. Components come with their sums; regrouped nodes are added up here.
#include "cli/view_tree.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "analyzer/figures.h"
#include "cli/block_view.h"

namespace onnx_macs {
namespace {

using absl::string_view;

// Below this many levels the rest of a path is one label: trees are walked by recursion.
constexpr int kMaxDepth = 64;

// A path without the wrapper's prefix; nothing for the wrapper itself.
bool StripPrefix(string_view prefix, string_view* path) {
  if (prefix.empty() || path->empty()) return true;
  if (path->size() + 1 == prefix.size() && absl::StartsWith(prefix, *path)) return false;
  if (absl::StartsWith(*path, prefix)) path->remove_prefix(prefix.size());
  return true;
}

// Paths as a trie of indices: rows are moved into place once all are known.
struct Trie {
  struct Entry {
    string_view label;
    int depth = 0;
    int source = -1;  // index of the row that has this very path
    std::vector<int> children;
  };
  std::vector<Entry> entries{1};
  absl::flat_hash_map<string_view, int> by_path{{"", 0}};

  void Reserve(size_t paths) {
    entries.reserve(paths + 1);
    by_path.reserve(paths + 1);
  }

  // The entry of a path, its parents made where no row had them.
  int At(string_view path) {
    if (const auto found = by_path.find(path); found != by_path.end()) return found->second;
    // Rows mostly come after the one that encloses them.
    if (const size_t last = path.rfind('.'); last != string_view::npos) {
      const auto parent = by_path.find(path.substr(0, last));
      if (parent != by_path.end() && entries[parent->second].depth < kMaxDepth) {
        return Child(parent->second, path, path.substr(last + 1));
      }
    }
    size_t begin = 0;
    int depth = 1, parent = 0;
    for (size_t dot = path.find('.'); dot != string_view::npos && depth < kMaxDepth; ++depth) {
      parent = Child(parent, path.substr(0, dot), path.substr(begin, dot - begin));
      begin = dot + 1;
      dot = path.find('.', begin);
    }
    return Child(parent, path, path.substr(begin));
  }

  // The root for the wrapper that is not shown.
  int AtShown(string_view prefix, string_view path) {
    return StripPrefix(prefix, &path) ? At(path) : 0;
  }

 private:
  int Child(int parent, string_view path, string_view label) {
    const auto [found, is_new] = by_path.try_emplace(path, static_cast<int>(entries.size()));
    if (is_new) {
      entries.push_back({label, entries[parent].depth + 1, -1, {}});
      entries[parent].children.push_back(found->second);
    }
    return found->second;
  }
};

TreeNode Leaf(SharedText label, Figures figures) {
  TreeNode node;
  node.label = std::move(label);
  node.figures = std::move(figures);
  return node;
}

SharedText OpLabel(const SharedText& domain, const SharedText& op) {
  return domain.empty() ? op : absl::StrCat(domain.view(), "::", op.view());
}

SharedText LabelOf(const Member& member, Grouping grouping) {
  switch (grouping) {
    case Grouping::kOp:
      return OpLabel(member.node->domain, member.node->op);
    case Grouping::kFile:
      return member.model->file;
    case Grouping::kComponent:
      return member.node->path;
    case Grouping::kBlock:
      return BlockLabel(BlockOf(*member.model, *member.node));
    case Grouping::kNode:
    case Grouping::kStage:
      break;
  }
  return member.node->name;
}

void AddMember(const Member& member, TreeNode* row, FiguresSum* sum) {
  sum->Add(FiguresOf(*member.node));
  row->has_gap |= member.node->status == NodeRow::Status::kGap;
  row->members.push_back(member);
}

// A component tree of nodes alone: rows above a node are sums.
void BuildFromMembers(const Trie& trie, const std::vector<std::vector<Member>>& members, int entry,
                      TreeNode* out) {
  out->label = trie.entries[entry].label;
  out->has_params = false;
  FiguresSum sum;
  if (static_cast<size_t>(entry) < members.size()) {
    for (const Member& member : members[entry]) AddMember(member, out, &sum);
  }
  for (const int child : trie.entries[entry].children) {
    out->children.emplace_back();
    BuildFromMembers(trie, members, child, &out->children.back());
    sum.Add(out->children.back().figures);
    out->has_gap |= out->children.back().has_gap;
  }
  out->figures = sum.Total();
}

struct ComponentSource {
  const ModelReport& model;
  const NameFilter& filter;
  std::vector<std::vector<Member>> members;  // by trie entry
  absl::flat_hash_set<int> gaps;             // trie entries that hold a gap themselves
  Trie trie;
};

// Builds the subtree of `entry`; false when the filter leaves nothing of it. Below a match all
// stays.
bool BuildComponent(const ComponentSource& source, int entry, bool matched, TreeNode* out) {
  const Trie::Entry& here = source.trie.entries[entry];
  const bool has_row = here.source >= 0;
  if (has_row && entry != 0 && !matched) {
    matched = source.filter.Matches(source.model.components[here.source].path);
  }
  out->label = here.label;
  out->children.reserve(here.children.size());
  for (const int child : here.children) {
    if (!BuildComponent(source, child, matched, &out->children.emplace_back())) {
      out->children.pop_back();
    }
  }
  if (matched && static_cast<size_t>(entry) < source.members.size()) {
    out->members = source.members[entry];
  }
  out->has_gap = (matched && source.gaps.contains(entry)) ||
                 std::any_of(out->children.begin(), out->children.end(),
                             [](const TreeNode& child) { return child.has_gap; });
  if (matched && has_row) {
    out->figures = source.model.components[here.source].figures;
  } else {
    FiguresSum sum;
    for (const TreeNode& child : out->children) sum.Add(child.figures);
    out->figures = sum.Total();
  }
  return matched || !out->children.empty();
}

void AddTo(int entry, const Member& member, std::vector<std::vector<Member>>* members) {
  if (members->size() <= static_cast<size_t>(entry)) members->resize(entry + 1);
  (*members)[entry].push_back(member);
}

// Each node by itself, found by its name or the path of its component.
TreeNode NodeTree(absl::Span<const Member> members, const NameFilter& filter) {
  TreeNode root;
  root.has_params = false;
  FiguresSum sum;
  if (!filter.is_set()) root.children.reserve(members.size());
  for (const Member& member : members) {
    if (!filter.Matches(member.node->name) && !filter.Matches(member.node->path)) continue;
    root.children.push_back(NodeLeaf(member));
    sum.Add(root.children.back().figures);
  }
  root.figures = sum.Total();
  return root;
}

TreeNode MemberComponentTree(absl::Span<const Member> members) {
  Trie trie;
  std::vector<std::vector<Member>> by_entry;
  for (const Member& member : members)
    AddTo(trie.AtShown(member.model->display_prefix, member.node->path), member, &by_entry);
  TreeNode root;
  BuildFromMembers(trie, by_entry, 0, &root);
  return root;
}

}  // namespace

TreeNode NodeLeaf(const Member& member) {
  TreeNode row;
  row.label = member.node->name;
  row.has_params = false;
  row.op = OpLabel(member.node->domain, member.node->op);
  row.outputs = member.node->outputs;
  FiguresSum sum;
  AddMember(member, &row, &sum);
  row.figures = sum.Total();
  return row;
}

Figures FiguresOf(const NodeRow& node) {
  Figures figures;
  figures.macs = node.macs;
  figures.ops = node.ops;
  figures.flops = node.flops;
  figures.traffic_bytes = node.traffic_bytes;
  figures.nodes = 1;
  return figures;
}

TreeNode ComponentTree(const ModelReport& model, const NameFilter& filter) {
  ComponentSource source{model, filter, {}, {}, {}};
  source.trie.Reserve(model.components.size());
  for (size_t i = 0; i < model.components.size(); ++i) {
    string_view path = model.components[i].path;
    if (StripPrefix(model.display_prefix, &path)) {
      source.trie.entries[source.trie.At(path)].source = static_cast<int>(i);
    }
  }
  for (const Member& member : AllMembers(model)) {
    AddTo(source.trie.AtShown(model.display_prefix, member.node->path), member, &source.members);
  }
  for (const GapRow& gap : model.gaps) {
    source.gaps.insert(source.trie.AtShown(model.display_prefix, gap.path));
  }
  TreeNode root;
  BuildComponent(source, 0, !filter.is_set(), &root);
  if (!filter.is_set()) root.figures = model.figures;
  root.label = model.file;
  return root;
}

TreeNode OpTree(const ModelReport& model, const NameFilter& filter) {
  TreeNode root = Leaf(model.file, {});
  absl::flat_hash_map<SharedText, size_t> rows;
  FiguresSum sum;
  for (const OpRow& op : model.by_op) {
    SharedText label = OpLabel(op.domain, op.op);
    if (!filter.Matches(label)) continue;
    sum.Add(op.figures);
    rows[label] = root.children.size();
    root.children.push_back(Leaf(std::move(label), op.figures));
  }
  root.figures = sum.Total();
  for (const GapRow& gap : model.gaps) {
    const auto row = rows.find(OpLabel(gap.domain, gap.op));
    if (row != rows.end()) root.children[row->second].has_gap = true;
  }
  for (const Member& member : AllMembers(model)) {
    const auto row = rows.find(LabelOf(member, Grouping::kOp));
    if (row != rows.end()) root.children[row->second].members.push_back(member);
  }
  return root;
}

TreeNode FileTree(absl::Span<const ModelReport> models, const NameFilter& filter) {
  TreeNode root;
  FiguresSum sum;
  for (const ModelReport& model : models) {
    if (!filter.Matches(model.file)) continue;
    TreeNode row = Leaf(model.file, model.figures);
    row.has_gap = !model.gaps.empty();
    row.members = AllMembers(model);
    sum.Add(row.figures);
    root.has_gap |= row.has_gap;
    root.children.push_back(std::move(row));
  }
  root.figures = sum.Total();
  return root;
}

TreeNode GroupMembers(absl::Span<const Member> members, Grouping grouping,
                      const NameFilter& filter) {
  if (grouping == Grouping::kNode) return NodeTree(members, filter);
  if (grouping == Grouping::kComponent) return MemberComponentTree(members);
  TreeNode root;
  root.has_params = false;
  absl::flat_hash_map<SharedText, size_t> rows;
  FiguresSum all;
  std::vector<FiguresSum> sums;  // by row
  for (const Member& member : members) {
    SharedText label = LabelOf(member, grouping);
    if (!filter.Matches(label)) continue;
    const auto [row, is_new] = rows.try_emplace(label, root.children.size());
    if (is_new) {
      root.children.push_back(Leaf(std::move(label), {}));
      root.children.back().has_params = false;
      sums.emplace_back();
    }
    AddMember(member, &root.children[row->second], &sums[row->second]);
    all.Add(FiguresOf(*member.node));
  }
  for (size_t i = 0; i < sums.size(); ++i) root.children[i].figures = sums[i].Total();
  root.figures = all.Total();
  return root;
}

std::vector<Member> AllMembers(const ModelReport& model) {
  std::vector<Member> members;
  members.reserve(model.nodes.size());
  for (const NodeRow& node : model.nodes) members.push_back({&node, &model});
  return members;
}

}  // namespace onnx_macs
