// NumPy broadcasting of shapes, with symbolic dims.
#include "rules/broadcast.h"

#include "absl/strings/str_cat.h"

namespace onnx_macs {
namespace {

// An unknown dim against an integer other than 1 can only be that integer or 1.
Dim BroadcastUnknown(Dim a, Dim b) {
  const Dim known = a.is_known() ? a : b;
  return known.is_integer() && known.value() != 1 ? known : Dim();
}

absl::StatusOr<Dim> BroadcastDim(const OpContext& ctx, Dim a, Dim b) {
  if (!a.is_known() || !b.is_known()) return BroadcastUnknown(a, b);
  if (a == b || IsInteger(b, 1)) return a;
  if (IsInteger(a, 1)) return b;
  if (ctx.MustEqual(a, b)) return b.is_integer() ? b : a;
  // They cannot be equal, so one of them is 1: never one that is provably larger.
  if (!ProvablyDifferent(a, 1)) return b;
  if (!ProvablyDifferent(b, 1)) return a;
  return absl::InvalidArgumentError(
      absl::StrCat("sizes ", ToString(a), " and ", ToString(b), " do not broadcast"));
}

}  // namespace

absl::Status BroadcastDims(const OpContext& ctx, absl::Span<const Dim> a, absl::Span<const Dim> b,
                           DimVector* out) {
  const absl::Span<const Dim> longer = a.size() < b.size() ? b : a;
  const absl::Span<const Dim> shorter = a.size() < b.size() ? a : b;
  const size_t added = longer.size() - shorter.size();
  // The result may be written over one of the operands.
  DimVector dims(longer.begin(), longer.end());
  for (size_t i = 0; i < shorter.size(); ++i) {
    const absl::StatusOr<Dim> d = BroadcastDim(ctx, dims[added + i], shorter[i]);
    if (!d.ok()) return d.status();
    dims[added + i] = *d;
  }
  *out = std::move(dims);
  return absl::OkStatus();
}

absl::Status BroadcastInputs(const OpContext& ctx, int first, DimVector* out, bool* known) {
  out->clear();
  *known = false;
  for (int i = first; i < ctx.num_inputs(); ++i) {
    const Shape shape = ctx.InputShape(i);
    if (!shape.has_rank()) return absl::OkStatus();
    if (i == first) {
      out->assign(shape.dims().begin(), shape.dims().end());
    } else if (auto status = BroadcastDims(ctx, *out, shape.dims(), out); !status.ok()) {
      return status;
    }
  }
  *known = true;
  return absl::OkStatus();
}

absl::Status InferBroadcast(OpContext& ctx, DataType type, DimVector* dims, bool* known) {
  if (auto status = BroadcastInputs(ctx, 0, dims, known); !status.ok()) return status;
  if (*known) {
    ctx.SetOutput(0, type, *dims);
  } else {
    ctx.SetOutput(0, type, Shape());
  }
  return absl::OkStatus();
}

absl::StatusOr<Dim> DivideEvenly(const OpContext& ctx, Dim a, int64_t n) {
  if (n == 1 || !a.is_known()) return a;
  if (n <= 0) return absl::InvalidArgumentError(absl::StrCat("cannot be split into ", n));
  if (!a.is_integer()) return ctx.pool().AssumeDivisible(a, n);
  if (a.value() % n != 0) {
    return absl::InvalidArgumentError(absl::StrCat(a.value(), " is not divisible by ", n));
  }
  return Dim(a.value() / n);
}

}  // namespace onnx_macs
