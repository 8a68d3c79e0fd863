// The choice of rows: open the heaviest, keep what is large, sum up the rest.
#include "cli/view_rows.h"

#include <algorithm>
#include <cstdlib>
#include <queue>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "cli/amount.h"
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

// How the inside of a row is to be shown.
struct Plan {
  std::vector<const TreeNode*> shown;
  std::vector<const TreeNode*> rest;
  Figures itself;
  bool shows_itself = false;

  int rows() const { return static_cast<int>(shown.size()) + !rest.empty() + shows_itself; }
};

class Chooser {
 public:
  Chooser(const ViewOptions& options, const Figures& total)
      : options_(options), total_(total), weight_(WeightOf(total, options.sort)) {}

  std::vector<ViewRow> TakeRows() { return std::move(rows_); }

  // Rows below `root`, each of them drilled down to the groupings from `level` on.
  void Emit(const TreeNode& root, int indent, int budget, size_t level) {
    const absl::flat_hash_set<const TreeNode*> open =
        options_.depth && level == 1 ? OpenToDepth(root) : OpenHeaviest(root, budget);
    EmitInside(root, open, indent, level);
  }

 private:
  using OpenSet = absl::flat_hash_set<const TreeNode*>;

  Plan MakePlan(const TreeNode& node) const;
  void AddItself(const TreeNode& node, Plan* plan) const;
  OpenSet OpenToDepth(const TreeNode& root) const;
  OpenSet OpenHeaviest(const TreeNode& root, int budget) const;
  void EmitInside(const TreeNode& node, const OpenSet& open, int indent, size_t level);
  void EmitRest(const TreeNode& node, const Plan& plan, int indent, size_t level);
  void Drill(std::vector<Member> members, int indent, size_t level);
  double Weight(const TreeNode& node) const { return WeightOf(node.figures, options_.sort); }

  const ViewOptions& options_;
  const Figures& total_;
  const double weight_;
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
  std::vector<std::pair<double, const TreeNode*>> order;
  for (const TreeNode& node : nodes) order.emplace_back(WeightOf(node.figures, key), &node);
  std::stable_sort(order.begin(), order.end(), [&](const auto& a, const auto& b) {
    return key == SortKey::kName ? NaturalLess(a.second->label, b.second->label)
                                 : a.first > b.first;
  });
  std::vector<const TreeNode*> sorted;
  for (const auto& entry : order) sorted.push_back(entry.second);
  return sorted;
}

Plan Chooser::MakePlan(const TreeNode& node) const {
  Plan plan;
  const bool all = options_.depth.has_value() || options_.top.has_value();
  const size_t most = options_.top ? *options_.top : options_.depth ? SIZE_MAX : kMostSiblings;
  for (const TreeNode* child : Sorted(node.children, options_.sort)) {
    const bool large = all || weight_ <= 0 || Weight(*child) >= kWorthARow * weight_;
    (large && plan.shown.size() < most ? plan.shown : plan.rest).push_back(child);
  }
  // "[1 other]" would take as much room as the row itself.
  if (plan.rest.size() == 1 && !options_.top) {
    plan.shown.push_back(plan.rest[0]);
    plan.rest.clear();
  }
  AddItself(node, &plan);
  return plan;
}

void Chooser::AddItself(const TreeNode& node, Plan* plan) const {
  if (node.children.empty()) return;
  Figures itself = node.figures;
  for (const TreeNode& child : node.children) itself = Subtract(itself, child.figures);
  plan->itself = Simplified(itself);
  const double least = plan->rest.empty() ? kWorthMention : kWorthARow;
  const auto matters = [&](const Amount& part, const Amount& whole) {
    return !IsZero(part) && Approximate(part) >= least * Approximate(whole);
  };
  plan->shows_itself = matters(plan->itself.macs, total_.macs) ||
                       (node.has_params && matters(plan->itself.params, total_.params));
}

Chooser::OpenSet Chooser::OpenToDepth(const TreeNode& root) const {
  OpenSet open;
  std::vector<std::pair<const TreeNode*, int>> waiting = {{&root, 0}};
  while (!waiting.empty()) {
    const auto [node, depth] = waiting.back();
    waiting.pop_back();
    if (depth >= *options_.depth || node->children.empty()) continue;
    open.insert(node);
    for (const TreeNode& child : node->children) {
      // A joined label stands for as many levels as it has names.
      const auto dots = std::count(child.label.begin(), child.label.end(), '.');
      waiting.emplace_back(&child, depth + 1 + static_cast<int>(dots));
    }
  }
  return open;
}

