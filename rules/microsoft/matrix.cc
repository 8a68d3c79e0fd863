// The shapes of products of matrices.
#include "rules/microsoft/matrix.h"

#include "absl/strings/str_cat.h"
#include "rules/broadcast.h"

namespace onnx_macs {

absl::Status MultiplyShapes(const OpContext& ctx, absl::Span<const Dim> a, absl::Span<const Dim> b,
                            DimVector* out) {
  if (a.empty() || b.empty()) return absl::InvalidArgumentError("an operand is a scalar");
  const Dim k_of_b = b.size() == 1 ? b[0] : b[b.size() - 2];
  if (!ctx.MustEqual(a.back(), k_of_b)) {
    return absl::InvalidArgumentError(
        absl::StrCat("inner sizes differ: ", ToString(a.back()), " and ", ToString(k_of_b)));
  }
  const auto batch_dims = [](absl::Span<const Dim> dims) {
    return dims.first(dims.size() < 2 ? 0 : dims.size() - 2);
  };
  if (auto s = BroadcastDims(ctx, batch_dims(a), batch_dims(b), out); !s.ok()) return s;
  if (a.size() > 1) out->push_back(a[a.size() - 2]);
  if (b.size() > 1) out->push_back(b.back());
  return absl::OkStatus();
}

absl::Status InferProduct(OpContext& ctx, int a, int b, DataType type) {
  const Shape left = ctx.InputShape(a), right = ctx.InputShape(b);
  if (!left.has_rank() || !right.has_rank()) return absl::OkStatus();
  DimVector out;
  if (auto s = MultiplyShapes(ctx, left.dims(), right.dims(), &out); !s.ok()) return s;
  ctx.SetOutput(0, type, out);
  return absl::OkStatus();
}

absl::Status InferGemmOf(OpContext& ctx, int b, DataType type) {
  const Shape left = ctx.InputShape(0), right = ctx.InputShape(b);
  const bool trans_a = ctx.IntAttribute("transA", 0) != 0;
  const bool trans_b = ctx.IntAttribute("transB", 0) != 0;
  if (!left.has_rank() || !right.has_rank()) return absl::OkStatus();
  if (left.rank() != 2 || right.rank() != 2) {
    return absl::InvalidArgumentError("operands must be 2-D");
  }
  if (!ctx.MustEqual(left[trans_a ? 0 : 1], right[trans_b ? 1 : 0])) {
    return absl::InvalidArgumentError("inner sizes differ");
  }
  ctx.SetOutput(0, type, {left[trans_a ? 1 : 0], right[trans_b ? 0 : 1]});
  return absl::OkStatus();
}

Dim InnerOfGemm(const OpContext& ctx) {
  return ctx.InputShape(0)[ctx.IntAttribute("transA", 0) != 0 ? 0 : 1];
}

}  // namespace onnx_macs
