// The table of metrics: gates, budgets, and what is written of both read it.
#include "analyzer/limits/metric.h"

namespace onnx_macs {
namespace {

constexpr MetricRow kMetrics[] = {
    {Metric::kMacs, "macs", "MACs", "macs", false, &Figures::macs},
    {Metric::kParams, "params", "params", "params", false, &Figures::params},
    {Metric::kBytes, "weight_bytes", "weights", "bytes", true, &Figures::weight_bytes},
    {Metric::kMemory, "peak_activation_bytes", "peak memory", "memory", true, nullptr},
    {Metric::kOps, "ops", "ops", "", false, &Figures::ops},
    {Metric::kFlops, "flops", "FLOPs", "", false, &Figures::flops},
    {Metric::kNodes, "nodes", "nodes", "", false, nullptr},
};

}  // namespace

absl::Span<const MetricRow> Metrics() { return kMetrics; }

const MetricRow& Describe(Metric metric) { return kMetrics[static_cast<int>(metric)]; }

}  // namespace onnx_macs
