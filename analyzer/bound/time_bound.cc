// Node by node, then folded into components.
#include "analyzer/bound/time_bound.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "analyzer/report.h"

namespace onnx_macs {
namespace {

constexpr double kWorthIt = 1.05;

BoundTimes TimesOf(const NodeRow& node, const Device& device) {
  BoundTimes times;
  times.compute_seconds = node.flops.approximate() / device.FlopsOf(node.operand_type);
  times.memory_seconds = node.traffic_bytes.approximate() / device.bytes_per_second;
  times.seconds = std::max(times.compute_seconds, times.memory_seconds);
  if (times.compute_seconds >= times.memory_seconds) times.compute_bound_seconds = times.seconds;
  return times;
}

void Add(const BoundTimes& more, BoundTimes* sum) {
  sum->seconds += more.seconds;
  sum->compute_seconds += more.compute_seconds;
  sum->memory_seconds += more.memory_seconds;
  sum->compute_bound_seconds += more.compute_bound_seconds;
}

// The module that holds it: "a.b" of "a.b.c", "" of "a".
absl::string_view ParentOf(absl::string_view path) {
  const size_t dot = path.rfind('.');
  return dot == absl::string_view::npos ? absl::string_view() : path.substr(0, dot);
}

}  // namespace

TimeBound BoundOf(const ModelReport& report, const Device& device) {
  TimeBound bound;
  bound.device = device.title;
  bound.source = device.source;
  absl::flat_hash_map<absl::string_view, size_t> rows;
  for (const ComponentRow& component : report.components) {
    rows.emplace(component.path, bound.components.size());
    bound.components.push_back({component.path, {}});
  }
  for (const NodeRow& node : report.nodes) {
    if (!node.flops.is_integer() || !node.traffic_bytes.is_integer()) {
      ++bound.unknown_nodes;
      continue;
    }
    const BoundTimes times = TimesOf(node, device);
    Add(times, &bound.whole);
    for (absl::string_view path = node.path;; path = ParentOf(path)) {
      const auto it = rows.find(path);
      if (it != rows.end()) Add(times, &bound.components[it->second].times);
      if (path.empty()) break;
    }
  }
  return bound;
}

int64_t RecommendBatch(const std::vector<BatchBound>& batches) {
  int64_t recommended = 0;
  double best = 0;
  for (const BatchBound& row : batches) {
    if (!row.fits || row.per_second() < best * kWorthIt) break;
    recommended = row.batch;
    best = row.per_second();
  }
  return recommended;
}

}  // namespace onnx_macs
