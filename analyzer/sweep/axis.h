// Axes of a sweep: what varies, and over which values.
#ifndef ANALYZER_SWEEP_AXIS_H_
#define ANALYZER_SWEEP_AXIS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace onnx_macs {

// One value of an axis. Only resolutions have a width of their own.
struct AxisValue {
  int64_t size = 0, width = 0;
};

struct SweepAxis {
  enum class Kind : uint8_t { kRes, kBatch, kSeq, kSteps, kDim };
  Kind kind = Kind::kDim;
  std::string name;  // "res", "batch", or that of a dim
  std::vector<AxisValue> values;
};

// More points would not be read by anybody.
inline constexpr size_t kMostPoints = 100'000;

// "NAME=RANGE": res, batch, seq, steps or a dim; 1,2,4 or 256:1024:128 or 1:64:x2, ends included,
// and 512x768 among resolutions.
absl::StatusOr<SweepAxis> ParseAxis(absl::string_view text);

// The number of points of the grid; an error where there are too many, or an axis is named twice.
absl::StatusOr<size_t> CountPoints(absl::Span<const SweepAxis> axes);

// The values of the point of that index, one of each axis; the last axis varies fastest.
std::vector<AxisValue> PointAt(absl::Span<const SweepAxis> axes, size_t index);

// "512", "512x768".
std::string ToString(const SweepAxis& axis, AxisValue value);

}  // namespace onnx_macs

#endif  // ANALYZER_SWEEP_AXIS_H_
