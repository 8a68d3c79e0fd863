// How torch's TorchScript exporter names nodes and parameters, and what it does to modules that are
// called twice. The parts are public because others build on the same names.
#ifndef ANALYZER_PATHS_TORCHSCRIPT_H_
#define ANALYZER_PATHS_TORCHSCRIPT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace onnx_macs {

// "/down/down.0/conv/Conv_2" is "down.0.conv": the last part is the operator, and a called
// Sequential that repeats its own name ("head/head.0") counts once. Empty when the name has no
// slashes.
std::string ScopeFromNodeName(absl::string_view name);

// "conv_in.weight" belongs to "conv_in"; "" for a name without dots or made by an exporter.
absl::string_view ScopeFromParameter(absl::string_view name);

// "act_1" -> "act"; empty when there is no such suffix.
absl::string_view WithoutCallSuffix(absl::string_view atom);

// Whether any atom might have such a suffix: few do, and looking is quick.
bool MayHaveCallSuffix(absl::string_view path);

// True when the atoms of `path` occur in `owner` in this order and end at the same one: `owner`
// then only adds containers that were never called.
bool LeavesOutHolders(absl::string_view path, absl::string_view owner);

// The dotted path of a module inside another, either of which may be "".
std::string JoinPath(absl::string_view parent, absl::string_view child);

}  // namespace onnx_macs

#endif  // ANALYZER_PATHS_TORCHSCRIPT_H_
