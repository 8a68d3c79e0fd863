// Reads the headers of TensorProto and SparseTensorProto; their data stays where it is.
#ifndef ANALYZER_TENSOR_READER_H_
#define ANALYZER_TENSOR_READER_H_

#include "absl/strings/string_view.h"
#include "analyzer/decoder.h"
#include "analyzer/model.h"

namespace onnx_macs {

bool ReadTensor(Decoder& decoder, absl::string_view message, Tensor* tensor);
bool ReadSparseTensor(Decoder& decoder, absl::string_view message, Tensor* tensor);

}  // namespace onnx_macs

#endif  // ANALYZER_TENSOR_READER_H_
