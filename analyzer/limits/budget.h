// A budget: limits for models, their components and operators, as a file has them.
#ifndef ANALYZER_LIMITS_BUDGET_H_
#define ANALYZER_LIMITS_BUDGET_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "analyzer/limits/metric.h"
#include "analyzer/located_json.h"

namespace onnx_macs {

inline constexpr absl::string_view kBudgetSchema = "onnx-macs/budget/1";
inline constexpr int64_t kMostBudgetBytes = 1 << 20;

struct MetricLimit {
  Metric metric;
  absl::int128 most;
};

// A size, or a number of steps or tokens, that limits are for.
struct BudgetBinding {
  std::string name;
  int64_t value;
  JsonPlace place;
};

// A component, an operator, a pipeline or the total.
struct PartBudget {
  std::string name;
  JsonPlace place;
  std::vector<MetricLimit> limits;
  std::vector<BudgetBinding> bindings;  // of a pipeline
};

struct ModelBudget : PartBudget {
  std::vector<PartBudget> components, operators;
};

struct Budget {
  std::string convention;  // empty: any
  JsonPlace convention_place;
  std::vector<ModelBudget> models;
  std::optional<PartBudget> pipeline, total;
};

// Errors are "7:15: what is wrong; example: what to write". A budget without a limit is one.
absl::StatusOr<Budget> ReadBudget(absl::string_view json);

// Whether a limit is on that metric.
bool HasLimitOn(const Budget& budget, Metric metric);

}  // namespace onnx_macs

#endif  // ANALYZER_LIMITS_BUDGET_H_
