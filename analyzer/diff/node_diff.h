// What changed in a node, in words.
#ifndef ANALYZER_DIFF_NODE_DIFF_H_
#define ANALYZER_DIFF_NODE_DIFF_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "analyzer/diff/model_diff.h"

namespace onnx_macs {

// Either row may be null, where only the other side has the node.
NodeDiff DiffNodes(const NodeRow* before, const NodeRow* after);

// "a=[1, 2], b=3" at the commas outside of brackets and quotes.
std::vector<absl::string_view> SplitTopLevel(absl::string_view list);

}  // namespace onnx_macs

#endif  // ANALYZER_DIFF_NODE_DIFF_H_
