// Inputs by name where diffusers names them; images by rank and channels.
#include "analyzer/pipeline/extents.h"

#include "analyzer/pipeline/role.h"

namespace onnx_macs {
namespace {

constexpr int kImageRank = 4, kPackedRank = 3;
constexpr int64_t kPixelChannels = 3;

struct NamedAxis {
  absl::string_view input;
  int rank, axis;
  Extent extent;
};

// Of denoisers.
constexpr NamedAxis kNamedAxes[] = {
    {"hidden_states", kPackedRank, 1, Extent::kPackedLength},
    {"img_ids", 2, 0, Extent::kPackedLength},
    {"img_ids", 3, 1, Extent::kPackedLength},
    {"encoder_hidden_states", 3, 1, Extent::kTextLength},
    {"encoder_attention_mask", 2, 1, Extent::kTextLength},
    {"txt_ids", 2, 0, Extent::kTextLength},
    {"txt_ids", 3, 1, Extent::kTextLength},
};

// Latents lie two by two in a token.
constexpr int64_t kPacked = 2;

int64_t RoundUp(int64_t value, int64_t divisor) {
  return value / divisor + (value % divisor != 0 ? 1 : 0);
}

int64_t Latents(int64_t pixels, LatentScale scale) {
  return RoundUp(RoundedPixels(pixels, scale), scale.factor);
}

}  // namespace

int64_t RoundedPixels(int64_t pixels, LatentScale scale) {
  if (pixels > INT64_MAX / 2) return pixels;
  return RoundUp(pixels, scale.multiple) * scale.multiple;
}

int64_t SizeOfExtent(Extent extent, LatentScale scale, int64_t height, int64_t width) {
  switch (extent) {
    case Extent::kPixelHeight:
      return height;
    case Extent::kPixelWidth:
      return width;
    case Extent::kLatentHeight:
      return Latents(height, scale);
    case Extent::kLatentWidth:
      return Latents(width, scale);
    case Extent::kPackedLength:
      return RoundUp(Latents(height, scale), kPacked) * RoundUp(Latents(width, scale), kPacked);
    case Extent::kTextLength:
      break;
  }
  return 0;
}

std::vector<AxisExtent> ExtentsOf(const Signature& signature) {
  std::vector<AxisExtent> extents;
  for (const Port& port : signature.inputs) {
    if (port.rank() != kImageRank || !IsFloating(port.type.type) || IsPast(port)) continue;
    const bool pixels = port.Size(1) == kPixelChannels;
    extents.push_back({&port, 2, pixels ? Extent::kPixelHeight : Extent::kLatentHeight});
    extents.push_back({&port, 3, pixels ? Extent::kPixelWidth : Extent::kLatentWidth});
  }
  if (LatentInput(signature) == nullptr) return extents;
  for (const NamedAxis& row : kNamedAxes) {
    const Port* port = signature.Input(row.input);
    if (port != nullptr && port->rank() == row.rank) {
      extents.push_back({port, row.axis, row.extent});
    }
  }
  return extents;
}

}  // namespace onnx_macs
