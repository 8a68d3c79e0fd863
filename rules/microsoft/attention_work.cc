// The cost of attention from its sizes.
#include "rules/microsoft/attention_work.h"

#include "absl/strings/str_cat.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

constexpr ElementWeight kSoftmax = WeightOf("Softmax");

Cost UnknownCost() { return {.macs = Count::Unknown(), .ops = Count::Unknown()}; }

}  // namespace

Cost CountWork(const OpContext& ctx, const absl::StatusOr<AttentionWork>& work) {
  if (!work.ok()) return UnknownCost();
  const Count qk = work->pairs * Count(work->key_size), av = work->pairs * Count(work->value_size);
  const Cost cost = {.macs = work->projections + qk + work->pairs + av,
                     .ops = work->pairs * Count(kSoftmax.ops) + work->other_ops};
  if (work->projections.is_zero()) {
    return ctx.WithParts(cost, {{"qk", qk}, {"softmax", work->pairs}, {"av", av}});
  }
  return ctx.WithParts(
      cost, {{"projections", work->projections}, {"qk", qk}, {"softmax", work->pairs}, {"av", av}});
}

Cost CountWorkProducts(const OpContext& ctx, const absl::StatusOr<AttentionWork>& work) {
  constexpr int kOpsPerMac = 2;
  if (!work.ok()) return UnknownCost();
  const Count qk = work->pairs * Count(work->key_size), av = work->pairs * Count(work->value_size);
  const Cost cost = {.macs = work->projections + qk + av,
                     .ops = work->pairs * Count(kSoftmax.ops + kOpsPerMac) + work->other_ops};
  if (work->projections.is_zero()) return ctx.WithParts(cost, {{"qk", qk}, {"av", av}});
  return ctx.WithParts(cost, {{"projections", work->projections}, {"qk", qk}, {"av", av}});
}

absl::StatusOr<int64_t> ReadHeads(const OpContext& ctx, absl::string_view attribute) {
  const int64_t heads = ctx.IntAttribute(attribute, 0);
  if (heads < 1) return absl::InvalidArgumentError(absl::StrCat(attribute, " is ", heads));
  return heads;
}

Dim KeysInBuffer(const OpContext& ctx, int past_length, Dim cached, Dim added) {
  const Dim length = ScalarInput(ctx, past_length);
  return length.is_known() ? length + added : cached;
}

Count PackedPairs(const OpContext& ctx, int cumulated, Dim tokens, Dim longest) {
  std::vector<int64_t> ends;
  if (!ctx.InputInts(cumulated, &ends)) return Count(tokens) * Count(longest);
  Count pairs = 0;
  for (size_t i = 1; i < ends.size(); ++i) {
    const Count length = Count(Max(Dim(ends[i]) - Dim(ends[i - 1]), 0));
    pairs += length * length;
  }
  return pairs;
}

}  // namespace onnx_macs
