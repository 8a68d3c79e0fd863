// The trie of module paths.
#include "analyzer/component_tree.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace onnx_macs {
namespace {

// Calls fn(atom) for each dot-separated part; stops when it returns false.
template <typename Fn>
void ForEachAtom(absl::string_view dotted, Fn fn) {
  while (!dotted.empty()) {
    const size_t dot = dotted.find('.');
    if (dot != 0 && !fn(dotted.substr(0, dot))) return;
    if (dot == absl::string_view::npos) return;
    dotted.remove_prefix(dot + 1);
  }
}

}  // namespace

ComponentId ComponentTree::Intern(absl::string_view dotted) {
  ComponentId id = kRootComponent;
  ForEachAtom(dotted, [this, &id](absl::string_view atom) {
    const ComponentId next = static_cast<ComponentId>(components_.size());
    const auto [it, is_new] = children_.try_emplace({id, atom}, next);
    if (is_new) {
      Component child;
      child.atom = atom;
      child.parent = id;
      child.depth = components_[id].depth + 1;
      components_.push_back(std::move(child));
    }
    id = it->second;
    return true;
  });
  return id;
}

ComponentId ComponentTree::Find(absl::string_view dotted) const {
  ComponentId id = kRootComponent;
  ForEachAtom(dotted, [this, &id](absl::string_view atom) {
    const auto it = children_.find({id, atom});
    id = it == children_.end() ? kRootComponent : it->second;
    return it != children_.end();
  });
  return id;
}

std::string ComponentTree::Path(ComponentId id) const {
  std::string path;
  for (; id != kRootComponent; id = components_[id].parent) {
    path = path.empty() ? std::string(components_[id].atom)
                        : absl::StrCat(components_[id].atom, ".", path);
  }
  return path;
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

void ComponentTree::FoldIntoParents() {
  // A child is always made after its parent.
  for (ComponentId id = static_cast<ComponentId>(size()) - 1; id > kRootComponent; --id) {
    const Totals& child = components_[id].totals;
    Totals& parent = components_[components_[id].parent].totals;
    parent.macs.Add(child.macs.Total());
    parent.ops.Add(child.ops.Total());
    parent.params.Add(child.params.Total());
    parent.weight_bytes.Add(child.weight_bytes.Total());
    parent.nodes += child.nodes;
  }
}

std::vector<ComponentId> ComponentTree::DepthFirst() const {
  std::vector<std::vector<ComponentId>> children(size());
  for (size_t id = 1; id < size(); ++id) {
    children[components_[id].parent].push_back(static_cast<ComponentId>(id));
  }
  std::vector<ComponentId> order, stack{kRootComponent};
  while (!stack.empty()) {
    const ComponentId id = stack.back();
    stack.pop_back();
    order.push_back(id);
    stack.insert(stack.end(), children[id].rbegin(), children[id].rend());
  }
  return order;
}

}  // namespace onnx_macs
