// The tables of a diff: what changed most first, what did not is left out.
#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "analyzer/figures.h"
#include "cli/diff_view.h"
#include "cli/number_format.h"
#include "cli/text.h"

namespace onnx_macs {
namespace {

int MostRows(const ViewOptions& view) { return view.top.value_or(kDiffRows); }

struct DiffColumn {
  const char* header;
  Amount Figures::*amount;
  SortKey key;
  bool is_bytes;
};

// Besides MACs; each is there where something of it differs.
constexpr DiffColumn kDeltaColumns[] = {
    {"ops", &Figures::ops, SortKey::kOps, false},
    {"params", &Figures::params, SortKey::kParams, false},
    {"weights", &Figures::weight_bytes, SortKey::kBytes, true},
    {"traffic", &Figures::traffic_bytes, SortKey::kBytes, true},
};

bool Differ(const Figures& before, const Figures& after, Amount Figures::*amount) {
  return !(before.*amount == after.*amount);
}

double Change(const Figures& before, const Figures& after, Amount Figures::*amount) {
  return std::abs((after.*amount).approximate() - (before.*amount).approximate());
}

// One row of a table of figures, whatever it is of.
struct Line {
  std::string name;
  int indent = 0;
  const Figures* before = nullptr;
  const Figures* after = nullptr;
  std::string nodes;  // of operators
};

TableRow::Style StyleOf(const Figures& before, const Figures& after) {
  for (const auto amount : {&Figures::macs, &Figures::ops, &Figures::params}) {
    const double a = (before.*amount).approximate(), b = (after.*amount).approximate();
    if (a != b) return b > a ? TableRow::Style::kMore : TableRow::Style::kLess;
  }
  return TableRow::Style::kPlain;
}

// Columns without a difference in any row are left out; MACs are always told.
Table MakeTable(const char* what, const std::vector<Line>& lines, bool with_nodes) {
  Table table;
  const auto any = [&](Amount Figures::*amount) {
    return absl::c_any_of(
        lines, [&](const Line& line) { return Differ(*line.before, *line.after, amount); });
  };
  const bool has_macs = any(&Figures::macs);
  table.columns = {{what, Column::Kind::kName}};
  if (has_macs) {
    for (const char* header : {"MACs before", "after", "change", "%"}) {
      table.columns.push_back({header});
    }
  } else {
    table.columns.push_back({"MACs"});
  }
  std::vector<const DiffColumn*> others;
  for (const DiffColumn& column : kDeltaColumns) {
    if (!any(column.amount)) continue;
    others.push_back(&column);
    table.columns.push_back({column.header, Column::Kind::kAmount, has_macs});
  }
  if (with_nodes) table.columns.push_back({"nodes", Column::Kind::kAmount});
  for (const Line& line : lines) {
    const Figures &before = *line.before, &after = *line.after;
    TableRow row;
    row.indent = line.indent;
    row.style = StyleOf(before, after);
    row.cells = {line.name, FormatAmount(before.macs)};
    if (has_macs) {
      row.cells.push_back(FormatAmount(after.macs));
      row.cells.push_back(DeltaText(before.macs, after.macs));
      row.cells.push_back(PercentText(before.macs, after.macs));
    }
    for (const DiffColumn* column : others) {
      row.cells.push_back(
          DeltaText(before.*column->amount, after.*column->amount, column->is_bytes));
    }
    if (with_nodes) row.cells.push_back(line.nodes);
    table.rows.push_back(std::move(row));
  }
  return table;
}

// A row that does not fit is named in one at the end.
void AddRemainder(size_t left_out, Table* table) {
  if (left_out == 0) return;
  TableRow row;
  row.cells.assign(table->columns.size(), "");
  row.cells[0] =
      absl::StrCat("... ", left_out, " more (--top ", table->rows.size() + left_out, ")");
  row.style = TableRow::Style::kRemainder;
  table->rows.push_back(std::move(row));
}

// --- components ---

using Rank = std::array<double, 1 + std::size(kDeltaColumns)>;

struct TreeRow {
  const ComponentDiff* row = nullptr;
  Rank rank = {};  // among its siblings
  std::vector<size_t> children;
};

// Whether both changed by the same; formulas that are put together differently do not.
bool IsSameChange(const Figures& a_before, const Figures& a_after, const Figures& b_before,
                  const Figures& b_after) {
  return Subtract(a_after.macs, a_before.macs) == Subtract(b_after.macs, b_before.macs);
}

// The components that are shown, as a tree: those with another figure, and what was added or
// removed as a whole.
class DiffRows {
 public:
  DiffRows(const ModelDiff& model, const ViewOptions& view, const NameFilter& filter)
      : view_(view) {
    std::vector<size_t> open;
    int hidden_below = -1;
    for (const ComponentDiff& row : model.components) {
      if (hidden_below >= 0 && row.depth > hidden_below) continue;
      hidden_below = -1;
      if (row.is_regrouped) hidden_below = row.depth;
      // What is not shown ends what stood before it all the same.
      while (!open.empty() && rows_[open.back()].row->depth >= row.depth) open.pop_back();
      if (!IsShown(row) || (row.depth > 0 && !filter.Matches(PathOf(row)))) continue;
      if (!open.empty()) rows_[open.back()].children.push_back(rows_.size());
      if (row.presence != Presence::kBoth && view.fold) hidden_below = row.depth;
      open.push_back(rows_.size());
      rows_.push_back({&row, RankOf(row), {}});
    }
    if (!rows_.empty()) AddAll();
  }

