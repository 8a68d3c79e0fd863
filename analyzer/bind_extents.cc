// Evidence for the size of a latent, the best first.
#include "analyzer/bind_extents.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "analyzer/pipeline/vae_factor.h"

namespace onnx_macs {
namespace {

constexpr int64_t kDefaultVaeFactor = 8;
}  // namespace

ExtentSizes::ExtentSizes(const BindOptions& options, Inference& inference,
                         const Signature& signature)
    : options_(options),
      inference_(inference),
      signature_(signature),
      family_(FindFamily(signature)) {}

Dim ExtentSizes::SizeOf(Extent extent) {
  if (extent == Extent::kTextLength) return TextLength();
  const bool is_of_pixels = extent == Extent::kPixelHeight || extent == Extent::kPixelWidth;
  const LatentScale scale = is_of_pixels ? LatentScale() : Scale();
  if (options_.swept.res) return Swept(extent, scale);
  const auto [height, width] = *options_.res;
  if (!is_of_pixels) {
    NoteRounding(height, scale);
    NoteRounding(width, scale);
  }
  return SizeOfExtent(extent, scale, height, width);
}

LatentScale ExtentSizes::Scale() {
  const int64_t factor = VaeFactor();
  const int64_t by_hint = options_.hints.pixel_multiple;
  const int64_t by_family = family_ == nullptr ? 1 : family_->pixel_multiple;
  return {factor, std::max({by_hint, by_family, factor})};
}

void ExtentSizes::NoteRounding(int64_t pixels, LatentScale scale) {
  const int64_t rounded = RoundedPixels(pixels, scale);
  if (rounded == pixels || noted_rounding_) return;
  noted_rounding_ = true;
  notes_.push_back(absl::StrCat("--res: ", pixels, " is no multiple of ", scale.multiple,
                                " pixels, so it is taken as ", rounded));
}

// One symbol for each extent and scale.
Dim ExtentSizes::Swept(Extent extent, LatentScale scale) {
  constexpr const char* kNames[] = {"height", "width", "latent_height", "latent_width",
                                    "packed_length"};
  const auto known = absl::c_find_if(swept_, [&](const SweptExtent& other) {
    return other.extent == extent && other.scale == scale;
  });
  if (known != swept_.end()) return inference_.pool().Symbol(known->symbol);
  std::string name = kNames[static_cast<int>(extent)];
  // Files of one run may differ in this.
  if (scale.factor > 1) absl::StrAppend(&name, "_", scale.factor);
  if (scale.multiple > scale.factor) absl::StrAppend(&name, "_", scale.multiple);
  swept_.push_back({name, extent, scale});
  return inference_.pool().Symbol(name);
}

int64_t ExtentSizes::VaeFactor() {
  if (vae_factor_ == 0) vae_factor_ = FindVaeFactor();
  return vae_factor_;
}

int64_t ExtentSizes::FindVaeFactor() {
  if (options_.vae_factor) {
    used_vae_factor_ = true;
    return *options_.vae_factor;
  }
  const auto taken = [this](int64_t factor, absl::string_view why) {
    notes_.push_back(absl::StrCat("--res: one latent is taken to be ", factor, "x", factor,
                                  " pixels", why, " (--vae-factor N to change it)"));
    return factor;
  };
  // A denoiser gives latents of the size it takes, however its exporter writes that down.
  if (LatentInput(signature_) == nullptr) {
    if (const int64_t declared = DeclaredVaeFactor(signature_); declared > 0) return declared;
  }
  if (options_.hints.vae_factor > 0) {
    return taken(options_.hints.vae_factor,
                 absl::StrCat(", as ", options_.hints.vae_factor_source));
  }
  if (family_ != nullptr) {
    return taken(family_->vae_factor, absl::StrCat(", usual for ", family_->name));
  }
  if (RoleOf(signature_, "") == Role::kVaeDecoder) {
    const int64_t inferred = InferredVaeFactor(inference_.model(), inference_.rules());
    if (inferred > 0) return inferred;
  }
  return taken(kDefaultVaeFactor, "");
}

Dim ExtentSizes::TextLength() {
  if (options_.hints.text_tokens > 0) {
    text_source_ = options_.hints.text_source;
    return options_.hints.text_tokens;
  }
  if (family_ == nullptr) return Dim();
  text_source_ = absl::StrCat("usual for ", family_->name);
  return family_->tokens;
}

}  // namespace onnx_macs
