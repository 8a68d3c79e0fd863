// LongformerAttention and its ordered int8 form: every token meets the tokens of a window, and the
// few global tokens meet all.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "rules/broadcast.h"
#include "rules/microsoft/attention_work.h"
#include "rules/microsoft/microsoft.h"

namespace onnx_macs {
namespace {

// Which inputs are what; the ordered form puts scales in between.
struct Form {
  int weight, bias, global_weight, global_flags;
};
constexpr Form kPlain{1, 2, 4, 6};
constexpr Form kOrdered{2, 4, 8, 12};

// How many tokens of all sequences are global. Only where the flags are a constant is it known;
// otherwise none is counted, which the report says.
int64_t GlobalTokens(const OpContext& ctx, int flags) {
  std::vector<int64_t> values;
  if (!ctx.InputInts(flags, &values)) return 0;
  return std::count_if(values.begin(), values.end(), [](int64_t value) { return value != 0; });
}

template <const Form& form>
absl::Status InferLongformer(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (x.has_rank() && x.rank() != 3) {
    return absl::InvalidArgumentError(absl::StrCat("the input has ", x.rank(), " dims"));
  }
  if (ctx.IntAttribute("window", 0) < 1) {
    return absl::InvalidArgumentError(absl::StrCat("window is ", ctx.IntAttribute("window", 0)));
  }
  ctx.SetOutput(0, ctx.InputType(0), x);
  if (!ctx.HasElements(form.global_flags)) {
    ctx.Note("attention of global tokens is not counted: their flags are not in the file");
  }
  return absl::OkStatus();
}

template <const Form& form>
absl::StatusOr<AttentionWork> ReadWork(const OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  const absl::StatusOr<int64_t> heads = ReadHeads(ctx, "num_heads");
  if (!heads.ok()) return heads.status();
  const absl::StatusOr<Dim> size = DivideEvenly(ctx, x[2], *heads);
  if (!size.ok()) return size.status();
  const Count tokens = Count(x[0]) * Count(x[1]);
  const int64_t global = GlobalTokens(ctx, form.global_flags);
  const Count window = Count(2) * Count(ctx.IntAttribute("window", 0)) + Count(1);
  AttentionWork work;
  work.projections = tokens * ctx.NumInputElements(form.weight);
  if (global > 0) work.projections += tokens * ctx.NumInputElements(form.global_weight);
  // A global token meets its sequence twice: as a key and as a query.
  work.pairs = Count(*heads) * (tokens * window + Count(2 * global) * Count(x[1]));
  work.key_size = work.value_size = *size;
  if (ctx.HasInput(form.bias)) work.other_ops = tokens * ctx.NumInputElements(form.bias);
  return work;
}

constexpr InputMask kOrderedScales =
    Input(1) | Input(3) | Input(5) | Input(6) | Input(7) | Input(9) | Input(11) | Input(13);

const OpRule kRules[] = {
    AttentionRow<ReadWork<kPlain>>("LongformerAttention", InferLongformer<kPlain>,
                                   Input(3) | Input(6), Input(1) | Input(4)),
    AttentionRow<ReadWork<kOrdered>>("QOrderedLongformerAttention", InferLongformer<kOrdered>,
                                     kOrderedScales, Input(2) | Input(8)),
};

const CostOverride kContractions[] = {
    AttentionOverride<ReadWork<kPlain>>("LongformerAttention"),
    AttentionOverride<ReadWork<kOrdered>>("QOrderedLongformerAttention"),
};

}  // namespace

absl::Span<const OpRule> LongformerRules() { return kRules; }
absl::Span<const CostOverride> LongformerContractions() { return kContractions; }

}  // namespace onnx_macs
