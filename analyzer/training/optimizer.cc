// Counted as PyTorch writes its optimizers, operation by operation; what is the same for all
// parameters (corrections of the bias, products of rates) costs nothing.
#include "analyzer/training/optimizer.h"

namespace onnx_macs {
namespace {

// w: the parameter, g: its gradient, r: the learning rate; what else is kept is named in `update`.
constexpr Optimizer kOptimizers[] = {
    {"sgd", 2, 0, "w -= r*g"},
    {"momentum", 4, 1, "m = b*m + g; w -= r*m"},
    {"nesterov", 6, 1, "m = b*m + g; w -= r*(g + b*m)"},
    {"adagrad", 7, 1, "v += g*g; w -= r*g / (sqrt(v) + e)"},
    {"rmsprop", 9, 1, "v = a*v + (1-a)*g*g; w -= r*g / (sqrt(v) + e)"},
    {"lion", 10, 1, "w *= 1-r*d; w -= r*sign(b*m + (1-b)*g); m = c*m + (1-c)*g"},
    {"adam", 14, 2,
     "m = a*m + (1-a)*g; v = b*v + (1-b)*g*g; w -= r*(m/p) / (sqrt(v/q) + e), p and q the same "
     "for all"},
    {"adamw", 15, 2, "as adam, after w *= 1-r*d"},
};

}  // namespace

absl::Span<const Optimizer> Optimizers() { return kOptimizers; }

std::vector<absl::string_view> OptimizerNames() {
  std::vector<absl::string_view> names;
  for (const Optimizer& optimizer : kOptimizers) names.push_back(optimizer.name);
  return names;
}

const Optimizer* FindOptimizer(absl::string_view name) {
  for (const Optimizer& optimizer : kOptimizers) {
    if (optimizer.name == name) return &optimizer;
  }
  return nullptr;
}

}  // namespace onnx_macs
