// Window arithmetic, see spatial.h.
#include "rules/spatial.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "analyzer/inference.h"

namespace onnx_macs {
namespace {

// No real window comes near it, and sums and products of two such numbers fit 64 bits.
constexpr int64_t kLargest = (int64_t{1} << 31) - 1;

struct AutoPadName {
  absl::string_view name;
  AutoPad auto_pad;
};

constexpr AutoPadName kAutoPads[] = {
    {"NOTSET", AutoPad::kExplicit},      {"", AutoPad::kExplicit},
    {"SAME_UPPER", AutoPad::kSameUpper}, {"SAME_LOWER", AutoPad::kSameLower},
    {"VALID", AutoPad::kValid},
};

absl::Status ReadAutoPad(const OpContext& ctx, AutoPad* auto_pad) {
  const absl::string_view text = ctx.StringAttribute("auto_pad", "NOTSET");
  for (const AutoPadName& row : kAutoPads) {
    if (row.name != text) continue;
    *auto_pad = row.auto_pad;
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat("auto_pad is '", text, "'"));
}

// An attribute with one number per spatial axis (two for pads), all within [low, kLargest].
absl::Status CheckInts(absl::string_view name, absl::Span<const int64_t> values, size_t size,
                       int64_t low) {
  if (values.size() != size) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, " has ", values.size(), " entries instead of ", size));
  }
  for (int64_t value : values) {
    if (value >= low && value <= kLargest) continue;
    return absl::InvalidArgumentError(absl::StrCat(name, " has an entry of ", value));
  }
  return absl::OkStatus();
}

struct AxisAttribute {
  absl::string_view name;
  int64_t WindowAxis::*field;
  int64_t low;
};

constexpr AxisAttribute kAxisAttributes[] = {{"strides", &WindowAxis::stride, 1},
                                             {"dilations", &WindowAxis::dilation, 1}};

absl::Status ReadPads(const OpContext& ctx, Window* window) {
  const absl::Span<const int64_t> pads = ctx.IntsAttribute("pads");
  const size_t rank = window->axes.size();
  if (auto status = CheckInts("pads", pads, 2 * rank, 0); !status.ok()) return status;
  for (size_t i = 0; i < rank; ++i) {
    window->axes[i].pad_begin = pads[i];
    window->axes[i].pad_end = pads[i + rank];
  }
  // ONNX lets written pads win.
  if (window->auto_pad != AutoPad::kExplicit) {
    ctx.Warn("both pads and auto_pad are given; the pads are used");
  }
  window->auto_pad = AutoPad::kExplicit;
  return absl::OkStatus();
}

absl::Status ReadKernel(const OpContext& ctx, absl::Span<const Dim> weight_kernel, Window* window) {
  for (size_t i = 0; i < weight_kernel.size(); ++i) window->axes[i].kernel = weight_kernel[i];
  const absl::Span<const int64_t> kernel = ctx.IntsAttribute("kernel_shape");
  if (kernel.empty() && !weight_kernel.empty()) return absl::OkStatus();
  if (kernel.empty() && !window->axes.empty()) {
    return absl::InvalidArgumentError("kernel_shape is missing");
  }
  if (auto status = CheckInts("kernel_shape", kernel, window->axes.size(), 1); !status.ok()) {
    return status;
  }
  for (size_t i = 0; i < kernel.size(); ++i) {
    if (!weight_kernel.empty() && !ctx.MustEqual(kernel[i], weight_kernel[i])) {
      return absl::InvalidArgumentError("kernel_shape differs from the weight's shape");
    }
    window->axes[i].kernel = kernel[i];
  }
  return absl::OkStatus();
}

// The last window of ceil_mode may hang over the end, but must not begin in the right padding.
Dim CeilWindows(const WindowAxis& axis, Dim spatial, Dim room) {
  const Dim windows = CeilDiv(room, axis.stride) + 1;
  if (ProvablyLessEqual(axis.stride, axis.Extent() - axis.pad_end)) return windows;
  return Min(windows, CeilDiv(spatial + axis.pad_begin, axis.stride));
}

