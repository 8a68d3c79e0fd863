// A strided look at followed elements.
#include "rules/element_view.h"

#include <algorithm>

#include "analyzer/inference.h"

namespace onnx_macs {
namespace {

// Stored tensors beyond this hold weights, not shapes.
constexpr int64_t kMaxStoredElements = 64;

bool IsSmallStored(const TensorInfo& info) {
  if (!info.has_unread_data) return false;
  const Dim size = info.shape.NumElements();
  return size.is_integer() && size.value() <= kMaxStoredElements;
}

// How many elements are viewed; -1 when they are too many or one of them lies outside.
int64_t SizeWithinBounds(const ElementView& view) {
  int64_t size = 1, low = view.offset, high = view.offset;
  for (size_t axis = 0; axis < view.dims.size(); ++axis) {
    if (view.dims[axis] < 0) return -1;
    size *= view.dims[axis];
    if (size > OpContext::kMaxElements) return -1;
    (view.strides[axis] < 0 ? low : high) += (view.dims[axis] - 1) * view.strides[axis];
  }
  const bool inside = low >= 0 && high < static_cast<int64_t>(view.elements.size());
  return size == 0 || inside ? size : -1;
}

bool MayCopy(const OpContext& ctx, const ElementView& view) {
  const int64_t size = SizeWithinBounds(view);
  return size >= 0 && ctx.inference().MayFollow(static_cast<size_t>(size));
}

}  // namespace

bool FollowsAll(const OpContext& ctx, int num_inputs) {
  for (int i = 0; i < num_inputs; ++i) {
    if (!ctx.Input(i).has_elements() && !IsSmallStored(ctx.Input(i))) return false;
  }
  for (int i = 0; i < num_inputs; ++i) {
    if (!ctx.HasElements(i)) return false;
  }
  return true;
}

bool Follows(const OpContext& ctx, int i) {
  const bool may_be_known = ctx.Input(i).has_elements() || IsSmallStored(ctx.Input(i));
  return may_be_known && ctx.HasElements(i);
}

bool PlainDims(absl::Span<const Dim> dims, AxisVector* plain) {
  int64_t size = 1;
  plain->clear();
  for (Dim d : dims) {
    if (!d.is_integer() || d.value() < 0 || d.value() > OpContext::kMaxElements) return false;
    size *= d.value();
    if (size > OpContext::kMaxElements) return false;
    plain->push_back(d.value());
  }
  return true;
}

bool ViewInput(const OpContext& ctx, int i, ElementView* view) {
  if (!Follows(ctx, i)) return false;
  view->elements = ctx.InputElements(i);
  const Shape shape = ctx.InputShape(i);
  if (!shape.has_rank() || !PlainDims(shape.dims(), &view->dims)) return false;
  view->offset = 0;
  view->strides.resize(view->dims.size());
  int64_t stride = 1;
  for (size_t axis = view->dims.size(); axis-- > 0;) {
    view->strides[axis] = stride;
    stride *= view->dims[axis];
  }
  return stride == static_cast<int64_t>(view->elements.size());
}

bool BroadcastView(absl::Span<const int64_t> dims, ElementView* view) {
  if (dims.size() < view->dims.size()) return false;
  const size_t added = dims.size() - view->dims.size();
  AxisVector strides(dims.size(), 0);
  for (size_t axis = added; axis < dims.size(); ++axis) {
    const int64_t own = view->dims[axis - added];
    if (own == dims[axis]) {
      strides[axis] = view->strides[axis - added];
    } else if (own != 1) {
      return false;
    }
  }
  view->dims.assign(dims.begin(), dims.end());
  view->strides = std::move(strides);
  return true;
}

bool CopyView(const ElementView& view, ElementVector* out) {
  const int64_t size = SizeWithinBounds(view);
  if (size < 0) return false;
  out->clear();
  out->reserve(size);
  const int rank = static_cast<int>(view.dims.size());
  AxisVector index(rank, 0);
  int64_t position = view.offset;
  for (int64_t i = 0; i < size; ++i) {
    out->push_back(view.elements[position]);
    // The odometer: the last axis turns fastest.
    for (int axis = rank - 1; axis >= 0; --axis) {
      position += view.strides[axis];
      if (++index[axis] < view.dims[axis]) break;
      position -= view.strides[axis] * view.dims[axis];
      index[axis] = 0;
    }
  }
  return true;
}

void SetViewedElements(OpContext& ctx, int i, const ElementView& view) {
  if (!MayCopy(ctx, view)) return;
  ElementVector elements;
  if (CopyView(view, &elements)) ctx.SetElements(i, elements);
}

bool BroadcastElements(const OpContext& ctx, int i, absl::Span<const Dim> dims,
                       ElementVector* out) {
  ElementView view;
  AxisVector plain;
  return ViewInput(ctx, i, &view) && PlainDims(dims, &plain) && BroadcastView(plain, &view) &&
         MayCopy(ctx, view) && CopyView(view, out);
}

}  // namespace onnx_macs
