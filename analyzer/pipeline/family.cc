// The table of families. Defaults of steps, guidance and texts are those of the diffusers
// pipelines.
#include "analyzer/pipeline/family.h"

#include "absl/algorithm/container.h"
#include "absl/strings/str_split.h"

namespace onnx_macs {
namespace {

using G = Guidance;

constexpr int64_t kClipL = 768, kClipH = 1024, kClipG = 1280, kT5 = 4096, kGemma = 2304;
// SDXL's two encoders side by side.
constexpr int64_t kClipLAndG = kClipL + kClipG;

// The first row that fits counts, so special cases come before the plain ones.
constexpr Family kFamilies[] = {
    {.name = "LCM",
     .classes = "LatentConsistencyModelPipeline ORTLatentConsistencyModelPipeline",
     .denoiser = Role::kUnet,
     .channels = 0,
     .text_width = kClipL,
     .with = "timestep_cond",
     .without = "",
     .tokens = 77,
     .steps = 4,
     .guidance = G::kNone,
     .text = {{kClipL, 77, 1}}},
    {.name = "SDXL-LCM",
     .classes = "StableDiffusionXLPipeline ORTStableDiffusionXLPipeline",
     .denoiser = Role::kUnet,
     .channels = 0,
     .text_width = kClipLAndG,
     .with = "timestep_cond",
     .without = "",
     .tokens = 77,
     .steps = 4,
     .guidance = G::kNone,
     .text = {{kClipL, 77, 1}, {kClipG, 77, 1}}},
    {.name = "Stable Diffusion 1.x",
     .classes = "StableDiffusionPipeline OnnxStableDiffusionPipeline ORTStableDiffusionPipeline",
     .denoiser = Role::kUnet,
     .channels = 0,
     .text_width = kClipL,
     .with = "",
     .without = "",
     .tokens = 77,
     .steps = 50,
     .guidance = G::kDoubledBatch,
     .text = {{kClipL, 77, 2}}},
    {.name = "Stable Diffusion 2.x",
     .classes = "StableDiffusionPipeline OnnxStableDiffusionPipeline ORTStableDiffusionPipeline",
     .denoiser = Role::kUnet,
     .channels = 0,
     .text_width = kClipH,
     .with = "",
     .without = "",
     .tokens = 77,
     .steps = 50,
     .guidance = G::kDoubledBatch,
     .text = {{kClipH, 77, 2}}},
    {.name = "Stable Diffusion XL",
     .classes = "StableDiffusionXLPipeline ORTStableDiffusionXLPipeline",
     .denoiser = Role::kUnet,
     .channels = 0,
     .text_width = kClipLAndG,
     .with = "",
     .without = "",
     .tokens = 77,
     .steps = 50,
     .guidance = G::kDoubledBatch,
     .text = {{kClipL, 77, 1}, {kClipG, 77, 1}}},
    {.name = "Stable Diffusion XL refiner",
     .classes = "StableDiffusionXLImg2ImgPipeline ORTStableDiffusionXLImg2ImgPipeline",
     .denoiser = Role::kRefiner,
     .channels = 0,
     .text_width = kClipG,
     .with = "",
     .without = "",
     .tokens = 77,
     .steps = 50,
     .guidance = G::kDoubledBatch,
     .text = {{kClipG, 77, 1}}},
    {.name = "Kandinsky 3",
     .classes = "Kandinsky3Pipeline",
     .denoiser = Role::kUnet,
     .channels = 4,
     .text_width = kT5,
     .with = "",
     .without = "",
     .tokens = 128,
     .steps = 25,
     .guidance = G::kDoubledBatch,
     .text = {{kT5, 128, 1}},
     .pixel_multiple = 64},
    {.name = "Stable Diffusion 3",
     .classes = "StableDiffusion3Pipeline ORTStableDiffusion3Pipeline",
     .denoiser = Role::kTransformer,
     .channels = 16,
     .text_width = kT5,
     .with = "pooled_projections",
     .without = "img_ids",
     .tokens = 333,
     .steps = 28,
     .guidance = G::kDoubledBatch,
     .text = {{kClipL, 77, 2}, {kClipG, 77, 2}, {kT5, 256, 2}}},
    {.name = "FLUX.1-dev",
     .classes = "FluxPipeline ORTFluxPipeline",
     .denoiser = Role::kTransformer,
     .channels = 64,
     .text_width = kT5,
     .with = "img_ids guidance",
     .without = "",
     .tokens = 512,
     .steps = 28,
     .guidance = G::kNone,
     .text = {{kClipL, 77, 1}, {kT5, 512, 1}}},
    {.name = "FLUX.1-schnell",
     .classes = "FluxPipeline ORTFluxPipeline",
     .denoiser = Role::kTransformer,
     .channels = 64,
     .text_width = kT5,
     .with = "img_ids",
     .without = "guidance",
     .tokens = 256,
     .steps = 4,
     .guidance = G::kNone,
     .text = {{kClipL, 77, 1}, {kT5, 256, 1}}},
    {.name = "SANA-Sprint",
     .classes = "SanaSprintPipeline",
     .denoiser = Role::kTransformer,
     .channels = 32,
     .text_width = kGemma,
     .with = "guidance",
     .without = "",
     .tokens = 300,
     .steps = 2,
     .guidance = G::kNone,
     .text = {{kGemma, 300, 1}},
     .vae_factor = 32},
    {.name = "SANA",
     .classes = "SanaPipeline SanaPAGPipeline ORTSanaPipeline",
     .denoiser = Role::kTransformer,
     .channels = 32,
     .text_width = kGemma,
     .with = "",
     .without = "guidance",
     .tokens = 300,
     .steps = 20,
     .guidance = G::kDoubledBatch,
     .text = {{kGemma, 300, 2}},
     .vae_factor = 32},
    {.name = "Lumina-Image-2.0",
     .classes = "Lumina2Pipeline Lumina2Text2ImgPipeline",
     .denoiser = Role::kTransformer,
     .channels = 16,
     .text_width = kGemma,
     .with = "",
     .without = "",
     .tokens = 256,
     .steps = 30,
     .guidance = G::kTwoCalls,
     .text = {{kGemma, 256, 2}}},
    {.name = "PixArt-alpha",
     .classes = "PixArtAlphaPipeline",
     .denoiser = Role::kTransformer,
     .channels = 4,
     .text_width = kT5,
     .with = "",
     .without = "pooled_projections",
     .tokens = 120,
     .steps = 20,
     .guidance = G::kDoubledBatch,
     .text = {{kT5, 120, 2}}},
    // Like alpha from outside, so only its class tells it.
    {.name = "PixArt-Sigma",
     .classes = "PixArtSigmaPipeline",
     .denoiser = Role::kTransformer,
     .channels = 4,
     .text_width = kT5,
     .with = "",
     .without = "pooled_projections",
     .tokens = 300,
     .steps = 20,
     .guidance = G::kDoubledBatch,
     .text = {{kT5, 300, 2}}},
};

bool HasInputs(const Signature& signature, absl::string_view names) {
  return absl::c_all_of(absl::StrSplit(names, ' ', absl::SkipEmpty()),
                        [&](absl::string_view name) { return signature.Input(name) != nullptr; });
}

bool HasAnyInput(const Signature& signature, absl::string_view names) {
  return absl::c_any_of(absl::StrSplit(names, ' ', absl::SkipEmpty()),
                        [&](absl::string_view name) { return signature.Input(name) != nullptr; });
}

bool HasClass(const Family& family, absl::string_view name) {
  return absl::c_linear_search(absl::StrSplit(family.classes, ' '), name);
}

bool Fits(int64_t wanted, int64_t size) { return wanted == 0 || size < 0 || wanted == size; }

// The channels of latents come second, save where patches are packed into tokens.
int64_t LatentChannels(const Port& latents) {
  constexpr int kPackedRank = 3;
  return latents.Size(latents.rank() == kPackedRank ? 2 : 1);
}

bool Fits(const Family& family, const Signature& signature) {
  const Port* latents = LatentInput(signature);
  if (latents == nullptr || RoleOf(signature, "") != family.denoiser) return false;
  const Port* text = signature.Input("encoder_hidden_states");
  const int64_t width = text == nullptr ? -1 : text->Size(2);
  return Fits(family.channels, LatentChannels(*latents)) && Fits(family.text_width, width) &&
         HasInputs(signature, family.with) && !HasAnyInput(signature, family.without);
}

}  // namespace

const Family* FindFamily(const Signature& denoiser) {
  const auto it =
      absl::c_find_if(kFamilies, [&](const Family& family) { return Fits(family, denoiser); });
  return it == std::end(kFamilies) ? nullptr : &*it;
}

const Family* FindFamily(absl::string_view pipeline_class, const Signature& denoiser) {
  const Family* of_class = nullptr;
  for (const Family& family : kFamilies) {
    if (!HasClass(family, pipeline_class)) continue;
    if (Fits(family, denoiser)) return &family;
    // A class tells more than the widths of a model that is smaller than usual.
    const bool has_inputs =
        HasInputs(denoiser, family.with) && !HasAnyInput(denoiser, family.without);
    if (of_class == nullptr && has_inputs) of_class = &family;
  }
  return of_class == nullptr ? FindFamily(denoiser) : of_class;
}

const TextPart* FindTextPart(const Family& family, int64_t width) {
  const auto it = absl::c_find_if(
      family.text, [width](const TextPart& part) { return width > 0 && part.width == width; });
  return it == std::end(family.text) ? nullptr : &*it;
}

}  // namespace onnx_macs
