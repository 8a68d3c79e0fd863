// Names of onnxruntime-genai's model builder: those of TorchScript, but every operator also stands
// in the names of its weights and has its outputs below it.
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "analyzer/paths/dialect.h"
#include "analyzer/paths/torchscript.h"

namespace onnx_macs {
namespace {

bool IsOutput(absl::string_view last) {
  if (!absl::ConsumePrefix(&last, "output_") || last.empty()) return false;
  for (const char c : last) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return false;
  }
  return true;
}

bool GenaiPart(absl::string_view name, absl::string_view* part) {
  // Constants are shared by all modules and belong to whatever reads them.
  for (const absl::string_view shared : {"/model/constants/", "/model/constant_nodes/"}) {
    if (absl::StartsWith(name, shared)) return false;
  }
  if (IsOutput(name.substr(name.rfind('/') + 1))) name = name.substr(0, name.rfind('/'));
  return kTorchDialect.module_part(name, part);
}

// "model.layers.0.attn.q_proj.MatMul" with "NBits" or without is the module before the operator.
absl::string_view GenaiOwner(absl::string_view parameter, Arena&) {
  const absl::string_view owner = ScopeFromParameter(parameter);
  const size_t dot = owner.rfind('.');
  if (dot == absl::string_view::npos) return owner;
  return absl::StartsWith(owner.substr(dot + 1), "MatMul") ? owner.substr(0, dot) : owner;
}

}  // namespace

const Dialect kGenaiDialect = {GenaiPart, kTorchDialect.path, GenaiOwner, false};

}  // namespace onnx_macs
