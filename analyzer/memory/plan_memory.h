// Tries sizes of a model, each by an analysis of its own, so that what is told of a size is what an
// analysis at that size tells.
#ifndef ANALYZER_MEMORY_PLAN_MEMORY_H_
#define ANALYZER_MEMORY_PLAN_MEMORY_H_

#include "analyzer/analyze.h"
#include "analyzer/memory/memory_plan.h"

namespace onnx_macs {

// `result` is the analysis with these options, memory included.
MemoryPlan PlanMemory(const Model& model, const RuleSet& rules, const AnalyzeOptions& options,
                      const AnalysisResult& result);

}  // namespace onnx_macs

#endif  // ANALYZER_MEMORY_PLAN_MEMORY_H_
