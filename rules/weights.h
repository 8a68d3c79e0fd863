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
    {"AllReduce", 1, "1 per element: the sum"},
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
    {"RandomNormal", 1, "1 per element: a draw"},
    {"RandomUniform", 1, "1 per element: a draw"},
    {"Reciprocal", 1, "1 per element"},
    {"Relu", 1, "1 per element"},
    {"Round", 1, "1 per element"},
    {"Scale", 1, "1 per element"},
    {"Sign", 1, "1 per element"},
    {"Sin", 1, "1 per element"},
    {"Sinh", 1, "1 per element"},
    {"Sqrt", 1, "1 per element"},
    {"Sub", 1, "1 per output element"},
    {"Tan", 1, "1 per element"},
    {"TfIdfVectorizer", 1, "1 per output element: the weight"},
    {"ThresholdedRelu", 1, "1 per element"},
    {"Where", 1, "1 per output element"},
    {"Xor", 1, "1 per output element"},
    // One operation per input element.
    {"ArgMax", 1, "1 comparison per input element"},
    {"ArgMin", 1, "1 comparison per input element"},
    {"Binarizer", 1, "1 comparison per element"},
    {"Col2Im", 1, "1 per input element"},
    {"GlobalAveragePool", 1, "1 per input element"},
    {"GlobalLpPool", 1, "1 per input element"},
    {"GlobalMaxPool", 1, "1 per input element"},
    {"Imputer", 1, "1 comparison per element"},
    {"NonZero", 1, "1 comparison per input element"},
    {"OneHotEncoder", 1, "1 comparison per output element"},
    {"Reduce", 1, "1 per input element"},
    {"ScatterReduce", 1, "1 per update where a reduction is asked for"},
    {"SegmentSum", 1, "1 per input element"},
    {"TopK", 1, "1 comparison per input element"},
    {"Unique", 1, "1 comparison per input element"},
    // Variadic: per output element and input beyond the first.
    {"Max", 1, "1 per output element and further input"},
    {"Mean", 1, "1 per output element and input"},
    {"Min", 1, "1 per output element and further input"},
    {"Sum", 1, "1 per output element and further input"},
    // Formulas.
    {"Adagrad", 9, "9 per element of the tensors that are stepped"},
    {"Adam", 14, "14 per element of the tensors that are stepped"},
    {"Affine", 2, "2 per element: alpha * x + beta"},
    {"Bernoulli", 2, "2 per element: draw, compare"},
    {"BipolarQuant", 2, "2 per element: compare, scale"},
    {"BlackmanWindow", 8, "8 per element: two cosines"},
    {"Celu", 7, "7 per element: max(0,x) + min(0, alpha * (exp(x / alpha) - 1))"},
    {"Clip", 2, "2 per element: min, max"},
    {"ComplexMul", 3, "3 per output element: two products, a sum"},
    {"DequantizeLinear", 2, "2 per element: (x - zero point) * scale"},
    {"DynamicQuantizeLinear", 5, "5 per element: range, scale, round, shift"},
    {"DynamicTimeWarping", 3, "3 per input element: two comparisons, a sum"},
    {"Elu", 4, "4 per element: compare, alpha * (exp(x) - 1)"},
    {"GRUUnit", 17, "17 per element: the gates' activations and the mix of the states"},
    {"Gelu", 5, "5 per element: x/2 * (1 + erf(x / sqrt(2)))"},
    {"GeluTanh", 12, "12 per element: x/2 * (1 + tanh(a * (x + b*x^3)))"},
    {"HammingWindow", 4, "4 per element: a - b * cos(c * i)"},
    {"HannWindow", 4, "4 per element: a - b * cos(c * i)"},
    {"HardSigmoid", 4, "4 per element: max(0, min(1, alpha * x + beta))"},
    {"HardSwish", 5, "5 per element: x * HardSigmoid(x)"},
    {"ImageScaler", 2, "2 per element: scale * x + bias"},
    {"LeakyRelu", 2, "2 per element: compare, multiply"},
    {"MelWeightMatrix", 2, "2 per element: subtract, divide"},
    {"Mish", 9, "9 per element: x * tanh(softplus(x))"},
    {"Momentum", 7, "7 per element of the tensors that are stepped"},
    {"MulInteger", 3, "3 per output element: zero points, product"},
    {"NegPos", 2, "2 per element: negative part, positive part"},
    {"Normalizer", 3, "3 per element: power, sum, divide"},
    {"PRelu", 2, "2 per element: compare, multiply"},
    {"ParametricSoftplus", 5, "5 per element: alpha * log(exp(beta * x) + 1)"},
    {"QuantizeLinear", 3, "3 per element: round(x / scale) + zero point"},
    {"ReluGrad", 2, "2 per element: compare, multiply"},
    {"RotaryEmbedding", 3, "3 per element that is rotated"},
    {"ScaledTanh", 7, "7 per element: alpha * tanh(beta * x)"},
    {"Scaler", 2, "2 per element: (x - offset) * scale"},
    {"Selu", 5, "5 per element: gamma * Elu(x)"},
    {"Shrink", 3, "3 per element: two comparisons, bias"},
    {"Sigmoid", 4, "4 per element: 1 / (1 + exp(-x))"},
    {"Softplus", 3, "3 per element: log(exp(x) + 1)"},
    {"Softsign", 3, "3 per element: x / (1 + |x|)"},
    {"SwiGLU", 6, "6 per element: Swish(a) * b"},
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
constexpr OpRule WeightedRow(int since_version, InferFn infer, InputMask not_parameters = 0,
                             absl::string_view domain = "") {
  constexpr ElementWeight kWeight = WeightOf(kOp.view());
  return {.op_type = kWeight.op_type,
          .domain = domain,
          .since_version = since_version,
          .infer = infer,
          .cost = PerOutputElement<kWeight.ops>,
          .counting = kWeight.reason,
          .not_parameters = not_parameters};
}

// The same per element of the first input.
template <OpName kOp>
constexpr OpRule WeightedInputRow(int since_version, InferFn infer, InputMask not_parameters = 0,
                                  absl::string_view domain = "") {
  OpRule row = WeightedRow<kOp>(since_version, infer, not_parameters, domain);
  row.cost = PerInputElement<WeightOf(kOp.view()).ops>;
  return row;
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

// The row of an operator whose output is its first input, at most under another shape.
constexpr OpRule ViewRow(absl::string_view op_type, int since_version, InferFn infer,
                         InputMask not_parameters = 0) {
  OpRule row = FreeRow(op_type, since_version, infer, not_parameters);
  row.storage = Storage::kView;
  return row;
}

// The same row, of an operator that reads no more of these inputs than it writes.
constexpr OpRule ReadingPart(OpRule row, InputMask inputs = Input(0)) {
  row.read_in_part = inputs;
  return row;
}

}  // namespace onnx_macs

#endif  // RULES_WEIGHTS_H_
