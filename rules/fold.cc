// Arithmetic on single followed elements.
#include "rules/fold.h"

#include <cmath>

#include "absl/numeric/int128.h"
#include "analyzer/expr_pool.h"

namespace onnx_macs {
namespace {

// Fractions with up to this many binary places are kept exact: scale factors, halves of sizes.
constexpr int kBinaryPlaces = 16;
// Integers below this are exact as doubles.
constexpr double kLargestExactDouble = 9007199254740992.0;

// Significant bits of a floating-point type; 0 for others.
int Precision(DataType type) {
  switch (type) {
    case DataType::kFloat:
      return 24;
    case DataType::kFloat16:
      return 11;
    case DataType::kBfloat16:
      return 8;
    case DataType::kDouble:
      return 53;
    default:
      return 0;
  }
}

double RoundToPrecision(double value, int bits) {
  if (bits == 0 || bits >= 53 || !std::isfinite(value) || value == 0) return value;
  int exponent;
  const double mantissa = std::frexp(value, &exponent);
  return std::ldexp(std::nearbyint(std::ldexp(mantissa, bits)), exponent - bits);
}

// Whether an integer is in the range of an integer type.
bool Fits(DataType type, int64_t value) {
  const DataTypeInfo& info = Describe(type);
  if (info.bits == 0 || info.bits >= 64) return info.kind != NumberKind::kUnsigned || value >= 0;
  if (info.kind == NumberKind::kUnsigned) return value >= 0 && value < (int64_t{1} << info.bits);
  const int64_t half = int64_t{1} << (info.bits - 1);
  return value >= -half && value < half;
}

Element Truth(bool value) { return Element(Dim(value ? 1 : 0)); }

bool NotNegative(Dim d) { return ProvablyLessEqual(0, d); }

// Where the exact result is not known, the numbers are asked.
template <typename F>
Element Arithmetic(const Folder& folder, Dim exact, const Element& a, const Element& b, F real) {
  if (exact.is_known()) return folder.Exact(exact);
  if (!IsFloating(folder.type)) return {};
  const auto x = AsDouble(a), y = AsDouble(b);
  return x && y ? folder.Real(real(*x, *y)) : Element();
}

template <typename F>
Element RealFunction(const Folder& folder, const Element& x, F function) {
  const auto value = AsDouble(x);
  return value ? folder.Real(function(*value)) : Element();
}

// What C++ and ONNX call integer division: towards zero.
Dim TruncatedDiv(Dim a, Dim b) {
  if (a.is_integer() && b.is_integer()) {
    return b.value() == 0 ? Dim() : Dim(a.value() / b.value());
  }
  if (NotNegative(b)) {
    if (NotNegative(a)) return FloorDiv(a, b);
    if (ProvablyLessEqual(a, 0)) return Dim(0) - FloorDiv(Dim(0) - a, b);
  }
  const Dim exact = ExactDiv(a, b);
  return HasDenominator(exact) ? Dim() : exact;
}

// The truth of a comparison: proven by intervals, or computed from the numbers.
template <typename F>
Element Compare(const Element& a, const Element& b, bool proven, bool refuted, F real) {
  if (proven) return Truth(true);
  if (refuted) return Truth(false);
  if (a.exact.is_integer() && b.exact.is_integer()) return {};
  const auto x = AsDouble(a), y = AsDouble(b);
  return x && y ? Truth(real(*x, *y)) : Element();
}

bool IsTrue(const Element& x) { return x.exact.is_known() && ProvablyDifferent(x.exact, 0); }
bool IsFalse(const Element& x) { return IsInteger(x.exact, 0); }

}  // namespace

Element Folder::Exact(Dim value) const {
  if (!value.is_integer()) {
    return type == DataType::kInt64 && IsPastInt64(value) ? Element() : value;
  }
  if (!IsFloating(type)) return Fits(type, value.value()) ? Element(value) : Element();
  const int bits = Precision(type);
  if (bits == 0 || std::abs(value.value()) < (int64_t{1} << bits)) return value;
  return Real(static_cast<double>(value.value()));
}

Element Folder::Real(double value) const {
  value = RoundToPrecision(value, Precision(type));
  if (std::isnan(value)) return {};
  if (std::abs(value) >= kLargestExactDouble) return Element::Real(value);
  if (value == std::trunc(value)) return Dim(static_cast<int64_t>(value));
  const double scaled = std::ldexp(value, kBinaryPlaces);
  if (std::abs(scaled) < kLargestExactDouble && scaled == std::trunc(scaled)) {
    return pool.Rational(static_cast<int64_t>(scaled), int64_t{1} << kBinaryPlaces);
  }
  return Element::Real(value);
}

std::optional<double> AsDouble(const Element& element) {
  if (element.exact.is_integer()) return static_cast<double>(element.exact.value());
  if (element.exact.is_expr()) {
    const Expr& e = *element.exact.expr();
    if (e.terms.size() != 1 || e.terms[0].monomial != nullptr) return std::nullopt;
    return static_cast<double>(e.terms[0].coefficient) / static_cast<double>(e.denominator);
  }
  if (std::isnan(element.real)) return std::nullopt;
  return element.real;
}

Element FoldAdd(const Folder& folder, const Element& a, const Element& b) {
  return Arithmetic(folder, a.exact + b.exact, a, b, [](double x, double y) { return x + y; });
}

Element FoldSub(const Folder& folder, const Element& a, const Element& b) {
  return Arithmetic(folder, a.exact - b.exact, a, b, [](double x, double y) { return x - y; });
}

Element FoldMul(const Folder& folder, const Element& a, const Element& b) {
  return Arithmetic(folder, a.exact * b.exact, a, b, [](double x, double y) { return x * y; });
}

Element FoldDiv(const Folder& folder, const Element& a, const Element& b) {
  Dim quotient;
  if (!IsFloating(folder.type)) {
    quotient = TruncatedDiv(a.exact, b.exact);
  } else if (b.exact.is_integer()) {
    quotient = RationalDiv(a.exact, b.exact.value());
  } else {
    quotient = ExactDiv(a.exact, b.exact);
  }
  return Arithmetic(folder, quotient, a, b, [](double x, double y) { return x / y; });
}

Element FoldFloorMod(const Folder& folder, const Element& a, const Element& b) {
  if (HasDenominator(a.exact) || HasDenominator(b.exact)) return {};
  return Arithmetic(folder, FloorMod(a.exact, b.exact), a, b,
                    [](double x, double y) { return x - y * std::floor(x / y); });
}

Element FoldTruncatedMod(const Folder& folder, const Element& a, const Element& b) {
  Dim remainder;
  if (!HasDenominator(a.exact) && !HasDenominator(b.exact)) {
    remainder = a.exact - b.exact * TruncatedDiv(a.exact, b.exact);
  }
  return Arithmetic(folder, remainder, a, b, [](double x, double y) { return std::fmod(x, y); });
}

Element FoldPow(const Folder& folder, const Element& a, const Element& b) {
  constexpr int64_t kLargestPower = 16;  // larger powers of sizes do not occur
  Dim power;
  if (b.exact.is_integer() && b.exact.value() >= 0 && b.exact.value() <= kLargestPower) {
    power = 1;
    for (int64_t i = 0; i < b.exact.value(); ++i) power *= a.exact;
  }
  return Arithmetic(folder, power, a, b, [](double x, double y) { return std::pow(x, y); });
}

Element FoldMin(const Folder& folder, const Element& a, const Element& b) {
  return Arithmetic(folder, Min(a.exact, b.exact), a, b,
                    [](double x, double y) { return std::fmin(x, y); });
}

Element FoldMax(const Folder& folder, const Element& a, const Element& b) {
  return Arithmetic(folder, Max(a.exact, b.exact), a, b,
                    [](double x, double y) { return std::fmax(x, y); });
}

Element FoldEqual(const Folder&, const Element& a, const Element& b) {
  return Compare(a, b, ProvablyEqual(a.exact, b.exact), ProvablyDifferent(a.exact, b.exact),
                 [](double x, double y) { return x == y; });
}

Element FoldLess(const Folder&, const Element& a, const Element& b) {
  return Compare(a, b, ProvablyLess(a.exact, b.exact), ProvablyLessEqual(b.exact, a.exact),
                 [](double x, double y) { return x < y; });
}

Element FoldLessOrEqual(const Folder&, const Element& a, const Element& b) {
  return Compare(a, b, ProvablyLessEqual(a.exact, b.exact), ProvablyLess(b.exact, a.exact),
                 [](double x, double y) { return x <= y; });
}

Element FoldGreater(const Folder& folder, const Element& a, const Element& b) {
  return FoldLess(folder, b, a);
}

Element FoldGreaterOrEqual(const Folder& folder, const Element& a, const Element& b) {
  return FoldLessOrEqual(folder, b, a);
}

Element FoldAnd(const Folder&, const Element& a, const Element& b) {
  if (IsFalse(a) || IsFalse(b)) return Truth(false);
  return IsTrue(a) && IsTrue(b) ? Truth(true) : Element();
}

Element FoldOr(const Folder&, const Element& a, const Element& b) {
  if (IsTrue(a) || IsTrue(b)) return Truth(true);
  return IsFalse(a) && IsFalse(b) ? Truth(false) : Element();
}

Element FoldXor(const Folder&, const Element& a, const Element& b) {
  if (!a.exact.is_integer() || !b.exact.is_integer()) return {};
  return Truth(IsTrue(a) != IsTrue(b));
}

Element FoldNeg(const Folder& folder, const Element& x) { return FoldSub(folder, Dim(0), x); }

Element FoldAbs(const Folder& folder, const Element& x) {
  if (NotNegative(x.exact)) return x;
  if (ProvablyLessEqual(x.exact, 0)) return FoldNeg(folder, x);
  return RealFunction(folder, x, [](double v) { return std::abs(v); });
}

Element FoldSign(const Folder& folder, const Element& x) {
  if (ProvablyLess(0, x.exact)) return Dim(1);
  if (ProvablyLess(x.exact, 0)) return Dim(-1);
  return RealFunction(folder, x, [](double v) { return v > 0 ? 1.0 : v < 0 ? -1.0 : 0.0; });
}

Element FoldRelu(const Folder& folder, const Element& x) { return FoldMax(folder, x, Dim(0)); }

Element FoldFloor(const Folder& folder, const Element& x) {
  if (x.exact.is_known()) return HasDenominator(x.exact) ? FloorDiv(x.exact, 1) : x.exact;
  return RealFunction(folder, x, [](double v) { return std::floor(v); });
}

Element FoldCeil(const Folder& folder, const Element& x) {
  if (x.exact.is_known()) return HasDenominator(x.exact) ? CeilDiv(x.exact, 1) : x.exact;
  return RealFunction(folder, x, [](double v) { return std::ceil(v); });
}

Element FoldRound(const Folder& folder, const Element& x) {
  if (x.exact.is_known() && !HasDenominator(x.exact)) return x;
  return RealFunction(folder, x, [](double v) { return std::nearbyint(v); });
}

Element FoldReciprocal(const Folder& folder, const Element& x) {
  return FoldDiv(folder, Dim(1), x);
}

Element FoldSqrt(const Folder& folder, const Element& x) {
  return RealFunction(folder, x, [](double v) { return std::sqrt(v); });
}

Element FoldExp(const Folder& folder, const Element& x) {
  return RealFunction(folder, x, [](double v) { return std::exp(v); });
}

Element FoldLog(const Folder& folder, const Element& x) {
  return RealFunction(folder, x, [](double v) { return std::log(v); });
}

Element FoldNot(const Folder&, const Element& x) {
  if (IsTrue(x)) return Truth(false);
  return IsFalse(x) ? Truth(true) : Element();
}

Element FoldCast(const Folder& folder, const Element& x) {
  if (folder.type == DataType::kBool) {
    const auto number = AsDouble(x);
    if (number) return Truth(*number != 0);
    return IsTrue(x) ? Truth(true) : Element();
  }
  if (IsFloating(folder.type)) {
    return x.exact.is_known() ? folder.Exact(x.exact) : folder.Real(x.real);
  }
  if (!IsInteger(folder.type)) return {};
  if (x.exact.is_known()) {
    return folder.Exact(HasDenominator(x.exact) ? TruncatedDiv(x.exact, 1) : x.exact);
  }
  // Also refuses NaN and infinities.
  if (!(std::abs(x.real) < kLargestExactDouble)) return {};
  return folder.Exact(Dim(static_cast<int64_t>(x.real)));
}

}  // namespace onnx_macs
