// Components are walked as one tree: the new revision's, with what is gone put in where it was.
#include "analyzer/diff/model_diff.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "analyzer/diff/diff_tree.h"
#include "analyzer/diff/interface_diff.h"
#include "analyzer/diff/match_components.h"
#include "analyzer/diff/match_nodes.h"
#include "analyzer/diff/node_diff.h"

namespace onnx_macs {
namespace {

bool Equal(const Figures& a, const Figures& b) {
  return a.macs == b.macs && a.ops == b.ops && a.params == b.params &&
         a.weight_bytes == b.weight_bytes && a.traffic_bytes == b.traffic_bytes &&
         a.nodes == b.nodes;
}

double Change(const Amount& before, const Amount& after) {
  return std::abs(after.approximate() - before.approximate());
}

class Differ {
 public:
  Differ(const DiffSide& old_side, const DiffSide& new_side, const DiffOptions& options)
      : old_side_(old_side),
        new_side_(new_side),
        options_(options),
        has_nodes_(old_side.nodes != nullptr && new_side.nodes != nullptr),
        old_(old_side.report, has_nodes_ ? old_side.nodes : nullptr),
        new_(new_side.report, has_nodes_ ? new_side.nodes : nullptr),
        matches_(MatchComponents(old_, new_)) {}

  ModelDiff Run() {
    DescribeModels();
    FindGroupings();
    DiffComponents();
    DiffOperators();
    diff_.compared_nodes = has_nodes_;
    if (has_nodes_) AddNodes();
    return std::move(diff_);
  }

 private:
  // A place in the merged tree: a component of either side, or of both.
  struct Place {
    int32_t old_id, new_id;
    int depth;
  };

  void DescribeModels() {
    const ModelReport &before = old_side_.report, &after = new_side_.report;
    diff_.old_file = before.file;
    diff_.new_file = after.file;
    diff_.role = after.role.empty() ? before.role : after.role;
    diff_.has_memory = before.memory.has_value() && after.memory.has_value();
    if (diff_.has_memory) {
      diff_.peak_before = before.memory->peak_activation_bytes;
      diff_.peak_after = after.memory->peak_activation_bytes;
    }
    diff_.before = Comparable(before.figures);
    diff_.after = Comparable(after.figures);
    diff_.gaps_before = static_cast<int64_t>(before.gaps.size());
    diff_.gaps_after = static_cast<int64_t>(after.gaps.size());
    diff_.interface = DiffInterface(before, after);
    diff_.weight_types = DiffWeightTypes(before, after);
    diff_.setting = DiffSetting(before, after);
  }

  // Traffic is known where it was asked for, which may be on one side alone.
  Figures Comparable(Figures figures) const {
    if (!diff_.has_memory) figures.traffic_bytes = Amount();
    return figures;
  }

  // Unmatched components that hold something matched only stand around it.
  void FindGroupings() {
    const auto find = [](const DiffTree& tree, const std::vector<int32_t>& matched) {
      std::vector<bool> holds(tree.size());
      for (size_t id = tree.size(); id-- > 1;) {
        if (matched[id] != kNoComponent || holds[id])
          holds[tree[static_cast<int32_t>(id)].parent] = true;
      }
      return holds;
    };
    old_holds_ = find(old_, matches_.new_of_old);
    new_holds_ = find(new_, matches_.old_of_new);
  }

  void DiffComponents() {
    std::vector<Place> open;
    if (old_.size() > 0 && new_.size() > 0) open.push_back({0, 0, 0});
    while (!open.empty()) {
      const Place place = open.back();
      open.pop_back();
      if (IsSame(place) && !options_.everything) {
        CountKnown(place);
        continue;
      }
      AddComponent(place);
      DiffOwnNodes(place);
      const std::vector<Place> below = Below(place);
      open.insert(open.end(), below.rbegin(), below.rend());
    }
  }

  // Nothing changed from here on down, not even a path.
  bool IsSame(const Place& place) const {
    return place.old_id != kNoComponent && place.new_id != kNoComponent && place.depth > 0 &&
           old_[place.old_id].content == new_[place.new_id].content &&
           old_[place.old_id].names == new_[place.new_id].names && !IsMoved(place);
  }

  void CountKnown(const Place& place) {
    std::vector<int32_t> open = {place.new_id};
    while (!open.empty()) {
      const int32_t id = open.back();
      open.pop_back();
      ++diff_.components_known_to_both;
      for (const int32_t child : new_.Children(id)) open.push_back(child);
    }
  }

