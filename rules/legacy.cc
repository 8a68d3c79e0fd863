// Operators that were removed from ONNX, or never in it, and still stand in old files. ONNX Runtime
// keeps them in the domain ai.onnx.
#include "absl/strings/str_cat.h"
#include "analyzer/op_context.h"
#include "rules/axis.h"
#include "rules/rules.h"
#include "rules/shape_operand.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

absl::Status InferSameShape(OpContext& ctx) {
  ctx.SetOutput(0, ctx.InputType(0), ctx.InputShape(0));
  return absl::OkStatus();
}

// Any function of PyTorch's library, named by an attribute: only what the file declares is known.
absl::Status InferAten(OpContext&) { return absl::OkStatus(); }

Cost CountAten(const OpContext&) { return {Count::Unknown(), Count::Unknown()}; }

// The shape is an attribute, the shape of the input or its elements; `extra_shape` follows it.
absl::Status InferFill(OpContext& ctx) {
  DimVector dims;
  if (!ctx.HasInput(0)) {
    const absl::Span<const int64_t> shape = ctx.IntsAttribute("shape");
    dims.assign(shape.begin(), shape.end());
  } else if (ctx.IntAttribute("input_as_shape", 0) != 0) {
    if (!ReadShapeOperand(ctx, 0, &dims)) return absl::OkStatus();
  } else if (const Shape x = ctx.InputShape(0); x.has_rank()) {
    dims.assign(x.dims().begin(), x.dims().end());
  } else {
    return absl::OkStatus();
  }
  for (int64_t d : ctx.IntsAttribute("extra_shape")) dims.push_back(d);
  for (Dim d : dims) {
    if (ProvablyLess(d, 0)) return absl::InvalidArgumentError("a size is negative");
  }
  ctx.SetOutput(0, DataTypeFromNumber(ctx.IntAttribute("dtype", 1)), dims);
  return absl::OkStatus();
}

// [N, C, H, W] without its border, or `scale` of it from there on.
absl::Status InferCrop(OpContext& ctx) {
  constexpr size_t kSides = 4;  // left, top, right, bottom
  const Shape x = ctx.InputShape(0);
  if (!x.has_rank()) return absl::OkStatus();
  const absl::Span<const int64_t> border = ctx.IntsAttribute("border");
  const absl::Span<const int64_t> scale = ctx.IntsAttribute("scale");
  if (x.rank() != 4) return absl::InvalidArgumentError("the input is not 4-D");
  if (border.size() != kSides) return absl::InvalidArgumentError("border is not four sizes");
  Dim height = x[2] - border[1] - border[3], width = x[3] - border[0] - border[2];
  if (!scale.empty()) {
    if (scale.size() != 2) return absl::InvalidArgumentError("scale is not two sizes");
    height = scale[0];
    width = scale[1];
  }
  if (ProvablyLess(height, 0) || ProvablyLess(width, 0)) {
    return absl::InvalidArgumentError("more is cut off than there is");
  }
  ctx.SetOutput(0, ctx.InputType(0), {x[0], x[1], height, width});
  return absl::OkStatus();
}

// One slice of the tensor: the axis goes.
absl::Status InferLoopIndexTensor(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (!x.has_rank()) return absl::OkStatus();
  int axis;
  if (auto s = NormalizeAxis(ctx.IntAttribute("axis", 0), x.rank(), &axis); !s.ok()) return s;
  DimVector dims(x.dims().begin(), x.dims().end());
  dims.erase(dims.begin() + axis);
  ctx.SetOutput(0, ctx.InputType(0), dims);
  return absl::OkStatus();
}

template <OpName kOp>
constexpr OpRule ElementRow(InputMask not_parameters = 0) {
  return WeightedRow<kOp>(1, InferSameShape, not_parameters);
}

const OpRule kRules[] = {
    {.op_type = "ATen",
     .domain = "",
     .since_version = 1,
     .infer = InferAten,
     .cost = CountAten,
     .counting = "not known: any function of PyTorch's library"},
    ElementRow<"Affine">(),
    FreeRow("ConstantFill", 1, InferFill, Input(0)),
    FreeRow("Crop", 1, InferCrop),
    // The gates are computed outside; two sigmoids, a tanh and the mix of both states remain.
    ElementRow<"GRUUnit">(Input(2) | Input(3)),
    FreeRow("GivenTensorFill", 1, InferFill, Input(0)),
    ElementRow<"ImageScaler">(),
    FreeRow("LoopIndexTensor", 1, InferLoopIndexTensor, Input(1)),
    ElementRow<"ParametricSoftplus">(),
    ElementRow<"Scale">(),
    ElementRow<"ScaledTanh">(),
};

}  // namespace

absl::Span<const OpRule> LegacyRules() { return kRules; }

}  // namespace onnx_macs
