// TensorInfo: what inference knows of one value: its type, its shape and, for the small tensors
// that compute shapes, its elements. Every part may be unknown by itself.
#ifndef ANALYZER_TENSOR_INFO_H_
#define ANALYZER_TENSOR_INFO_H_

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"
#include "analyzer/count.h"
#include "analyzer/data_type.h"
#include "analyzer/dim.h"
#include "analyzer/small_span.h"

namespace onnx_macs {

// One element of a tensor whose value is followed. Integers, and floats that are exactly an
// integer, a small dyadic fraction or an expression, are `exact`; other floats are `real`.
struct Element {
  Dim exact;
  double real = std::numeric_limits<double>::quiet_NaN();

  Element() = default;
  Element(Dim value) : exact(value) {}  // NOLINT(google-explicit-constructor)
  static Element Real(double value) {
    Element element;
    element.real = value;
    return element;
  }
  bool is_known() const { return exact.is_known() || !std::isnan(real); }
};

using DimVector = absl::InlinedVector<Dim, 6>;
using ElementVector = absl::InlinedVector<Element, 8>;

// A shape of known or unknown rank; a view into the arena of the analysis.
class Shape {
 public:
  Shape() = default;  // unknown rank
  explicit Shape(absl::Span<const Dim> dims)
      : dims_(dims.empty() ? absl::MakeConstSpan(kScalar, 0) : dims) {}

  bool has_rank() const { return dims_.data() != nullptr; }
  int rank() const { return has_rank() ? static_cast<int>(dims_.size()) : -1; }  // -1: unknown
  // True when the rank and every dim are known, if only as expressions.
  bool is_known() const {
    for (Dim d : dims()) {
      if (!d.is_known()) return false;
    }
    return has_rank();
  }
  absl::Span<const Dim> dims() const { return dims_; }
  // The dim at `axis`; negative axes count from the end. Unknown outside the shape.
  Dim operator[](int axis) const {
    const int size = static_cast<int>(dims_.size());
    if (axis < 0) axis += size;
    return axis >= 0 && axis < size ? dims_[axis] : Dim();
  }
  // The number of elements, unknown where a dim is.
  Dim NumElements() const {
    if (!has_rank()) return Dim();
    Dim product = 1;
    for (Dim d : dims()) product *= d;
    return product;
  }

 private:
  // A shape without dims and one that is not known are told apart by the pointer.
  static constexpr Dim kScalar[1] = {};
  SmallSpan<Dim> dims_;
};

// What kind of value it is; everything but a tensor keeps the type of its element.
enum class ValueKind : uint8_t { kTensor, kSparseTensor, kSequence, kOptional, kMap, kOpaque };

struct TensorInfo {
  ValueKind kind = ValueKind::kTensor;
  DataType type = DataType::kUndefined;      // kMap: the type of the keys
  bool has_unread_data = false;              // an initializer whose elements were not asked for
  bool has_items = false;                    // kSequence: *element_type is followed by each type
  Shape shape;                               // kSequence: unused; see `length`
  SmallSpan<Element> elements;               // row-major; empty when not followed
  const TensorInfo* element_type = nullptr;  // kSequence, kOptional, kMap
  Dim length;                                // kSequence: how many

  bool has_elements() const { return elements.data() != nullptr; }
};

}  // namespace onnx_macs

#endif  // ANALYZER_TENSOR_INFO_H_
