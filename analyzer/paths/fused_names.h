// What ONNX Runtime's optimizers do to the names of nodes they fuse or insert.
#ifndef ANALYZER_PATHS_FUSED_NAMES_H_
#define ANALYZER_PATHS_FUSED_NAMES_H_

#include "absl/strings/string_view.h"

namespace onnx_macs {

// "/fc/MatMul/MatMulAddFusion/" is "/fc/MatMul" again, the node that was fused.
absl::string_view WithoutFusionSuffix(absl::string_view name);

// "NhwcConv_0-/conv_in/Conv" and "InsertedPrecisionFreeCast_/fc/MatMul" hold a node's name: cuts
// what stands before it. False when there is none.
bool FindPrefixedName(absl::string_view* name);

}  // namespace onnx_macs

#endif  // ANALYZER_PATHS_FUSED_NAMES_H_
