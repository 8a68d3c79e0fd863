// The small floating-point formats differ only in a few numbers: they are rows of a table.
#include "analyzer/element_bits.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace onnx_macs {
namespace {

enum class Special : uint8_t {
  kIeee,          // the largest exponent means infinity or NaN
  kAllOnesNan,    // only all ones are NaN
  kMinusZeroNan,  // only minus zero is NaN
  kNone,
};

struct FloatFormat {
  DataType type;
  int exponent_bits;
  int mantissa_bits;
  int bias;
  Special special;
};

constexpr FloatFormat kFormats[] = {
    {DataType::kFloat16, 5, 10, 15, Special::kIeee},
    {DataType::kBfloat16, 8, 7, 127, Special::kIeee},
    {DataType::kFloat8E4M3FN, 4, 3, 7, Special::kAllOnesNan},
    {DataType::kFloat8E4M3FNUZ, 4, 3, 8, Special::kMinusZeroNan},
    {DataType::kFloat8E5M2, 5, 2, 15, Special::kIeee},
    {DataType::kFloat8E5M2FNUZ, 5, 2, 16, Special::kMinusZeroNan},
    {DataType::kFloat4E2M1, 2, 1, 1, Special::kNone},
};

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

double Decode(uint64_t bits, const FloatFormat& format) {
  const uint64_t mantissa_mask = (uint64_t{1} << format.mantissa_bits) - 1;
  const uint64_t exponent_mask = (uint64_t{1} << format.exponent_bits) - 1;
  const uint64_t mantissa = bits & mantissa_mask;
  const uint64_t exponent = bits >> format.mantissa_bits & exponent_mask;
  const bool is_negative = (bits >> (format.mantissa_bits + format.exponent_bits) & 1) != 0;
  const double sign = is_negative ? -1 : 1;
  if (format.special == Special::kIeee && exponent == exponent_mask) {
    return mantissa != 0 ? kNan : sign * std::numeric_limits<double>::infinity();
  }
  if (format.special == Special::kAllOnesNan && exponent == exponent_mask &&
      mantissa == mantissa_mask) {
    return kNan;
  }
  if (format.special == Special::kMinusZeroNan && is_negative && exponent == 0 && mantissa == 0) {
    return kNan;
  }
  const uint64_t leading = exponent == 0 ? 0 : mantissa_mask + 1;
  const int scale = (exponent == 0 ? 1 : static_cast<int>(exponent)) - format.bias;
  return sign * std::ldexp(static_cast<double>(leading + mantissa), scale - format.mantissa_bits);
}

// An exponent and nothing else.
double DecodeE8M0(uint64_t bits) {
  return bits == 255 ? kNan : std::ldexp(1.0, static_cast<int>(bits) - 127);
}

}  // namespace

uint64_t BitsAt(absl::string_view data, int64_t i, int bits) {
  if (bits >= 8) {
    uint64_t value = 0;
    const int64_t bytes = bits / 8;
    std::memcpy(&value, data.data() + i * bytes, bytes);
    return value;
  }
  const int64_t per_byte = 8 / bits;
  const uint8_t byte = static_cast<uint8_t>(data[i / per_byte]);
  return byte >> (i % per_byte * bits) & ((1u << bits) - 1);
}

double FloatFromBits(uint64_t bits, DataType type) {
  if (type == DataType::kDouble) return std::bit_cast<double>(bits);
  if (type == DataType::kFloat) return std::bit_cast<float>(static_cast<uint32_t>(bits));
  if (type == DataType::kFloat8E8M0) return DecodeE8M0(bits);
  for (const FloatFormat& format : kFormats) {
    if (format.type == type) return Decode(bits, format);
  }
  return kNan;
}

int64_t SignedFromBits(uint64_t value, int bits) {
  const int unused = 64 - bits;
  return static_cast<int64_t>(value << unused) >> unused;
}

}  // namespace onnx_macs
