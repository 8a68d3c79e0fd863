// Count: what is added up (MACs, operations, elements, bytes): the algebra of Dim with 128-bit
// integers. Unknown and too-large counts poison sums, and the reason can be asked for.
#ifndef ANALYZER_COUNT_H_
#define ANALYZER_COUNT_H_

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/numeric/int128.h"
#include "absl/types/span.h"
#include "analyzer/dim.h"
#include "analyzer/expr_pool.h"

namespace onnx_macs {

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

  friend Count operator+(Count a, Count b);
  friend Count operator-(Count a, Count b);
  friend Count operator*(Count a, Count b);
  Count& operator+=(Count other) { return *this = *this + other; }
  Count& operator*=(Count other) { return *this = *this * other; }
  friend bool operator==(const Count& a, const Count& b) = default;

 private:
  enum class State : uint8_t { kInteger, kExpr, kUnknown, kTooLarge };
  explicit Count(State state) : state_(state) {}
  absl::int128 value_ = 0;
  const Expr* expr_ = nullptr;
  State state_ = State::kInteger;
};

// floor(a / divisor).
Count Divide(Count a, int64_t divisor);

Count Product(absl::Span<const Dim> dims);

// Sums many counts without interning every partial sum.
class CountSum {
 public:
  void Add(const Count& count);
  Count Total() const;

 private:
  absl::int128 integer_ = 0;
  Count failed_;  // unknown or too large once one of the parts was
  ExprPool* pool_ = nullptr;
  absl::flat_hash_map<const Monomial*, absl::int128> terms_;
  // Expressions with denominators are rare: they are added the plain way.
  Count rational_;
};

Count Resolve(const Count& count);
Count Substitute(const Count& count, const Assignment& values);
// `4096*seq^2 + 12*seq`; digits when it is an integer; "?" when unknown.
std::string ToString(const Count& count);
std::string ToString(absl::int128 value);
// The nearest double, every symbol taken as `nominal`: for sorting and shares, never for results.
double Approximate(const Count& count, double nominal);

}  // namespace onnx_macs

#endif  // ANALYZER_COUNT_H_
