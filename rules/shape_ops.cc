// Operators that read a shape or give the same elements another one: Shape, Size, Reshape, Flatten,
// Squeeze, Unsqueeze.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "analyzer/op_context.h"
#include "rules/axis.h"
#include "rules/broadcast.h"
#include "rules/element_view.h"
#include "rules/rules.h"
#include "rules/shape_operand.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

// The output has the elements of the first input in the same order.
void KeepElements(OpContext& ctx) {
  if (Follows(ctx, 0)) ctx.SetElements(0, ctx.InputElements(0));
}

// start and end came with opset 15; both are clamped to the rank.
absl::Status InferShape(OpContext& ctx) {
  const Shape shape = ctx.InputShape(0);
  if (!shape.has_rank()) {
    ctx.SetOutput(0, DataType::kInt64, {Dim()});
    return absl::OkStatus();
  }
  const int64_t rank = shape.rank();
  const auto clamp = [rank](int64_t i) {
    return std::clamp<int64_t>(i < 0 ? i + rank : i, 0, rank);
  };
  const int64_t start = clamp(ctx.IntAttribute("start", 0));
  const int64_t end = std::max(start, clamp(ctx.IntAttribute("end", rank)));
  ctx.SetOutput(0, DataType::kInt64, {Dim(end - start)});
  const absl::Span<const Dim> dims = shape.dims().subspan(start, end - start);
  ctx.SetElements(0, ElementVector(dims.begin(), dims.end()));
  return absl::OkStatus();
}

absl::Status InferSize(OpContext& ctx) {
  ctx.SetOutput(0, DataType::kInt64, absl::Span<const Dim>());
  ctx.SetElements(0, {Element(ctx.InputShape(0).NumElements())});
  return absl::OkStatus();
}

absl::Status SizesDiffer(Dim from, Dim to) {
  return absl::InvalidArgumentError(
      absl::StrCat("cannot reshape ", ToString(from), " elements into ", ToString(to)));
}

// What a reshape is asked for, split into dims that are copied and dims that have to account for
// the rest of the elements. Copied dims need not be known: they cancel.
struct Target {
  DimVector dims;
  Dim elements = 1;  // input elements, but for copied axes
  Dim product = 1;   // of the dims given, but for copied axes
  int open = -1;     // the axis to be computed
  int num_open = 0;
};

absl::Status ReadTarget(const OpContext& ctx, const DimVector& request, Target* target) {
  const Shape input = ctx.InputShape(0);
  const bool zero_copies = ctx.IntAttribute("allowzero", 0) == 0;
  absl::InlinedVector<bool, 8> copied(input.has_rank() ? input.rank() : 0, false);
  for (size_t axis = 0; axis < request.size(); ++axis) {
    Dim d = request[axis];
    if (d.is_integer() && d.value() < -1) {
      return absl::InvalidArgumentError(absl::StrCat("the shape holds ", d.value()));
    }
    if (zero_copies && IsInteger(d, 0)) {
      if (input.has_rank() && axis >= copied.size()) {
        return absl::InvalidArgumentError("the shape copies an axis the input does not have");
      }
      d = input[static_cast<int>(axis)];
      if (input.has_rank()) copied[axis] = true;
    } else if (IsInteger(d, -1) || !d.is_known()) {
      target->open = static_cast<int>(axis);
      ++target->num_open;
      d = Dim();
    } else {
      target->product *= d;
    }
    target->dims.push_back(d);
  }
  if (!input.has_rank()) target->elements = Dim();
  for (size_t axis = 0; axis < copied.size(); ++axis) {
    if (!copied[axis]) target->elements *= input[static_cast<int>(axis)];
  }
  return absl::OkStatus();
}

// elements / product, recording that it divides where that is not certain.
absl::Status SolveOpenDim(const OpContext& ctx, const Target& target, Dim* solved) {
  const Dim elements = target.elements, product = target.product;
  *solved = ExactDiv(elements, product);
  if (solved->is_known() && !HasDenominator(*solved)) return absl::OkStatus();
  *solved = Dim();
  if (!elements.is_known() || !product.is_known() || IsInteger(product, 0)) return absl::OkStatus();
  if (elements.is_integer() && product.is_integer()) return SizesDiffer(elements, product);
  *solved = product.is_integer() ? ctx.pool().AssumeDivisible(elements, product.value())
                                 : FloorDiv(elements, product);
  return absl::OkStatus();
}

// The shape asked for: the second input, or an attribute before opset 5.
bool ReshapeRequest(const OpContext& ctx, DimVector* request) {
  if (ctx.HasInput(1)) return ReadShapeOperand(ctx, 1, request);
  const absl::Span<const int64_t> shape = ctx.IntsAttribute("shape");
  request->assign(shape.begin(), shape.end());
  return ctx.FindAttribute("shape") != nullptr;
}

absl::Status InferReshape(OpContext& ctx) {
  DimVector request;
  if (!ReshapeRequest(ctx, &request)) {
    ctx.SetOutput(0, ctx.InputType(0), Shape());
    return absl::OkStatus();
  }
  Target target;
  if (auto status = ReadTarget(ctx, request, &target); !status.ok()) return status;
  if (target.num_open == 1) {
    Dim& open = target.dims[target.open];
    if (auto status = SolveOpenDim(ctx, target, &open); !status.ok()) return status;
  } else if (target.num_open == 0 && !ctx.MustEqual(target.elements, target.product)) {
    return SizesDiffer(target.elements, target.product);
  }
  ctx.SetOutput(0, ctx.InputType(0), target.dims);
  KeepElements(ctx);
  return absl::OkStatus();
}

