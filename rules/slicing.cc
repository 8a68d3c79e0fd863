// Operators that cut axes into pieces or join them: Slice, Split, Concat.
#include <algorithm>
#include <limits>
#include <numeric>
#include <string>

#include "absl/algorithm/container.h"
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

// Exporters write "to the end" as the largest int32 or int64.
constexpr int64_t kToTheEnd = std::numeric_limits<int32_t>::max();

bool AtLeast(Dim d, int64_t bound) { return ProvablyLessEqual(bound, d); }

// A position on an axis of that size, counted from the front. One whose sign is not certain is
// taken to be no negative position, and the report says so.
Dim FromFront(const OpContext& ctx, Dim position, Dim size) {
  if (ProvablyLess(position, 0)) return position + size;
  if (!AtLeast(position, 0)) ctx.pool().AssumeNotNegative(position);
  return position;
}

struct SliceAxis {
  Dim first;  // where the first element lies
  Dim length;
  int64_t step = 1;
};

// ONNX clamps start and end into [0, size].
SliceAxis SliceForward(const OpContext& ctx, Dim size, Dim start, Dim end, int64_t step) {
  SliceAxis axis;
  axis.step = step;
  const Dim from = Max(FromFront(ctx, start, size), 0);
  if (AtLeast(end, kToTheEnd) && !size.is_integer()) {
    axis.length = CeilDiv(Max(size - from, 0), Dim(step));
  } else {
    const Dim until = Min(Max(FromFront(ctx, end, size), 0), size);
    axis.length = CeilDiv(Max(until - Min(from, size), 0), Dim(step));
  }
  axis.first = Min(from, size);
  return axis;
}

// Backwards, start is clamped into [0, size - 1] and end into [-1, size - 1].
SliceAxis SliceBackward(const OpContext& ctx, Dim size, Dim start, Dim end, int64_t step) {
  SliceAxis axis;
  axis.step = step;
  const bool from_last = AtLeast(start, kToTheEnd) || IsInteger(start, -1);
  axis.first = from_last ? size - 1 : Min(Max(FromFront(ctx, start, size), 0), size - 1);
  const bool to_front = ProvablyLessEqual(end, -kToTheEnd);
  const Dim until = to_front ? Dim(-1) : Min(Max(FromFront(ctx, end, size), Dim(-1)), size - 1);
  axis.length = Max(CeilDiv(axis.first - until, Dim(-step)), 0);
  return axis;
}

// The operands of a Slice: attributes before opset 10, inputs since.
struct SliceRequest {
  DimVector starts, ends, steps;
  std::vector<int64_t> axes;
  bool known_axes = false;
};

bool ReadBounds(const OpContext& ctx, int input, absl::string_view attribute, DimVector* bounds) {
  if (ctx.HasInput(input)) return ReadShapeOperand(ctx, input, bounds);
  for (int64_t value : ctx.IntsAttribute(attribute)) bounds->push_back(ctx.pool().Integer(value));
  return ctx.FindAttribute(attribute) != nullptr;
}

// Without axes, the first ones are meant.
bool ReadSliceAxes(const OpContext& ctx, int64_t count, std::vector<int64_t>* axes) {
  if (ctx.HasInput(3)) return ctx.InputInts(3, axes);
  const absl::Span<const int64_t> given = ctx.IntsAttribute("axes");
  axes->assign(given.begin(), given.end());
  if (ctx.FindAttribute("axes") == nullptr) {
    for (int64_t i = 0; i < count; ++i) axes->push_back(i);
  }
  return true;
}

// Where only axes or steps are left to the run, they are taken to be what leaving them out means,
// as ONNX's own inference does; the report says so.
absl::Status ReadSlice(const OpContext& ctx, SliceRequest* request) {
  if (!ReadBounds(ctx, 1, "starts", &request->starts) ||
      !ReadBounds(ctx, 2, "ends", &request->ends)) {
    return absl::OkStatus();
  }
  const size_t count = request->starts.size();
  const bool are_bounds_known =
      absl::c_all_of(request->starts, [](Dim d) { return d.is_known(); }) &&
      absl::c_all_of(request->ends, [](Dim d) { return d.is_known(); });
  request->known_axes = ReadSliceAxes(ctx, static_cast<int64_t>(count), &request->axes);
  if (!request->known_axes && are_bounds_known) {
    ctx.Warn("its axes are not known: they are taken to be the first ones");
    request->axes.resize(count);
    std::iota(request->axes.begin(), request->axes.end(), 0);
    request->known_axes = true;
  }
  if (!ctx.HasInput(4)) {
    request->steps.assign(count, 1);
  } else if (!ReadShapeOperand(ctx, 4, &request->steps)) {
    if (are_bounds_known) ctx.Warn("its steps are not known: they are taken to be 1");
    request->steps.assign(count, are_bounds_known ? Dim(1) : Dim());
  }
  if (request->ends.size() != count || request->steps.size() != count ||
      (request->known_axes && request->axes.size() != count)) {
    return absl::InvalidArgumentError("starts, ends, axes and steps differ in length");
  }
  return absl::OkStatus();
}

