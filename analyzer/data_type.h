// ONNX element types: their numbers on the wire, names and widths, in one table.
#ifndef ANALYZER_DATA_TYPE_H_
#define ANALYZER_DATA_TYPE_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace onnx_macs {

// Numbers are those of TensorProto.DataType.
enum class DataType : uint8_t {
  kUndefined = 0,
  kFloat = 1,
  kUint8 = 2,
  kInt8 = 3,
  kUint16 = 4,
  kInt16 = 5,
  kInt32 = 6,
  kInt64 = 7,
  kString = 8,
  kBool = 9,
  kFloat16 = 10,
  kDouble = 11,
  kUint32 = 12,
  kUint64 = 13,
  kComplex64 = 14,
  kComplex128 = 15,
  kBfloat16 = 16,
  kFloat8E4M3FN = 17,
  kFloat8E4M3FNUZ = 18,
  kFloat8E5M2 = 19,
  kFloat8E5M2FNUZ = 20,
  kUint4 = 21,
  kInt4 = 22,
  kFloat4E2M1 = 23,
  kFloat8E8M0 = 24,
  kUint2 = 25,
  kInt2 = 26,
};

// How the bits of an element are to be read.
enum class NumberKind : uint8_t { kNone, kFloating, kSigned, kUnsigned, kComplex };

struct DataTypeInfo {
  absl::string_view name;
  int bits;  // 0: no fixed width (strings, undefined)
  NumberKind kind;
};

// Any number is accepted: those ONNX does not define are described as undefined.
const DataTypeInfo& Describe(DataType type);
DataType DataTypeFromNumber(int64_t number);

inline bool IsFloating(DataType type) { return Describe(type).kind == NumberKind::kFloating; }
inline bool IsInteger(DataType type) {
  return Describe(type).kind == NumberKind::kSigned || Describe(type).kind == NumberKind::kUnsigned;
}

}  // namespace onnx_macs

#endif  // ANALYZER_DATA_TYPE_H_
