// Optimizers of ai.onnx.preview.training, which step many tensors at once; and Gradient.
#include "absl/strings/str_cat.h"
#include "analyzer/op_context.h"
#include "rules/rules.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

constexpr char kDomain[] = "ai.onnx.preview.training";
constexpr int kFirstTensor = 2;  // after the learning rate and the count of steps

// What an optimizer keeps per tensor. Inputs come in groups, all tensors of a kind together: the
// tensors, their gradients, then one group per state. Outputs are those groups but the gradients.
struct Optimizer {
  int states;
  ElementWeight weight;
};
constexpr Optimizer kAdagrad{1, WeightOf("Adagrad")};
constexpr Optimizer kAdam{2, WeightOf("Adam")};
constexpr Optimizer kMomentum{1, WeightOf("Momentum")};

template <const Optimizer& optimizer>
int NumTensors(const OpContext& ctx) {
  return (ctx.num_inputs() - kFirstTensor) / (2 + optimizer.states);
}

template <const Optimizer& optimizer>
absl::Status InferOptimizer(OpContext& ctx) {
  constexpr int kGroups = 2 + optimizer.states;
  const int inputs = ctx.num_inputs() - kFirstTensor;
  if (inputs < kGroups || inputs % kGroups != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(inputs, " tensors do not come in groups of ", kGroups));
  }
  const int tensors = inputs / kGroups;
  for (int i = 0; i < ctx.num_outputs(); ++i) {
    const int input = kFirstTensor + i + (i < tensors ? 0 : tensors);
    ctx.SetOutput(i, ctx.InputType(input), ctx.InputShape(input));
  }
  return absl::OkStatus();
}

template <const Optimizer& optimizer>
Cost CountOptimizer(const OpContext& ctx) {
  Count elements = 0;
  for (int i = 0; i < NumTensors<optimizer>(ctx); ++i) {
    elements += ctx.NumInputElements(kFirstTensor + i);
  }
  return {.ops = elements * Count(optimizer.weight.ops)};
}

// The gradients of y for the first inputs, which `xs` names, each shaped like that input.
absl::Status InferGradient(OpContext& ctx) {
  for (int i = 0; i < ctx.num_outputs(); ++i) {
    ctx.SetOutput(i, ctx.InputType(i), ctx.InputShape(i));
  }
  return absl::OkStatus();
}

// It stands for a graph that is written nowhere.
Cost CountGradient(const OpContext&) { return {Count::Unknown(), Count::Unknown()}; }

template <const Optimizer& optimizer>
constexpr OpRule OptimizerRow() {
  return {.op_type = optimizer.weight.op_type,
          .domain = kDomain,
          .since_version = 1,
          .infer = InferOptimizer<optimizer>,
          .cost = CountOptimizer<optimizer>,
          .counting = optimizer.weight.reason,
          .not_parameters = Input(0) | Input(1)};
}

const OpRule kRules[] = {
    OptimizerRow<kAdagrad>(),
    OptimizerRow<kAdam>(),
    {.op_type = "Gradient",
     .domain = kDomain,
     .since_version = 1,
     .infer = InferGradient,
     .cost = CountGradient,
     .counting = "not known: the differentiated graph is not written down"},
    OptimizerRow<kMomentum>(),
};

}  // namespace

absl::Span<const OpRule> TrainingRules() { return kRules; }

}  // namespace onnx_macs
