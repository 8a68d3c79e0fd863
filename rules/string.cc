// Operators on strings: joining, splitting, matching, and counting n-grams.
#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "analyzer/op_context.h"
#include "rules/broadcast.h"
#include "rules/data_dependent.h"
#include "rules/rules.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

absl::Status InferStringConcat(OpContext& ctx) {
  DimVector dims;
  bool known;
  return InferBroadcast(ctx, DataType::kString, &dims, &known);
}

absl::Status InferRegexFullMatch(OpContext& ctx) {
  ctx.SetOutput(0, DataType::kBool, ctx.InputShape(0));
  return absl::OkStatus();
}

// As many columns as the longest split has pieces; `maxsplit` cuts make one piece more.
absl::Status InferStringSplit(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  ctx.SetOutput(1, DataType::kInt64, x);
  if (!x.has_rank()) {
    ctx.SetOutput(0, DataType::kString, Shape());
    return absl::OkStatus();
  }
  const bool limited = ctx.FindAttribute("maxsplit") != nullptr;
  const Dim cuts = limited ? Dim(std::max<int64_t>(0, ctx.IntAttribute("maxsplit", 0))) : Dim();
  DimVector dims(x.dims().begin(), x.dims().end());
  dims.push_back(BoundedSymbol(ctx, "pieces", 0, cuts + 1));
  ctx.SetOutput(0, DataType::kString, dims);
  return absl::OkStatus();
}

// [C] or [N, C] words give one number per n-gram.
absl::Status InferTfIdfVectorizer(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (!x.has_rank()) return absl::OkStatus();
  if (x.rank() != 1 && x.rank() != 2) {
    return absl::InvalidArgumentError(absl::StrCat("input has ", x.rank(), " dims"));
  }
  int64_t size = 0;
  for (int64_t index : ctx.IntsAttribute("ngram_indexes")) {
    if (index < 0 || index == std::numeric_limits<int64_t>::max()) {
      return absl::InvalidArgumentError(absl::StrCat("ngram_indexes has an entry of ", index));
    }
    size = std::max(size, index + 1);
  }
  DimVector dims(x.dims().begin(), x.dims().end());
  dims.back() = size;
  ctx.SetOutput(0, DataType::kFloat, dims);
  return absl::OkStatus();
}

const OpRule kRules[] = {
    FreeRow("RegexFullMatch", 20, InferRegexFullMatch),
    FreeRow("StringConcat", 20, InferStringConcat),
    FreeRow("StringSplit", 20, InferStringSplit),
    WeightedRow<"TfIdfVectorizer">(9, InferTfIdfVectorizer),
};

}  // namespace

absl::Span<const OpRule> StringRules() { return kRules; }

}  // namespace onnx_macs
