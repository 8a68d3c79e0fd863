// The fallback: components by the names of weights, and dotted names wherever they come from.
#include "analyzer/paths/flat.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "analyzer/paths/dialect.h"
#include "analyzer/paths/quantizers.h"
#include "analyzer/paths/torchscript.h"

namespace onnx_macs {
namespace {

// How weights are called by Caffe, Caffe2, Keras, MXNet, CoreML and PyTorch.
constexpr absl::string_view kKinds[] = {"weight",
                                        "weights",
                                        "bias",
                                        "kernel",
                                        "gamma",
                                        "beta",
                                        "running_mean",
                                        "running_var",
                                        "moving_mean",
                                        "moving_var",
                                        "mean",
                                        "var",
                                        "variance",
                                        "scale",
                                        "W",
                                        "w",
                                        "B",
                                        "b",
                                        "rm",
                                        "riv",
                                        "s",
                                        "moving_variance"};

bool IsSeparator(char c) { return c == '_' || c == '/' || c == '.'; }

// "conv1_w_0" is "conv1_w": exporters number what would have the same name.
absl::string_view WithoutNumber(absl::string_view name) {
  size_t end = name.size();
  while (end > 0 && absl::ascii_isdigit(static_cast<unsigned char>(name[end - 1]))) --end;
  const bool is_numbered = end > 1 && end < name.size() && IsSeparator(name[end - 1]);
  return is_numbered ? name.substr(0, end - 1) : name;
}

// Of the longest kind that fits: "bn_running_mean" is of "bn", not of "bn_running".
absl::string_view FlatOwner(absl::string_view parameter, Arena& arena) {
  const absl::string_view dotted = ScopeFromParameter(parameter);
  if (!dotted.empty()) return dotted;
  parameter = WithoutQuantizerSuffix(parameter);
  const absl::string_view layer = WithoutParameterKind(parameter);
  if (layer.size() == parameter.size()) return {};
  return arena.CopyString(absl::StrReplaceAll(layer, {{"/", "."}}));
}

}  // namespace

const Dialect kFlatDialect = {NoModulePart, NoPath, FlatOwner, false};

bool NoModulePart(absl::string_view, absl::string_view*) { return false; }

std::string NoPath(absl::string_view) { return ""; }

absl::string_view WithoutParameterKind(absl::string_view name) {
  absl::string_view layer = name;
  for (const absl::string_view text : {name, WithoutNumber(name)}) {
    for (const absl::string_view kind : kKinds) {
      if (text.size() < kind.size() + 2 || !absl::EndsWith(text, kind)) continue;
      const size_t end = text.size() - kind.size() - 1;
      if (IsSeparator(text[end]) && end < layer.size()) layer = text.substr(0, end);
    }
  }
  return layer;
}

}  // namespace onnx_macs
