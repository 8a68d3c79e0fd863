// What a file declares about a value: TypeProto, decoded when someone asks.
#ifndef ANALYZER_DECLARED_TYPE_H_
#define ANALYZER_DECLARED_TYPE_H_

#include <cstdint>
#include <memory>

#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"
#include "analyzer/data_type.h"
#include "analyzer/tensor_info.h"

namespace onnx_macs {

struct DeclaredDim {
  enum class Kind : uint8_t { kUnknown, kValue, kParam };
  Kind kind = Kind::kUnknown;
  int64_t value = 0;        // kValue; never negative
  absl::string_view param;  // kParam; never empty
};

struct DeclaredType {
  ValueKind kind = ValueKind::kTensor;
  DataType type = DataType::kUndefined;  // kMap: the type of the keys
  bool has_shape = false;
  absl::InlinedVector<DeclaredDim, 6> dims;
  std::unique_ptr<DeclaredType> element;  // kSequence, kOptional, kMap
};

// False when the message is damaged or its types are nested too deep. One object can be used for
// many messages: for tensors of up to six dims nothing is then allocated.
bool ReadDeclaredType(absl::string_view message, DeclaredType* out);

}  // namespace onnx_macs

#endif  // ANALYZER_DECLARED_TYPE_H_
