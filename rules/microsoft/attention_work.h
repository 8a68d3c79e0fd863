// What every form of attention costs once its sizes are read: the parts "projections", "qk",
// "softmax" and "av", by default and under the convention `contractions`.
#ifndef RULES_MICROSOFT_ATTENTION_WORK_H_
#define RULES_MICROSOFT_ATTENTION_WORK_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "analyzer/op_context.h"
#include "rules/microsoft/rows.h"

namespace onnx_macs {

struct AttentionWork {
  Count projections = 0;  // MACs; none where the operator is given Q, K and V
  Count pairs;            // a query and a key that meet, over all heads of all sequences
  Dim key_size, value_size;
  Count other_ops = 0;  // biases, rotation
};

using ReadWorkFn = absl::StatusOr<AttentionWork> (*)(const OpContext& ctx);

Cost CountWork(const OpContext& ctx, const absl::StatusOr<AttentionWork>& work);
// The products alone; the softmax is ops.
Cost CountWorkProducts(const OpContext& ctx, const absl::StatusOr<AttentionWork>& work);

template <ReadWorkFn kRead>
Cost CountAttentionForm(const OpContext& ctx) {
  return CountWork(ctx, kRead(ctx));
}
template <ReadWorkFn kRead>
Cost CountAttentionFormProducts(const OpContext& ctx) {
  return CountWorkProducts(ctx, kRead(ctx));
}

inline constexpr char kAttentionCounting[] =
    "heads * pairs of query and key * (key size + 1 + value size) and the projections inside; "
    "softmax: 3 ops";
inline constexpr char kAttentionProductsCounting[] =
    "heads * pairs of query and key * (key size + value size) and the projections inside; "
    "softmax: 5 ops";

template <ReadWorkFn kRead>
constexpr OpRule AttentionRow(absl::string_view op_type, InferFn infer, InputMask not_parameters,
                              InputMask contraction_operands = 0) {
  return {.op_type = op_type,
          .domain = kMicrosoft,
          .since_version = 1,
          .infer = infer,
          .cost = CountAttentionForm<kRead>,
          .counting = kAttentionCounting,
          .not_parameters = not_parameters,
          .contraction_operands = contraction_operands};
}

template <ReadWorkFn kRead>
constexpr CostOverride AttentionOverride(absl::string_view op_type) {
  return {.op_type = op_type,
          .domain = kMicrosoft,
          .cost = CountAttentionFormProducts<kRead>,
          .counting = kAttentionProductsCounting};
}

// A number of heads, which must be there.
absl::StatusOr<int64_t> ReadHeads(const OpContext& ctx, absl::string_view attribute);

// The keys a query meets: a cache of `cached` that grows by `added`. In a buffer of fixed size that
// past and present share, the length that counts is input `past_length`; where it is not known,
// the whole buffer is.
Dim KeysInBuffer(const OpContext& ctx, int past_length, Dim cached, Dim added);

// The sum over packed sequences of length * length, from the input of their cumulated lengths;
// where those are not known, every token meets the longest sequence there can be.
Count PackedPairs(const OpContext& ctx, int cumulated, Dim tokens, Dim longest);

}  // namespace onnx_macs

#endif  // RULES_MICROSOFT_ATTENTION_WORK_H_
