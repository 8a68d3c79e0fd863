// DiffTree: the components of one side of a diff, with what they hold as numbers, so that equal
// parts are found by comparing numbers.
#ifndef ANALYZER_DIFF_DIFF_TREE_H_
#define ANALYZER_DIFF_DIFF_TREE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "analyzer/node_list.h"
#include "analyzer/report.h"

namespace onnx_macs {

inline constexpr int32_t kNoComponent = -1;

struct DiffComponent {
  absl::string_view leaf;  // the last part of its path
  int32_t parent = kNoComponent;
  int32_t first_child = kNoComponent, next_sibling = kNoComponent;
  uint32_t first_node = 0, num_nodes = 0;  // its own: a stretch of DiffTree::nodes
  uint64_t own_content = 0;                // of its own nodes
  uint64_t content = 0;                    // of all below it, but for names
  uint64_t form = 0;                       // the same without sizes: the operators alone
  uint64_t names = 0;                      // of all below it
  int64_t size = 0;                        // how many nodes are below it
};

class DiffTree {
 public:
  // Without nodes, components are as equal as their figures are.
  DiffTree(const ModelReport& report, const NodeList* nodes);

  size_t size() const { return components_.size(); }
  const DiffComponent& operator[](int32_t component) const { return components_[component]; }
  // Nodes of the component itself, as they are in the model.
  absl::Span<const uint32_t> OwnNodes(int32_t component) const;
  std::vector<int32_t> Children(int32_t component) const;

 private:
  void Link(const ModelReport& report);
  void AddNodes(const NodeList& nodes);
  void AddContents(const ModelReport& report, const NodeList* nodes);

  std::vector<DiffComponent> components_;  // as in the report: parents before children
  std::vector<uint32_t> nodes_;            // by component
};

}  // namespace onnx_macs

#endif  // ANALYZER_DIFF_DIFF_TREE_H_
