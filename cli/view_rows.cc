// The choice of rows: open the heaviest, keep what is large, sum up the rest.
#include "cli/view_rows.h"

#include <algorithm>
#include <cstdlib>
#include <queue>
#include <tuple>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "analyzer/figures.h"
#include "cli/fold.h"

namespace onnx_macs {
namespace {

constexpr double kWorthARow = 0.01;      // of the total
constexpr double kWorthOpening = 0.08;   // of the total
constexpr double kWorthMention = 0.001;  // what belongs to no part, where parts are shown
constexpr size_t kMostSiblings = 12;
constexpr int kDrillBudget = 6;  // rows below each row of the level above

// "layer2" before "layer10".
bool NaturalLess(absl::string_view a, absl::string_view b) {
  const auto is_digit = [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); };
  const auto number = [&](absl::string_view* text) {
    size_t end = 0;
    while (end < text->size() && is_digit((*text)[end])) ++end;
    absl::string_view digits = text->substr(0, end);
    text->remove_prefix(end);
    while (digits.size() > 1 && digits[0] == '0') digits.remove_prefix(1);
    return digits;
  };
  while (!a.empty() && !b.empty()) {
    if (is_digit(a[0]) && is_digit(b[0])) {
      const absl::string_view x = number(&a), y = number(&b);
      if (x != y) return x.size() != y.size() ? x.size() < y.size() : x < y;
    } else {
      if (a[0] != b[0]) return a[0] < b[0];
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
  }
  return a.size() < b.size();
}

// Blocks nest only where they are the first level: behind another, nodes are listed by their own.
bool IsTree(Grouping grouping, size_t number) {
  return grouping == Grouping::kComponent || (grouping == Grouping::kBlock && number == 1);
}

// How the inside of a row is to be shown.
struct Plan {
  std::vector<const TreeNode*> shown;
  std::vector<const TreeNode*> rest;
  Figures itself;
  bool shows_itself = false;

  int rows() const { return static_cast<int>(shown.size()) + !rest.empty() + shows_itself; }
};

// One level of a drill-down: what its rows are parts of, and how many of them there may be.
struct Level {
  const Figures& whole;
  SortKey sort;
  double weight;  // of the whole
  size_t number;  // 1 is the outermost
  bool is_flat;   // a list, not a tree
};

class Chooser {
 public:
  explicit Chooser(const ViewOptions& options) : options_(options) {}

  std::vector<ViewRow> TakeRows() { return std::move(rows_); }

  // Rows below `root`, each of them drilled down to the groupings behind `number`.
  void Emit(const TreeNode& root, int indent, int budget, size_t number) {
    const SortKey sort = root.has_params ? options_.sort : NodeSortKey(options_.sort);
    const Level level = {root.figures, sort, WeightOf(root.figures, sort), number,
                         !IsTree(options_.by[number - 1], number)};
    if (number > 1 && level.weight <= 0) return;
    const OpenRows open = options_.depth && number == 1 ? OpenToDepth(root, level)
                                                        : OpenHeaviest(root, level, budget);
    EmitInside(root, open, indent, level);
  }

 private:
  // The rows whose inside is shown, the root among them, and how.
  using OpenRows = absl::flat_hash_map<const TreeNode*, Plan>;

