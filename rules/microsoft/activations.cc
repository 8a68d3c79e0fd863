// Fused activations weigh what the operators of their names do.
#include "rules/microsoft/activations.h"

#include "absl/strings/match.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

struct Activation {
  absl::string_view name;
  int ops;
};

constexpr Activation kActivations[] = {
    {"Clip", WeightOf("Clip").ops},
    {"Elu", WeightOf("Elu").ops},
    {"FastGelu", WeightOf("GeluTanh").ops},
    {"Gelu", WeightOf("Gelu").ops},
    {"HardSigmoid", WeightOf("HardSigmoid").ops},
    {"HardSwish", WeightOf("HardSwish").ops},
    {"LeakyRelu", WeightOf("LeakyRelu").ops},
    {"QuickGelu", WeightOf("Swish").ops + 1},
    {"Relu", WeightOf("Relu").ops},
    {"Sigmoid", WeightOf("Sigmoid").ops},
    {"Silu", WeightOf("Swish").ops},
    {"Softmax", WeightOf("Softmax").ops},
    {"Softplus", WeightOf("Softplus").ops},
    {"Swiglu", WeightOf("Swish").ops},
    {"Swish", WeightOf("Swish").ops},
    {"Tanh", WeightOf("Tanh").ops},
    {"ThresholdedRelu", WeightOf("ThresholdedRelu").ops},
};

}  // namespace

int ActivationOps(absl::string_view name) {
  for (const Activation& row : kActivations) {
    if (absl::EqualsIgnoreCase(row.name, name)) return row.ops;
  }
  return 0;
}

Count FusedActivation(const OpContext& ctx) {
  const int ops = ActivationOps(ctx.StringAttribute("activation", ""));
  return ops == 0 ? Count(0) : ctx.NumOutputElements(0) * Count(ops);
}

}  // namespace onnx_macs
