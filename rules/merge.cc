// Merging what two branches, or two rounds of a loop, say of a value.
#include "rules/merge.h"

#include <algorithm>
#include <vector>

#include "analyzer/inference.h"
#include "analyzer/sequence_info.h"

namespace onnx_macs {
namespace {

bool SameElement(const Element& a, const Element& b) {
  if (a.exact.is_known() || b.exact.is_known()) return a.exact.is_known() && a.exact == b.exact;
  return a.real == b.real;
}

bool SameElements(const TensorInfo& a, const TensorInfo& b) {
  return a.has_elements() && b.has_elements() &&
         std::equal(a.elements.begin(), a.elements.end(), b.elements.begin(), b.elements.end(),
                    SameElement);
}

bool SameShape(const Shape& a, const Shape& b) {
  return a.rank() == b.rank() &&
         std::equal(a.dims().begin(), a.dims().end(), b.dims().begin(), b.dims().end());
}

// Each value of two sequences of one length.
bool SameItems(const TensorInfo& a, const TensorInfo& b) {
  std::vector<TensorInfo> x, y;
  return ReadItems(a, &x) && ReadItems(b, &y) &&
         std::equal(x.begin(), x.end(), y.begin(), y.end(), SameInfo);
}

Interval Bounds(Dim d) {
  if (d.is_integer()) return {d.value(), d.value()};
  return d.is_expr() ? d.expr()->interval : Interval{0, INT64_MAX};
}

Dim MergeDim(const OpContext& ctx, Dim a, Dim b, absl::string_view stem) {
  if (!a.is_known() || !b.is_known()) return Dim();
  if (ProvablyEqual(a, b)) return a;
  const Interval x = Bounds(a), y = Bounds(b);
  return ctx.pool().FreshSymbol(stem, {std::min(x.low, y.low), std::max(x.high, y.high)});
}

Shape MergeShape(const OpContext& ctx, const Shape& a, const Shape& b, absl::string_view stem) {
  if (a.rank() != b.rank() || !a.has_rank()) return Shape();
  if (SameShape(a, b)) return a;
  DimVector dims;
  for (int i = 0; i < a.rank(); ++i) dims.push_back(MergeDim(ctx, a[i], b[i], stem));
  return Shape(ctx.CopyDims(dims));
}

}  // namespace

TensorInfo MergeInfo(const OpContext& ctx, const TensorInfo& a, const TensorInfo& b,
                     absl::string_view stem) {
  if (a.kind != b.kind) return TensorInfo();
  if (SameInfo(a, b)) return a;
  TensorInfo merged = a;
  merged.has_items = false;
  merged.has_unread_data = false;
  if (a.type != b.type) merged.type = DataType::kUndefined;
  merged.shape = MergeShape(ctx, a.shape, b.shape, stem);
  if (!SameElements(a, b)) merged.elements = {};
  merged.length = MergeDim(ctx, a.length, b.length, stem);
  if (a.kind == ValueKind::kSequence && IsInteger(a.length, 0)) {
    merged.element_type = b.element_type;
  } else if (IsInteger(b.length, 0)) {
    merged.element_type = a.element_type;
  } else if (a.element_type != nullptr && b.element_type != nullptr) {
    merged.element_type =
        ctx.inference().arena().New(MergeInfo(ctx, *a.element_type, *b.element_type, stem));
  }
  return merged;
}

bool SameInfo(const TensorInfo& a, const TensorInfo& b) {
  if (a.kind != b.kind || a.type != b.type || !SameShape(a.shape, b.shape)) return false;
  if (a.length != b.length || a.has_elements() != b.has_elements()) return false;
  if (a.has_elements() && !SameElements(a, b)) return false;
  if (a.element_type == nullptr || b.element_type == nullptr) {
    return a.element_type == b.element_type;
  }
  if (a.has_items || b.has_items) return SameItems(a, b);
  return SameInfo(*a.element_type, *b.element_type);
}

}  // namespace onnx_macs