  bool IsMoved(const Place& place) const {
    if (place.old_id == kNoComponent || place.new_id == kNoComponent || place.new_id == 0)
      return false;
    if (old_[place.old_id].leaf != new_[place.new_id].leaf) return true;
    return Unwrapped(old_[place.old_id].parent, matches_.old_wrappers, old_) !=
           OldOf(Unwrapped(new_[place.new_id].parent, matches_.new_wrappers, new_));
  }

  int32_t OldOf(int32_t id) const { return id == kNoComponent ? id : matches_.old_of_new[id]; }

  static int32_t Unwrapped(int32_t id, const std::vector<int32_t>& wrappers, const DiffTree& tree) {
    while (absl::c_linear_search(wrappers, id)) id = tree[id].parent;
    return id;
  }

  void AddComponent(const Place& place) {
    ComponentDiff row;
    row.depth = place.depth;
    row.presence = place.old_id == kNoComponent   ? Presence::kOnlyNew
                   : place.new_id == kNoComponent ? Presence::kOnlyOld
                                                  : Presence::kBoth;
    if (place.old_id != kNoComponent) {
      row.old_path = std::string(old_side_.report.components[place.old_id].path.view());
      row.before = Comparable(old_side_.report.components[place.old_id].figures);
      row.is_wrapper = row.presence == Presence::kOnlyOld && old_holds_[place.old_id];
    }
    if (place.new_id != kNoComponent) {
      row.new_path = std::string(new_side_.report.components[place.new_id].path.view());
      row.after = Comparable(new_side_.report.components[place.new_id].figures);
      row.is_wrapper = row.presence == Presence::kOnlyNew && new_holds_[place.new_id];
    }
    row.is_moved = IsMoved(place);
    if (row.presence == Presence::kBoth) {
      row.differs =
          old_[place.old_id].content != new_[place.new_id].content || !Equal(row.before, row.after);
      ++diff_.components_known_to_both;
      diff_.components_with_other_macs += !(row.before.macs == row.after.macs);
    } else {
      row.differs = true;
    }
    NoteRegrouping(&row);
    diff_.components.push_back(std::move(row));
  }

  // By the innermost component around it that both sides have; the whole model is none.
  void NoteRegrouping(ComponentDiff* row) {
    costs_same_.resize(row->depth + 1);
    const bool costs_same_around = row->depth > 0 && costs_same_[row->depth - 1];
    const bool is_known = row->presence == Presence::kBoth;
    row->is_regrouped = !is_known && !row->is_wrapper && costs_same_around;
    costs_same_[row->depth] = is_known ? row->depth > 0 && row->before.macs == row->after.macs &&
                                             row->before.params == row->after.params
                                       : costs_same_around;
  }

  // Children of the new one in their order, each gone one behind those that stood before it.
  std::vector<Place> Below(const Place& place) const {
    std::vector<Place> below;
    if (place.new_id != kNoComponent) {
      for (const int32_t child : new_.Children(place.new_id)) {
        below.push_back({matches_.old_of_new[child], child, place.depth + 1});
      }
    }
    if (place.old_id != kNoComponent) {
      for (const int32_t child : old_.Children(place.old_id)) {
        if (matches_.new_of_old[child] == kNoComponent) {
          below.push_back({child, kNoComponent, place.depth + 1});
        }
      }
    }
    return below;
  }

  void DiffOwnNodes(const Place& place) {
    if (!has_nodes_) return;
    const bool both = place.old_id != kNoComponent && place.new_id != kNoComponent;
    if (both && place.new_id != 0 &&
        old_[place.old_id].own_content == new_[place.new_id].own_content) {
      return;
    }
    // What a wrapper has itself was the whole model's before.
    const bool is_wrapper = absl::c_linear_search(matches_.old_wrappers, place.old_id) ||
                            absl::c_linear_search(matches_.new_wrappers, place.new_id);
    if (is_wrapper) return;
    // Nodes of what was added or removed as a whole say nothing that it does not.
    const bool is_whole = !both && !(place.old_id == kNoComponent ? new_holds_[place.new_id]
                                                                  : old_holds_[place.old_id]);
    if (is_whole && !options_.everything) return;
    const bool is_root = place.new_id == 0;
    const std::vector<uint32_t> before =
        OwnNodes(old_, place.old_id, is_root ? &matches_.old_wrappers : nullptr);
    const std::vector<uint32_t> after =
        OwnNodes(new_, place.new_id, is_root ? &matches_.new_wrappers : nullptr);
    MatchNodes(*old_side_.nodes, before, *new_side_.nodes, after, &nodes_);
  }

