#include "analyzer/diff/row_nodes.h"

#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
#include "absl/strings/match.h"
#include "analyzer/diff/row_hash.h"

namespace onnx_macs {
namespace {

uint64_t HashContent(const NodeRow& row) {
  uint64_t hash = absl::HashOf(row.op, row.domain, row.status, row.attributes, row.outputs,
                               HashAmount(row.macs), HashAmount(row.ops));
  for (const SharedText& input : row.inputs) hash = absl::HashOf(hash, TypeOfInput(input));
  return hash;
}

}  // namespace

RowNodes::RowNodes(std::vector<NodeRow> rows, const ModelReport& report) : rows_(std::move(rows)) {
  absl::flat_hash_map<absl::string_view, int32_t> by_path;
  for (size_t i = 0; i < report.components.size(); ++i) {
    by_path.emplace(report.components[i].path, static_cast<int32_t>(i));
  }
  for (const NodeRow& row : rows_) {
    const auto component = by_path.find(row.path);
    keys_.push_back({HashContent(row), absl::HashOf(row.domain, row.op),
                     component == by_path.end() ? 0 : component->second, row.macs.approximate(),
                     row.ops.approximate()});
  }
}

// A nameless node has its number for a name, which is no name to know it by.
absl::string_view RowNodes::Name(size_t node) const {
  const absl::string_view name = rows_[node].name;
  return absl::StartsWith(name, "#") ? absl::string_view() : name;
}

RowNodes AsRows(const NodeList& nodes, const ModelReport& report) {
  std::vector<NodeRow> rows;
  rows.reserve(nodes.keys().size());
  for (size_t node = 0; node < nodes.keys().size(); ++node) {
    rows.push_back(nodes.Row(node));
    rows.back().path = report.components[nodes.keys()[node].component].path;
  }
  return RowNodes(std::move(rows), report);
}

}  // namespace onnx_macs
