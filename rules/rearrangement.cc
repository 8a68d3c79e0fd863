// Operators that put elements elsewhere or read their bits as another type, and compute nothing.
#include "absl/strings/str_cat.h"
#include "analyzer/op_context.h"
#include "rules/axis.h"
#include "rules/rules.h"
#include "rules/shape_operand.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

absl::Status InferBitCast(OpContext& ctx) {
  const DataType to = DataTypeFromNumber(ctx.IntAttribute("to", 0));
  const int from_bits = Describe(ctx.InputType(0)).bits, to_bits = Describe(to).bits;
  if (to_bits == 0) return absl::InvalidArgumentError("`to` is no type with a fixed width");
  if (from_bits != 0 && from_bits != to_bits) {
    return absl::InvalidArgumentError(
        absl::StrCat("elements have ", from_bits, " bits, `to` has ", to_bits));
  }
  ctx.SetOutput(0, to, ctx.InputShape(0));
  return absl::OkStatus();
}

absl::Status InferReverseSequence(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (x.has_rank() && x.rank() < 2) {
    return absl::InvalidArgumentError("input has no batch of sequences");
  }
  const Dim batch = x[ctx.IntAttribute("batch_axis", 1) != 0 ? 1 : 0];
  if (!ctx.MustEqual(batch, ctx.InputShape(1)[0])) {
    return absl::InvalidArgumentError("not every sequence has its length");
  }
  ctx.SetOutput(0, ctx.InputType(0), x);
  return absl::OkStatus();
}

// The shape names the new sizes of `axes`, or of all.
absl::Status InferCenterCropPad(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (!x.has_rank()) return absl::OkStatus();
  DimVector dims(x.dims().begin(), x.dims().end()), sizes;
  const absl::Span<const int64_t> axes = ctx.IntsAttribute("axes");
  const bool all = ctx.FindAttribute("axes") == nullptr;
  const size_t count = all ? dims.size() : axes.size();
  if (!ReadShapeOperand(ctx, 1, &sizes)) sizes.assign(count, Dim());
  if (sizes.size() != count) {
    return absl::InvalidArgumentError(absl::StrCat(sizes.size(), " sizes for ", count, " axes"));
  }
  for (size_t i = 0; i < count; ++i) {
    int axis;
    const int64_t named = all ? static_cast<int64_t>(i) : axes[i];
    if (auto status = NormalizeAxis(named, x.rank(), &axis); !status.ok()) return status;
    if (ProvablyLess(sizes[i], 0)) return absl::InvalidArgumentError("a size is negative");
    dims[axis] = sizes[i];
  }
  ctx.SetOutput(0, ctx.InputType(0), dims);
  return absl::OkStatus();
}

// The cache with the update written into it.
absl::Status InferTensorScatter(OpContext& ctx) {
  const Shape cache = ctx.InputShape(0), update = ctx.InputShape(1);
  if (cache.has_rank() && update.has_rank() && cache.rank() != update.rank()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the cache has ", cache.rank(), " dims, the update ", update.rank()));
  }
  if (cache.has_rank()) {
    int axis;
    if (auto s = NormalizeAxis(ctx.IntAttribute("axis", -2), cache.rank(), &axis); !s.ok()) {
      return s;
    }
    for (int i = 0; i < cache.rank(); ++i) {
      if (i != axis && !ctx.MustEqual(cache[i], update[i])) {
        return absl::InvalidArgumentError(absl::StrCat("axis ", i, " of the update does not fit"));
      }
    }
    if (ProvablyLess(cache[axis], update[axis])) {
      return absl::InvalidArgumentError("the update is larger than the cache");
    }
  }
  ctx.SetOutput(0, ctx.InputType(0), cache);
  return absl::OkStatus();
}

const OpRule kRules[] = {
    FreeRow("BitCast", 26, InferBitCast),
    FreeRow("CenterCropPad", 18, InferCenterCropPad, Input(1)),
    FreeRow("ReverseSequence", 10, InferReverseSequence, Input(1)),
    FreeRow("TensorScatter", 24, InferTensorScatter, Input(2)),
};

}  // namespace

absl::Span<const OpRule> RearrangementRules() { return kRules; }

}  // namespace onnx_macs
