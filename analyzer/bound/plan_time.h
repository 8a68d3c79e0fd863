// Bounds on time at several batches, and which of them to take.
#ifndef ANALYZER_BOUND_PLAN_TIME_H_
#define ANALYZER_BOUND_PLAN_TIME_H_

#include "analyzer/analyze.h"

namespace onnx_macs {

// `result` is that of these options, whose device is set; all of its sizes are known.
TimeBound PlanTime(const Model& model, const RuleSet& rules, const AnalyzeOptions& options,
                   const AnalysisResult& result);

}  // namespace onnx_macs

#endif  // ANALYZER_BOUND_PLAN_TIME_H_
