// Tokens and latents by pipeline, as testdata/export/pipelines.py has them.
#include "tests/support/open_parts.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {
namespace {

struct Pipeline {
  const char* begin;
  int64_t tokens;
  int64_t vae_factor = 0;  // 0: as it is found
};

constexpr Pipeline kPipelines[] = {
    {"sd21.", 77},          {"lcm.", 77},           {"sdxl.", 77},     {"sd3m.", 333},
    {"sd3.", 77},           {"flux.", 512},         {"clip_", 77},     {"kandinsky", 128},
    {"pixart_alpha.", 120}, {"pixart_sigma.", 300}, {"lumina2.", 256}, {"sana", 300, 32},
};

BindOptions BindImage(const std::string& part, int64_t side) {
  BindOptions bind;
  for (const Pipeline& pipeline : kPipelines) {
    if (!absl::StartsWith(part, pipeline.begin)) continue;
    bind.res = {side, side};
    bind.seq = pipeline.tokens;
    if (pipeline.vae_factor > 0) bind.vae_factor = pipeline.vae_factor;
  }
  return bind;
}

}  // namespace

BindOptions BindCountedCall(const std::string& file_name) {
  const bool is_open = absl::StrContains(file_name, "_torchscript");
  return is_open ? BindImage(file_name, 512) : BindOptions();
}

// PART_SIDE, or PART_COUNT_tokens.
DeployedCall DeployedCallOf(const std::string& counts) {
  absl::string_view part = counts;
  const bool is_text = absl::ConsumeSuffix(&part, "_tokens");
  const size_t at = part.rfind('_');
  int64_t number = 0;
  REQUIRE(absl::SimpleAtoi(part.substr(at + 1), &number));
  DeployedCall call{std::string(part.substr(0, at)), {}};
  if (is_text) {
    call.bind.seq = number;
  } else {
    call.bind = BindImage(call.part, number);
  }
  return call;
}

}  // namespace onnx_macs::testing
