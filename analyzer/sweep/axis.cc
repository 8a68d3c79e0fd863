// Reading ranges. Every value is checked before any is used, so that nothing runs in vain.
#include "analyzer/sweep/axis.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "analyzer/limits/quantity.h"
#include "analyzer/pipeline/scheduler.h"

namespace onnx_macs {
namespace {

constexpr std::pair<absl::string_view, SweepAxis::Kind> kNames[] = {
    {"res", SweepAxis::Kind::kRes},
    {"batch", SweepAxis::Kind::kBatch},
    {"seq", SweepAxis::Kind::kSeq},
    {"steps", SweepAxis::Kind::kSteps},
};

SweepAxis::Kind KindOf(absl::string_view name) {
  for (const auto& [known, kind] : kNames) {
    if (name == known) return kind;
  }
  return SweepAxis::Kind::kDim;
}

absl::Status Bad(absl::string_view text, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("'", text, "' ", what));
}

int64_t MostOf(SweepAxis::Kind kind) {
  const bool is_times = kind == SweepAxis::Kind::kSteps || kind == SweepAxis::Kind::kBatch;
  return is_times ? kMostTimes : INT64_MAX;
}

absl::StatusOr<AxisValue> ParseValue(absl::string_view text, SweepAxis::Kind kind) {
  const bool is_res = kind == SweepAxis::Kind::kRes;
  const std::vector<absl::string_view> sides = absl::StrSplit(text, absl::MaxSplits('x', 1));
  const absl::StatusOr<int64_t> size = ParseWhole(is_res ? sides[0] : text, 1, MostOf(kind));
  if (!size.ok()) return size.status();
  if (!is_res || sides.size() == 1) return AxisValue{*size, *size};
  const absl::StatusOr<int64_t> width = ParseWhole(sides[1], 1);
  if (!width.ok()) return width.status();
  return AxisValue{*size, *width};
}

// FIRST:LAST:STEP; a step of x2 doubles.
absl::StatusOr<std::vector<AxisValue>> ParseSteps(absl::string_view text, SweepAxis::Kind kind) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ':');
  if (parts.size() != 3) return Bad(text, "is not FIRST:LAST:STEP");
  absl::string_view step_text = parts[2];
  const bool multiplies = absl::ConsumePrefix(&step_text, "x");
  const int64_t most = MostOf(kind);
  const auto first = ParseWhole(parts[0], 1, most), last = ParseWhole(parts[1], 1, most),
             step = ParseWhole(step_text, 1);
  for (const auto* part : {&first, &last, &step}) {
    if (!part->ok()) return part->status();
  }
  if (*last < *first) return Bad(text, "ends before it begins");
  if (multiplies && *step < 2) return Bad(text, "never ends: multiply by 2 or more");
  std::vector<AxisValue> values;
  for (int64_t value = *first; value <= *last;) {
    if (values.size() >= kMostPoints) return Bad(text, "has too many values");
    values.push_back({value, value});
    int64_t next;
    const bool ends = multiplies ? __builtin_mul_overflow(value, *step, &next)
                                 : __builtin_add_overflow(value, *step, &next);
    if (ends) break;
    value = next;
  }
  return values;
}

}  // namespace

absl::StatusOr<SweepAxis> ParseAxis(absl::string_view text) {
  const size_t sign = text.rfind('=');
  if (sign == absl::string_view::npos || sign == 0 || sign + 1 == text.size()) {
    return Bad(text, "is not NAME=RANGE");
  }
  SweepAxis axis;
  axis.name = std::string(text.substr(0, sign));
  axis.kind = KindOf(axis.name);
  const absl::string_view range = text.substr(sign + 1);
  if (absl::StrContains(range, ":")) {
    auto values = ParseSteps(range, axis.kind);
    if (!values.ok()) return values.status();
    axis.values = *std::move(values);
    return axis;
  }
  for (const absl::string_view part : absl::StrSplit(range, ',')) {
    const auto value = ParseValue(part, axis.kind);
    if (!value.ok()) return value.status();
    axis.values.push_back(*value);
  }
  return axis;
}

absl::StatusOr<size_t> CountPoints(absl::Span<const SweepAxis> axes) {
  size_t points = 1;
  for (size_t i = 0; i < axes.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (axes[i].name == axes[j].name) {
        return absl::InvalidArgumentError(absl::StrCat(axes[i].name, " is named twice"));
      }
    }
    points *= axes[i].values.size();
    if (points > kMostPoints) {
      return absl::InvalidArgumentError(
          absl::StrCat("the grid has more than ", kMostPoints, " points"));
    }
  }
  return points;
}

std::vector<AxisValue> PointAt(absl::Span<const SweepAxis> axes, size_t index) {
  std::vector<AxisValue> point(axes.size());
  for (size_t i = axes.size(); i-- > 0;) {
    point[i] = axes[i].values[index % axes[i].values.size()];
    index /= axes[i].values.size();
  }
  return point;
}

std::string ToString(const SweepAxis& axis, AxisValue value) {
  if (axis.kind != SweepAxis::Kind::kRes || value.size == value.width) {
    return absl::StrCat(value.size);
  }
  return absl::StrCat(value.size, "x", value.width);
}

}  // namespace onnx_macs
