// Reading dynamo's metadata from its end, where the innermost module stands.
#include "analyzer/paths/dynamo.h"

#include "absl/strings/match.h"

namespace onnx_macs {
namespace {

constexpr absl::string_view kNameScopes = "pkg.torch.onnx.name_scopes";
constexpr absl::string_view kNamespace = "namespace";
// What torch puts where a module has no name of its own.
constexpr absl::string_view kNoScope = "_empty_nn_module_stack";

// Takes the last quoted entry off a Python list of strings. False when there is none.
bool TakeLastEntry(absl::string_view* list, absl::string_view* entry) {
  size_t close = list->size();
  while (close > 0 && (*list)[close - 1] != '\'' && (*list)[close - 1] != '"') --close;
  if (close < 2) return false;
  --close;
  const size_t open = list->rfind((*list)[close], close - 1);
  if (open == absl::string_view::npos) return false;
  *entry = list->substr(open + 1, close - open - 1);
  *list = list->substr(0, open);
  return true;
}

// Takes "fc: pkg.Linear" off the end of "a: pkg.A/fc: pkg.Linear" and gives its name, "fc".
bool TakeLastLevel(absl::string_view* levels, absl::string_view* name) {
  if (levels->data() == nullptr) return false;
  const size_t slash = levels->rfind('/');
  const bool is_first = slash == absl::string_view::npos;
  const absl::string_view level = is_first ? *levels : levels->substr(slash + 1);
  *levels = is_first ? absl::string_view() : levels->substr(0, slash);
  const size_t colon = level.find(": ");
  if (colon == absl::string_view::npos) return false;
  *name = level.substr(0, colon);
  return true;
}

}  // namespace

bool ScopeFromNameScopes(absl::string_view list, absl::string_view* scope) {
  absl::string_view entry;
  if (!TakeLastEntry(&list, &entry)) return false;  // the call itself
  do {
    if (!TakeLastEntry(&list, scope)) return false;
  } while (absl::StartsWith(*scope, kNoScope));
  return true;
}

bool ScopeFromNamespace(absl::string_view levels, absl::string_view* scope) {
  absl::string_view call;
  if (!TakeLastLevel(&levels, &call)) return false;
  do {
    if (!TakeLastLevel(&levels, scope)) return false;
  } while (absl::StartsWith(*scope, kNoScope));
  return true;
}

bool ScopeFromMetadata(const Node& node, absl::string_view* scope) {
  if (node.metadata.empty()) return false;
  if (ScopeFromNameScopes(Metadata(node, kNameScopes), scope)) return true;
  return ScopeFromNamespace(Metadata(node, kNamespace), scope);
}

}  // namespace onnx_macs
