// Family: what a kind of diffusion pipeline fixes and its files only hint at: how its parts are
// recognised, how long its texts are, how it guides and how many steps it takes.
#ifndef ANALYZER_PIPELINE_FAMILY_H_
#define ANALYZER_PIPELINE_FAMILY_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "analyzer/pipeline/role.h"
#include "analyzer/pipeline/signature.h"

namespace onnx_macs {

// How the prompt and its negative are both followed.
enum class Guidance : uint8_t {
  kNone,          // one prompt only, or guidance is an input of the denoiser (it was distilled)
  kDoubledBatch,  // both in one call
  kTwoCalls,      // one call each
};

// One text encoder of a pipeline, in the order of its roles.
struct TextPart {
  int64_t width = 0;   // of its output; 0: there is none
  int64_t tokens = 0;  // it reads
  int calls = 0;       // when guidance is on: the prompt, and its negative unless that is zeros
};

struct Family {
  absl::string_view name;
  absl::string_view classes;  // of model_index.json, separated by spaces

  // Its denoiser. Zero stands for any size; names of inputs are separated by spaces.
  Role denoiser;
  int64_t channels;    // of its latents
  int64_t text_width;  // of encoder_hidden_states
  absl::string_view with, without;

  int64_t tokens;  // of encoder_hidden_states
  int64_t steps;
  Guidance guidance;
  TextPart text[3];
  int64_t vae_factor = 8;
  int64_t pixel_multiple = 1;  // resolutions are rounded up to it
};

// By the class that model_index.json names, and by the denoiser where several families have it;
// null where it is not known.
const Family* FindFamily(absl::string_view pipeline_class, const Signature& denoiser);
// By the denoiser alone.
const Family* FindFamily(const Signature& denoiser);

// Its text part of that width; null where it has none.
const TextPart* FindTextPart(const Family& family, int64_t width);

}  // namespace onnx_macs

#endif  // ANALYZER_PIPELINE_FAMILY_H_
