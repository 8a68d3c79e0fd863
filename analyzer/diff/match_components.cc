// In this order, each for what is still unmatched: names below matched parents, what was moved
// whole, what lay beside something that moved, and what looks the same but for its sizes. Every
// step is linear, or tries a fixed number of candidates.
#include "analyzer/diff/match_components.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "analyzer/diff/align.h"

namespace onnx_macs {
namespace {

using Ids = std::vector<int32_t>;

constexpr size_t kMostCandidates = 16;
constexpr int64_t kLeastToRecognise = 3;  // nodes: single ones look alike everywhere

bool IsNumbered(absl::string_view leaf) {
  return !leaf.empty() && absl::c_all_of(leaf, absl::ascii_isdigit);
}

// By number.
bool IsBefore(const DiffComponent& a, const DiffComponent& b) {
  return std::pair(a.leaf.size(), a.leaf) < std::pair(b.leaf.size(), b.leaf);
}

class Matcher {
 public:
  Matcher(const DiffTree& old_tree, const DiffTree& new_tree) : old_(old_tree), new_(new_tree) {
    matches_.new_of_old.assign(old_.size(), kNoComponent);
    matches_.old_of_new.assign(new_.size(), kNoComponent);
  }

  ComponentMatches Run() {
    if (old_.size() == 0 || new_.size() == 0) return std::move(matches_);
    Pair(0, 0);
    const auto [old_top, new_top] = SkipWrappers();
    MatchLists(old_.Children(old_top), new_.Children(new_top));
    MatchBelow();
    for (const auto hash : {&DiffComponent::content, &DiffComponent::form}) {
      MatchMoved(hash);
      FollowMoved();
    }
    return std::move(matches_);
  }

 private:
  bool IsFreeOld(int32_t old) const { return matches_.new_of_old[old] == kNoComponent; }
  bool IsFreeNew(int32_t now) const { return matches_.old_of_new[now] == kNoComponent; }

  void Pair(int32_t old, int32_t now) {
    matches_.new_of_old[old] = now;
    matches_.old_of_new[now] = old;
  }

  // What lies below them is for MatchBelow(): paths may be deeper than the stack.
  void PairTrees(int32_t old, int32_t now) {
    if (!IsFreeOld(old) || !IsFreeNew(now)) return;
    Pair(old, now);
    pending_.emplace_back(old, now);
  }

  void MatchBelow() {
    while (!pending_.empty()) {
      const auto [old, now] = pending_.back();
      pending_.pop_back();
      MatchLists(old_.Children(old), new_.Children(now));
    }
  }

  // How many names two components have in common among their children.
  size_t Shared(int32_t old, int32_t now) const {
    absl::flat_hash_map<absl::string_view, int32_t> names;
    for (const int32_t child : old_.Children(old)) names.emplace(old_[child].leaf, child);
    return absl::c_count_if(new_.Children(now),
                            [&](int32_t child) { return names.contains(new_[child].leaf); });
  }

  // A component with one child that holds everything else may stand on one side alone.
  std::pair<int32_t, int32_t> SkipWrappers() {
    int32_t old = 0, now = 0;
    while (true) {
      const size_t here = Shared(old, now);
      if (const int32_t below = OnlyChild(new_, now);
          below != kNoComponent && Shared(old, below) > here) {
        matches_.new_wrappers.push_back(now = below);
      } else if (const int32_t inner = OnlyChild(old_, old);
                 inner != kNoComponent && Shared(inner, now) > here) {
        matches_.old_wrappers.push_back(old = inner);
      } else {
        return {old, now};
      }
    }
  }

  static int32_t OnlyChild(const DiffTree& tree, int32_t component) {
    const int32_t child = tree[component].first_child;
    const bool is_only = child != kNoComponent && tree[child].next_sibling == kNoComponent;
    return is_only ? child : kNoComponent;
  }

