// ComponentTree: the module paths of a model as a trie. Costs are added where they occur and folded
// once into every enclosing module.
#ifndef ANALYZER_COMPONENT_TREE_H_
#define ANALYZER_COMPONENT_TREE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "analyzer/count.h"

namespace onnx_macs {

using ComponentId = int32_t;
inline constexpr ComponentId kRootComponent = 0;

// What is added up, for the nodes and parameters of one component or operator.
struct Totals {
  CountSum macs, ops, params, weight_bytes;
  int64_t nodes = 0;
};

class ComponentTree {
 public:
  struct Component {
    absl::string_view atom;  // the last name of the path; a view into the model or given text
    ComponentId parent = kRootComponent;
    int depth = 0;
    Totals totals;
  };

  ComponentTree() { components_.emplace_back(); }

  // The component of a dotted path, made with all that enclose it on first use. The text must
  // outlive the tree.
  ComponentId Intern(absl::string_view dotted);
  // kRootComponent when there is none.
  ComponentId Find(absl::string_view dotted) const;

  Component& operator[](ComponentId id) { return components_[id]; }
  const Component& operator[](ComponentId id) const { return components_[id]; }
  size_t size() const { return components_.size(); }
  std::string Path(ComponentId id) const;

  // The innermost component that encloses both.
  ComponentId CommonAncestor(ComponentId a, ComponentId b) const;
  // Adds every component's totals to its parent's; to be called once, after all were added.
  void FoldIntoParents();
  // Parents before children, siblings in order of first use.
  std::vector<ComponentId> DepthFirst() const;

 private:
  std::vector<Component> components_;
  absl::flat_hash_map<std::pair<ComponentId, absl::string_view>, ComponentId> children_;
};

}  // namespace onnx_macs

#endif  // ANALYZER_COMPONENT_TREE_H_