  std::vector<Line>& lines() { return lines_; }
  size_t left_out() const { return left_out_; }

 private:
  static bool IsShown(const ComponentDiff& row) {
    if (row.is_wrapper || row.is_regrouped) return false;
    if (row.depth == 0) return true;
    return Differ(row.before, row.after, &Figures::macs) ||
           absl::c_any_of(kDeltaColumns, [&](const DiffColumn& column) {
             return Differ(row.before, row.after, column.amount);
           });
  }

  // Everything in it is the change of one part of it.
  bool IsChain(size_t index) const {
    const TreeRow& tree = rows_[index];
    if (tree.children.size() != 1 || tree.row->depth == 0 || tree.row->is_moved) return false;
    const ComponentDiff& below = *rows_[tree.children[0]].row;
    return below.presence == Presence::kBoth && !below.is_moved &&
           IsSameChange(tree.row->before, tree.row->after, below.before, below.after);
  }

  // Depth first; paths may be deeper than the stack.
  void AddAll() {
    struct Open {
      size_t index;
      int indent;
      const std::string* around;
    };
    const std::string top;
    std::vector<Open> open = {{0, 0, &top}};
    while (!open.empty()) {
      auto [index, indent, around] = open.back();
      open.pop_back();
      while (IsChain(index)) index = rows_[index].children[0];
      const ComponentDiff& row = *rows_[index].row;
      if (lines_.size() <= static_cast<size_t>(MostRows(view_))) {  // and the whole model
        lines_.push_back({NameOf(row, *around), indent, &row.before, &row.after, ""});
      } else {
        ++left_out_;
      }
      if (view_.depth && indent >= *view_.depth) continue;
      std::vector<size_t>& children = rows_[index].children;
      absl::c_stable_sort(children,
                          [this](size_t a, size_t b) { return rows_[a].rank > rows_[b].rank; });
      const std::string& path = PathOf(row);
      for (size_t i = children.size(); i-- > 0;) open.push_back({children[i], indent + 1, &path});
    }
  }

  // By MACs, or what --sort says, then by the rest.
  Rank RankOf(const ComponentDiff& row) const {
    Rank rank = {Change(row.before, row.after, &Figures::macs)};
    for (size_t i = 0; i < std::size(kDeltaColumns); ++i) {
      rank[i + 1] = Change(row.before, row.after, kDeltaColumns[i].amount);
      if (kDeltaColumns[i].key == view_.sort) std::rotate(&rank[0], &rank[i + 1], &rank[i + 2]);
    }
    return rank;
  }

  static std::string NameOf(const ComponentDiff& row, const std::string& around) {
    if (row.depth == 0) return "(model)";
    const std::string& path = PathOf(row);
    const bool is_inside = !around.empty() && absl::StartsWith(path, absl::StrCat(around, "."));
    std::string name = Printable(is_inside ? path.substr(around.size() + 1) : path);
    if (row.presence == Presence::kOnlyNew) return absl::StrCat("+ ", name);
    if (row.presence == Presence::kOnlyOld) return absl::StrCat("- ", name);
    return row.is_moved ? absl::StrCat(name, " (was ", Printable(row.old_path), ")") : name;
  }

