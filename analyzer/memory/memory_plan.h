// What fits into memory: activations at several batches, and the largest size within a budget.
#ifndef ANALYZER_MEMORY_MEMORY_PLAN_H_
#define ANALYZER_MEMORY_MEMORY_PLAN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/amount.h"

namespace onnx_macs {

struct MemoryPlanOptions {
  bool batches = false;           // rows of the usual batches
  std::optional<int64_t> budget;  // bytes
};

struct BatchRow {
  int64_t batch = 1;
  Amount macs, flops, activation_bytes, total_bytes;  // with the weights
};

// The largest size that fits. What is tried between is taken to need more the larger it is.
struct BudgetFit {
  int64_t budget = 0;
  std::string extent;  // "batch", "seq", "res"; empty where no size is open
  int64_t step = 1;    // sizes are multiples of it
  bool fits = false;   // the smallest size, or the only one, does
  int64_t largest = 0;
  int64_t with_headroom = 0;  // the largest that leaves a fifth of the budget; 0: none does
  // It ends there because the model takes no more, or has no end that matters.
  bool ends_with_model = false, has_no_end = false;
  Amount weight_bytes;
  Amount bytes, next_bytes;  // weights and activations, of the largest and of the one after it
};

struct MemoryPlan {
  std::vector<BatchRow> batches;
  std::optional<BudgetFit> fit;
  std::vector<std::string> notes;
};

}  // namespace onnx_macs

#endif  // ANALYZER_MEMORY_MEMORY_PLAN_H_
