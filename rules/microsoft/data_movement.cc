// Operators that move, compare or describe data; those of several devices, which move it between
// them; and those that only run elsewhere, whose cost no file tells.
#include <limits>

#include "absl/strings/str_cat.h"
#include "rules/axis.h"
#include "rules/microsoft/as_onnx.h"
#include "rules/microsoft/microsoft.h"
#include "rules/microsoft/rows.h"

namespace onnx_macs {
namespace {

absl::Status InferExpandDims(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  const Dim given = ScalarInput(ctx, 1);
  if (!x.has_rank()) return absl::OkStatus();
  DimVector dims(x.dims().begin(), x.dims().end());
  if (!given.is_integer()) {
    ctx.SetOutput(0, ctx.InputType(0), DimVector(dims.size() + 1));
    return absl::OkStatus();
  }
  int axis;
  if (auto s = NormalizeAxis(given.value(), x.rank() + 1, &axis); !s.ok()) return s;
  dims.insert(dims.begin() + axis, Dim(1));
  ctx.SetOutput(0, ctx.InputType(0), dims);
  return absl::OkStatus();
}

// ONNX's, but the step may be left out: then it is 1.
absl::Status InferRange(OpContext& ctx) {
  if (ctx.HasInput(2)) return InferAsOnnx(ctx, "Range");
  const Dim start = ScalarInput(ctx, 0), limit = ScalarInput(ctx, 1);
  ctx.SetOutput(0, ctx.InputType(0), {Max(limit - start, 0)});
  return absl::OkStatus();
}

Interval UpTo(Dim bound) {
  Interval interval{0, std::numeric_limits<int64_t>::max()};
  if (bound.is_integer() && bound.value() >= 0) interval.high = bound.value();
  return interval;
}

absl::Status InferUnique(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (x.has_rank() && x.rank() != 1) {
    return absl::InvalidArgumentError(absl::StrCat("the input has ", x.rank(), " dims"));
  }
  const Dim found = ctx.pool().FreshSymbol("unique", UpTo(x[0]));
  ctx.SetOutput(0, ctx.InputType(0), {found});
  ctx.SetOutput(1, DataType::kInt64, {x[0]});
  ctx.SetOutput(2, DataType::kInt64, {found});
  return absl::OkStatus();
}

absl::Status InferHash(OpContext& ctx) {
  const bool is_unsigned = ctx.IntAttribute("positive", 1) != 0;
  ctx.SetOutput(0, is_unsigned ? DataType::kUint32 : DataType::kInt32, ctx.InputShape(0));
  return absl::OkStatus();
}

// [C] or [N, C] strings gain an axis of as many words as the longest has.
absl::Status InferTokenizer(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (!x.has_rank()) return absl::OkStatus();
  if (x.rank() != 1 && x.rank() != 2) {
    return absl::InvalidArgumentError(absl::StrCat("the input has ", x.rank(), " dims"));
  }
  DimVector dims(x.dims().begin(), x.dims().end());
  dims.push_back(ctx.pool().FreshSymbol("words", UpTo(Dim())));
  ctx.SetOutput(0, DataType::kString, dims);
  return absl::OkStatus();
}

absl::Status InferIsAllFinite(OpContext& ctx) {
  ctx.SetOutput(0, DataType::kBool, absl::Span<const Dim>());
  return absl::OkStatus();
}

Cost CountAllInputs(const OpContext& ctx) {
  Cost cost;
  for (int i = 0; i < ctx.num_inputs(); ++i) cost.ops += ctx.NumInputElements(i);
  return cost;
}

// Every device's share, one after the other.
absl::Status InferAllGather(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  const int64_t devices = ctx.IntAttribute("group_size", 1);
  if (devices < 1) return absl::InvalidArgumentError(absl::StrCat("group_size is ", devices));
  if (!x.has_rank()) return absl::OkStatus();
  int axis;
  if (auto s = NormalizeAxis(ctx.IntAttribute("axis", 0), x.rank(), &axis); !s.ok()) return s;
  DimVector dims(x.dims().begin(), x.dims().end());
  dims[axis] *= devices;
  ctx.SetOutput(0, ctx.InputType(0), dims);
  return absl::OkStatus();
}

absl::Status RefuseCompiled(OpContext&) {
  return absl::InvalidArgumentError(
      "it holds a model compiled for a device: what is in it cannot be seen");
}

absl::Status RefuseAten(OpContext& ctx) {
  return absl::InvalidArgumentError(absl::StrCat("it calls the PyTorch operator '",
                                                 ctx.StringAttribute("operator", "?"),
                                                 "', which no rule knows"));
}

Cost CountRefused(const OpContext&) { return {.macs = Count::Unknown(), .ops = Count::Unknown()}; }

template <OpName kBase>
constexpr OpRule SharedRow(absl::string_view op_type) {
  return CountedRow(op_type, InferAs<kBase>, CountAs<kBase>, WeightOf("Reduce").reason, Input(1));
}

constexpr OpRule RefusedRow(absl::string_view domain, absl::string_view op_type, InferFn refuse) {
  OpRule row = CountedRow(op_type, refuse, CountRefused, "not counted: opaque");
  row.domain = domain;
  return row;
}

constexpr OpRule ExpandDimsRow() {
  OpRule row = FreeRowIn(kMicrosoft, "ExpandDims", InferExpandDims, Input(1));
  row.storage = Storage::kView;
  return row;
}

const OpRule kRules[] = {
    ExpandDimsRow(),
    ReadingPart(FreeRowIn(kMicrosoft, "GatherND", InferAs<"GatherND">, Input(1))),
    FreeRowIn(kMicrosoft, "MurmurHash3", InferHash),
    FreeRowIn(kMicrosoft, "Pad", InferAs<"Pad">, Input(1) | Input(2)),
    FreeRowIn(kMicrosoft, "Range", InferRange, Input(0) | Input(1) | Input(2)),
    FreeRowIn(kMicrosoft, "SampleOp", InferLike<0>),
    FreeRowIn(kMicrosoft, "Tokenizer", InferTokenizer),
    FreeRowIn(kMicrosoft, "Trilu", InferLike<0>, Input(1)),
    FreeRowIn(kMicrosoft, "Unique", InferUnique),
    CountedRow("IsAllFinite", InferIsAllFinite, CountAllInputs, "1 per input element"),
    // Between devices.
    WeightedRow<"AllReduce">(1, InferLike<0>, 0, kMicrosoft),
    FreeRowIn(kMicrosoft, "AllGather", InferAllGather),
    FreeRowIn(kMicrosoft, "AllToAll", InferLike<0>),
    FreeRowIn(kMicrosoft, "DistributedExpand", InferAs<"Expand">, Input(1)),
    FreeRowIn(kMicrosoft, "DistributedReshape", InferAs<"Reshape">, Input(1)),
    FreeRowIn(kMicrosoft, "DistributedSlice", InferAs<"Slice">,
              Input(1) | Input(2) | Input(3) | Input(4)),
    FreeRowIn(kMicrosoft, "DistributedSqueeze", InferAs<"Squeeze">, Input(1)),
    FreeRowIn(kMicrosoft, "DistributedUnsqueeze", InferAs<"Unsqueeze">, Input(1)),
    SharedRow<"ReduceMax">("DistributedReduceMax"),
    SharedRow<"ReduceMean">("DistributedReduceMean"),
    SharedRow<"ReduceSum">("DistributedReduceSum"),
    // Opaque.
    RefusedRow(kMicrosoft, "EPContext", RefuseCompiled),
    RefusedRow(kMicrosoft, "Snpe", RefuseCompiled),
    RefusedRow("org.pytorch.aten", "ATen", RefuseAten),
};

}  // namespace

absl::Span<const OpRule> MicrosoftDataMovementRules() { return kRules; }

}  // namespace onnx_macs
