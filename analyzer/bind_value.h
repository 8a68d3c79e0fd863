// --value: the value of an input, for models whose shapes depend on it.
#ifndef ANALYZER_BIND_VALUE_H_
#define ANALYZER_BIND_VALUE_H_

#include "absl/status/status.h"
#include "analyzer/analyze.h"
#include "analyzer/inference.h"

namespace onnx_macs {

// "3", "[1,2]", "[0.5,2]" or "@tensor.pb" (a TensorProto, or what the input is). Gives `input` its
// elements, and its shape where that is not known.
absl::Status BindValue(const InputValueBinding& given, Inference& inference, TensorInfo& input);

}  // namespace onnx_macs

#endif  // ANALYZER_BIND_VALUE_H_
