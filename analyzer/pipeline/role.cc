// Every role is a test on the signature; the first that holds counts. Names that exporters of
// diffusers and transformers use are the evidence, shapes break ties.
#include "analyzer/pipeline/role.h"

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"

namespace onnx_macs {
namespace {

constexpr int kImageRank = 4;
constexpr int64_t kPixelChannels = 3;

constexpr absl::string_view kRoleNames[] = {
    "model",   "text_encoder", "text_encoder_2", "text_encoder_3", "unet",    "transformer",
    "refiner", "vae_encoder",  "vae_decoder",    "encoder",        "decoder", "decoder_with_past",
};

constexpr absl::string_view kTimestepNames[] = {"timestep", "timesteps", "t"};
constexpr absl::string_view kTokenNames[] = {"input_ids", "decoder_input_ids", "inputs_embeds",
                                             "tokens"};

const Port* FirstInput(const Signature& signature, absl::Span<const absl::string_view> names) {
  for (const absl::string_view name : names) {
    if (const Port* port = signature.Input(name)) return port;
  }
  return nullptr;
}

// The folder or the file is named for a part of a pipeline: "x/vae_decoder/model.onnx",
// "sd15_vae_decoder.onnx".
bool IsNamed(absl::string_view path, absl::string_view name) {
  const size_t file = path.rfind('/');
  const size_t folder =
      file == absl::string_view::npos || file == 0 ? file : path.rfind('/', file - 1);
  return absl::StrContains(folder == absl::string_view::npos ? path : path.substr(folder), name);
}

bool HasPast(const Signature& signature) { return absl::c_any_of(signature.inputs, IsPast); }

bool IsImage(const Port& port) { return port.rank() == kImageRank && IsFloating(port.type.type); }

// The only image that goes in; null where there are more. Weights may be inputs as well.
const Port* OnlyImage(const Signature& signature) {
  const Port* only = nullptr;
  for (const Port& port : signature.inputs) {
    if (!IsImage(port) || absl::StrContains(port.name, '.')) continue;
    if (only != nullptr) return nullptr;
    only = &port;
  }
  return only;
}

bool GivesPixels(const Signature& signature) {
  return absl::c_any_of(signature.outputs, [](const Port& port) {
    return IsImage(port) && port.Size(1) == kPixelChannels;
  });
}

bool IsVaeDecoder(const Signature& signature, absl::string_view path) {
  const Port* image = OnlyImage(signature);
  if (image == nullptr || image->Size(1) == kPixelChannels) return false;
  const bool is_named = image->name == "latent_sample" || IsNamed(path, "vae_decoder");
  // What turns fewer channels into colours is no decoder of latents but a painter of grey images.
  return is_named || (image->Size(1) > kPixelChannels && GivesPixels(signature));
}

bool IsVaeEncoder(const Signature& signature, absl::string_view path) {
  const Port* image = OnlyImage(signature);
  if (image == nullptr || image->Size(1) != kPixelChannels) return false;
  const bool gives_latents = absl::c_any_of(signature.outputs, [](const Port& port) {
    return IsImage(port) && absl::StartsWith(port.name, "latent");
  });
  return gives_latents || IsNamed(path, "vae_encoder");
}

// The refiner of SDXL reads the one text encoder that is 1280 wide, and is told an aesthetic score.
bool IsRefiner(const Signature& signature, absl::string_view path) {
  constexpr int64_t kRefinerTextWidth = 1280;
  const Port* text = signature.Input("encoder_hidden_states");
  return IsNamed(path, "refiner") || (text != nullptr && text->Size(2) == kRefinerTextWidth &&
                                      signature.Input("time_ids") != nullptr);
}

Role TextRole(const Signature& signature, absl::string_view path) {
  // Several exporters give a text model's last layer the name of a language model's.
  if (IsNamed(path, "text_encoder_3")) return Role::kTextEncoder3;
  if (IsNamed(path, "text_encoder_2")) return Role::kTextEncoder2;
  if (IsNamed(path, "text_encoder")) return Role::kTextEncoder;
  if (signature.Input("use_cache_branch") != nullptr) return Role::kDecoder;
  if (HasPast(signature)) return Role::kDecoderWithPast;
  const bool gives_logits = signature.Output("logits") != nullptr;
  const bool reads_encoder = signature.Input("encoder_hidden_states") != nullptr;
  return gives_logits || reads_encoder ? Role::kDecoder : Role::kEncoder;
}

}  // namespace

absl::string_view RoleName(Role role) { return kRoleNames[static_cast<int>(role)]; }

bool IsTimestep(absl::string_view name) { return absl::c_linear_search(kTimestepNames, name); }

bool IsPast(const Port& input) { return absl::StartsWith(input.name, "past"); }

const Port* LatentInput(const Signature& signature) {
  const Port* timestep = FirstInput(signature, kTimestepNames);
  if (timestep == nullptr || timestep->rank() > 1) return nullptr;
  if (const Port* sample = signature.Input("sample")) return sample;
  return signature.Input("hidden_states");
}

const Port* TokenInput(const Signature& signature) { return FirstInput(signature, kTokenNames); }

Role RoleOf(const Signature& signature, absl::string_view path) {
  if (const Port* latents = LatentInput(signature)) {
    if (IsRefiner(signature, path)) return Role::kRefiner;
    return latents->name == "sample" ? Role::kUnet : Role::kTransformer;
  }
  if (TokenInput(signature) != nullptr) return TextRole(signature, path);
  if (IsVaeDecoder(signature, path)) return Role::kVaeDecoder;
  if (IsVaeEncoder(signature, path)) return Role::kVaeEncoder;
  return Role::kModel;
}

}  // namespace onnx_macs
