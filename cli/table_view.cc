// Columns come from one table; every view picks those it needs.
#include "cli/table_view.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "analyzer/figures.h"
#include "analyzer/report_rows.h"
#include "cli/block_view.h"
#include "cli/fold.h"
#include "cli/number_format.h"
#include "cli/text.h"
#include "cli/view_rows.h"

namespace onnx_macs {
namespace {

constexpr int kRowBudget = 20;  // with header, total and notes about a screen

// Where a row comes from, for the cells that need more than its figures.
struct CellSource {
  const ViewRow& row;
  double whole;  // what shares are of
  SortKey share_of;
  bool is_symbolic;  // shares are then estimates
  bool is_lower_bound;
};

using CellFn = std::string (*)(const CellSource&);

// An amount of a row some of whose nodes are not counted is at least that much.
std::string AmountCell(const CellSource& source, const Amount& sum) {
  const Amount amount = Simplified(sum);
  if (source.row.has_gap && amount.is_zero()) return "?";
  return FormatAmount(amount, source.is_lower_bound || source.row.has_gap);
}

std::string MacsCell(const CellSource& s) { return AmountCell(s, s.row.figures.macs); }
std::string OpsCell(const CellSource& s) { return AmountCell(s, s.row.figures.ops); }
std::string FlopsCell(const CellSource& s) { return AmountCell(s, s.row.figures.flops); }
std::string ParamsCell(const CellSource& s) {
  return s.row.has_params ? FormatAmount(Simplified(s.row.figures.params)) : "";
}
std::string BytesCell(const CellSource& s) {
  return s.row.has_params ? FormatByteAmount(Simplified(s.row.figures.weight_bytes)) : "";
}
std::string TrafficCell(const CellSource& s) {
  return FormatByteAmount(Simplified(s.row.figures.traffic_bytes));
}
std::string NodesCell(const CellSource& s) { return absl::StrCat(s.row.figures.nodes); }
std::string OpCell(const CellSource& s) { return Printable(s.row.op); }
std::string OutputsCell(const CellSource& s) { return Printable(s.row.outputs); }

std::string ShareCell(const CellSource& s) {
  const bool by_parameters = s.share_of == SortKey::kParams || s.share_of == SortKey::kBytes;
  if (by_parameters && !s.row.has_params) return "";
  const std::string share = FormatShare(WeightOf(s.row.figures, s.share_of), s.whole);
  const bool is_whole = WeightOf(s.row.figures, s.share_of) == s.whole;
  const bool is_estimate = s.is_symbolic && !is_whole && WeightOf(s.row.figures, s.share_of) > 0;
  return is_estimate && share[0] != '<' && share != "-" ? absl::StrCat("~", share) : share;
}

struct ColumnSpec {
  const char* header;
  Column::Kind kind;
  CellFn cell;
};

constexpr ColumnSpec kMacs = {"MACs", Column::Kind::kAmount, MacsCell};
constexpr ColumnSpec kShare = {"share", Column::Kind::kAmount, ShareCell};
constexpr ColumnSpec kOps = {"other ops", Column::Kind::kAmount, OpsCell};
constexpr ColumnSpec kFlops = {"FLOPs", Column::Kind::kAmount, FlopsCell};
constexpr ColumnSpec kParams = {"params", Column::Kind::kAmount, ParamsCell};
constexpr ColumnSpec kBytes = {"weights", Column::Kind::kAmount, BytesCell};
constexpr ColumnSpec kTraffic = {"traffic", Column::Kind::kAmount, TrafficCell};
constexpr ColumnSpec kNodes = {"nodes", Column::Kind::kAmount, NodesCell};
constexpr ColumnSpec kOp = {"op", Column::Kind::kText, OpCell};
constexpr ColumnSpec kOutputs = {"outputs", Column::Kind::kText, OutputsCell};

struct PickedColumn {
  ColumnSpec spec;
  bool optional;
};

// The column that rows are sorted by and shares are of.
const ColumnSpec& KeyColumn(SortKey key) {
  switch (key) {
    case SortKey::kOps:
      return kOps;
    case SortKey::kParams:
      return kParams;
    case SortKey::kBytes:
      return kBytes;
    case SortKey::kMacs:
    case SortKey::kName:
      break;
  }
  return kMacs;
}

// The columns of a view, by what its first level shows: MACs, the key with its share, and the rest.
std::vector<PickedColumn> PickColumns(Grouping first, const ViewOptions& options, bool symbolic) {
  std::vector<PickedColumn> columns;
  const auto add = [&](const ColumnSpec& spec, bool optional) {
    const auto same = [&](const PickedColumn& other) { return other.spec.cell == spec.cell; };
    if (absl::c_none_of(columns, same)) columns.push_back({spec, optional});
  };
  const bool is_node = first == Grouping::kNode, is_op = first == Grouping::kOp;
  if (is_node) add(kOp, false);
  add(kMacs, false);
  add(KeyColumn(options.sort), false);
  add(kShare, false);
  if (options.memory) add(kTraffic, false);
  if (is_node) {
    add(kOutputs, !options.shapes);
    return columns;
  }
  add(is_op ? kNodes : kParams, false);
  if (!symbolic) add(kFlops, true);
  if (!is_op) add(kBytes, true);
  add(kNodes, true);
  return columns;
}

constexpr const char* kNameHeaders[] = {"component", "operator", "node", "file", "block"};

// Turns chosen rows into cells.
class TableMaker {
 public:
  TableMaker(Grouping first, const ViewOptions& options, const Figures& whole)
      : share_of_(options.sort),
        whole_(WeightOf(whole, options.sort)),
        symbolic_(whole.macs.is_formula()),
        columns_(PickColumns(first, options, symbolic_)) {
    table_.columns.push_back({kNameHeaders[static_cast<int>(first)], Column::Kind::kName, false});
    for (const PickedColumn& column : columns_) {
      table_.columns.push_back({column.spec.header, column.spec.kind, column.optional});
    }
  }

