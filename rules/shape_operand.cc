// Operands that hold sizes.
#include "rules/shape_operand.h"

#include "analyzer/expr_pool.h"

namespace onnx_macs {

bool ReadShapeOperand(const OpContext& ctx, int i, DimVector* dims) {
  constexpr int64_t kMaxRank = 64;  // more is no tensor but an attack
  if (ctx.InputDims(i, dims)) return true;
  const Shape shape = ctx.InputShape(i);
  const Dim size = shape.rank() == 1 ? shape[0] : Dim();
  if (!size.is_integer() || size.value() < 0 || size.value() > kMaxRank) return false;
  dims->assign(size.value(), Dim());
  return true;
}

absl::Status CheckSize(Dim size, Dim a, Dim b) {
  const bool was_lost = !size.is_known() && a.is_known() && b.is_known();
  if (!was_lost && !IsPastInt64(size)) return absl::OkStatus();
  return absl::InvalidArgumentError("a size of the output is too large");
}

}  // namespace onnx_macs
