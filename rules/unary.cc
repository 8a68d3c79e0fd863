// Operators of one tensor that keep its shape: elementary functions and activations.
#include "analyzer/op_context.h"
#include "rules/element_view.h"
#include "rules/fold.h"
#include "rules/rules.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

absl::Status InferActivation(OpContext& ctx) {
  ctx.SetOutput(0, ctx.InputType(0), ctx.InputShape(0));
  return absl::OkStatus();
}

absl::Status InferTest(OpContext& ctx) {
  ctx.SetOutput(0, DataType::kBool, ctx.InputShape(0));
  return absl::OkStatus();
}

// Functions that graphs apply to sizes: their values are followed too.
template <UnaryFold kFold>
absl::Status InferUnary(OpContext& ctx) {
  ctx.SetOutput(0, ctx.InputType(0), ctx.InputShape(0));
  if (!Follows(ctx, 0)) return absl::OkStatus();
  const Folder folder{ctx.pool(), ctx.InputType(0)};
  ElementVector elements;
  for (const Element& x : ctx.InputElements(0)) elements.push_back(kFold(folder, x));
  ctx.SetElements(0, elements);
  return absl::OkStatus();
}

Cost CountGelu(const OpContext& ctx) {
  const bool tanh = ctx.StringAttribute("approximate", "none") == "tanh";
  return tanh ? PerOutputElement<WeightOf("GeluTanh").ops>(ctx)
              : PerOutputElement<WeightOf("Gelu").ops>(ctx);
}

const OpRule kRules[] = {
    WeightedRow<"Abs">(1, InferUnary<FoldAbs>),
    WeightedRow<"Acos">(7, InferActivation),
    WeightedRow<"Acosh">(9, InferActivation),
    WeightedRow<"Asin">(7, InferActivation),
    WeightedRow<"Asinh">(9, InferActivation),
    WeightedRow<"Atan">(7, InferActivation),
    WeightedRow<"Atanh">(9, InferActivation),
    WeightedRow<"BitwiseNot">(18, InferActivation),
    WeightedRow<"Ceil">(1, InferUnary<FoldCeil>),
    WeightedRow<"Celu">(12, InferActivation),
    WeightedRow<"Cos">(7, InferActivation),
    WeightedRow<"Cosh">(9, InferActivation),
    WeightedRow<"Elu">(1, InferActivation),
    WeightedRow<"Erf">(9, InferActivation),
    WeightedRow<"Exp">(1, InferUnary<FoldExp>),
    WeightedRow<"Floor">(1, InferUnary<FoldFloor>),
    {.op_type = "Gelu",
     .domain = "",
     .since_version = 20,
     .infer = InferActivation,
     .cost = CountGelu,
     .counting = "5 per element; 12 with approximate=tanh"},
    WeightedRow<"HardSigmoid">(1, InferActivation),
    WeightedRow<"HardSwish">(14, InferActivation),
    WeightedRow<"IsInf">(10, InferTest),
    WeightedRow<"IsNaN">(9, InferTest),
    WeightedRow<"LeakyRelu">(1, InferActivation),
    WeightedRow<"Log">(1, InferUnary<FoldLog>),
    WeightedRow<"Mish">(18, InferActivation),
    WeightedRow<"Neg">(1, InferUnary<FoldNeg>),
    WeightedRow<"Not">(1, InferUnary<FoldNot>),
    WeightedRow<"PRelu">(1, InferActivation),  // the slope broadcasts to x, never the other way
    WeightedRow<"Reciprocal">(1, InferUnary<FoldReciprocal>),
    WeightedRow<"Relu">(1, InferUnary<FoldRelu>),
    WeightedRow<"Round">(11, InferUnary<FoldRound>),
    WeightedRow<"Selu">(1, InferActivation),
    WeightedRow<"Shrink">(9, InferActivation),
    WeightedRow<"Sigmoid">(1, InferActivation),
    WeightedRow<"Sign">(9, InferUnary<FoldSign>),
    WeightedRow<"Sin">(7, InferActivation),
    WeightedRow<"Sinh">(9, InferActivation),
    WeightedRow<"Softplus">(1, InferActivation),
    WeightedRow<"Softsign">(1, InferActivation),
    WeightedRow<"Sqrt">(1, InferUnary<FoldSqrt>),
    WeightedRow<"Swish">(24, InferActivation),
    WeightedRow<"Tan">(7, InferActivation),
    WeightedRow<"Tanh">(1, InferActivation),
    WeightedRow<"ThresholdedRelu">(1, InferActivation),
};

}  // namespace

absl::Span<const OpRule> UnaryRules() { return kRules; }

}  // namespace onnx_macs
