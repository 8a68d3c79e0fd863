// Extents: which axes of a model's inputs a resolution sets, and which the length of a text.
#ifndef ANALYZER_PIPELINE_EXTENTS_H_
#define ANALYZER_PIPELINE_EXTENTS_H_

#include <cstdint>
#include <vector>

#include "analyzer/pipeline/signature.h"

namespace onnx_macs {

enum class Extent : uint8_t {
  kPixelHeight,
  kPixelWidth,
  kLatentHeight,
  kLatentWidth,
  kPackedLength,  // latents, 2x2 of them in one token
  kTextLength,
};

// Pixels along one side of a latent, and what resolutions are rounded up to before.
struct LatentScale {
  int64_t factor = 1, multiple = 1;
  friend bool operator==(const LatentScale&, const LatentScale&) = default;
};

// The size of an extent for an image of that many pixels; 0 of a text.
int64_t SizeOfExtent(Extent extent, LatentScale scale, int64_t height, int64_t width);

// The pixels that are really made.
int64_t RoundedPixels(int64_t pixels, LatentScale scale);

struct AxisExtent {
  const Port* input;
  int axis;
  Extent extent;
};

// The axes of images, latents and, where the model is a denoiser, of the text it is given.
std::vector<AxisExtent> ExtentsOf(const Signature& signature);

}  // namespace onnx_macs

#endif  // ANALYZER_PIPELINE_EXTENTS_H_