  static std::vector<uint32_t> OwnNodes(const DiffTree& tree, int32_t id,
                                        const std::vector<int32_t>* wrappers) {
    std::vector<uint32_t> nodes;
    if (id != kNoComponent) absl::c_copy(tree.OwnNodes(id), std::back_inserter(nodes));
    if (wrappers == nullptr || wrappers->empty()) return nodes;
    for (const int32_t wrapper : *wrappers) {
      absl::c_copy(tree.OwnNodes(wrapper), std::back_inserter(nodes));
    }
    absl::c_sort(nodes);
    return nodes;
  }

  void DiffOperators() {
    absl::flat_hash_map<std::pair<SharedText, SharedText>, OpDiff> by_op;
    for (const OpRow& row : old_side_.report.by_op) {
      by_op[{row.domain, row.op}] = {row.op, row.domain, Comparable(row.figures), {}};
    }
    for (const OpRow& row : new_side_.report.by_op) {
      OpDiff& op = by_op[{row.domain, row.op}];
      op.op = row.op;
      op.domain = row.domain;
      op.after = Comparable(row.figures);
    }
    for (auto& [key, op] : by_op) {
      if (!Equal(op.before, op.after)) diff_.operators.push_back(std::move(op));
    }
    absl::c_sort(diff_.operators,
                 [](const OpDiff& a, const OpDiff& b) { return Rank(a) < Rank(b); });
  }

  static std::tuple<double, double, int64_t, SharedText, SharedText> Rank(const OpDiff& op) {
    return {-Change(op.before.macs, op.after.macs), -Change(op.before.ops, op.after.ops),
            -std::abs(op.after.nodes - op.before.nodes), op.op, op.domain};
  }

  // By what they changed the cost, then as they stand in the model.
  void AddNodes() {
    for (const NodePair& pair : nodes_) {
      ++(pair.old_node == kNoNode   ? diff_.nodes_added
         : pair.new_node == kNoNode ? diff_.nodes_removed
                                    : diff_.nodes_changed);
    }
    const auto change = [this](const NodePair& pair, double NodeKey::*figure) {
      const double before =
          pair.old_node == kNoNode ? 0 : old_side_.nodes->keys()[pair.old_node].*figure;
      const double after =
          pair.new_node == kNoNode ? 0 : new_side_.nodes->keys()[pair.new_node].*figure;
      return -std::abs(after - before);
    };
    const auto rank = [&](const NodePair& pair) {
      return std::tuple(change(pair, &NodeKey::macs), change(pair, &NodeKey::ops), pair.new_node,
                        pair.old_node);
    };
    const size_t shown =
        options_.everything ? nodes_.size() : std::min(nodes_.size(), options_.first_nodes);
    std::partial_sort(nodes_.begin(), nodes_.begin() + static_cast<std::ptrdiff_t>(shown),
                      nodes_.end(),
                      [&](const NodePair& a, const NodePair& b) { return rank(a) < rank(b); });
    diff_.nodes.reserve(shown);
    for (size_t i = 0; i < shown; ++i) AddNode(nodes_[i]);
  }

  void AddNode(const NodePair& pair) {
    std::optional<NodeRow> before, after;
    if (pair.old_node != kNoNode) before = old_side_.nodes->Row(pair.old_node);
    if (pair.new_node != kNoNode) after = new_side_.nodes->Row(pair.new_node);
    NodeDiff row = DiffNodes(before ? &*before : nullptr, after ? &*after : nullptr);
    row.path = after ? PathOf(new_side_, pair.new_node) : PathOf(old_side_, pair.old_node);
    diff_.nodes.push_back(std::move(row));
  }

  static const SharedText& PathOf(const DiffSide& side, uint32_t node) {
    return side.report.components[side.nodes->keys()[node].component].path;
  }

  const DiffSide& old_side_;
  const DiffSide& new_side_;
  const DiffOptions& options_;
  const bool has_nodes_;
  const DiffTree old_, new_;
  const ComponentMatches matches_;
  std::vector<bool> old_holds_, new_holds_;
  std::vector<bool> costs_same_;  // by depth, of what encloses the present place
  std::vector<NodePair> nodes_;
  ModelDiff diff_;
};

}  // namespace

ModelDiff DiffModels(const DiffSide& old_side, const DiffSide& new_side,
                     const DiffOptions& options) {
  return Differ(old_side, new_side, options).Run();
}

ModelDiff OnlyOn(Presence side, const ModelReport& report) {
  ModelDiff diff;
  diff.presence = side;
  diff.role = report.role;
  const bool is_old = side == Presence::kOnlyOld;
  (is_old ? diff.old_file : diff.new_file) = report.file;
  (is_old ? diff.before : diff.after) = report.figures;
  (is_old ? diff.gaps_before : diff.gaps_after) = static_cast<int64_t>(report.gaps.size());
  return diff;
}

}  // namespace onnx_macs
