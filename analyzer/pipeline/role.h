// Role: what a model is for in a pipeline, told from what it takes and gives and from where it
// lies.
#ifndef ANALYZER_PIPELINE_ROLE_H_
#define ANALYZER_PIPELINE_ROLE_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "analyzer/pipeline/signature.h"

namespace onnx_macs {

enum class Role : uint8_t {
  kModel,  // none that is known
  kTextEncoder,
  kTextEncoder2,
  kTextEncoder3,
  kUnet,
  kTransformer,
  kRefiner,
  kVaeEncoder,
  kVaeDecoder,
  kEncoder,  // of an encoder-decoder language model, or of a text alone
  kDecoder,  // of a language model, without the keys and values of earlier tokens, or both ways
  kDecoderWithPast,  // takes the keys and values of earlier tokens
};

// "text_encoder", "unet", ...
absl::string_view RoleName(Role role);

// `path` breaks ties that the signature leaves: "sd15/text_encoder_2/model.onnx".
Role RoleOf(const Signature& signature, absl::string_view path);

inline bool IsDenoiser(Role role) {
  return role == Role::kUnet || role == Role::kTransformer || role == Role::kRefiner;
}
inline bool IsTextEncoder(Role role) {
  return role == Role::kTextEncoder || role == Role::kTextEncoder2 || role == Role::kTextEncoder3;
}
inline bool IsDecoder(Role role) {
  return role == Role::kDecoder || role == Role::kDecoderWithPast;
}

// The input that a denoiser refines; null where the model is none.
const Port* LatentInput(const Signature& signature);
// The ids or embeddings of the tokens that a text model reads; null where it reads none.
const Port* TokenInput(const Signature& signature);
// Whether an input of that name tells a denoiser how far it is.
bool IsTimestep(absl::string_view name);
// Whether the input holds keys or values of earlier tokens.
bool IsPast(const Port& input);

}  // namespace onnx_macs

#endif  // ANALYZER_PIPELINE_ROLE_H_
