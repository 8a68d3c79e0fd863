#include "analyzer/diff/match_nodes.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"

namespace onnx_macs {
namespace {

using Nodes = std::vector<uint32_t>;

class NodeMatcher {
 public:
  NodeMatcher(const NodeList& old_list, const NodeList& new_list, std::vector<NodePair>* differing)
      : old_(old_list), new_(new_list), differing_(differing) {}

  void Run(absl::Span<const uint32_t> old_nodes, absl::Span<const uint32_t> new_nodes) {
    const auto content = [](const NodeList& list, uint32_t node) {
      return list.keys()[node].content;
    };
    while (!old_nodes.empty() && !new_nodes.empty() &&
           content(old_, old_nodes.front()) == content(new_, new_nodes.front())) {
      old_nodes.remove_prefix(1);
      new_nodes.remove_prefix(1);
    }
    const auto changed = [this](uint32_t old_node, uint32_t new_node) {
      differing_->push_back({old_node, new_node});
    };
    if (IsSameOrder(old_nodes, new_nodes)) {
      for (size_t i = 0; i < old_nodes.size(); ++i) {
        const uint32_t before = old_nodes[i], after = new_nodes[i];
        if (content(old_, before) != content(new_, after)) changed(before, after);
      }
      return;
    }
    old_left_.assign(old_nodes.begin(), old_nodes.end());
    new_left_.assign(new_nodes.begin(), new_nodes.end());
    PairBy(content, [](uint32_t, uint32_t) {});
    PairBy([](const NodeList& list, uint32_t node) { return list.Name(node); }, changed);
    PairBy([](const NodeList& list, uint32_t node) { return list.keys()[node].op; }, changed);
    for (const uint32_t node : old_left_) differing_->push_back({node, kNoNode});
    for (const uint32_t node : new_left_) differing_->push_back({kNoNode, node});
  }

 private:
  static bool IsNothing(uint64_t) { return false; }
  static bool IsNothing(absl::string_view name) { return name.empty(); }

  // The same names in the same order, as where only sizes changed.
  bool IsSameOrder(absl::Span<const uint32_t> old_nodes,
                   absl::Span<const uint32_t> new_nodes) const {
    return absl::c_equal(old_nodes, new_nodes, [this](uint32_t before, uint32_t after) {
      return old_.keys()[before].op == new_.keys()[after].op && !old_.Name(before).empty() &&
             old_.Name(before) == new_.Name(after);
    });
  }

  // Pairs what is left by equal keys, each first with first, and keeps the rest in order.
  template <typename KeyOf, typename Visit>
  void PairBy(KeyOf key_of, Visit visit) {
    if (old_left_.empty() || new_left_.empty()) return;
    using Key = decltype(key_of(old_, 0));
    struct Waiting {
      Nodes nodes;
      size_t next = 0;
    };
    absl::flat_hash_map<Key, Waiting> waiting;
    for (const uint32_t node : old_left_) waiting[key_of(old_, node)].nodes.push_back(node);
    Nodes new_rest;
    for (const uint32_t node : new_left_) {
      const Key key = key_of(new_, node);
      const auto it = IsNothing(key) ? waiting.end() : waiting.find(key);
      if (it == waiting.end() || it->second.next == it->second.nodes.size()) {
        new_rest.push_back(node);
      } else {
        visit(it->second.nodes[it->second.next++], node);
      }
    }
    Nodes old_rest;
    for (const uint32_t node : old_left_) {
      const Waiting& same = waiting[key_of(old_, node)];
      // Its list is as the nodes are, in the order of the model.
      const auto taken_end = same.nodes.begin() + static_cast<std::ptrdiff_t>(same.next);
      if (!std::binary_search(same.nodes.begin(), taken_end, node)) old_rest.push_back(node);
    }
    old_left_ = std::move(old_rest);
    new_left_ = std::move(new_rest);
  }

  const NodeList& old_;
  const NodeList& new_;
  std::vector<NodePair>* const differing_;
  Nodes old_left_, new_left_;
};

}  // namespace

void MatchNodes(const NodeList& old_list, absl::Span<const uint32_t> old_nodes,
                const NodeList& new_list, absl::Span<const uint32_t> new_nodes,
                std::vector<NodePair>* differing) {
  NodeMatcher(old_list, new_list, differing).Run(old_nodes, new_nodes);
}

}  // namespace onnx_macs
