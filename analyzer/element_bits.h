// The bits of one tensor element and the number they stand for, for every type ONNX has.
#ifndef ANALYZER_ELEMENT_BITS_H_
#define ANALYZER_ELEMENT_BITS_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "analyzer/data_type.h"

namespace onnx_macs {

// Element `i` of packed little-endian data; the data must hold it. Types of up to 64 bits.
uint64_t BitsAt(absl::string_view data, int64_t i, int bits);

// The number of a floating-point type; NaN where the bits say so.
double FloatFromBits(uint64_t bits, DataType type);

// The number of a signed type of that many bits.
int64_t SignedFromBits(uint64_t value, int bits);

}  // namespace onnx_macs

#endif  // ANALYZER_ELEMENT_BITS_H_
