// The one place with window arithmetic: how kernels, strides, dilations, pads and auto_pad turn the
// spatial dims of convolutions and pools into those of their outputs.
#ifndef RULES_SPATIAL_H_
#define RULES_SPATIAL_H_

#include <cstdint>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "analyzer/op_context.h"

namespace onnx_macs {

enum class AutoPad : uint8_t { kExplicit, kSameUpper, kSameLower, kValid };

struct WindowAxis {
  Dim kernel;
  int64_t stride = 1, dilation = 1, pad_begin = 0, pad_end = 0;

  // What the dilated kernel covers.
  Dim Extent() const { return (kernel - 1) * dilation + 1; }
};

struct Window {
  AutoPad auto_pad = AutoPad::kExplicit;
  bool ceil_mode = false;
  absl::InlinedVector<WindowAxis, 3> axes;
};

// Reads and checks the attributes for `rank` spatial axes. `weight_kernel` are the kernel dims of
// the weight, which kernel_shape must equal; empty for pools, which must have that attribute.
absl::Status ReadWindow(const OpContext& ctx, int rank, absl::Span<const Dim> weight_kernel,
                        Window* window);

// Appends the output dims of a window sliding over `spatial`.
absl::Status AppendSlidingDims(const OpContext& ctx, const Window& window,
                               absl::Span<const Dim> spatial, DimVector* out);

// Appends the output dims of a transposed convolution; reads output_padding and output_shape.
absl::Status AppendTransposedDims(const OpContext& ctx, const Window& window,
                                  absl::Span<const Dim> spatial, DimVector* out);

}  // namespace onnx_macs

#endif  // RULES_SPATIAL_H_
