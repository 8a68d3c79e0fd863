// The nodes of a saved analysis, and of a model that is compared with one: known by the texts of
// their rows.
#ifndef ANALYZER_DIFF_ROW_NODES_H_
#define ANALYZER_DIFF_ROW_NODES_H_

#include <vector>

#include "analyzer/node_list.h"

namespace onnx_macs {

class RowNodes : public NodeList {
 public:
  RowNodes(std::vector<NodeRow> rows, const ModelReport& report);

  absl::string_view Name(size_t node) const override;
  NodeRow Row(size_t node) const override { return rows_[node]; }

 private:
  std::vector<NodeRow> rows_;
};

// The same nodes as rows.
RowNodes AsRows(const NodeList& nodes, const ModelReport& report);

}  // namespace onnx_macs

#endif  // ANALYZER_DIFF_ROW_NODES_H_
