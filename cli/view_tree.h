// A report arranged as the tree that a view shows: by component, operator, node or file.
#ifndef CLI_VIEW_TREE_H_
#define CLI_VIEW_TREE_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "analyzer/report.h"
#include "cli/name_filter.h"
#include "cli/options.h"

namespace onnx_macs {

// A node of a model, and which model.
struct Member {
  const NodeRow* node;
  const ModelReport* model;
};

struct TreeNode {
  SharedText label;
  Figures figures;         // with everything below
  int64_t instances = 1;   // how many siblings were folded into this one
  bool has_params = true;  // false where nodes were regrouped: a parameter belongs to no one node
  bool has_gap = false;
  SharedText op, outputs;       // of a single node
  std::vector<Member> members;  // itself, not below; only where a view drills down
  std::vector<TreeNode> children;
};

// The tree of one model by its components, with what the filter leaves. The root is the model.
TreeNode ComponentTree(const ModelReport& model, const NameFilter& filter);

// Flat trees. Files are rows of a tree over all models.
TreeNode OpTree(const ModelReport& model, const NameFilter& filter);
TreeNode FileTree(absl::Span<const ModelReport> models, const NameFilter& filter);

// Any nodes, grouped; the filter does not look at components here.
TreeNode GroupMembers(absl::Span<const Member> members, Grouping grouping,
                      const NameFilter& filter);

// A node by itself.
TreeNode NodeLeaf(const Member& member);

// The row of a node in sums; parameters belong to no single node.
Figures FiguresOf(const NodeRow& node);

std::vector<Member> AllMembers(const ModelReport& model);

}  // namespace onnx_macs

#endif  // CLI_VIEW_TREE_H_
