// Where the batch is open, the model is analysed at each: the longer of two times is no polynomial.
#include "analyzer/bound/plan_time.h"

#include <utility>

#include "analyzer/figures.h"
#include "analyzer/figures_only.h"

namespace onnx_macs {
namespace {

constexpr int64_t kBatches[] = {1, 2, 4, 8, 16, 32, 64, 128, 256};
constexpr double kHeadroom = 0.8;  // of the memory may be used

BatchBound RowOf(int64_t batch, const ModelReport& report, const TimeBound& bound,
                 const Device& device) {
  BatchBound row;
  row.batch = batch;
  row.seconds = bound.whole.seconds;
  row.total_bytes =
      Add(report.figures.weight_bytes, report.memory->peak_activation_bytes).approximate();
  row.fits = device.memory_bytes <= 0 || row.total_bytes <= device.memory_bytes * kHeadroom;
  row.utilisation = row.seconds > 0 ? bound.whole.compute_seconds / row.seconds : 0;
  return row;
}

}  // namespace

TimeBound PlanTime(const Model& model, const RuleSet& rules, const AnalyzeOptions& options,
                   const AnalysisResult& result) {
  const Device& device = *options.device;
  TimeBound bound = BoundOf(result.report, device);
  if (options.bind.batch) return bound;
  AnalyzeOptions at = FiguresOnly(options);
  at.totals_only = false;  // a bound is of nodes and their traffic
  at.node_rows = true;
  for (const int64_t batch : kBatches) {
    at.bind.batch = batch;
    const absl::StatusOr<AnalysisResult> run = Analyze(model, rules, at);
    if (!run.ok() || !run->use.batch || !run->report.gaps.empty()) break;
    bound.batches.push_back(RowOf(batch, run->report, BoundOf(run->report, device), device));
    if (!bound.batches.back().fits) break;
  }
  bound.recommended_batch = RecommendBatch(bound.batches);
  return bound;
}

}  // namespace onnx_macs