  void AddRow(const ViewRow& row, TableRow::Style style, bool is_lower_bound = false) {
    const CellSource source = {row, whole_, share_of_, symbolic_, is_lower_bound};
    TableRow cells;
    cells.style = style;
    cells.indent = row.indent;
    cells.share = whole_ > 0 ? WeightOf(row.figures, share_of_) / whole_ : 0;
    cells.cells.reserve(table_.columns.size());
    cells.cells.push_back(Printable(row.label));
    for (const PickedColumn& column : columns_) cells.cells.push_back(column.spec.cell(source));
    table_.rows.push_back(std::move(cells));
  }

  void Reserve(size_t rows) { table_.rows.reserve(rows + 3); }

  void AddRows(const std::vector<ViewRow>& rows) {
    for (const ViewRow& row : rows) {
      const bool plain = row.kind == ViewRow::Kind::kPlain;
      AddRow(row, plain ? TableRow::Style::kPlain : TableRow::Style::kRemainder);
    }
  }

  // The rest that a filter hides, and the total.
  void AddTotal(const Figures& shown, const Figures& total, bool is_filtered, bool has_gaps) {
    ViewRow row;
    if (is_filtered) {
      row.label = "[not matching]";
      row.figures = Simplified(Subtract(total, shown));
      AddRow(row, TableRow::Style::kRemainder);
    }
    row.label = "total";
    row.figures = total;
    AddRow(row, TableRow::Style::kTotal, has_gaps);
  }

  Table Take() { return std::move(table_); }

