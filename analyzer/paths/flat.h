// What is left where no exporter's names are recognised: a weight's name ends in what kind of
// weight it is, and what stands before that is its layer.
#ifndef ANALYZER_PATHS_FLAT_H_
#define ANALYZER_PATHS_FLAT_H_

#include "absl/strings/string_view.h"

namespace onnx_macs {

// "conv1_weight" is of layer "conv1", "gpu_0/conv1_w_0" of "gpu_0/conv1". The name itself where no
// kind of weight is known at its end.
absl::string_view WithoutParameterKind(absl::string_view name);

}  // namespace onnx_macs

#endif  // ANALYZER_PATHS_FLAT_H_
