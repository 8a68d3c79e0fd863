// Count: what is added up (MACs, operations, elements, bytes): the algebra of Dim with 128-bit
// integers. Unknown and too-large counts poison sums, and the reason can be asked for.
#ifndef ANALYZER_COUNT_H_
#define ANALYZER_COUNT_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/numeric/int128.h"
#include "absl/types/span.h"
#include "analyzer/dim.h"
#include "analyzer/expr_pool.h"

namespace onnx_macs {

__extension__ typedef __int128 Int128;

class Count {
 public:
  constexpr Count() = default;
  constexpr Count(int64_t value) : value_(value) {}  // NOLINT(google-explicit-constructor)
  constexpr explicit Count(absl::int128 value) : value_(value) {}
  Count(Dim dim);  // NOLINT(google-explicit-constructor): a Dim is a count of itself.
  static Count Unknown() { return Count(State::kUnknown); }
  static Count TooLarge() { return Count(State::kTooLarge); }

  bool is_known() const { return state_ <= State::kExpr; }
  bool is_integer() const { return state_ == State::kInteger; }
  bool is_expr() const { return state_ == State::kExpr; }
  bool is_too_large() const { return state_ == State::kTooLarge; }
  absl::int128 value() const { return value_; }  // requires is_integer()
  const Expr* expr() const { return expr_; }     // requires is_expr()
  bool is_zero() const { return is_integer() && value_ == 0; }

  friend Count operator+(const Count& a, const Count& b);
  friend Count operator-(const Count& a, const Count& b);
  // Integers, which most counts are, are multiplied in place.
  friend Count operator*(const Count& a, const Count& b) {
    Int128 product;
    const bool is_plain = a.is_integer() && b.is_integer() &&
                          !__builtin_mul_overflow(static_cast<Int128>(a.value_),
                                                  static_cast<Int128>(b.value_), &product);
    return is_plain ? Count(absl::int128(product)) : MultiplyRare(a, b);
  }
  Count& operator+=(Count other) { return *this = *this + other; }
  Count& operator*=(Count other) { return *this = *this * other; }
  friend bool operator==(const Count& a, const Count& b) = default;

 private:
  static Count MultiplyRare(const Count& a, const Count& b);
  enum class State : uint8_t { kInteger, kExpr, kUnknown, kTooLarge };
  explicit Count(State state) : state_(state) {}
  absl::int128 value_ = 0;
  const Expr* expr_ = nullptr;
  State state_ = State::kInteger;
};

// floor(a / divisor); divisor > 0.
Count Divide(Count a, int64_t divisor);

Count Product(absl::Span<const Dim> dims);

// Sums many counts without interning every partial sum.
class CountSum {
 public:
  void Add(const Count& count) {
    int64_t sum;
    if (count.is_integer() &&
        !__builtin_add_overflow(integer_, static_cast<Int128>(count.value()), &sum)) {
      integer_ = sum;
    } else {
      AddRare(count);
    }
  }
  void Add(const CountSum& other);
  Count Total() const;

 private:
  // What sums of integers of 64 bits do not need, and most sums are such.
  struct Symbolic;
  struct SymbolicDeleter {
    void operator()(Symbolic* symbolic) const;
  };
  void AddRare(const Count& count);
  Symbolic& symbolic();

  int64_t integer_ = 0;
  std::unique_ptr<Symbolic, SymbolicDeleter> symbolic_;
};

// The count as the facts of its pool have it.
Count ResolveExpression(const Count& count);
inline Count Resolve(const Count& count) {
  return count.is_expr() ? ResolveExpression(count) : count;
}
Count Substitute(const Count& count, const Assignment& values);
// `4096*seq^2 + 12*seq`; digits when it is an integer; "?" when unknown.
std::string ToString(const Count& count);
std::string ToString(absl::int128 value);
// The nearest double, every symbol taken as `nominal`: for sorting and shares, never for results.
double Approximate(const Count& count, double nominal);

}  // namespace onnx_macs

#endif  // ANALYZER_COUNT_H_
