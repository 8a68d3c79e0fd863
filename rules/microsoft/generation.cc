// Generation of text: searches that run subgraphs until the text ends, and their helpers.
#include <limits>

#include "absl/strings/str_cat.h"
#include "rules/microsoft/microsoft.h"
#include "rules/microsoft/rows.h"

namespace onnx_macs {
namespace {

constexpr int kIds = 0, kMaxLength = 1, kBeams = 3, kReturned = 4;

// How often the subgraphs run, and with how many keys each time, only the text decides: a number
// made up for that would look like a fact.
absl::Status Refuse() {
  return absl::InvalidArgumentError(
      "it runs its subgraphs until the text ends, which only execution can tell; their cost is not "
      "counted");
}

absl::Status InferBeamSearch(OpContext& ctx) {
  const Shape ids = ctx.InputShape(kIds);
  const Dim length = ScalarInput(ctx, kMaxLength), beams = ScalarInput(ctx, kBeams);
  const Dim returned = ScalarInput(ctx, kReturned);
  ctx.SetOutput(0, DataType::kInt32, {ids[0], returned, length});
  ctx.SetOutput(1, DataType::kFloat, {ids[0], returned});
  const int64_t vocabulary = ctx.IntAttribute("vocab_size", -1);
  ctx.SetOutput(2, DataType::kFloat,
                {length - ids[1], ids[0], beams, vocabulary > 0 ? Dim(vocabulary) : Dim()});
  return Refuse();
}

absl::Status InferGreedySearch(OpContext& ctx) {
  const Shape ids = ctx.InputShape(kIds);
  const int64_t vocabulary = ctx.IntAttribute("vocab_size", -1);
  ctx.SetOutput(0, DataType::kInt32, {ids[0], ScalarInput(ctx, kMaxLength)});
  ctx.SetOutput(1, DataType::kFloat, {ids[0], vocabulary > 0 ? Dim(vocabulary) : Dim()});
  return Refuse();
}

Cost CountRefused(const OpContext&) { return {.macs = Count::Unknown(), .ops = Count::Unknown()}; }

// Every position may begin a forbidden n-gram.
Cost CountRepeatBlock(const OpContext& ctx) {
  return {.ops = ctx.NumInputElements(kIds) * Count(ctx.IntAttribute("ngram_size", 1))};
}

absl::Status InferRepeatBlock(OpContext& ctx) {
  const int64_t size = ctx.IntAttribute("ngram_size", 0);
  if (size < 1) return absl::InvalidArgumentError(absl::StrCat("ngram_size is ", size));
  return InferLike<1>(ctx);
}

int64_t UpperBound(Dim d) {
  return d.is_integer() ? std::max<int64_t>(d.value(), 0) : std::numeric_limits<int64_t>::max();
}

// The tokens so far and some of the predicted ones.
absl::Status InferBifurcation(OpContext& ctx) {
  constexpr int kCurrent = 1, kPredicted = 3;
  const Dim predicted = ctx.HasInput(kPredicted) ? ctx.InputShape(kPredicted)[0] : Dim(0);
  const Dim most = ctx.InputShape(kCurrent)[0] + predicted;
  const Dim kept = ctx.pool().FreshSymbol("merged_tokens", {0, UpperBound(most)});
  ctx.SetOutput(0, DataType::kInt64, {kept});
  ctx.SetOutput(1, DataType::kInt64, {1});
  return absl::OkStatus();
}

// A path through the matrix: from as long as its longer side up to both sides together.
absl::Status InferTimeWarping(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (x.has_rank() && x.rank() != 2 && x.rank() != 3) {
    return absl::InvalidArgumentError(absl::StrCat("the input has ", x.rank(), " dims"));
  }
  const Dim longer = Max(x[-1], x[-2]);
  const Interval interval = {longer.is_integer() ? std::max<int64_t>(longer.value(), 0) : 0,
                             UpperBound(x[-1] + x[-2])};
  ctx.SetOutput(0, DataType::kInt32, {2, ctx.pool().FreshSymbol("path", interval)});
  return absl::OkStatus();
}

constexpr char kRefused[] = "not counted: subgraphs in a loop of unknown length";

const OpRule kRules[] = {
    CountedRow("BeamSearch", InferBeamSearch, CountRefused, kRefused),
    CountedRow("WhisperBeamSearch", InferBeamSearch, CountRefused, kRefused),
    CountedRow("GreedySearch", InferGreedySearch, CountRefused, kRefused),
    CountedRow("Sampling", InferGreedySearch, CountRefused, kRefused),
    CountedRow("NGramRepeatBlock", InferRepeatBlock, CountRepeatBlock,
               "n comparisons per token of the input"),
    FreeRowIn(kMicrosoft, "BifurcationDetector", InferBifurcation),
    WeightedInputRow<"DynamicTimeWarping">(1, InferTimeWarping, 0, kMicrosoft),
};

}  // namespace

absl::Span<const OpRule> GenerationRules() { return kRules; }

}  // namespace onnx_macs
