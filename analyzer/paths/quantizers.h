// Quantisers put nodes and modules of their own around a layer: they belong to that layer.
#ifndef ANALYZER_PATHS_QUANTIZERS_H_
#define ANALYZER_PATHS_QUANTIZERS_H_

#include "absl/strings/string_view.h"

namespace onnx_macs {

// "conv1._input_quantizer" is "conv1", and so are its other quantisers.
absl::string_view LayerOf(absl::string_view path);

// "conv0_fwd_quant", "conv0_weight_quantized" and "conv0_fwd_Q4" without what a quantiser added.
absl::string_view WithoutQuantizerSuffix(absl::string_view name);

}  // namespace onnx_macs

#endif  // ANALYZER_PATHS_QUANTIZERS_H_