// A step as a plain number, no larger than any axis; 0 when it is not known.
int64_t PlainStep(Dim step) {
  if (ProvablyLessEqual(kToTheEnd, step)) return kToTheEnd;
  if (ProvablyLessEqual(step, -kToTheEnd)) return -kToTheEnd;
  return step.is_integer() ? step.value() : 0;
}

absl::Status SliceOneAxis(const OpContext& ctx, const SliceRequest& request, size_t i, Dim size,
                          SliceAxis* result) {
  if (IsInteger(request.steps[i], 0)) return absl::InvalidArgumentError("a step is 0");
  const int64_t step = PlainStep(request.steps[i]);
  const Dim start = request.starts[i], end = request.ends[i];
  if (step == 0 || !size.is_known() || !start.is_known() || !end.is_known()) {
    return absl::OkStatus();
  }
  *result = step > 0 ? SliceForward(ctx, size, start, end, step)
                     : SliceBackward(ctx, size, start, end, step);
  return absl::OkStatus();
}

void SliceElements(OpContext& ctx, absl::Span<const SliceAxis> axes) {
  ElementView view;
  if (!ViewInput(ctx, 0, &view)) return;
  for (size_t axis = 0; axis < axes.size(); ++axis) {
    const SliceAxis& slice = axes[axis];
    if (!slice.first.is_integer() || !slice.length.is_integer()) return;
    view.dims[axis] = slice.length.value();
    view.offset += slice.first.value() * view.strides[axis];
    // A step taken at all is smaller than the axis; others may be as large as they like.
    view.strides[axis] *= slice.length.value() > 1 ? slice.step : 0;
  }
  SetViewedElements(ctx, 0, view);
}

absl::Status InferSlice(OpContext& ctx) {
  const Shape shape = ctx.InputShape(0);
  SliceRequest request;
  if (auto status = ReadSlice(ctx, &request); !status.ok()) return status;
  if (!shape.has_rank()) {
    ctx.SetOutput(0, ctx.InputType(0), Shape());
    return absl::OkStatus();
  }
  if (!request.known_axes) {
    ctx.SetOutput(0, ctx.InputType(0), DimVector(shape.rank()));
    return absl::OkStatus();
  }
  absl::InlinedVector<SliceAxis, 6> slices;
  for (Dim d : shape.dims()) slices.push_back({.first = 0, .length = d});
  for (size_t i = 0; i < request.axes.size(); ++i) {
    int axis;
    if (auto status = NormalizeAxis(request.axes[i], shape.rank(), &axis); !status.ok()) {
      return status;
    }
    SliceAxis slice;
    if (auto status = SliceOneAxis(ctx, request, i, shape[axis], &slice); !status.ok()) {
      return status;
    }
    slices[axis] = slice;
  }
  DimVector dims;
  for (const SliceAxis& slice : slices) dims.push_back(slice.length);
  ctx.SetOutput(0, ctx.InputType(0), dims);
  SliceElements(ctx, slices);
  return absl::OkStatus();
}

// Pieces of one size; since opset 18 the last may be smaller, before that the size must divide.
absl::Status EqualPieces(const OpContext& ctx, Dim size, DimVector* sizes) {
  const int64_t count = ctx.IntAttribute("num_outputs", ctx.num_outputs());
  if (count < ctx.num_outputs()) return absl::InvalidArgumentError("there are too many outputs");
  if (ctx.FindAttribute("num_outputs") != nullptr) {
    const Dim piece = CeilDiv(size, Dim(count));
    sizes->assign(ctx.num_outputs(), piece);
    if (count == ctx.num_outputs()) sizes->back() = Max(size - piece * Dim(count - 1), 0);
    return absl::OkStatus();
  }
  const auto piece = DivideEvenly(ctx, size, count);
  if (!piece.ok()) return piece.status();
  sizes->assign(ctx.num_outputs(), *piece);
  return absl::OkStatus();
}

// The size of every output along the axis: listed by an attribute or (since opset 13) an input.
absl::Status SplitSizes(const OpContext& ctx, Dim size, DimVector* sizes) {
  const absl::Span<const int64_t> split = ctx.IntsAttribute("split");
  if (ctx.HasInput(1)) {
    if (!ctx.InputDims(1, sizes)) sizes->assign(ctx.num_outputs(), Dim());
  } else if (ctx.FindAttribute("split") != nullptr) {
    sizes->assign(split.begin(), split.end());
  } else {
    return EqualPieces(ctx, size, sizes);
  }
  Dim sum = 0;
  for (Dim d : *sizes) {
    if (ProvablyLess(d, 0)) return absl::InvalidArgumentError("a piece has a negative size");
    sum += d;
  }
  if (sizes->size() < static_cast<size_t>(ctx.num_outputs()) || !ctx.MustEqual(sum, size)) {
    return absl::InvalidArgumentError(absl::StrCat("the pieces do not add up to ", ToString(size)));
  }
  return absl::OkStatus();
}

