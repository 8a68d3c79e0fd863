// The table behind data_type.h.
#include "analyzer/data_type.h"

#include <array>
#include <cstddef>

namespace onnx_macs {
namespace {

using enum NumberKind;

constexpr std::array<DataTypeInfo, 27> kTypes = {{
    {"undefined", 0, kNone},
    {"float32", 32, kFloating},
    {"uint8", 8, kUnsigned},
    {"int8", 8, kSigned},
    {"uint16", 16, kUnsigned},
    {"int16", 16, kSigned},
    {"int32", 32, kSigned},
    {"int64", 64, kSigned},
    {"string", 0, kNone},
    {"bool", 8, kUnsigned},
    {"float16", 16, kFloating},
    {"float64", 64, kFloating},
    {"uint32", 32, kUnsigned},
    {"uint64", 64, kUnsigned},
    {"complex64", 64, kComplex},
    {"complex128", 128, kComplex},
    {"bfloat16", 16, kFloating},
    {"float8e4m3fn", 8, kFloating},
    {"float8e4m3fnuz", 8, kFloating},
    {"float8e5m2", 8, kFloating},
    {"float8e5m2fnuz", 8, kFloating},
    {"uint4", 4, kUnsigned},
    {"int4", 4, kSigned},
    {"float4e2m1", 4, kFloating},
    {"float8e8m0", 8, kFloating},
    {"uint2", 2, kUnsigned},
    {"int2", 2, kSigned},
}};

}  // namespace

const DataTypeInfo& Describe(DataType type) {
  const size_t number = static_cast<size_t>(type);
  return kTypes[number < kTypes.size() ? number : 0];
}

DataType DataTypeFromNumber(int64_t number) {
  const bool known = number > 0 && number < static_cast<int64_t>(kTypes.size());
  return known ? static_cast<DataType>(number) : DataType::kUndefined;
}

}  // namespace onnx_macs
