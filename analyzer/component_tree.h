// ComponentTree: the module paths of a model as a tree. Costs are added where they occur and folded
// once into every enclosing module.
#ifndef ANALYZER_COMPONENT_TREE_H_
#define ANALYZER_COMPONENT_TREE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "analyzer/count.h"

namespace onnx_macs {

using ComponentId = int32_t;
inline constexpr ComponentId kRootComponent = 0;

// What is added up, for the nodes and parameters of one component or operator.
struct Totals {
  CountSum macs, ops, params, weight_bytes, traffic_bytes;
  int64_t nodes = 0;

  void AddNode(const Count& of_macs, const Count& of_ops) {
    macs.Add(of_macs);
    ops.Add(of_ops);
    ++nodes;
  }
  void Add(const Totals& other);
};

struct Component {
  absl::string_view path;  // dotted, "" for the root; a view into the model or given text
  ComponentId parent = kRootComponent;
  int depth = 0;
};

// A path of at most kMaxPathDepth names and kMaxPathBytes: what lies deeper belongs to the last
// one.
inline constexpr size_t kMaxPathDepth = 64;
inline constexpr size_t kMaxPathBytes = 512;
absl::string_view Shortened(absl::string_view path);

class ComponentTree {
 public:
  ComponentTree() { components_.emplace_back(); }

  void Reserve(size_t components);
  // As Shortened(), and remembered where anything was left out.
  absl::string_view Shorten(absl::string_view path) {
    const absl::string_view kept = Shortened(path);
    has_shortened_ |= kept.size() < path.size();
    return kept;
  }
  // The component of a dotted path, made with all that enclose it on first use. The text must
  // outlive the tree.
  ComponentId Intern(absl::string_view path);
  // kRootComponent when there is none.
  ComponentId Find(absl::string_view path) const;

  const Component& operator[](ComponentId id) const { return components_[id]; }
  size_t size() const { return components_.size(); }
  // Whether there were more paths than are kept: those left out belong to what encloses them.
  bool is_full() const { return path_bytes_ > kMaxTreeBytes; }
  // Whether paths were too long, or too deep.
  bool has_shortened() const { return has_shortened_; }

  // The innermost component that encloses both.
  ComponentId CommonAncestor(ComponentId a, ComponentId b) const;
  // Adds the totals of every component, given by id, to those of its parent.
  void FoldIntoParents(std::vector<Totals>* totals) const;
  // Parents before children, siblings in order of first use.
  std::vector<ComponentId> DepthFirst() const;

 private:
  static constexpr size_t kMaxTreeBytes = 32 << 20;  // of all paths, written out

  std::vector<Component> components_;  // parents before children
  absl::flat_hash_map<absl::string_view, ComponentId> by_path_;
  size_t path_bytes_ = 0;
  bool has_shortened_ = false;
};

}  // namespace onnx_macs

#endif  // ANALYZER_COMPONENT_TREE_H_
