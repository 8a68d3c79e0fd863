// Headers of tensors: name, type, dims and where the data is.
#include "analyzer/tensor_reader.h"

#include "absl/types/span.h"
#include "analyzer/wire.h"

namespace onnx_macs {
namespace {

constexpr uint32_t kSparseValues = BytesField(1);
constexpr int64_t kExternal = 1;

}  // namespace

bool ReadTensor(Decoder& decoder, absl::string_view message, Tensor* tensor) {
  std::vector<int64_t>& dims = decoder.buffers.dims;
  dims.clear();
  tensor->message = message;
  WireReader reader(message);
  while (reader.Next()) {
    switch (reader.tag()) {
      case VarintField(1):
      case BytesField(1):
        if (!decoder.AppendVarints(reader, "the dims of a tensor", &dims)) return false;
        break;
      case VarintField(2):
        tensor->type = DataTypeFromNumber(reader.integer());
        break;
      case BytesField(8):
        tensor->name = reader.bytes();
        break;
      case VarintField(14):
        tensor->is_external = reader.integer() == kExternal;
        break;
      default:
        break;
    }
  }
  tensor->dims = decoder.arena().Copy(absl::MakeConstSpan(dims));
  return decoder.Finish(reader, "a tensor") && decoder.Spend(2);
}

// Named and typed by its values; its dims are those of the tensor it stands for.
bool ReadSparseTensor(Decoder& decoder, absl::string_view message, Tensor* tensor) {
  std::vector<int64_t> dims;
  absl::string_view values;
  int pieces = 0;
  WireReader reader(message);
  while (reader.Next()) {
    switch (reader.tag()) {
      case kSparseValues:
        values = reader.bytes();
        ++pieces;
        break;
      case VarintField(3):
      case BytesField(3):
        if (!decoder.AppendVarints(reader, "the dims of a sparse tensor", &dims)) return false;
        break;
      default:
        break;
    }
  }
  if (!decoder.Finish(reader, "a sparse tensor")) return false;
  if (pieces > 1) values = decoder.Merged(message, kSparseValues);
  if (!ReadTensor(decoder, values, tensor)) return false;
  tensor->is_sparse = true;
  tensor->dims = decoder.arena().Copy(absl::MakeConstSpan(dims));
  return true;
}

}  // namespace onnx_macs
