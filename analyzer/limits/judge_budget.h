// A run held against a budget.
#ifndef ANALYZER_LIMITS_JUDGE_BUDGET_H_
#define ANALYZER_LIMITS_JUDGE_BUDGET_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "analyzer/limits/budget.h"
#include "analyzer/limits/judge_gates.h"
#include "analyzer/limits/reading.h"

namespace onnx_macs {

struct LimitRow {
  enum class What { kModel, kComponent, kOperator, kPipeline, kTotal } what = What::kModel;
  std::string model{};      // a file; empty of a pipeline and the total
  std::string component{};  // of kComponent
  std::string op{};         // of kOperator, with its domain where that is not ONNX's
  Metric metric = Metric::kMacs;
  absl::int128 limit = 0;
  Amount value{};
  bool is_bound = false;  // the value is a lower bound
  Verdict verdict = Verdict::kHolds;
  std::string reason{};  // of kUnknown, and what to do about it

  bool ok() const { return verdict == Verdict::kHolds; }
};

struct BudgetContext {
  std::string convention;
  absl::Span<const std::string> failed_files;
  // Whether "Conv" or "com.microsoft::Attention" is an operator at all: one that a model does not
  // have costs nothing, a misspelt one is an error.
  absl::FunctionRef<bool(absl::string_view op)> is_operator;
};

// In the order of the file. The error is wrong usage, "7:15: what is wrong": a limit that would
// hold nothing, or one for other sizes than those of the run.
absl::StatusOr<std::vector<LimitRow>> JudgeBudget(const Budget& budget, const RunView& run,
                                                  const BudgetContext& context);

// "Conv", "com.microsoft::Attention".
std::string OperatorName(const OpRow& op);

// The settings of a run that what a pipeline costs depends on: "steps", "evals", "prefill",
// "decode".
std::vector<std::pair<std::string, int64_t>> PipelineSettingsOf(const PipelineReport& pipeline);

// The shortest name by which a budget finds the model; empty where no name is its alone.
std::string BudgetName(const ModelReport& model, absl::Span<const ModelReport> models);

}  // namespace onnx_macs

#endif  // ANALYZER_LIMITS_JUDGE_BUDGET_H_