  Plan MakePlan(const TreeNode& node, const Level& level) const;
  void AddItself(const TreeNode& node, const Level& level, Plan* plan) const;
  bool DeservesRow(const TreeNode& node, const Level& level) const;
  size_t MostSiblings(const Level& level) const;
  OpenRows OpenToDepth(const TreeNode& root, const Level& level) const;
  OpenRows OpenHeaviest(const TreeNode& root, const Level& level, int budget) const;
  void EmitInside(const TreeNode& node, const OpenRows& open, int indent, const Level& level);
  void EmitRest(const TreeNode& node, const Plan& plan, int indent, const Level& level);
  void Drill(std::vector<Member> members, int indent, const Level& level);
  const ViewOptions& options_;
  std::vector<ViewRow> rows_;
};

std::vector<Member> MembersBelow(const TreeNode& node) {
  std::vector<Member> members = node.members;
  for (const TreeNode& child : node.children) {
    const std::vector<Member> below = MembersBelow(child);
    members.insert(members.end(), below.begin(), below.end());
  }
  return members;
}

std::vector<const TreeNode*> Sorted(const std::vector<TreeNode>& nodes, SortKey key) {
  std::vector<RowRank> order;
  order.reserve(nodes.size());
  for (const TreeNode& node : nodes) {
    order.push_back(
        {WeightOf(node.figures, key), node.figures.flops.approximate(), node.label, order.size()});
  }
  SortRanks(key, &order);
  std::vector<const TreeNode*> sorted;
  for (const RowRank& rank : order) sorted.push_back(&nodes[rank.index]);
  return sorted;
}

size_t Chooser::MostSiblings(const Level& level) const {
  if (options_.top) return *options_.top;
  if (options_.by[level.number - 1] == Grouping::kFile) return SIZE_MAX;
  return level.number == 1 && options_.depth ? SIZE_MAX : kMostSiblings;
}

// In a tree what is large, in a list what costs anything; everything where the user set the limit.
bool Chooser::DeservesRow(const TreeNode& node, const Level& level) const {
  if (level.weight <= 0 || node.has_gap || options_.by[level.number - 1] == Grouping::kFile)
    return true;
  if (level.number == 1) {
    if (options_.depth || options_.top) return true;
    const bool is_list = level.is_flat || options_.by[0] == Grouping::kBlock;
    if (is_list && options_.by.size() == 1)
      return WeightOf(node.figures, level.sort) > 0 || !node.figures.flops.is_zero();
  }
  return WeightOf(node.figures, level.sort) >= kWorthARow * level.weight;
}

Plan Chooser::MakePlan(const TreeNode& node, const Level& level) const {
  Plan plan;
  const size_t most = MostSiblings(level);
  for (const TreeNode* child : Sorted(node.children, level.sort)) {
    const bool shown = plan.shown.size() < most && DeservesRow(*child, level);
    (shown ? plan.shown : plan.rest).push_back(child);
  }
  // "[1 other]" would take as much room as the row itself.
  if (plan.rest.size() == 1 && !options_.top) {
    plan.shown.push_back(plan.rest[0]);
    plan.rest.clear();
  }
  AddItself(node, level, &plan);
  return plan;
}

void Chooser::AddItself(const TreeNode& node, const Level& level, Plan* plan) const {
  if (node.children.empty() || level.is_flat) return;  // a list holds nothing but its rows
  FiguresSum inside;
  for (const TreeNode& child : node.children) inside.Add(child.figures);
  plan->itself = Subtract(node.figures, inside.Total());
  const double least = plan->rest.empty() ? kWorthMention : kWorthARow;
  // Formulas are worked out only where the rest may be worth showing.
  const auto matters = [&](Amount* part, const Amount& whole) {
    if (part->approximate() < least * whole.approximate()) return false;
    *part = Simplified(*part);
    return !part->is_zero();
  };
  plan->shows_itself = matters(&plan->itself.macs, level.whole.macs) ||
                       (node.has_params && matters(&plan->itself.params, level.whole.params));
}

Chooser::OpenRows Chooser::OpenToDepth(const TreeNode& root, const Level& level) const {
  OpenRows open;
  std::vector<std::pair<const TreeNode*, int>> waiting = {{&root, 0}};
  while (!waiting.empty()) {
    const auto [node, depth] = waiting.back();
    waiting.pop_back();
    if (node != &root && (depth >= *options_.depth || node->children.empty())) continue;
    open.emplace(node, MakePlan(*node, level));
    for (const TreeNode& child : node->children) {
      // A joined label stands for as many levels as it has names.
      const auto dots = absl::c_count(child.label.view(), '.');
      waiting.emplace_back(&child, depth + 1 + static_cast<int>(dots));
    }
  }
  return open;
}

Chooser::OpenRows Chooser::OpenHeaviest(const TreeNode& root, const Level& level,
                                        int budget) const {
  // Of equals the one offered first, so that the same model always gives the same rows.
  std::priority_queue<std::tuple<double, int, const TreeNode*>> heaviest;
  int offered = 0;
  const auto offer = [&](const Plan& plan) {
    for (const TreeNode* node : plan.shown) {
      if (!node->children.empty())
        heaviest.emplace(WeightOf(node->figures, level.sort), --offered, node);
    }
  };
  OpenRows open = {{&root, MakePlan(root, level)}};
  int rows = open[&root].rows();
  offer(open[&root]);
  while (!heaviest.empty() && std::get<0>(heaviest.top()) >= kWorthOpening * level.weight) {
    const TreeNode* node = std::get<2>(heaviest.top());
    heaviest.pop();
    Plan plan = MakePlan(*node, level);
    if (plan.shown.empty() || rows + plan.rows() > budget) continue;
    rows += plan.rows();
    offer(plan);
    open.emplace(node, std::move(plan));
  }
  return open;
}

void Chooser::EmitInside(const TreeNode& node, const OpenRows& open, int indent,
                         const Level& level) {
  const Plan& plan = open.at(&node);
  for (const TreeNode* child : plan.shown) {
    rows_.push_back(RowOf(*child));
    rows_.back().indent = indent;
    if (open.contains(child)) {
      EmitInside(*child, open, indent + 1, level);
    } else {
      Drill(MembersBelow(*child), indent + 1, level);
    }
  }
  EmitRest(node, plan, indent, level);
}

// What is in no row of its own: small siblings, and what belongs to none of them.
void Chooser::EmitRest(const TreeNode& node, const Plan& plan, int indent, const Level& level) {
  ViewRow row;
  row.indent = indent;
  row.has_params = node.has_params;
  if (plan.shows_itself) {
    row.kind = ViewRow::Kind::kItself;
    row.label = indent == 0 ? "[in no component]" : "[itself]";
    row.figures = Simplified(plan.itself);
    rows_.push_back(row);
    Drill(node.members, indent + 1, level);
  }
  if (plan.rest.empty()) return;
  FiguresSum sum;
  bool has_gap = false;
  if (!plan.shows_itself) sum.Add(plan.itself);
  for (const TreeNode* other : plan.rest) {
    sum.Add(other->figures);
    has_gap |= other->has_gap;
  }
  rows_.push_back(OthersRow(plan.rest.size(), sum.Total(), has_gap));
  rows_.back().indent = indent;
  rows_.back().has_params = node.has_params;
}

void Chooser::Drill(std::vector<Member> members, int indent, const Level& level) {
  if (level.number >= options_.by.size() || members.empty()) return;
  const Grouping grouping = options_.by[level.number];
  TreeNode tree = GroupMembers(members, grouping, NameFilter());
  if (grouping == Grouping::kComponent) {
    if (options_.fold) FoldNumbered(&tree);
    JoinChains(&tree);
  }
  Emit(tree, indent, kDrillBudget, level.number + 1);
}

}  // namespace

ViewRow RowOf(const TreeNode& node) {
  ViewRow row;
  row.label =
      node.instances > 1 ? absl::StrCat(node.label.view(), " (x", node.instances, ")") : node.label;
  row.figures = node.figures;
  row.has_params = node.has_params;
  row.has_gap = node.has_gap;
  row.op = node.op;
  row.outputs = node.outputs;
  return row;
}

ViewRow OthersRow(size_t others, const Figures& figures, bool has_gap) {
  ViewRow row;
  row.kind = ViewRow::Kind::kOthers;
  row.label = absl::StrCat("[", others, others == 1 ? " other]" : " others]");
  row.figures = figures;
  row.has_gap = has_gap;
  return row;
}

void SortRanks(SortKey key, std::vector<RowRank>* ranks) {
  std::stable_sort(ranks->begin(), ranks->end(), [key](const RowRank& a, const RowRank& b) {
    if (key == SortKey::kName) return NaturalLess(a.label, b.label);
    return a.weight != b.weight ? a.weight > b.weight : a.flops > b.flops;
  });
}

SortKey NodeSortKey(SortKey key) {
  return key == SortKey::kParams || key == SortKey::kBytes ? SortKey::kMacs : key;
}

double WeightOf(const Figures& figures, SortKey key) {
  switch (key) {
    case SortKey::kMacs:
    case SortKey::kName:
      return figures.macs.approximate();
    case SortKey::kOps:
      return figures.ops.approximate();
    case SortKey::kParams:
      return figures.params.approximate();
    case SortKey::kBytes:
      return figures.weight_bytes.approximate();
  }
  return 0;
}

std::vector<ViewRow> ChooseRows(const TreeNode& root, const ViewOptions& options, int budget) {
  Chooser chooser(options);
  chooser.Emit(root, 0, options.by.size() > 1 ? budget / 2 : budget, 1);
  return chooser.TakeRows();
}

}  // namespace onnx_macs
