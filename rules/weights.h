// The one table of what an operator costs per element besides multiply-accumulates. The principle:
// count the arithmetic of the operator's defining formula, with an elementary function (exp, log,
// sqrt, erf, sin, pow, a comparison) as one operation, so that an operator and its decomposed form
// in an exported graph cost about the same.
#ifndef RULES_WEIGHTS_H_
#define RULES_WEIGHTS_H_

#include "absl/strings/string_view.h"
#include "analyzer/op_context.h"
#include "analyzer/rule.h"

namespace onnx_macs {

struct ElementWeight {
  absl::string_view op_type;
  int ops;                   // per output element, or per input element where the reason says so
  absl::string_view reason;  // the phrase of `ops` and --explain, and of docs/counting.md
};

inline constexpr ElementWeight kElementWeights[] = {
    // One operation each.
    {"Abs", 1, "1 per element"},
    {"Acos", 1, "1 per element"},
    {"Acosh", 1, "1 per element"},
    {"Add", 1, "1 per output element"},
    {"And", 1, "1 per output element"},
    {"Asin", 1, "1 per element"},
    {"Asinh", 1, "1 per element"},
    {"Atan", 1, "1 per element"},
    {"Atanh", 1, "1 per element"},
    {"BitShift", 1, "1 per output element"},
    {"BitwiseAnd", 1, "1 per output element"},
    {"BitwiseNot", 1, "1 per element"},
    {"BitwiseOr", 1, "1 per output element"},
    {"BitwiseXor", 1, "1 per output element"},
    {"Ceil", 1, "1 per element"},
    {"Cos", 1, "1 per element"},
    {"Cosh", 1, "1 per element"},
    {"CumProd", 1, "1 per element"},
    {"CumSum", 1, "1 per element"},
    {"Div", 1, "1 per output element"},
    {"Equal", 1, "1 per output element"},
    {"Erf", 1, "1 per element"},
    {"Exp", 1, "1 per element"},
    {"Floor", 1, "1 per element"},
    {"Gather", 1, "1 per output element, as an embedding lookup"},
    {"Greater", 1, "1 per output element"},
    {"GreaterOrEqual", 1, "1 per output element"},
    {"IsInf", 1, "1 per element"},
    {"IsNaN", 1, "1 per element"},
    {"Less", 1, "1 per output element"},
    {"LessOrEqual", 1, "1 per output element"},
    {"Log", 1, "1 per element"},
    {"Mod", 1, "1 per output element"},
    {"Mul", 1, "1 per output element"},
    {"Neg", 1, "1 per element"},
    {"Not", 1, "1 per element"},
    {"Or", 1, "1 per output element"},
    {"Pow", 1, "1 per output element"},
    {"Reciprocal", 1, "1 per element"},
    {"Relu", 1, "1 per element"},
    {"Round", 1, "1 per element"},
    {"Sign", 1, "1 per element"},
    {"Sin", 1, "1 per element"},
    {"Sinh", 1, "1 per element"},
    {"Sqrt", 1, "1 per element"},
    {"Sub", 1, "1 per output element"},
    {"Tan", 1, "1 per element"},
    {"ThresholdedRelu", 1, "1 per element"},
    {"Where", 1, "1 per output element"},
    {"Xor", 1, "1 per output element"},
    // One operation per input element.
    {"ArgMax", 1, "1 comparison per input element"},
    {"ArgMin", 1, "1 comparison per input element"},
    {"ScatterReduce", 1, "1 per update where a reduction is asked for"},
    {"TopK", 1, "1 comparison per input element"},
    // Variadic: per output element and input beyond the first.
    {"Max", 1, "1 per output element and further input"},
    {"Mean", 1, "1 per output element and input"},
    {"Min", 1, "1 per output element and further input"},
    {"Sum", 1, "1 per output element and further input"},
    // Formulas.
    {"Celu", 7, "7 per element: max(0,x) + min(0, alpha * (exp(x / alpha) - 1))"},
    {"Clip", 2, "2 per element: min, max"},
    {"DequantizeLinear", 2, "2 per element: (x - zero point) * scale"},
    {"DynamicQuantizeLinear", 5, "5 per element: range, scale, round, shift"},
    {"Elu", 4, "4 per element: compare, alpha * (exp(x) - 1)"},
    {"Gelu", 5, "5 per element: x/2 * (1 + erf(x / sqrt(2)))"},
    {"GeluTanh", 12, "12 per element: x/2 * (1 + tanh(a * (x + b*x^3)))"},
    {"HardSigmoid", 4, "4 per element: max(0, min(1, alpha * x + beta))"},
    {"HardSwish", 5, "5 per element: x * HardSigmoid(x)"},
    {"LeakyRelu", 2, "2 per element: compare, multiply"},
    {"Mish", 9, "9 per element: x * tanh(softplus(x))"},
    {"PRelu", 2, "2 per element: compare, multiply"},
    {"QuantizeLinear", 3, "3 per element: round(x / scale) + zero point"},
    {"Selu", 5, "5 per element: gamma * Elu(x)"},
    {"Shrink", 3, "3 per element: two comparisons, bias"},
    {"Sigmoid", 4, "4 per element: 1 / (1 + exp(-x))"},
    {"Softplus", 3, "3 per element: log(exp(x) + 1)"},
    {"Softsign", 3, "3 per element: x / (1 + |x|)"},
    {"Swish", 5, "5 per element: x * sigmoid(x)"},
    {"Tanh", 5, "5 per element: (e - 1) / (e + 1), e = exp(2x)"},
    // Normalisation and softmax.
    {"BatchNormalization", 2, "2 per element: the folded scale and shift"},
    {"GroupNormalization", 5, "5 per element"},
    {"InstanceNormalization", 5, "5 per element"},
    {"Hardmax", 2, "2 per element: maximum, select"},
    {"LayerNormalization", 5, "5 per element: mean, deviation, square, scale, shift"},
    {"LogSoftmax", 5, "5 per element: max, subtract, exp, sum, subtract"},
    {"LpNormalization", 3, "3 per element: power, sum, divide"},
    {"MeanVarianceNormalization", 5, "5 per element: mean, deviation, square, its mean, divide"},
    {"RMSNormalization", 4, "4 per element: square, mean, divide, scale"},
    {"SimplifiedLayerNormalization", 4, "4 per element: square, mean, divide, scale"},
    {"Softmax", 3, "1 MAC and 3 per element: max, exp, divide"},
};

// A missing operator does not compile.
consteval const ElementWeight& WeightOf(absl::string_view op_type) {
  for (const ElementWeight& weight : kElementWeights) {
    if (weight.op_type == op_type) return weight;
  }
  throw "no such operator in kElementWeights";
}

// The cost of kOps operations per element of the first output.
template <int kOps>
Cost PerOutputElement(const OpContext& ctx) {
  return {.ops = ctx.NumOutputElements(0) * Count(kOps)};
}

template <int kOps>
Cost PerInputElement(const OpContext& ctx) {
  return {.ops = ctx.NumInputElements(0) * Count(kOps)};
}

// An operator's name as a template argument.
template <size_t kSize>
struct OpName {
  char text[kSize];
  consteval OpName(const char (&name)[kSize]) {  // NOLINT(google-explicit-constructor)
    for (size_t i = 0; i < kSize; ++i) text[i] = name[i];
  }
  // With its length: GCC's sanitizers take the search for the end as no constant expression.
  constexpr absl::string_view view() const { return {text, kSize - 1}; }
};

// The row of an operator whose cost is its weight in the table, per output element. The name is
// written once: it finds the weight and the phrase.
template <OpName kOp>
constexpr OpRule WeightedRow(int since_version, InferFn infer, InputMask not_parameters = 0) {
  constexpr ElementWeight kWeight = WeightOf(kOp.view());
  return {.op_type = kWeight.op_type,
          .domain = "",
          .since_version = since_version,
          .infer = infer,
          .cost = PerOutputElement<kWeight.ops>,
          .counting = kWeight.reason,
          .not_parameters = not_parameters};
}

// The row of an operator that only moves or describes data.
constexpr OpRule FreeRow(absl::string_view op_type, int since_version, InferFn infer,
                         InputMask not_parameters = 0) {
  return {.op_type = op_type,
          .domain = "",
          .since_version = since_version,
          .infer = infer,
          .cost = ZeroCost,
          .counting = "free: moves or describes data",
          .not_parameters = not_parameters};
}

}  // namespace onnx_macs

#endif  // RULES_WEIGHTS_H_
