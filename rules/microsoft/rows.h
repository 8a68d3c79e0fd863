// What the families of ONNX Runtime's operators share: the shapes of their rows, and scalars.
//
// A fused operator weighs what the operators it is made of weigh in rules/weights.h: the weights
// here are sums of those, so that a fused graph and its decomposed form cost the same.
#ifndef RULES_MICROSOFT_ROWS_H_
#define RULES_MICROSOFT_ROWS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "analyzer/op_context.h"
#include "analyzer/rule.h"
#include "rules/scalar.h"
#include "rules/weights.h"

namespace onnx_macs {

inline constexpr absl::string_view kMicrosoft = "com.microsoft";

// The output is like input kInput.
template <int kInput>
absl::Status InferLike(OpContext& ctx) {
  ctx.SetOutput(0, ctx.InputType(kInput), ctx.InputShape(kInput));
  return absl::OkStatus();
}

// kOps operations per element of the first output.
template <int kOps>
constexpr OpRule PerElementRow(absl::string_view op_type, InferFn infer, absl::string_view counting,
                               InputMask not_parameters = 0) {
  return {.op_type = op_type,
          .domain = kMicrosoft,
          .since_version = 1,
          .infer = infer,
          .cost = PerOutputElement<kOps>,
          .counting = counting,
          .not_parameters = not_parameters};
}

constexpr OpRule CountedRow(absl::string_view op_type, InferFn infer, CostFn cost,
                            absl::string_view counting, InputMask not_parameters = 0,
                            InputMask contraction_operands = 0) {
  return {.op_type = op_type,
          .domain = kMicrosoft,
          .since_version = 1,
          .infer = infer,
          .cost = cost,
          .counting = counting,
          .not_parameters = not_parameters,
          .contraction_operands = contraction_operands};
}

// An operator that only moves or describes data.
constexpr OpRule FreeRowIn(absl::string_view domain, absl::string_view op_type, InferFn infer,
                           InputMask not_parameters = 0) {
  OpRule row = FreeRow(op_type, 1, infer, not_parameters);
  row.domain = domain;
  return row;
}

}  // namespace onnx_macs

#endif  // RULES_MICROSOFT_ROWS_H_
