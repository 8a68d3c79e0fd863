// Chooses the rows of a tree that tell its story, and puts them in order.
#ifndef CLI_VIEW_ROWS_H_
#define CLI_VIEW_ROWS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "cli/options.h"
#include "cli/view_tree.h"

namespace onnx_macs {

struct ViewRow {
  enum class Kind {
    kPlain,
    kItself,  // what belongs to a component and to none of its parts
    kOthers,  // rows too small to be shown
  };
  Kind kind = Kind::kPlain;
  int indent = 0;
  SharedText label;
  Figures figures;  // sums, which are simplified where they are shown
  bool has_params = true;
  bool has_gap = false;
  SharedText op, outputs;
};

ViewRow RowOf(const TreeNode& node);
// "[3 others]"
ViewRow OthersRow(size_t others, const Figures& figures, bool has_gap);

// What decides where a row stands, and which it is of those that are put in order.
struct RowRank {
  double weight, flops;  // the second decides where the first is equal, often zero
  absl::string_view label;
  size_t index;
};
void SortRanks(SortKey key, std::vector<RowRank>* ranks);

// What nodes are sorted by: they have no parameters to go by.
SortKey NodeSortKey(SortKey key);

// The part of a row in what is sorted by: MACs where rows are sorted by name.
double WeightOf(const Figures& figures, SortKey key);

// The rows below the root. Without --depth, whatever holds most of the cost is opened first, until
// the rows fill about a screen; `budget` says how many that are.
std::vector<ViewRow> ChooseRows(const TreeNode& root, const ViewOptions& options, int budget);

}  // namespace onnx_macs

#endif  // CLI_VIEW_ROWS_H_