 private:
  const SortKey share_of_;
  const double whole_;
  const bool symbolic_;
  const std::vector<PickedColumn> columns_;
  Table table_;
};

TreeNode TreeOf(const ModelReport& model, const ViewOptions& options, const NameFilter& filter) {
  if (options.by[0] == Grouping::kOp) return OpTree(model, filter);
  if (options.by[0] == Grouping::kNode) {
    return GroupMembers(AllMembers(model), Grouping::kNode, filter);
  }
  const bool by_block = options.by[0] == Grouping::kBlock;
  TreeNode tree = by_block ? BlockTree(model, filter, !options.fold) : ComponentTree(model, filter);
  if (options.fold) FoldNumbered(&tree);
  if (!by_block) JoinChains(&tree);
  return tree;
}

Table MakeTable(const TreeNode& tree, const Figures& total, const ViewOptions& options,
                const NameFilter& filter, bool has_gaps) {
  TableMaker maker(options.by[0], options, total);
  maker.AddRows(ChooseRows(tree, options, kRowBudget));
  maker.AddTotal(tree.figures, total, filter.is_set(), has_gaps);
  return maker.Take();
}

bool Matches(const NodeRow& node, const NameFilter& filter) {
  return filter.Matches(node.name) || filter.Matches(node.path);
}

std::vector<RowRank> RanksOf(const ModelReport& model, SortKey sort, const NameFilter& filter) {
  const SortKey key = NodeSortKey(sort);
  std::vector<RowRank> ranks;
  ranks.reserve(model.nodes.size());
  for (size_t i = 0; i < model.nodes.size(); ++i) {
    const NodeRow& node = model.nodes[i];
    if (!Matches(node, filter)) continue;
    ranks.push_back({WeightOf(FiguresOf(node), key), node.flops.approximate(), node.name, i});
  }
  SortRanks(key, &ranks);
  return ranks;
}

Figures SumOf(const std::vector<NodeRow>& nodes, const NameFilter& filter) {
  FiguresSum sum;
  for (const NodeRow& node : nodes) {
    if (Matches(node, filter)) sum.Add(FiguresOf(node));
  }
  return sum.Total();
}

}  // namespace

Table ModelTable(const ModelReport& model, const ViewOptions& asked, const NameFilter& filter) {
  ViewOptions options = asked;
  // Where no node says which module it is from, operators tell more than an empty tree.
  if (model.components.size() <= 1 && options.by[0] == Grouping::kComponent) {
    options.by.erase(std::remove(options.by.begin(), options.by.end(), Grouping::kOp),
                     options.by.end());
    options.by[0] = Grouping::kOp;
  }
  return MakeTable(TreeOf(model, options, filter), model.figures, options, filter,
                   !model.gaps.empty());
}

Table FilesTable(const Results& results, const ViewOptions& options, const NameFilter& filter) {
  TreeNode tree;
  if (options.by[0] == Grouping::kFile) {
    tree = FileTree(results.models, filter);
  } else {
    std::vector<Member> members;
    for (const ModelReport& model : results.models) {
      const std::vector<Member> more = AllMembers(model);
      members.insert(members.end(), more.begin(), more.end());
    }
    tree = GroupMembers(members, options.by[0], filter);
  }
  return MakeTable(tree, TotalOf(results), options, filter, HasGaps(results));
}

// A list without a tree to choose from: it may have a row for every node there is.
Table NodesTable(const ModelReport& model, const ViewOptions& options, const NameFilter& filter) {
  const std::vector<RowRank> ranks = RanksOf(model, options.sort, filter);
  const size_t shown = std::min(ranks.size(), static_cast<size_t>(options.top.value_or(INT_MAX)));
  TableMaker maker(Grouping::kNode, options, model.figures);
  maker.Reserve(shown);
  FiguresSum others;
  bool has_gap = false;
  for (size_t i = 0; i < ranks.size(); ++i) {
    const TreeNode leaf = NodeLeaf({&model.nodes[ranks[i].index], &model});
    if (i < shown) {
      maker.AddRow(RowOf(leaf), TableRow::Style::kPlain);
    } else {
      others.Add(leaf.figures);
      has_gap |= leaf.has_gap;
    }
  }
  const size_t rest = ranks.size() - shown;
  if (rest > 0) {
    ViewRow row = OthersRow(rest, others.Total(), has_gap);
    row.has_params = false;
    maker.AddRow(row, TableRow::Style::kRemainder);
  }
  maker.AddTotal(SumOf(model.nodes, filter), model.figures, filter.is_set(), !model.gaps.empty());
  return maker.Take();
}

Table ValuesTable(const ModelReport& model, const NameFilter& filter) {
  Table table;
  table.columns = {{"value", Column::Kind::kName, false},
                   {"type", Column::Kind::kText, false},
                   {"shape", Column::Kind::kText, false}};
  table.rows.reserve(model.values.size());
  for (const ValueRow& value : model.values) {
    if (!filter.Matches(value.name)) continue;
    const std::string type = value.kind == "tensor" || value.kind.empty()
                                 ? std::string(value.dtype.view())
                                 : absl::StrCat(value.kind.view(), "(", value.dtype.view(), ")");
    TableRow row;
    row.cells = {Printable(value.name), Printable(type), Printable(ShapeText(value))};
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace onnx_macs
