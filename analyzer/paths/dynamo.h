// What torch's dynamo exporter (2.5 and later) says of a node's module in its metadata.
#ifndef ANALYZER_PATHS_DYNAMO_H_
#define ANALYZER_PATHS_DYNAMO_H_

#include "absl/strings/string_view.h"
#include "analyzer/model.h"

namespace onnx_macs {

// The scope in a value of pkg.torch.onnx.name_scopes, "['', 'down_blocks.0', ..., 'linear_3']": the
// last entry but one that is a module. False when it is not such a list.
bool ScopeFromNameScopes(absl::string_view list, absl::string_view* scope);

// The same from a value of namespace, ": Net/down.0: pkg.Block/down.0.fc: pkg.Linear/linear_3:
// aten".
bool ScopeFromNamespace(absl::string_view levels, absl::string_view* scope);

// From whichever of them the node has.
bool ScopeFromMetadata(const Node& node, absl::string_view* scope);

}  // namespace onnx_macs

#endif  // ANALYZER_PATHS_DYNAMO_H_