  // Children of two matched components. Numbers are places in a list rather than names.
  void MatchLists(const Ids& old, const Ids& now) {
    if (old.empty() || now.empty()) return;
    const auto same_name = [this](int32_t a, int32_t b) {
      return old_[a].leaf == new_[b].leaf && !IsNumbered(old_[a].leaf);
    };
    if (absl::c_equal(old, now, same_name)) {  // as nearly always
      for (size_t i = 0; i < old.size(); ++i) PairTrees(old[i], now[i]);
      return;
    }
    Ids numbered[2], named[2];
    for (const int32_t id : old) (IsNumbered(old_[id].leaf) ? numbered : named)[0].push_back(id);
    for (const int32_t id : now) (IsNumbered(new_[id].leaf) ? numbered : named)[1].push_back(id);
    // Exporters list them as they run.
    absl::c_sort(numbered[0], [&](int32_t a, int32_t b) { return IsBefore(old_[a], old_[b]); });
    absl::c_sort(numbered[1], [&](int32_t a, int32_t b) { return IsBefore(new_[a], new_[b]); });
    MatchNumbered(numbered[0], numbered[1]);
    MatchNamed(named[0], named[1]);
    MatchRenamed(named[0], named[1]);
  }

  void MatchNamed(const Ids& old, const Ids& now) {
    absl::flat_hash_map<absl::string_view, int32_t> by_name;
    for (const int32_t id : old) by_name.emplace(old_[id].leaf, id);
    for (const int32_t id : now) {
      const auto it = by_name.find(new_[id].leaf);
      if (it != by_name.end()) PairTrees(it->second, id);
    }
  }

  // Numbers are believed, unless most elements are found under other ones. Between those that are,
  // as many on both sides are the same elements changed.
  void MatchNumbered(const Ids& old, const Ids& now) {
    auto anchors = AlignBy(&DiffComponent::content, old, now);
    if (!AreMost(anchors.size(), old, now)) anchors.clear();
    size_t old_begin = 0, new_begin = 0;
    anchors.emplace_back(old.size(), now.size());
    for (const auto& [i, j] : anchors) {
      MatchGap({old.begin() + static_cast<std::ptrdiff_t>(old_begin),
                old.begin() + static_cast<std::ptrdiff_t>(i)},
               {now.begin() + static_cast<std::ptrdiff_t>(new_begin),
                now.begin() + static_cast<std::ptrdiff_t>(j)});
      if (i < old.size()) PairTrees(old[i], now[j]);
      old_begin = i + 1;
      new_begin = j + 1;
    }
  }

  static bool AreMost(size_t number, const Ids& old, const Ids& now) {
    return 2 * number >= std::min(old.size(), now.size());
  }

  void MatchGap(const Ids& old, const Ids& now) {
    if (old.size() == now.size()) {
      for (size_t i = 0; i < old.size(); ++i) PairTrees(old[i], now[i]);
      return;
    }
    const auto alike = AlignBy(&DiffComponent::form, old, now);
    if (AreMost(alike.size(), old, now)) {
      for (const auto& [i, j] : alike) PairTrees(old[i], now[j]);
    }
    MatchNamed(old, now);
  }

  std::vector<std::pair<size_t, size_t>> AlignBy(uint64_t DiffComponent::*hash, const Ids& old,
                                                 const Ids& now) const {
    std::vector<uint64_t> a, b;
    for (const int32_t id : old) a.push_back(old_[id].*hash);
    for (const int32_t id : now) b.push_back(new_[id].*hash);
    return Align(a, b);
  }

  // Siblings under another name: in their order, those that hold the same, else that look the same.
  void MatchRenamed(const Ids& old, const Ids& now) {
    Ids left_old, left_new;
    for (const auto hash : {&DiffComponent::content, &DiffComponent::form}) {
      left_old.clear();
      left_new.clear();
      absl::c_copy_if(old, std::back_inserter(left_old),
                      [&](int32_t id) { return IsFreeOld(id) && IsTelling(old_[id]); });
      absl::c_copy_if(now, std::back_inserter(left_new),
                      [&](int32_t id) { return IsFreeNew(id) && IsTelling(new_[id]); });
      for (const auto& [i, j] : AlignBy(hash, left_old, left_new)) {
        PairTrees(left_old[i], left_new[j]);
      }
    }
  }

