// The tree of module paths. Enclosing modules are prefixes of a path, so no text is copied.
#include "analyzer/component_tree.h"

#include <algorithm>
#include <utility>

namespace onnx_macs {

void Totals::Add(const Totals& other) {
  macs.Add(other.macs);
  ops.Add(other.ops);
  params.Add(other.params);
  weight_bytes.Add(other.weight_bytes);
  traffic_bytes.Add(other.traffic_bytes);
  nodes += other.nodes;
}

absl::string_view Shortened(absl::string_view path) {
  constexpr size_t kSurelyShort = 2 * kMaxPathDepth;  // names have a letter and a dot, or more
  if (path.size() < kSurelyShort) return path;
  size_t depth = 1, end = 0;
  const size_t limit = std::min(path.size(), kMaxPathBytes + 1);
  for (size_t i = 1; i < limit; ++i) {
    if (path[i] != '.') continue;
    end = i;
    if (++depth > kMaxPathDepth) return path.substr(0, end);
  }
  if (path.size() <= kMaxPathBytes) return path;
  return path.substr(0, end > 0 ? end : kMaxPathBytes);
}

void ComponentTree::Reserve(size_t components) {
  components_.reserve(components);
  by_path_.reserve(components);
}

ComponentId ComponentTree::Intern(absl::string_view path) {
  path = Shorten(path);
  if (path.empty()) return kRootComponent;
  if (const auto it = by_path_.find(path); it != by_path_.end()) return it->second;
  // The enclosing modules that are new, innermost first.
  std::vector<absl::string_view> made{path};
  ComponentId parent = kRootComponent;
  for (size_t dot = path.rfind('.'); dot != absl::string_view::npos && dot > 0;
       dot = path.rfind('.', dot - 1)) {
    const auto it = by_path_.find(path.substr(0, dot));
    if (it != by_path_.end()) {
      parent = it->second;
      break;
    }
    made.push_back(path.substr(0, dot));
  }
  for (; !made.empty() && !is_full(); made.pop_back()) {
    path_bytes_ += made.back().size();
    const ComponentId id = static_cast<ComponentId>(components_.size());
    components_.push_back({made.back(), parent, components_[parent].depth + 1});
    by_path_.emplace(made.back(), id);
    parent = id;
  }
  return parent;
}

ComponentId ComponentTree::Find(absl::string_view path) const {
  const auto it = by_path_.find(Shortened(path));
  return it == by_path_.end() ? kRootComponent : it->second;
}

ComponentId ComponentTree::CommonAncestor(ComponentId a, ComponentId b) const {
  while (a != b) {
    if (components_[a].depth >= components_[b].depth) {
      a = components_[a].parent;
    } else {
      b = components_[b].parent;
    }
  }
  return a;
}

void ComponentTree::FoldIntoParents(std::vector<Totals>* totals) const {
  for (size_t id = size() - 1; id > 0; --id) {
    (*totals)[components_[id].parent].Add((*totals)[id]);
  }
}

std::vector<ComponentId> ComponentTree::DepthFirst() const {
  // Children as linked lists: the last child of each, and the sibling before each.
  std::vector<ComponentId> last_child(size(), kRootComponent), previous(size(), kRootComponent);
  for (size_t id = 1; id < size(); ++id) {
    previous[id] = std::exchange(last_child[components_[id].parent], static_cast<ComponentId>(id));
  }
  std::vector<ComponentId> order, stack{kRootComponent};
  order.reserve(size());
  while (!stack.empty()) {
    const ComponentId id = stack.back();
    stack.pop_back();
    order.push_back(id);
    // The first child must come off the stack first, so it goes on last.
    for (ComponentId child = last_child[id]; child != kRootComponent; child = previous[child]) {
      stack.push_back(child);
    }
  }
  return order;
}

}  // namespace onnx_macs
