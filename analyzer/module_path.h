// Which module of the source model a node belongs to, from what its exporter left in the file.
// The evidence, in order: the dynamo exporter's metadata, the slashes in TorchScript node names
// (corrected by the names of the weights), and the names of the weights alone.
#ifndef ANALYZER_MODULE_PATH_H_
#define ANALYZER_MODULE_PATH_H_

#include <vector>

#include "analyzer/arena.h"
#include "analyzer/component_tree.h"
#include "analyzer/model.h"

namespace onnx_macs {

// The scope in a value of pkg.torch.onnx.name_scopes, "['', 'down_blocks.0', ..., 'linear_3']": the
// last entry but one that is a module. False when it is not such a list.
bool ScopeFromNameScopes(absl::string_view list, absl::string_view* scope);

// "/down/down.0/conv/Conv_2" is "down.0.conv": the last part is the operator, and a called
// Sequential that repeats its own name ("head/head.0") counts once. Empty when the name has no
// slashes.
std::string ScopeFromNodeName(absl::string_view name);

// "conv_in.weight" belongs to "conv_in"; "" for a name without dots or made by an exporter.
absl::string_view ScopeFromParameter(absl::string_view name);

// The component of every node of the main graph, by index; the tree gets all their paths.
std::vector<ComponentId> AssignComponents(const Model& model, ComponentTree& tree, Arena& arena);

}  // namespace onnx_macs

#endif  // ANALYZER_MODULE_PATH_H_
