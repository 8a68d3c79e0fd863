// Metric: what is held to a limit.
#ifndef ANALYZER_LIMITS_METRIC_H_
#define ANALYZER_LIMITS_METRIC_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "analyzer/report.h"

namespace onnx_macs {

enum class Metric { kMacs, kParams, kBytes, kMemory, kOps, kFlops, kNodes };

struct MetricRow {
  Metric metric;
  absl::string_view key;     // in JSON: "weight_bytes"
  absl::string_view title;   // in tables: "weights"
  absl::string_view prefix;  // in a gate: "bytes"; empty: there is no gate on it
  bool is_bytes;
  Amount Figures::*amount;  // null where it is no amount of Figures
};

// In the order of the enumeration.
absl::Span<const MetricRow> Metrics();
const MetricRow& Describe(Metric metric);

}  // namespace onnx_macs

#endif  // ANALYZER_LIMITS_METRIC_H_