Dim SlidingDim(const Window& window, const WindowAxis& axis, Dim spatial) {
  if (window.auto_pad == AutoPad::kSameUpper || window.auto_pad == AutoPad::kSameLower) {
    return CeilDiv(spatial, axis.stride);
  }
  const Dim room = spatial + axis.pad_begin + axis.pad_end - axis.Extent();
  return window.ceil_mode ? CeilWindows(axis, spatial, room) : FloorDiv(room, axis.stride) + 1;
}

// SAME makes the output `stride` times the input, unless the kernel leaves gaps.
Dim TransposedPadding(const Window& window, const WindowAxis& axis) {
  if (window.auto_pad == AutoPad::kExplicit) return axis.pad_begin + axis.pad_end;
  if (window.auto_pad == AutoPad::kValid) return 0;
  return Max(axis.Extent() - axis.stride, 0);
}

// The spatial part of output_shape, which some exporters write with batch and channels in front.
absl::Status ReadOutputShape(const OpContext& ctx, size_t rank, absl::Span<const int64_t>* out) {
  *out = ctx.IntsAttribute("output_shape");
  if (out->empty()) return absl::OkStatus();
  if (out->size() == rank + 2) out->remove_prefix(2);
  return CheckInts("output_shape", *out, rank, 0);
}

}  // namespace

absl::Status ReadWindow(const OpContext& ctx, int rank, absl::Span<const Dim> weight_kernel,
                        Window* window) {
  window->axes.resize(rank);
  window->ceil_mode = ctx.IntAttribute("ceil_mode", 0) != 0;
  if (auto status = ReadAutoPad(ctx, &window->auto_pad); !status.ok()) return status;
  if (auto status = ReadKernel(ctx, weight_kernel, window); !status.ok()) return status;
  for (const AxisAttribute& row : kAxisAttributes) {
    const absl::Span<const int64_t> values = ctx.IntsAttribute(row.name);
    if (values.empty()) continue;
    if (auto status = CheckInts(row.name, values, rank, row.low); !status.ok()) return status;
    for (int i = 0; i < rank; ++i) window->axes[i].*row.field = values[i];
  }
  return ctx.IntsAttribute("pads").empty() ? absl::OkStatus() : ReadPads(ctx, window);
}

absl::Status AppendSlidingDims(const OpContext& ctx, const Window& window,
                               absl::Span<const Dim> spatial, DimVector* out) {
  for (size_t i = 0; i < spatial.size(); ++i) {
    const Dim size = SlidingDim(window, window.axes[i], spatial[i]);
    if (ProvablyLess(size, 1) && window.auto_pad != AutoPad::kSameUpper &&
        window.auto_pad != AutoPad::kSameLower) {
      return absl::InvalidArgumentError("kernel is larger than the padded input");
    }
    ctx.inference().RequireNotNegative(size - 1);
    out->push_back(size);
  }
  return absl::OkStatus();
}

absl::Status AppendTransposedDims(const OpContext& ctx, const Window& window,
                                  absl::Span<const Dim> spatial, DimVector* out) {
  const absl::Span<const int64_t> extra = ctx.IntsAttribute("output_padding");
  if (!extra.empty()) {
    if (auto s = CheckInts("output_padding", extra, spatial.size(), 0); !s.ok()) return s;
  }
  absl::Span<const int64_t> wanted;
  if (auto s = ReadOutputShape(ctx, spatial.size(), &wanted); !s.ok()) return s;
  for (size_t i = 0; i < spatial.size(); ++i) {
    const WindowAxis& axis = window.axes[i];
    const Dim full = axis.stride * (spatial[i] - 1) + axis.Extent();
    const Dim size = wanted.empty()
                         ? full + (extra.empty() ? 0 : extra[i]) - TransposedPadding(window, axis)
                         : Dim(wanted[i]);
    if (ProvablyLess(size, 0)) return absl::InvalidArgumentError("pads are larger than the output");
    out->push_back(size);
  }
  return absl::OkStatus();
}

}  // namespace onnx_macs
