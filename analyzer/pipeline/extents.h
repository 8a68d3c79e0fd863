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

struct AxisExtent {
  const Port* input;
  int axis;
  Extent extent;
};

// The axes of images, latents and, where the model is a denoiser, of the text it is given.
std::vector<AxisExtent> ExtentsOf(const Signature& signature);

}  // namespace onnx_macs

#endif  // ANALYZER_PIPELINE_EXTENTS_H_
