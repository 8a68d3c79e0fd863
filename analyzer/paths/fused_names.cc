// Names of fused nodes. Those without any module ("SkipLayerNorm_AddBias_0") still give their
// outputs the names these had before: the assigner asks those next.
#include "analyzer/paths/fused_names.h"

#include "absl/strings/match.h"

namespace onnx_macs {

absl::string_view WithoutFusionSuffix(absl::string_view name) {
  for (;;) {
    if (!name.empty() && name.back() == '/') name.remove_suffix(1);
    if (!absl::EndsWith(name, "Fusion")) return name;
    const size_t slash = name.rfind('/');
    if (slash == absl::string_view::npos) return name;
    name = name.substr(0, slash);
  }
}

bool FindPrefixedName(absl::string_view* name) {
  const size_t slash = name->find('/');
  if (slash == absl::string_view::npos || slash == 0) return false;
  const char before = (*name)[slash - 1];
  if (before != '-' && before != '_') return false;
  name->remove_prefix(slash);
  return true;
}

}  // namespace onnx_macs
