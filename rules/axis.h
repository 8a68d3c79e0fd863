// Axis attributes: negative ones count from the end, and one outside the shape is refused.
#ifndef RULES_AXIS_H_
#define RULES_AXIS_H_

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace onnx_macs {

// Brings `axis` into [0, rank); with `end_allowed`, into [0, rank].
inline absl::Status NormalizeAxis(int64_t axis, int rank, int* out, bool end_allowed = false) {
  if (axis < -rank || axis >= rank + (end_allowed ? 1 : 0)) {
    return absl::InvalidArgumentError(
        absl::StrCat("axis ", axis, " is outside of the ", rank, " dims"));
  }
  *out = static_cast<int>(axis < 0 ? axis + rank : axis);
  return absl::OkStatus();
}

}  // namespace onnx_macs

#endif  // RULES_AXIS_H_
