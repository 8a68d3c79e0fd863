// NodeList: the nodes of a model as something that compares them needs them: a few numbers for
// each, and the texts of a row only for those that are asked for.
#ifndef ANALYZER_NODE_LIST_H_
#define ANALYZER_NODE_LIST_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "analyzer/report.h"

namespace onnx_macs {

struct NodeKey {
  uint64_t content =
      0;            // operator, attributes, types, shapes and cost: equal where all of these are
  uint64_t op = 0;  // the operator alone
  int32_t component = 0;     // index into ModelReport::components
  double macs = 0, ops = 0;  // for ranking, never for results
};

class NodeList {
 public:
  virtual ~NodeList() = default;

  absl::Span<const NodeKey> keys() const { return keys_; }
  // As in the file; empty for a nameless node.
  virtual absl::string_view Name(size_t node) const = 0;
  // All but its path, which the row of its component has.
  virtual NodeRow Row(size_t node) const = 0;

 protected:
  std::vector<NodeKey> keys_;  // in the order of the walk
};

}  // namespace onnx_macs

#endif  // ANALYZER_NODE_LIST_H_
