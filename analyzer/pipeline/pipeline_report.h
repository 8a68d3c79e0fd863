// What a pipeline costs, as plain data, and how it is put together from a plan and the costs of
// single calls.
#ifndef ANALYZER_PIPELINE_PIPELINE_REPORT_H_
#define ANALYZER_PIPELINE_PIPELINE_REPORT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "analyzer/pipeline/plan.h"
#include "analyzer/report.h"

namespace onnx_macs {

struct StageRow {
  std::string role, file, title;
  int64_t times = 1, batch = 1;
  Figures per_call;              // formulas where it grows from call to call
  Figures figures;               // of all calls
  Amount peak_activation_bytes;  // of one call; 0 unless AnalyzeOptions::memory
  bool is_lower_bound = false;
};

// Keys and values that a language model keeps.
struct CacheRow {
  Amount bytes_per_token;
  Amount bytes;  // once the last token is there
};

struct PipelineReport {
  std::string kind;    // "diffusion", "language_model", "list"
  std::string folder;  // where it was given as one among several
  std::string name, scheduler, guidance;
  std::optional<int64_t> steps, evals, prefill, decode;
  std::vector<StageRow> stages;
  Figures figures;
  std::optional<CacheRow> cache;
  bool is_lower_bound = false;
  std::vector<std::string> notes;
};

// What the analysis of one call found.
struct CallCost {
  Figures figures;
  Amount peak_activation_bytes;
  bool is_lower_bound = false;
  bool is_known = false;  // false where the file could not be analysed
};

// `calls` by stage. `batch` is the number of images or texts.
PipelineReport ComposePipeline(const PipelinePlan& plan, absl::Span<const PipelineModel> models,
                               absl::Span<const CallCost> calls, int64_t batch);

}  // namespace onnx_macs

#endif  // ANALYZER_PIPELINE_PIPELINE_REPORT_H_
