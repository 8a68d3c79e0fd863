// What a diff found: the input of its writers.
#ifndef CLI_DIFF_RESULTS_H_
#define CLI_DIFF_RESULTS_H_

#include <optional>
#include <string>
#include <vector>

#include "analyzer/diff/model_diff.h"
#include "analyzer/limits/judge_gates.h"
#include "analyzer/pipeline/pipeline_report.h"
#include "cli/results.h"

namespace onnx_macs {

// What the whole costs: all calls of a pipeline where it is one, else one call of each file.
struct DiffTotal {
  std::string what;
  Figures before, after;
  bool is_lower_bound_before = false, is_lower_bound_after = false;
};

struct DiffResults {
  std::string convention;
  std::string old_name, new_name;  // as they were given
  std::vector<ModelDiff> models;
  DiffTotal files;                    // one call of each
  std::optional<DiffTotal> pipeline;  // where both sides are one
  std::vector<GateRow> gates;         // of --fail-over
};

// Files are the same by their place in a folder, then by their role; two single ones always are.
DiffResults MakeDiff(const Results& before, absl::Span<const NodeList* const> old_nodes,
                     const Results& after, absl::Span<const NodeList* const> new_nodes,
                     const DiffOptions& options);

}  // namespace onnx_macs

#endif  // CLI_DIFF_RESULTS_H_
