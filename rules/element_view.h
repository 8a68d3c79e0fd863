// A strided look at followed elements: slicing, transposing, repeating and broadcasting them is one
// copy with other strides.
#ifndef RULES_ELEMENT_VIEW_H_
#define RULES_ELEMENT_VIEW_H_

#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"
#include "analyzer/op_context.h"

namespace onnx_macs {

using AxisVector = absl::InlinedVector<int64_t, 6>;

// Element [i, j, ...] lies at offset + i*strides[0] + j*strides[1] + ...
struct ElementView {
  absl::Span<const Element> elements;
  AxisVector dims, strides;
  int64_t offset = 0;
};

// Whether the elements of input i are known, at least in part. Asking costs nothing for what the
// graph computes; stored tensors are read only when they are small.
bool Follows(const OpContext& ctx, int i);
// The same of the first inputs together; nothing stored is read before all else is known.
bool FollowsAll(const OpContext& ctx, int num_inputs);

// All dims as plain numbers; false when one is not, or when there are more than kMaxElements.
bool PlainDims(absl::Span<const Dim> dims, AxisVector* plain);

// Input i as it lies, row-major. False where its elements or its dims are not known.
bool ViewInput(const OpContext& ctx, int i, ElementView* view);

// Repeats the view so that it has these dims, with which it is known to broadcast.
bool BroadcastView(absl::Span<const int64_t> dims, ElementView* view);

// The viewed elements in row-major order. There are at most kMaxElements, else it returns false.
bool CopyView(const ElementView& view, ElementVector* out);

// Output i shows these elements.
void SetViewedElements(OpContext& ctx, int i, const ElementView& view);

// The elements of input i broadcast to `dims`; false when not known.
bool BroadcastElements(const OpContext& ctx, int i, absl::Span<const Dim> dims, ElementVector* out);

}  // namespace onnx_macs

#endif  // RULES_ELEMENT_VIEW_H_
