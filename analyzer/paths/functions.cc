// TorchScript's export_modules_as_functions names the node of a call by the last module called
// inside
// ("/blocks.0/act/Block"); dynamo_export (torch 2.1 to 2.4) names the function by class, path and
// call, "..._LlamaAttention_model_layers_10_self_attn_1"; jax2onnx has nothing but function names.
#include "analyzer/paths/functions.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "analyzer/paths/torchscript.h"

namespace onnx_macs {
namespace {

constexpr absl::string_view kOperatorDomains[] = {"pkg.onnxscript", "pkg.torch.__subgraph__",
                                                  "com.microsoft", "ai.onnx"};

absl::string_view Parent(absl::string_view path) {
  const size_t dot = path.rfind('.');
  return path.substr(0, dot == absl::string_view::npos ? 0 : dot);
}

std::string Underscored(absl::string_view path) { return absl::StrReplaceAll(path, {{".", "_"}}); }

// Whether some beginning of the node's path is what TorchScript would call the module.
bool IsNamedBy(absl::string_view path, absl::string_view module) {
  for (; !path.empty(); path = Parent(path)) {
    if (LeavesOutHolders(path, module)) return true;
  }
  return false;
}

// The innermost of the modules around the weights that the names agree with; "" when none does.
absl::string_view AgreedModule(const FunctionCall& call) {
  const absl::string_view numbered = WithoutCallSuffix(call.function);
  for (absl::string_view module = call.weights; !module.empty(); module = Parent(module)) {
    if (IsNamedBy(call.path, module)) return module;
    const std::string ending = absl::StrCat("_", Underscored(module));
    if (absl::EndsWith(call.function, ending) || absl::EndsWith(numbered, ending)) return module;
  }
  return {};
}

// What follows the class in "torch_nn_modules_activation_ReLU_relu_1": "relu". Classes are written
// with a capital, modules mostly are not.
absl::string_view AfterClass(absl::string_view function) {
  size_t after = absl::string_view::npos;
  for (size_t at = function.find('_'); at != absl::string_view::npos;
       at = function.find('_', at + 1)) {
    const bool is_class = at + 1 < function.size() &&
                          absl::ascii_isupper(static_cast<unsigned char>(function[at + 1]));
    if (is_class) after = function.find('_', at + 1);
  }
  return after == absl::string_view::npos ? absl::string_view() : function.substr(after + 1);
}

// The name of a module without weights, from that of dynamo_export's function.
std::string ChildOf(absl::string_view base, absl::string_view function) {
  const absl::string_view numbered = WithoutCallSuffix(function);
  if (!numbered.empty()) function = numbered;
  if (base.empty()) return std::string(AfterClass(function));
  const std::string around = absl::StrCat("_", Underscored(base), "_");
  const size_t at = function.rfind(around);
  if (at == absl::string_view::npos) return "";
  return JoinPath(base, function.substr(at + around.size()));
}

}  // namespace

bool MayBeModule(absl::string_view domain) {
  if (domain.empty()) return false;
  return std::none_of(std::begin(kOperatorDomains), std::end(kOperatorDomains),
                      [&](absl::string_view prefix) { return absl::StartsWith(domain, prefix); });
}

absl::string_view CommonModule(absl::string_view a, absl::string_view b) {
  if (a.empty() || b.empty()) return a.empty() ? b : a;
  while (a != b && !a.empty()) {
    if (absl::StartsWith(b, a) && b[a.size()] == '.') break;
    a = Parent(a);
  }
  return a;
}

CallEvidence ModuleOfCall(const FunctionCall& call, std::string* module) {
  if (const absl::string_view agreed = AgreedModule(call); !agreed.empty()) {
    *module = std::string(agreed);
    return CallEvidence::kWeights;
  }
  if (absl::StartsWith(call.domain, "pkg.") && MayBeModule(call.domain)) {
    *module = ChildOf(call.base, call.function);
    if (!module->empty()) return CallEvidence::kFunction;
  }
  if (!call.path.empty()) return CallEvidence::kNone;
  if (!call.weights.empty() && call.weights != call.base) {
    *module = std::string(call.weights);
    return CallEvidence::kWeights;
  }
  if (!MayBeModule(call.domain)) return CallEvidence::kNone;
  *module = JoinPath(call.base, call.function);
  return CallEvidence::kFunction;
}

}  // namespace onnx_macs