Chooser::OpenSet Chooser::OpenHeaviest(const TreeNode& root, int budget) const {
  OpenSet open = {&root};
  // Of equals the one offered first, so that the same model always gives the same rows.
  std::priority_queue<std::tuple<double, int, const TreeNode*>> heaviest;
  int offered = 0;
  const auto offer = [&](const Plan& plan) {
    for (const TreeNode* node : plan.shown) {
      if (!node->children.empty()) heaviest.emplace(Weight(*node), --offered, node);
    }
  };
  const Plan outer = MakePlan(root);
  int rows = outer.rows();
  offer(outer);
  while (!heaviest.empty() && std::get<0>(heaviest.top()) >= kWorthOpening * weight_) {
    const TreeNode* node = std::get<2>(heaviest.top());
    heaviest.pop();
    const Plan plan = MakePlan(*node);
    if (plan.shown.empty() || rows + plan.rows() > budget) continue;
    rows += plan.rows();
    open.insert(node);
    offer(plan);
  }
  return open;
}

void Chooser::EmitInside(const TreeNode& node, const OpenSet& open, int indent, size_t level) {
  const Plan plan = MakePlan(node);
  for (const TreeNode* child : plan.shown) {
    ViewRow row;
    row.indent = indent;
    row.label = child->instances > 1 ? absl::StrCat(child->label, " (x", child->instances, ")")
                                     : child->label;
    row.figures = Simplified(child->figures);
    row.has_params = child->has_params;
    row.has_gap = child->has_gap;
    row.op = child->op;
    row.outputs = child->outputs;
    rows_.push_back(std::move(row));
    if (open.contains(child)) {
      EmitInside(*child, open, indent + 1, level);
    } else {
      Drill(MembersBelow(*child), indent + 1, level);
    }
  }
  EmitRest(node, plan, indent, level);
}

// What is in no row of its own: small siblings, and what belongs to none of them.
void Chooser::EmitRest(const TreeNode& node, const Plan& plan, int indent, size_t level) {
  ViewRow row;
  row.indent = indent;
  row.has_params = node.has_params;
  if (plan.shows_itself) {
    row.kind = ViewRow::Kind::kItself;
    row.label = indent == 0 ? "[in no component]" : "[itself]";
    row.figures = plan.itself;
    rows_.push_back(row);
    Drill(node.members, indent + 1, level);
  }
  if (plan.rest.empty()) return;
  row.kind = ViewRow::Kind::kOthers;
  row.label = absl::StrCat("[", plan.rest.size(), plan.rest.size() == 1 ? " other]" : " others]");
  row.figures = plan.shows_itself ? Figures() : plan.itself;
  for (const TreeNode* other : plan.rest) {
    row.figures = Add(row.figures, other->figures);
    row.has_gap |= other->has_gap;
  }
  row.figures = Simplified(row.figures);
  rows_.push_back(std::move(row));
}

void Chooser::Drill(std::vector<Member> members, int indent, size_t level) {
  if (level >= options_.by.size() || members.empty()) return;
  TreeNode tree = GroupMembers(members, options_.by[level], NameFilter());
  if (options_.by[level] == Grouping::kComponent) {
    if (options_.fold) FoldNumbered(&tree);
    JoinChains(&tree);
  }
  Emit(tree, indent, kDrillBudget, level + 1);
}

}  // namespace

double WeightOf(const Figures& figures, SortKey key) {
  switch (key) {
    case SortKey::kMacs:
    case SortKey::kName:
      return Approximate(figures.macs);
    case SortKey::kOps:
      return Approximate(figures.ops);
    case SortKey::kParams:
      return Approximate(figures.params);
    case SortKey::kBytes:
      return Approximate(figures.weight_bytes);
  }
  return 0;
}

std::vector<ViewRow> ChooseRows(const TreeNode& root, const ViewOptions& options, int budget) {
  Chooser chooser(options, root.figures);
  chooser.Emit(root, 0, options.by.size() > 1 ? budget / 2 : budget, 1);
  return chooser.TakeRows();
}

}  // namespace onnx_macs
