// The backward pass, where it is not the usual: two products for each of the forward pass (the
// gradients of either operand) and as many other operations. docs/training.md tells this table.
#include "analyzer/op_context.h"
#include "rules/rules.h"

namespace onnx_macs {
namespace {

constexpr char kMicrosoft[] = "com.microsoft";

Cost CostOf(const OpContext& ctx) { return ctx.rule()->cost(ctx); }

// Steps, draws and choices: what passes through them has a gradient of zero, or is moved.
Cost NoGradient(const OpContext&) { return {}; }

// y * (dy - sum(y * dy)).
Cost AsForward(const OpContext& ctx) { return CostOf(ctx); }

// Two for each product, one for the softmax between.
Cost AttentionBackward(const OpContext& ctx) {
  const Cost forward = CostOf(ctx);
  Cost cost = {.macs = forward.macs * Count(2), .ops = forward.ops};
  for (const CostPart& part : forward.parts) {
    if (part.name == "softmax") cost.macs = cost.macs - part.macs;
  }
  return cost;
}

constexpr Backward kNone = {NoGradient, Saved::kNothing};
constexpr Backward kSoftmax = {AsForward, Saved::kOutputs};
constexpr Backward kAttention = {AttentionBackward, Saved::kInputs};
// Told by the result, or by nothing but its own gradient; the cost is the usual one.
constexpr Backward kByOutput = {nullptr, Saved::kOutputs};
constexpr Backward kByGradient = {nullptr, Saved::kNothing};

const BackwardRow kRows[] = {
    // Zero almost everywhere, or drawn.
    {"Bernoulli", "", kNone},
    {"Ceil", "", kNone},
    {"Floor", "", kNone},
    {"Hardmax", "", kNone},
    {"Multinomial", "", kNone},
    {"RandomNormal", "", kNone},
    {"RandomNormalLike", "", kNone},
    {"RandomUniform", "", kNone},
    {"RandomUniformLike", "", kNone},
    {"Round", "", kNone},
    {"Sign", "", kNone},
    // Comparisons choose; the gradient is put where the value came from.
    {"TopK", "", kNone},
    {"Unique", "", kNone},
    // No part of what is learnt.
    {"BlackmanWindow", "", kNone},
    {"HammingWindow", "", kNone},
    {"HannWindow", "", kNone},
    {"MelWeightMatrix", "", kNone},
    {"Adagrad", "ai.onnx.preview.training", kNone},
    {"Adam", "ai.onnx.preview.training", kNone},
    {"Momentum", "ai.onnx.preview.training", kNone},
    // Softmax, alone and between the products of attention.
    {"Softmax", "", kSoftmax},
    {"BiasSoftmax", kMicrosoft, kSoftmax},
    {"Attention", "", kAttention},
    {"FlexAttention", "ai.onnx.preview", kAttention},
    {"Attention", kMicrosoft, kAttention},
    {"DecoderAttention", kMicrosoft, kAttention},
    {"DecoderMaskedMultiHeadAttention", kMicrosoft, kAttention},
    {"DecoderMaskedSelfAttention", kMicrosoft, kAttention},
    {"GroupQueryAttention", kMicrosoft, kAttention},
    {"LongformerAttention", kMicrosoft, kAttention},
    {"MultiHeadAttention", kMicrosoft, kAttention},
    {"PackedAttention", kMicrosoft, kAttention},
    {"PackedMultiHeadAttention", kMicrosoft, kAttention},
    {"PagedAttention", kMicrosoft, kAttention},
    {"SparseAttention", kMicrosoft, kAttention},
    // The result is all that is read again.
    {"Exp", "", kByOutput},
    {"LogSoftmax", "", kByOutput},
    {"Reciprocal", "", kByOutput},
    {"Relu", "", kByOutput},
    {"Sigmoid", "", kByOutput},
    {"Sqrt", "", kByOutput},
    {"Tanh", "", kByOutput},
    // The gradient is handed on, spread or added up.
    {"Add", "", kByGradient},
    {"AveragePool", "", kByGradient},
    {"CumSum", "", kByGradient},
    {"GlobalAveragePool", "", kByGradient},
    {"Mean", "", kByGradient},
    {"Neg", "", kByGradient},
    {"ReduceMean", "", kByGradient},
    {"ReduceSum", "", kByGradient},
    {"Sub", "", kByGradient},
    {"Sum", "", kByGradient},
};

}  // namespace

absl::Span<const BackwardRow> BackwardRows() { return kRows; }

}  // namespace onnx_macs