  const ViewOptions& view_;
  std::vector<TreeRow> rows_;
  std::vector<Line> lines_;
  size_t left_out_ = 0;
};

constexpr const char* kVerbs[] = {"changed", "removed", "added"};

const char* Mark(Presence presence) {
  if (presence == Presence::kBoth) return "";
  return presence == Presence::kOnlyNew ? "+ " : "- ";
}

// Other MACs, or operations that matter in the whole.
bool CostsOther(const ModelDiff& model, const NodeDiff& node) {
  constexpr double kLeastShare = 1e-3;
  if (!(node.macs_before == node.macs_after)) return true;
  return std::abs(node.ops_after.approximate() - node.ops_before.approximate()) >
         kLeastShare * model.before.ops.approximate();
}

// "... 120 more nodes (100 changed, 12 added, 8 removed in all; --nodes lists them)".
std::string NodesLeftOut(const ModelDiff& model, int64_t left_out) {
  std::vector<std::string> kinds;
  const std::pair<int64_t, const char*> counts[] = {{model.nodes_changed, "changed"},
                                                    {model.nodes_added, "added"},
                                                    {model.nodes_removed, "removed"}};
  for (const auto& [count, verb] : counts) {
    if (count > 0) kinds.push_back(absl::StrCat(count, " ", verb));
  }
  return absl::StrCat("... ", left_out, left_out == 1 ? " more node" : " more nodes", " (in all ",
                      absl::StrJoin(kinds, ", "), "; --nodes lists them)");
}

}  // namespace

Table DiffFilesTable(const DiffResults& diff) {
  std::vector<Line> lines;
  for (const ModelDiff& model : diff.models) {
    const std::string& file =
        model.presence == Presence::kOnlyOld ? model.old_file : model.new_file;
    lines.push_back(
        {absl::StrCat(Mark(model.presence), Printable(file)), 0, &model.before, &model.after, ""});
  }
  lines.push_back({diff.files.what, 0, &diff.files.before, &diff.files.after, ""});
  if (diff.pipeline) {
    lines.push_back({absl::StrCat(diff.pipeline->what, ", all calls"), 0, &diff.pipeline->before,
                     &diff.pipeline->after, ""});
  }
  return MakeTable("file", lines, false);
}

Table DiffComponentsTable(const ModelDiff& model, const ViewOptions& view,
                          const NameFilter& filter) {
  DiffRows rows(model, view, filter);
  std::vector<Line>& lines = rows.lines();
  if (lines.size() < 2) return {};
  Table table = MakeTable("component", lines, false);
  AddRemainder(rows.left_out(), &table);
  return table;
}

Table DiffOperatorsTable(const ModelDiff& model, const ViewOptions& view,
                         const NameFilter& filter) {
  std::vector<Line> lines;
  size_t left_out = 0;
  for (const OpDiff& op : model.operators) {
    const std::string name =
        absl::StrCat(op.domain.view(), op.domain.empty() ? "" : ".", op.op.view());
    if (!filter.Matches(name)) continue;
    if (lines.size() == static_cast<size_t>(MostRows(view))) {
      ++left_out;
      continue;
    }
    const std::string nodes = op.before.nodes == op.after.nodes
                                  ? absl::StrCat(op.after.nodes)
                                  : absl::StrCat(op.before.nodes, " -> ", op.after.nodes);
    lines.push_back({Printable(name), 0, &op.before, &op.after, nodes});
  }
  if (lines.empty()) return {};
  Table table = MakeTable("operator", lines, true);
  AddRemainder(left_out, &table);
  return table;
}

void TellNodes(const ModelDiff& model, const ViewOptions& view, const NameFilter& filter,
               absl::FunctionRef<void(const std::string&)> tell) {
  const int64_t all = model.nodes_changed + model.nodes_added + model.nodes_removed;
  const bool asks_for_all = view.nodes || filter.is_set();
  const int64_t most = asks_for_all ? all : MostRows(view);
  // Two exporters name and cut nodes differently: what differs is told by component and operator.
  const bool is_one_exporter = absl::c_none_of(
      model.setting, [](const Difference& difference) { return difference.what == "exporter"; });
  int64_t shown = 0;
  for (const NodeDiff& node : model.nodes) {
    if (!is_one_exporter && !asks_for_all) break;
    // Where there are many, those whose cost is the same are only counted.
    if (shown == most || (all > most && !CostsOther(model, node))) break;
    if (!filter.Matches(node.name) && !filter.Matches(node.path)) continue;
    ++shown;
    const std::string delta = DeltaText(node.macs_before, node.macs_after);
    tell(absl::StrCat(kVerbs[static_cast<int>(node.presence)], " ", Printable(node.name), " (",
                      Printable(node.op), ")", delta.empty() ? "" : ": ", delta,
                      delta.empty() ? "" : " MACs"));
    for (const std::string& change : node.changes) {
      tell(absl::StrCat("    ", Printable(change)));
    }
  }
  if (shown < all && !filter.is_set()) tell(NodesLeftOut(model, all - shown));
}

std::vector<std::string> DiffRemarks(const ModelDiff& model) {
  std::vector<std::string> remarks;
  const int64_t same = model.components_known_to_both - model.components_with_other_macs;
  if (model.components_with_other_macs > 0) {
    remarks.push_back(absl::StrCat("same: ", same, " of ", model.components_known_to_both,
                                   " components that both have need as many MACs as before"));
  } else {
    remarks.push_back(absl::StrCat("same: no change in MACs at any of the ",
                                   model.components_known_to_both, " components that both have"));
  }
  const auto regrouped =
      absl::c_count_if(model.components, [](const ComponentDiff& row) { return row.is_regrouped; });
  if (regrouped > 0) {
    remarks.push_back(
        absl::StrCat("note: ", regrouped, regrouped == 1 ? " component is" : " components are",
                     " known on one side alone, and part of what is around on the other"));
  }
  if (!model.compared_nodes) {
    remarks.push_back(
        "note: nodes are not compared: a saved analysis has none (save it with --nodes)");
  }
  const std::pair<const char*, int64_t> gaps[] = {{"before", model.gaps_before},
                                                  {"after", model.gaps_after}};
  for (const auto& [side, count] : gaps) {
    if (count == 0) continue;
    remarks.push_back(absl::StrCat("gap: ", count, count == 1 ? " node is" : " nodes are",
                                   " not counted ", side, ": figures are lower bounds"));
  }
  return remarks;
}

}  // namespace onnx_macs
