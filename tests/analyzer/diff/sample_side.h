// One side of a diff, put together by hand: components with the nodes they hold themselves.
#ifndef TESTS_ANALYZER_DIFF_SAMPLE_SIDE_H_
#define TESTS_ANALYZER_DIFF_SAMPLE_SIDE_H_

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "analyzer/diff/model_diff.h"

namespace onnx_macs::testing {

struct SampleNode {
  std::string name;
  uint64_t op;       // 1: "Op1"
  uint64_t content;  // equal contents are equal nodes
  int64_t macs = 0;
};

class SampleNodes : public NodeList {
 public:
  void Add(const SampleNode& node, int32_t component) {
    keys_.push_back({node.content, node.op, component, static_cast<double>(node.macs), 0});
    nodes_.push_back(node);
  }
  absl::string_view Name(size_t node) const override { return nodes_[node].name; }
  NodeRow Row(size_t node) const override {
    NodeRow row;
    row.name = nodes_[node].name;
    row.op = "Op" + std::to_string(nodes_[node].op);
    row.macs = Amount::Integer(nodes_[node].macs);
    row.outputs = "float32[" + std::to_string(nodes_[node].content) + "]";
    return row;
  }

 private:
  std::vector<SampleNode> nodes_;
};

// Paths in the order of a report: parents before children, "" first.
class SampleSide {
 public:
  SampleSide& Add(const std::string& path, const std::vector<SampleNode>& nodes) {
    const auto dots = std::count(path.begin(), path.end(), '.');
    report_.components.push_back({path, path.empty() ? 0 : static_cast<int>(dots) + 1, {}});
    for (const SampleNode& node : nodes) {
      nodes_.Add(node, static_cast<int32_t>(report_.components.size()) - 1);
      for (ComponentRow& row : report_.components) {
        const bool holds = row.path.empty() || row.path == path ||
                           absl::StartsWith(path, absl::StrCat(row.path.view(), "."));
        if (!holds) continue;
        row.figures.macs = Amount::Integer(row.figures.macs.value() + node.macs);
        ++row.figures.nodes;
      }
    }
    report_.figures = report_.components[0].figures;
    return *this;
  }

  DiffSide side() const { return {report_, &nodes_}; }
  const ModelReport& report() const { return report_; }

 private:
  ModelReport report_;
  SampleNodes nodes_;
};

}  // namespace onnx_macs::testing

#endif  // TESTS_ANALYZER_DIFF_SAMPLE_SIDE_H_
