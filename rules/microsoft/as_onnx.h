// Operators that are ONNX's own but for their name, domain or layout run ONNX's rules, in the
// newest version: what is fixed or refined there holds here too.
#ifndef RULES_MICROSOFT_AS_ONNX_H_
#define RULES_MICROSOFT_AS_ONNX_H_

#include <cstdint>
#include <limits>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "analyzer/op_context.h"
#include "analyzer/rule.h"
#include "rules/weights.h"

namespace onnx_macs {

inline constexpr int64_t kNewestOpset = std::numeric_limits<int32_t>::max();

absl::Status InferAsOnnx(OpContext& ctx, absl::string_view op_type, int64_t opset = kNewestOpset);
Cost CountAsOnnx(const OpContext& ctx, absl::string_view op_type, int64_t opset = kNewestOpset);

// The same for operators whose outputs and whose `inputs` have their channels last: they are shown
// to the rule with the channels second.
absl::Status InferAsOnnxChannelsLast(OpContext& ctx, absl::string_view op_type,
                                     InputMask inputs = Input(0));
Cost CountAsOnnxChannelsLast(const OpContext& ctx, absl::string_view op_type);

// As entries of rows: InferAs<"Conv">.
template <OpName kOp, int64_t kOpset = kNewestOpset>
absl::Status InferAs(OpContext& ctx) {
  return InferAsOnnx(ctx, kOp.view(), kOpset);
}
template <OpName kOp, int64_t kOpset = kNewestOpset>
Cost CountAs(const OpContext& ctx) {
  return CountAsOnnx(ctx, kOp.view(), kOpset);
}
template <OpName kOp>
absl::Status InferChannelsLastAs(OpContext& ctx) {
  return InferAsOnnxChannelsLast(ctx, kOp.view());
}
template <OpName kOp>
Cost CountChannelsLastAs(const OpContext& ctx) {
  return CountAsOnnxChannelsLast(ctx, kOp.view());
}

}  // namespace onnx_macs

#endif  // RULES_MICROSOFT_AS_ONNX_H_