absl::Status InferFlatten(OpContext& ctx) {
  const Shape shape = ctx.InputShape(0);
  if (!shape.has_rank()) {
    ctx.SetOutput(0, ctx.InputType(0), {Dim(), Dim()});
    return absl::OkStatus();
  }
  int axis;
  if (auto status = NormalizeAxis(ctx.IntAttribute("axis", 1), shape.rank(), &axis, true);
      !status.ok()) {
    return status;
  }
  const Dim rows = Shape(shape.dims().first(axis)).NumElements();
  const Dim columns = Shape(shape.dims().subspan(axis)).NumElements();
  ctx.SetOutput(0, ctx.InputType(0), {rows, columns});
  KeepElements(ctx);
  return absl::OkStatus();
}

enum class Axes { kAbsent, kUnknown, kGiven };

// Axes are an attribute before opset 13 and an input since.
Axes ReadAxes(const OpContext& ctx, std::vector<int64_t>* axes) {
  if (ctx.HasInput(1)) return ctx.InputInts(1, axes) ? Axes::kGiven : Axes::kUnknown;
  const absl::Span<const int64_t> ints = ctx.IntsAttribute("axes");
  axes->assign(ints.begin(), ints.end());
  return ctx.FindAttribute("axes") != nullptr ? Axes::kGiven : Axes::kAbsent;
}

// Marks the axes within `rank`; refuses one that is outside or named twice.
absl::Status MarkAxes(absl::Span<const int64_t> axes, int rank,
                      absl::InlinedVector<bool, 8>* marks) {
  marks->assign(rank, false);
  for (int64_t a : axes) {
    int axis;
    if (auto status = NormalizeAxis(a, rank, &axis); !status.ok()) return status;
    if ((*marks)[axis]) return absl::InvalidArgumentError(absl::StrCat("axis ", a, " is repeated"));
    (*marks)[axis] = true;
  }
  return absl::OkStatus();
}

// Without axes every 1 goes. A dim that might be 1 is taken not to be, and the report says so.
void MarkOnes(const OpContext& ctx, const Shape& shape, absl::InlinedVector<bool, 8>* marks) {
  marks->assign(shape.rank(), false);
  for (int axis = 0; axis < shape.rank(); ++axis) {
    (*marks)[axis] = IsInteger(shape[axis], 1);
    if (!shape[axis].is_integer() && !ProvablyDifferent(shape[axis], 1)) {
      ctx.pool().AssumeNotOne(shape[axis]);
    }
  }
}

// ONNX forbids it, but torch.squeeze leaves such an axis alone, and its exporter writes it like
// this.
void NoteKeptAxis(const OpContext& ctx, int axis, Dim size) {
  ctx.Note(absl::StrCat("Squeeze '", ctx.node().name, "' keeps axis ", axis, ", whose size is ",
                        ToString(size)));
}

absl::Status InferSqueeze(OpContext& ctx) {
  const Shape shape = ctx.InputShape(0);
  std::vector<int64_t> axes;
  const Axes given = ReadAxes(ctx, &axes);
  if (!shape.has_rank() || given == Axes::kUnknown ||
      (given == Axes::kAbsent && !shape.is_known())) {
    ctx.SetOutput(0, ctx.InputType(0), Shape());
    return absl::OkStatus();
  }
  absl::InlinedVector<bool, 8> marks;
  if (given == Axes::kAbsent) {
    MarkOnes(ctx, shape, &marks);
  } else if (auto status = MarkAxes(axes, shape.rank(), &marks); !status.ok()) {
    return status;
  }
  DimVector dims;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    if (marks[axis] && ctx.MustEqual(shape[axis], 1)) continue;
    if (marks[axis]) NoteKeptAxis(ctx, axis, shape[axis]);
    dims.push_back(shape[axis]);
  }
  ctx.SetOutput(0, ctx.InputType(0), dims);
  KeepElements(ctx);
  return absl::OkStatus();
}

absl::Status InferUnsqueeze(OpContext& ctx) {
  const Shape shape = ctx.InputShape(0);
  std::vector<int64_t> axes;
  if (!shape.has_rank() || ReadAxes(ctx, &axes) != Axes::kGiven) {
    ctx.SetOutput(0, ctx.InputType(0), Shape());
    return absl::OkStatus();
  }
  const int rank = shape.rank() + static_cast<int>(axes.size());
  absl::InlinedVector<bool, 8> added;
  if (auto status = MarkAxes(axes, rank, &added); !status.ok()) return status;
  DimVector dims;
  int next = 0;
  for (int axis = 0; axis < rank; ++axis) dims.push_back(added[axis] ? Dim(1) : shape[next++]);
  ctx.SetOutput(0, ctx.InputType(0), dims);
  KeepElements(ctx);
  return absl::OkStatus();
}

const OpRule kRules[] = {
    ViewRow("Flatten", 1, InferFlatten),
    ViewRow("Reshape", 1, InferReshape, Input(1)),
    ReadingPart(FreeRow("Shape", 1, InferShape)),
    ReadingPart(FreeRow("Size", 1, InferSize)),
    ViewRow("Squeeze", 1, InferSqueeze, Input(1)),
    ViewRow("Unsqueeze", 1, InferUnsqueeze, Input(1)),
};

}  // namespace

absl::Span<const OpRule> ShapeRules() { return kRules; }

}  // namespace onnx_macs