absl::Status InferSplit(OpContext& ctx) {
  const Shape shape = ctx.InputShape(0);
  if (ctx.num_outputs() == 0) return absl::OkStatus();
  if (!shape.has_rank()) {
    for (int i = 0; i < ctx.num_outputs(); ++i) ctx.SetOutput(i, ctx.InputType(0), Shape());
    return absl::OkStatus();
  }
  int axis;
  if (auto status = NormalizeAxis(ctx.IntAttribute("axis", 0), shape.rank(), &axis); !status.ok()) {
    return status;
  }
  DimVector sizes, dims(shape.dims().begin(), shape.dims().end());
  if (auto status = SplitSizes(ctx, shape[axis], &sizes); !status.ok()) return status;
  ElementView view;
  bool followed = ViewInput(ctx, 0, &view);
  for (int i = 0; i < ctx.num_outputs(); ++i) {
    dims[axis] = sizes[i];
    ctx.SetOutput(i, ctx.InputType(0), dims);
    followed = followed && sizes[i].is_integer();
    if (!followed) continue;
    view.dims[axis] = sizes[i].value();
    SetViewedElements(ctx, i, view);
    view.offset += sizes[i].value() * view.strides[axis];
  }
  return absl::OkStatus();
}

// Followed pieces are laid behind each other; a piece that is not followed leaves holes. Vectors
// only: shapes are.
void ConcatElements(OpContext& ctx) {
  bool any = false;
  for (int i = 0; i < ctx.num_inputs(); ++i) {
    if (ctx.InputShape(i).rank() != 1) return;
    any = any || ctx.Input(i).has_elements();
  }
  if (!any && !Follows(ctx, 0)) return;
  ElementVector elements;
  for (int i = 0; i < ctx.num_inputs(); ++i) {
    if (ctx.HasElements(i)) {
      const absl::Span<const Element> piece = ctx.InputElements(i);
      elements.insert(elements.end(), piece.begin(), piece.end());
    } else {
      const Dim size = ctx.InputShape(i)[0];
      if (!size.is_integer() || size.value() > OpContext::kMaxElements) return;
      elements.resize(elements.size() + size.value());
    }
    if (elements.size() > OpContext::kMaxElements) return;
  }
  ctx.SetElements(0, elements);
}

// Adds a further piece: every other axis must agree.
absl::Status JoinDims(const OpContext& ctx, const Shape& piece, int axis, DimVector* dims) {
  if (piece.rank() != static_cast<int>(dims->size())) {
    return absl::InvalidArgumentError("the inputs differ in rank");
  }
  for (int i = 0; i < piece.rank(); ++i) {
    Dim& d = (*dims)[i];
    if (i == axis) {
      const Dim joined = d + piece[i];
      if (auto status = CheckSize(joined, d, piece[i]); !status.ok()) return status;
      d = joined;
    } else if (!ctx.MustEqual(d, piece[i])) {
      return absl::InvalidArgumentError(
          absl::StrCat("axis ", i, " has sizes ", ToString(d), " and ", ToString(piece[i])));
    } else if (!d.is_integer() && piece[i].is_known()) {
      d = piece[i];
    }
  }
  return absl::OkStatus();
}

absl::Status InferConcat(OpContext& ctx) {
  DimVector dims;
  bool has_rank = false, unknown = ctx.num_inputs() == 0;
  int axis = 0;
  for (int i = 0; i < ctx.num_inputs(); ++i) {
    const Shape shape = ctx.InputShape(i);
    if (!shape.has_rank()) {
      unknown = true;
    } else if (!has_rank) {
      has_rank = true;
      // Opset 1 joined channels unless told otherwise.
      if (auto status = NormalizeAxis(ctx.IntAttribute("axis", 1), shape.rank(), &axis);
          !status.ok()) {
        return status;
      }
      dims.assign(shape.dims().begin(), shape.dims().end());
    } else if (auto status = JoinDims(ctx, shape, axis, &dims); !status.ok()) {
      return status;
    }
  }
  if (!has_rank) {
    ctx.SetOutput(0, ctx.InputType(0), Shape());
    return absl::OkStatus();
  }
  if (unknown) dims[axis] = Dim();
  ctx.SetOutput(0, ctx.InputType(0), dims);
  if (dims.size() == 1 && !unknown) ConcatElements(ctx);
  return absl::OkStatus();
}

const OpRule kRules[] = {
    FreeRow("Concat", 1, InferConcat),
    ReadingPart(FreeRow("DynamicSlice", 1, InferSlice, Input(1) | Input(2) | Input(3))),
    ReadingPart(FreeRow("Slice", 1, InferSlice, Input(1) | Input(2) | Input(3) | Input(4))),
    FreeRow("Split", 1, InferSplit, Input(1)),
};

}  // namespace

absl::Span<const OpRule> SlicingRules() { return kRules; }

}  // namespace onnx_macs
