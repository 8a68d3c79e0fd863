// Optimizers of ai.onnx.preview.training, which step many tensors at once; and Gradient.
#include "absl/strings/str_cat.h"
#include "analyzer/op_context.h"
#include "rules/rules.h"

namespace onnx_macs {
namespace {

constexpr char kDomain[] = "ai.onnx.preview.training";
constexpr int kFirstTensor = 2;  // after the learning rate and the count of steps

// What an optimizer keeps per tensor. Inputs come in groups, all tensors of a kind together: the
// tensors, their gradients, then one group per state. Outputs are those groups but the gradients.
struct Optimizer {
  int states, ops;
};
constexpr Optimizer kAdagrad{1, 9};
constexpr Optimizer kAdam{2, 14};
constexpr Optimizer kMomentum{1, 7};

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
  return {.ops = elements * Count(optimizer.ops)};
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
constexpr OpRule OptimizerRow(absl::string_view op_type, absl::string_view counting) {
  return {.op_type = op_type,
          .domain = kDomain,
          .since_version = 1,
          .infer = InferOptimizer<optimizer>,
          .cost = CountOptimizer<optimizer>,
          .counting = counting,
          .not_parameters = Input(0) | Input(1)};
}

const OpRule kRules[] = {
    OptimizerRow<kAdagrad>("Adagrad", "9 per element of the tensors that are stepped"),
    OptimizerRow<kAdam>("Adam", "14 per element of the tensors that are stepped"),
    {.op_type = "Gradient",
     .domain = kDomain,
     .since_version = 1,
     .infer = InferGradient,
     .cost = CountGradient,
     .counting = "not known: the differentiated graph is not written down"},
    OptimizerRow<kMomentum>("Momentum", "7 per element of the tensors that are stepped"),
};

}  // namespace

absl::Span<const OpRule> TrainingRules() { return kRules; }

}  // namespace onnx_macs
