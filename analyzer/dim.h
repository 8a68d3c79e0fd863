// Dim: a size that is an integer or an exact symbolic expression, in eight bytes.
//
// Rules compute with Dims as if they were integers. Integers are held inline and never leave the
// registers; expressions are interned in the ExprPool of one analysis, so equal expressions are
// equal handles. An unknown Dim poisons whatever it touches, and so does one that overflows.
#ifndef ANALYZER_DIM_H_
#define ANALYZER_DIM_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/numeric/int128.h"

namespace onnx_macs {

class ExprPool;
struct Expr;

class Dim {
 public:
  constexpr Dim() : bits_(kUnknownBits) {}
  // Integers of up to 62 bits; a wider one is unknown here: ExprPool::Integer() boxes those.
  constexpr Dim(int64_t value)  // NOLINT(google-explicit-constructor): rules read like the spec.
      : bits_(FitsInline(value) ? (static_cast<uint64_t>(value) << 2) | kIntegerTag
                                : kUnknownBits) {}
  explicit Dim(const Expr& expr) : bits_(reinterpret_cast<uint64_t>(&expr)) {}

  bool is_known() const { return bits_ != kUnknownBits; }
  bool is_integer() const { return (bits_ & kTagMask) == kIntegerTag; }
  bool is_expr() const { return (bits_ & kTagMask) == 0; }
  int64_t value() const { return static_cast<int64_t>(bits_) >> 2; }  // requires is_integer()
  const Expr* expr() const { return reinterpret_cast<const Expr*>(bits_); }  // requires is_expr()

  // Same handle; two unknowns compare equal here, so ask is_known() where that matters. Under
  // recorded facts, equality is ProvablyEqual().
  friend bool operator==(Dim a, Dim b) { return a.bits_ == b.bits_; }
  friend bool operator!=(Dim a, Dim b) { return a.bits_ != b.bits_; }

  template <typename H>
  friend H AbslHashValue(H h, Dim d) {
    return H::combine(std::move(h), d.bits_);
  }

 private:
  static constexpr uint64_t kTagMask = 3;
  static constexpr uint64_t kIntegerTag = 1;
  static constexpr uint64_t kUnknownBits = 2;
  static constexpr bool FitsInline(int64_t value) {
    return value >= -(int64_t{1} << 61) && value < (int64_t{1} << 61);
  }
  uint64_t bits_;
};

// The expression forms of the operations; integers take the inline paths below.
namespace dim_internal {
Dim Add(Dim a, Dim b);
Dim Sub(Dim a, Dim b);
Dim Mul(Dim a, Dim b);
Dim FloorDiv(Dim a, Dim b);
Dim Min(Dim a, Dim b);
Dim Max(Dim a, Dim b);
}  // namespace dim_internal

inline Dim operator+(Dim a, Dim b) {
  // Two 62-bit integers cannot overflow 64 bits; the constructor checks 62.
  if (a.is_integer() && b.is_integer()) return Dim(a.value() + b.value());
  return dim_internal::Add(a, b);
}
inline Dim operator-(Dim a, Dim b) {
  if (a.is_integer() && b.is_integer()) return Dim(a.value() - b.value());
  return dim_internal::Sub(a, b);
}
inline Dim operator*(Dim a, Dim b) {
  if (a.is_integer() && b.is_integer()) {
    int64_t product;
    return __builtin_mul_overflow(a.value(), b.value(), &product) ? Dim() : Dim(product);
  }
  return dim_internal::Mul(a, b);
}
inline Dim& operator+=(Dim& a, Dim b) { return a = a + b; }
inline Dim& operator-=(Dim& a, Dim b) { return a = a - b; }
inline Dim& operator*=(Dim& a, Dim b) { return a = a * b; }

// floor(a / b), mathematically: rounds towards minus infinity. Division by zero is unknown.
inline Dim FloorDiv(Dim a, Dim b) {
  if (a.is_integer() && b.is_integer() && a.value() >= 0 && b.value() > 0) {
    return Dim(a.value() / b.value());
  }
  return dim_internal::FloorDiv(a, b);
}
Dim CeilDiv(Dim a, Dim b);
// a - b * floor(a / b): the sign is that of b.
Dim FloorMod(Dim a, Dim b);
inline Dim Min(Dim a, Dim b) {
  if (a.is_integer() && b.is_integer()) return a.value() < b.value() ? a : b;
  return dim_internal::Min(a, b);
}
inline Dim Max(Dim a, Dim b) {
  if (a.is_integer() && b.is_integer()) return a.value() < b.value() ? b : a;
  return dim_internal::Max(a, b);
}

// a / b where it is a polynomial with integer coefficients for every value of the symbols;
// unknown otherwise. `8*h*w / w` is `8*h`.
Dim ExactDiv(Dim a, Dim b);
// a / b as an exact rational (b an integer): for floating-point values and recorded facts only.
Dim RationalDiv(Dim a, int64_t b);

// What the intervals of the symbols prove. Unknown proves nothing.
bool ProvablyLess(Dim a, Dim b);       // a < b
bool ProvablyLessEqual(Dim a, Dim b);  // a <= b
bool ProvablyEqual(Dim a, Dim b);      // under the facts of the pool
bool ProvablyDifferent(Dim a, Dim b);
inline bool IsInteger(Dim d, int64_t value) { return d == Dim(value); }

// True for an expression whose values need not be integers (h/3): a floating-point value, not a
// size.
bool HasDenominator(Dim d);

// `4*h*w + ceil(h/2)`; "?" when unknown.
std::string ToString(Dim d);

}  // namespace onnx_macs

#endif  // ANALYZER_DIM_H_
