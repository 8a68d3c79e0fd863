// 128-bit integer arithmetic that notices overflow, and bounds that saturate.
#ifndef ANALYZER_CHECKED_INT_H_
#define ANALYZER_CHECKED_INT_H_

#include <cstdint>

#include "absl/numeric/int128.h"
#include "analyzer/count.h"
#include "analyzer/expr_pool.h"

namespace onnx_macs {

// False on overflow; *result is then not to be used.
inline bool AddChecked(absl::int128 a, absl::int128 b, absl::int128* result) {
  Int128 sum;
  if (__builtin_add_overflow(static_cast<Int128>(a), static_cast<Int128>(b), &sum)) return false;
  *result = sum;
  return true;
}

inline bool MulChecked(absl::int128 a, absl::int128 b, absl::int128* result) {
  Int128 product;
  if (__builtin_mul_overflow(static_cast<Int128>(a), static_cast<Int128>(b), &product)) {
    return false;
  }
  *result = product;
  return true;
}

// b > 0.
inline absl::int128 FloorDiv128(absl::int128 a, absl::int128 b) {
  if (b == 1) return a;
  const absl::int128 quotient = a / b;
  return a % b < 0 ? quotient - 1 : quotient;
}

// Never negative; Gcd128(0, b) is |b|.
inline absl::int128 Gcd128(absl::int128 a, absl::int128 b) {
  if (a < 0) a = -a;
  if (b < 0) b = -b;
  if (a == 1 || b == 1) return 1;  // nearly always, and division takes its time
  while (b != 0) {
    const absl::int128 rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

// The limits of int64 mean "unbounded" and stay so.
inline bool IsInfinite(int64_t bound) { return bound == INT64_MIN || bound == INT64_MAX; }
inline int64_t ClampBound(absl::int128 value) {
  if (value >= INT64_MAX) return INT64_MAX;
  if (value <= INT64_MIN) return INT64_MIN;
  return static_cast<int64_t>(value);
}
inline int64_t AddBounds(int64_t a, int64_t b) {
  if (IsInfinite(a)) return a;
  if (IsInfinite(b)) return b;
  return ClampBound(absl::int128(a) + b);
}
inline int64_t MulBounds(int64_t a, int64_t b) {
  if (a == 0 || b == 0) return 0;
  if (IsInfinite(a) || IsInfinite(b)) return (a < 0) == (b < 0) ? INT64_MAX : INT64_MIN;
  return ClampBound(absl::int128(a) * b);
}
// b > 0.
inline int64_t FloorBound(int64_t a, int64_t b) {
  return IsInfinite(a) ? a : ClampBound(FloorDiv128(a, b));
}
inline int64_t CeilBound(int64_t a, int64_t b) {
  return IsInfinite(a) ? a : ClampBound(-FloorDiv128(-absl::int128(a), b));
}

Interval operator+(Interval a, Interval b);
Interval operator*(Interval a, Interval b);

}  // namespace onnx_macs

#endif  // ANALYZER_CHECKED_INT_H_
