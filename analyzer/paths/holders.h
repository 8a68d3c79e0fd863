// TorchScript names leave out containers that are never called: the weights of `down.1.block.0.fc`
// are read by "/block.0/fc_1/MatMul". Scopes that read no weights are told from those that do.
#ifndef ANALYZER_PATHS_HOLDERS_H_
#define ANALYZER_PATHS_HOLDERS_H_

#include "analyzer/arena.h"

namespace onnx_macs {

class Scopes;

// Gives a module to scopes that have none.
void RestoreHolders(Scopes& scopes, Arena& arena);

}  // namespace onnx_macs

#endif  // ANALYZER_PATHS_HOLDERS_H_
