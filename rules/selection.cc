// Operators that scan or search along an axis: ArgMax, ArgMin, TopK, CumSum, CumProd, Trilu; and
// StringNormalizer, which drops words.
#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "analyzer/op_context.h"
#include "rules/axis.h"
#include "rules/rules.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

absl::Status InferSameShape(OpContext& ctx) {
  ctx.SetOutput(0, ctx.InputType(0), ctx.InputShape(0));
  return absl::OkStatus();
}

absl::Status InferArgMax(OpContext& ctx) {
  const Shape shape = ctx.InputShape(0);
  if (!shape.has_rank()) {
    ctx.SetOutput(0, DataType::kInt64, Shape());
    return absl::OkStatus();
  }
  int axis;
  if (auto status = NormalizeAxis(ctx.IntAttribute("axis", 0), shape.rank(), &axis); !status.ok()) {
    return status;
  }
  DimVector dims(shape.dims().begin(), shape.dims().end());
  if (ctx.IntAttribute("keepdims", 1) != 0) {
    dims[axis] = 1;
  } else {
    dims.erase(dims.begin() + axis);
  }
  ctx.SetOutput(0, DataType::kInt64, dims);
  return absl::OkStatus();
}

// K was an attribute before opset 10.
Dim ReadK(const OpContext& ctx) {
  if (!ctx.HasInput(1)) return ctx.IntAttribute("k", -1);
  DimVector k;
  return ctx.InputDims(1, &k) && k.size() == 1 ? k[0] : Dim();
}

absl::Status InferTopK(OpContext& ctx) {
  const Shape shape = ctx.InputShape(0);
  if (!shape.has_rank()) {
    ctx.SetOutput(0, ctx.InputType(0), Shape());
    ctx.SetOutput(1, DataType::kInt64, Shape());
    return absl::OkStatus();
  }
  int axis;
  if (auto status = NormalizeAxis(ctx.IntAttribute("axis", -1), shape.rank(), &axis);
      !status.ok()) {
    return status;
  }
  const Dim k = ReadK(ctx);
  if (ProvablyLess(k, 0) || ProvablyLess(shape[axis], k)) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot take ", ToString(k), " of ", ToString(shape[axis])));
  }
  DimVector dims(shape.dims().begin(), shape.dims().end());
  dims[axis] = k;
  ctx.SetOutput(0, ctx.InputType(0), dims);
  ctx.SetOutput(1, DataType::kInt64, dims);
  return absl::OkStatus();
}

// [C] or [1, C] words, of which stop words are dropped: how many only running it can tell, but one
// (an empty one) is always left.
absl::Status InferStringNormalizer(OpContext& ctx) {
  const Shape shape = ctx.InputShape(0);
  const bool keeps_all = ctx.FindAttribute("stopwords") == nullptr;
  if (!shape.has_rank() || keeps_all || shape.rank() == 0) return InferSameShape(ctx);
  DimVector dims(shape.dims().begin(), shape.dims().end());
  const Dim words = dims.back();
  Interval interval{1, std::numeric_limits<int64_t>::max()};
  if (words.is_integer()) interval.high = std::max<int64_t>(1, words.value());
  dims.back() = ctx.pool().FreshSymbol("kept_words", interval);
  ctx.SetOutput(0, ctx.InputType(0), dims);
  return absl::OkStatus();
}

const OpRule kRules[] = {
    WeightedInputRow<"ArgMax">(1, InferArgMax),
    WeightedInputRow<"ArgMin">(1, InferArgMax),
    WeightedRow<"CumProd">(26, InferSameShape, Input(1)),
    WeightedRow<"CumSum">(11, InferSameShape, Input(1)),
    FreeRow("StringNormalizer", 10, InferStringNormalizer),
    WeightedInputRow<"TopK">(1, InferTopK, Input(1)),
    FreeRow("Trilu", 14, InferSameShape, Input(1)),
};

}  // namespace

absl::Span<const OpRule> SelectionRules() { return kRules; }

}  // namespace onnx_macs
