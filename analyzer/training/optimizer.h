// What optimizers do to every parameter in one step of training.
#ifndef ANALYZER_TRAINING_OPTIMIZER_H_
#define ANALYZER_TRAINING_OPTIMIZER_H_

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace onnx_macs {

struct Optimizer {
  absl::string_view name;
  int64_t flops;             // per parameter, a square root as one
  int64_t state;             // values it keeps per parameter
  absl::string_view update;  // what is counted
};

absl::Span<const Optimizer> Optimizers();
std::vector<absl::string_view> OptimizerNames();
// Null for an unknown name.
const Optimizer* FindOptimizer(absl::string_view name);

}  // namespace onnx_macs

#endif  // ANALYZER_TRAINING_OPTIMIZER_H_
