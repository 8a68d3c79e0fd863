// Merging what two branches, or two rounds of a loop, say of a value.
#include "rules/merge.h"

#include <algorithm>
#include <vector>

#include "absl/functional/function_ref.h"
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

// What is to be known of two dims that may differ.
using DimMerge = absl::FunctionRef<Dim(Dim, Dim)>;

Dim MergeDim(const OpContext& ctx, Dim a, Dim b, absl::string_view stem) {
  if (!a.is_known() || !b.is_known()) return Dim();
  if (ProvablyEqual(a, b)) return a;
  const Interval x = Bounds(a), y = Bounds(b);
  return ctx.pool().FreshSymbol(stem, {std::min(x.low, y.low), std::max(x.high, y.high)});
}

// A symbol made for this loop stands for the size in any round: it stays while the next size keeps
// within its bounds.
Dim WidenDim(const OpContext& ctx, Dim carried, Dim next, int64_t last_symbol) {
  if (!carried.is_known() || !next.is_known()) return Dim();
  if (ProvablyEqual(carried, next)) return carried;
  const Interval x = Bounds(carried), y = Bounds(next);
  const bool may_shrink = y.low<x.low, may_grow = y.high> x.high;
  const Atom* symbol = SymbolOf(carried);
  const bool is_widened = symbol != nullptr && symbol->id > last_symbol;
  if (is_widened && !may_shrink && !may_grow) return carried;
  return ctx.pool().FreshSymbol("loop_size",
                                {may_shrink ? 0 : x.low, may_grow ? INT64_MAX : x.high});
}

Shape MergeShape(const OpContext& ctx, const Shape& a, const Shape& b, DimMerge merge) {
  if (a.rank() != b.rank() || !a.has_rank()) return Shape();
  if (SameShape(a, b)) return a;
  DimVector dims;
  for (int i = 0; i < a.rank(); ++i) dims.push_back(merge(a[i], b[i]));
  return Shape(ctx.CopyDims(dims));
}

TensorInfo Merge(const OpContext& ctx, const TensorInfo& a, const TensorInfo& b, DimMerge merge) {
  if (a.kind != b.kind) return TensorInfo();
  if (SameInfo(a, b)) return a;
  TensorInfo merged = a;
  merged.has_unread_data = merged.has_items = false;
  if (a.type != b.type) merged.type = DataType::kUndefined;
  merged.shape = MergeShape(ctx, a.shape, b.shape, merge);
  if (!SameElements(a, b)) merged.elements = {};
  merged.length = merge(a.length, b.length);
  if (a.kind == ValueKind::kSequence && IsInteger(a.length, 0)) {
    merged.element_type = b.element_type;  // an empty one says nothing of its values
  } else if (a.kind == ValueKind::kSequence && IsInteger(b.length, 0)) {
    merged.element_type = a.element_type;
  } else if (a.element_type != nullptr && b.element_type != nullptr) {
    merged.element_type =
        ctx.inference().arena().New(Merge(ctx, *a.element_type, *b.element_type, merge));
  }
  return merged;
}

}  // namespace

TensorInfo MergeInfo(const OpContext& ctx, const TensorInfo& a, const TensorInfo& b,
                     absl::string_view stem) {
  return Merge(ctx, a, b, [&](Dim x, Dim y) { return MergeDim(ctx, x, y, stem); });
}

TensorInfo WidenInfo(const OpContext& ctx, const TensorInfo& carried, const TensorInfo& next,
                     int64_t last_symbol) {
  return Merge(ctx, carried, next, [&](Dim x, Dim y) { return WidenDim(ctx, x, y, last_symbol); });
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
