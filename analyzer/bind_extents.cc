// Evidence for the size of a latent, the best first.
#include "analyzer/bind_extents.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "analyzer/pipeline/vae_factor.h"

namespace onnx_macs {
namespace {

constexpr int64_t kDefaultVaeFactor = 8;
// Packed latents lie two by two in a token.
constexpr int64_t kPacked = 2;

int64_t RoundUp(int64_t value, int64_t multiple) {
  return CeilDiv(Dim(value), Dim(multiple)).value() * multiple;
}

}  // namespace

ExtentSizes::ExtentSizes(const BindOptions& options, const Inference& inference,
                         const Signature& signature)
    : options_(options),
      inference_(inference),
      signature_(signature),
      family_(FindFamily(signature)) {}

Dim ExtentSizes::SizeOf(Extent extent) {
  const auto [height, width] = *options_.res;
  switch (extent) {
    case Extent::kPixelHeight:
      return height;
    case Extent::kPixelWidth:
      return width;
    case Extent::kLatentHeight:
      return Latents(height);
    case Extent::kLatentWidth:
      return Latents(width);
    case Extent::kPackedLength:
      return CeilDiv(Latents(height), kPacked) * CeilDiv(Latents(width), kPacked);
    case Extent::kTextLength:
      return TextLength();
  }
  return Dim();
}

int64_t ExtentSizes::Latents(int64_t pixels) {
  const int64_t factor = VaeFactor();
  const int64_t by_hint = options_.hints.pixel_multiple;
  const int64_t by_family = family_ == nullptr ? 1 : family_->pixel_multiple;
  const int64_t multiple = std::max({by_hint, by_family, factor});
  if (pixels > INT64_MAX / 2) return CeilDiv(Dim(pixels), Dim(factor)).value();
  const int64_t rounded = RoundUp(pixels, multiple);
  if (rounded != pixels && !noted_rounding_) {
    noted_rounding_ = true;
    notes_.push_back(absl::StrCat("--res: ", pixels, " is no multiple of ", multiple,
                                  " pixels, so it is taken as ", rounded));
  }
  return CeilDiv(Dim(rounded), Dim(factor)).value();
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