  // Whether it can be told from others by what it holds.
  static bool IsTelling(const DiffComponent& component) {
    return component.size >= kLeastToRecognise || component.first_child != kNoComponent;
  }

  // What went elsewhere: the largest first, so that what lies in it goes along.
  void MatchMoved(uint64_t DiffComponent::*hash) {
    absl::flat_hash_map<uint64_t, Ids> free_new;
    for (size_t id = 0; id < new_.size(); ++id) {
      const int32_t now = static_cast<int32_t>(id);
      if (!IsFreeNew(now) || IsWrapper(matches_.new_wrappers, now) || !IsTelling(new_[now]))
        continue;
      free_new[new_[now].*hash].push_back(now);
    }
    Ids order(old_.size());
    std::iota(order.begin(), order.end(), 0);
    absl::c_stable_sort(order, [&](int32_t a, int32_t b) { return old_[a].size > old_[b].size; });
    for (const int32_t old : order) {
      if (!IsFreeOld(old) || IsWrapper(matches_.old_wrappers, old) || !IsTelling(old_[old]))
        continue;
      const auto it = free_new.find(old_[old].*hash);
      if (it == free_new.end()) continue;
      const int32_t best = BestCandidate(old, it->second);
      if (best == kNoComponent) continue;
      PairTrees(old, best);
      MatchBelow();
      moved_.emplace_back(old, best);
    }
  }

  static bool IsWrapper(const Ids& wrappers, int32_t id) {
    return absl::c_linear_search(wrappers, id);
  }

  int32_t BestCandidate(int32_t old, const Ids& candidates) const {
    int32_t best = kNoComponent;
    int best_score = -1;
    size_t tried = 0;
    for (const int32_t now : candidates) {
      if (!IsFreeNew(now)) continue;
      if (++tried > kMostCandidates) break;
      const int32_t parent = old_[old].parent;
      const bool same_parent =
          parent != kNoComponent && matches_.new_of_old[parent] == new_[now].parent;
      const int score = 2 * same_parent + (old_[old].leaf == new_[now].leaf);
      if (score > best_score) {
        best = now;
        best_score = score;
      }
    }
    return best;
  }

  // Where something went with its name, what lay beside it is looked for beside it.
  void FollowMoved() {
    absl::flat_hash_map<int32_t, absl::flat_hash_map<int32_t, int>> votes;
    for (const auto& [old, now] : moved_) {
      if (old_[old].leaf != new_[now].leaf) continue;
      ++votes[old_[old].parent][new_[now].parent];
    }
    moved_.clear();
    std::vector<std::pair<int32_t, int32_t>> parents;
    for (const auto& [old, targets] : votes) {
      const auto most = absl::c_max_element(targets, [](const auto& a, const auto& b) {
        return std::pair(a.second, -a.first) < std::pair(b.second, -b.first);
      });
      parents.emplace_back(old, most->first);
    }
    absl::c_sort(parents);
    for (const auto& [old, now] : parents) {
      if (IsFreeOld(old) && IsFreeNew(now)) Pair(old, now);
      MatchNamed(FreeChildren(old_, old, matches_.new_of_old),
                 FreeChildren(new_, now, matches_.old_of_new));
      MatchBelow();
    }
  }

  static Ids FreeChildren(const DiffTree& tree, int32_t component, const Ids& matched) {
    Ids children = tree.Children(component);
    children.erase(std::remove_if(children.begin(), children.end(),
                                  [&](int32_t id) { return matched[id] != kNoComponent; }),
                   children.end());
    return children;
  }

  const DiffTree& old_;
  const DiffTree& new_;
  ComponentMatches matches_;
  std::vector<std::pair<int32_t, int32_t>> pending_, moved_;
};

}  // namespace

ComponentMatches MatchComponents(const DiffTree& old_tree, const DiffTree& new_tree) {
  return Matcher(old_tree, new_tree).Run();
}

}  // namespace onnx_macs
