// Arithmetic on single followed elements: what the value rules of all operators share. An element
// may be an integer, a symbolic expression, a real number or unknown, and so may every result.
#ifndef RULES_FOLD_H_
#define RULES_FOLD_H_

#include <optional>

#include "analyzer/op_context.h"
#include "analyzer/tensor_info.h"

namespace onnx_macs {

// The arithmetic of one element type: integers that leave its range are unknown instead of wrapped,
// floats are rounded to its precision.
struct Folder {
  ExprPool& pool;
  DataType type;

  // The element of this type with that value.
  Element Exact(Dim value) const;
  Element Real(double value) const;
};

using UnaryFold = Element (*)(const Folder& folder, const Element& x);
using BinaryFold = Element (*)(const Folder& folder, const Element& a, const Element& b);
// Whether there is a fold at all. GCC's sanitizers take a comparison with nullptr as no constant
// expression.
template <BinaryFold kFold>
inline constexpr bool kFolds = true;
template <>
inline constexpr bool kFolds<nullptr> = false;

// The number an element is, unless it is symbolic or unknown.
std::optional<double> AsDouble(const Element& element);

// Arithmetic; `folder.type` is the type of operands and result.
Element FoldAdd(const Folder& folder, const Element& a, const Element& b);
Element FoldSub(const Folder& folder, const Element& a, const Element& b);
Element FoldMul(const Folder& folder, const Element& a, const Element& b);
Element FoldDiv(const Folder& folder, const Element& a, const Element& b);  // integers: truncates
Element FoldFloorMod(const Folder& folder, const Element& a, const Element& b);
Element FoldTruncatedMod(const Folder& folder, const Element& a, const Element& b);
Element FoldPow(const Folder& folder, const Element& a, const Element& b);
Element FoldMin(const Folder& folder, const Element& a, const Element& b);
Element FoldMax(const Folder& folder, const Element& a, const Element& b);

// Comparisons and logic: 0, 1 or unknown.
Element FoldEqual(const Folder& folder, const Element& a, const Element& b);
Element FoldLess(const Folder& folder, const Element& a, const Element& b);
Element FoldLessOrEqual(const Folder& folder, const Element& a, const Element& b);
Element FoldGreater(const Folder& folder, const Element& a, const Element& b);
Element FoldGreaterOrEqual(const Folder& folder, const Element& a, const Element& b);
Element FoldAnd(const Folder& folder, const Element& a, const Element& b);
Element FoldOr(const Folder& folder, const Element& a, const Element& b);
Element FoldXor(const Folder& folder, const Element& a, const Element& b);

Element FoldNeg(const Folder& folder, const Element& x);
Element FoldAbs(const Folder& folder, const Element& x);
Element FoldSign(const Folder& folder, const Element& x);
Element FoldRelu(const Folder& folder, const Element& x);
Element FoldFloor(const Folder& folder, const Element& x);
Element FoldCeil(const Folder& folder, const Element& x);
Element FoldRound(const Folder& folder, const Element& x);  // halves to even
Element FoldReciprocal(const Folder& folder, const Element& x);
Element FoldSqrt(const Folder& folder, const Element& x);
Element FoldExp(const Folder& folder, const Element& x);
Element FoldLog(const Folder& folder, const Element& x);
Element FoldNot(const Folder& folder, const Element& x);
// To `folder.type`: floats lose their fraction towards zero, a bool is "not zero".
Element FoldCast(const Folder& folder, const Element& x);

}  // namespace onnx_macs

#endif  // RULES_FOLD_H_
