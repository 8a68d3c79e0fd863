// A budget from what a run costs now.
#ifndef CLI_WRITE_BUDGET_H_
#define CLI_WRITE_BUDGET_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "analyzer/limits/reading.h"

namespace onnx_macs {

struct BudgetStyle {
  std::string convention;
  int64_t margin = 0;  // millionths that limits allow beyond the figures
  int depth = 1;       // of components that get limits of their own
};

// The same figures give the same text, and the text holds for them. The error says what is missing:
// sizes are open, or something was not counted.
absl::StatusOr<std::string> BudgetText(const RunView& run, const BudgetStyle& style);

}  // namespace onnx_macs

#endif  // CLI_WRITE_BUDGET_H_
