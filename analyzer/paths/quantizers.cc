// The names of ONNX Runtime's quantiser and of the modules of quantisation-aware training.
#include "analyzer/paths/quantizers.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace onnx_macs {
namespace {

// How the last part of a quantiser's path ends: modelopt and pytorch-quantization, torch.ao.
constexpr absl::string_view kModules[] = {"_quantizer", "_fake_quant", "activation_post_process",
                                          "fake_quantize"};

constexpr absl::string_view kSuffixes[] = {"_quant",
                                           "_quantized",
                                           "_QuantizeLinear",
                                           "_QuantizeLinear_Output",
                                           "_QuantizeLinear_Input",
                                           "_DequantizeLinear",
                                           "_DequantizeLinear_Output"};

bool IsQuantizer(absl::string_view atom) {
  for (const absl::string_view ending : kModules) {
    if (absl::EndsWith(atom, ending)) return true;
  }
  return false;
}

// "MatMul_Q4" and "weight_Q4G32" are how four-bit weights are told apart.
absl::string_view WithoutBits(absl::string_view name) {
  const size_t sign = name.rfind("_Q");
  if (sign == absl::string_view::npos || sign + 2 == name.size()) return name;
  for (const char c : name.substr(sign + 2)) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c)) && c != 'G') return name;
  }
  return name.substr(0, sign);
}

}  // namespace

absl::string_view LayerOf(absl::string_view path) {
  while (!path.empty()) {
    // All those endings have one of these as their last letter: most paths need no more than that.
    const char last = path.back();
    if (last != 'r' && last != 't' && last != 's' && last != 'e') return path;
    const size_t dot = path.rfind('.');
    const bool is_top = dot == absl::string_view::npos;
    if (!IsQuantizer(is_top ? path : path.substr(dot + 1))) return path;
    path = is_top ? absl::string_view() : path.substr(0, dot);
  }
  return path;
}

absl::string_view WithoutQuantizerSuffix(absl::string_view name) {
  for (const absl::string_view suffix : kSuffixes) {
    if (absl::EndsWith(name, suffix) && name.size() > suffix.size()) {
      return WithoutQuantizerSuffix(name.substr(0, name.size() - suffix.size()));
    }
  }
  return WithoutBits(name);
}

}  // namespace onnx_macs
