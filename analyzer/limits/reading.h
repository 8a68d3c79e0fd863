// Reading: one amount of a run that is held to a limit, and whether it can be relied on.
#ifndef ANALYZER_LIMITS_READING_H_
#define ANALYZER_LIMITS_READING_H_

#include <cstddef>
#include <string>

#include "absl/types/span.h"
#include "analyzer/limits/metric.h"
#include "analyzer/pipeline/pipeline_report.h"
#include "analyzer/report.h"

namespace onnx_macs {

// What limits see of a run.
struct RunView {
  absl::Span<const ModelReport> models;
  absl::Span<const PipelineReport> pipelines;
  size_t num_failed = 0;  // files that could not be analysed
};

struct Reading {
  Amount amount;
  bool is_lower_bound = false;  // something was not counted
  // Why it is a bound or no number, and what to do: "unet.onnx: 3 of 20 nodes are not counted ...".
  // Empty where it is neither.
  std::string doubt;

  bool is_exact() const { return doubt.empty(); }
};

// Parameters and weights do not depend on what nodes cost: tensors that an uncounted node reads are
// counted, so gaps cast no doubt on these two. Peak memory needs AnalyzeOptions::memory.
Reading ReadModel(const ModelReport& model, Metric metric);
// No peak memory.
Reading ReadComponent(const ModelReport& model, const ComponentRow& component, Metric metric);
Reading ReadOperator(const ModelReport& model, const OpRow& op, Metric metric);

// One call of each model; the largest peak, since calls are made one after the other.
Reading ReadTotal(const RunView& run, Metric metric);
// All calls of a pipeline. Its parameters are those of its models.
Reading ReadPipeline(const RunView& run, const PipelineReport& pipeline, Metric metric);

}  // namespace onnx_macs

#endif  // ANALYZER_LIMITS_READING_H_
