// Amounts and shares as people write limits: "420G", "24GiB", "2.5%". Nothing goes through a
// double.
#ifndef ANALYZER_LIMITS_QUANTITY_H_
#define ANALYZER_LIMITS_QUANTITY_H_

#include <cstdint>

#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace onnx_macs {

// A whole number from `least` to `most`. Errors are half a sentence, here and below.
absl::StatusOr<int64_t> ParseWhole(absl::string_view text, int64_t least, int64_t most = INT64_MAX);

enum class QuantityUnit { kCount, kBytes };

// "420G", "1.5M", "1000"; of bytes also "24GiB" and "24GB". A fraction of one is cut off, which
// leaves a limit for whole numbers what it is.
absl::StatusOr<absl::int128> ParseQuantity(absl::string_view text, QuantityUnit unit);

// "2.5%": 25000 millionths.
absl::StatusOr<int64_t> ParsePercent(absl::string_view text);

// The most that `amount` and `millionths` of it are, rounded down or up; false where that does not
// fit. `amount` is not negative.
bool Grown(absl::int128 amount, int64_t millionths, bool round_up, absl::int128* result);

}  // namespace onnx_macs

#endif  // ANALYZER_LIMITS_QUANTITY_H_
