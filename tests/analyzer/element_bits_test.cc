// Numbers of every element type, from the tables of the formats' definitions.
#include "analyzer/element_bits.h"

#include <cmath>
#include <limits>
#include <string>

#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST_CASE("element bits: floating-point formats") {
  struct Row {
    DataType type;
    uint64_t bits;
    double value;
  };
  const Row rows[] = {
      {DataType::kFloat, 0x3fc00000, 1.5},
      {DataType::kDouble, 0xc004000000000000, -2.5},
      {DataType::kFloat16, 0x3c00, 1},
      {DataType::kFloat16, 0xc000, -2},
      {DataType::kFloat16, 0x7bff, 65504},    // the largest
      {DataType::kFloat16, 0x0001, 0x1p-24},  // the smallest subnormal
      {DataType::kFloat16, 0x0400, 0x1p-14},  // the smallest normal
      {DataType::kFloat16, 0xfc00, -kInfinity},
      {DataType::kBfloat16, 0x3f80, 1},
      {DataType::kBfloat16, 0x4049, 3.140625},
      {DataType::kBfloat16, 0x7f80, kInfinity},
      {DataType::kFloat8E4M3FN, 0x38, 1},
      {DataType::kFloat8E4M3FN, 0x7e, 448},  // the largest; 0x7f is NaN
      {DataType::kFloat8E4M3FN, 0x01, 0x1p-9},
      {DataType::kFloat8E4M3FN, 0xb8, -1},
      {DataType::kFloat8E4M3FNUZ, 0x40, 1},
      {DataType::kFloat8E4M3FNUZ, 0x7f, 240},
      {DataType::kFloat8E5M2, 0x3c, 1},
      {DataType::kFloat8E5M2, 0x7b, 57344},
      {DataType::kFloat8E5M2, 0x7c, kInfinity},
      {DataType::kFloat8E5M2FNUZ, 0x40, 1},
      {DataType::kFloat8E5M2FNUZ, 0x7f, 57344},
      {DataType::kFloat4E2M1, 0x1, 0.5},
      {DataType::kFloat4E2M1, 0x7, 6},
      {DataType::kFloat4E2M1, 0xa, -1},
      {DataType::kFloat8E8M0, 127, 1},
      {DataType::kFloat8E8M0, 130, 8},
      {DataType::kFloat8E8M0, 0, 0x1p-127},
  };
  for (const Row& row : rows) {
    CAPTURE(Describe(row.type).name, row.bits);
    CHECK(FloatFromBits(row.bits, row.type) == row.value);
  }
}

TEST_CASE("element bits: NaN in every format that has one") {
  CHECK(std::isnan(FloatFromBits(0x7e00, DataType::kFloat16)));
  CHECK(std::isnan(FloatFromBits(0x7fc0, DataType::kBfloat16)));
  CHECK(std::isnan(FloatFromBits(0xff, DataType::kFloat8E4M3FN)));
  CHECK(std::isnan(FloatFromBits(0x80, DataType::kFloat8E4M3FNUZ)));
  CHECK(std::isnan(FloatFromBits(0x7e, DataType::kFloat8E5M2)));
  CHECK(std::isnan(FloatFromBits(0x80, DataType::kFloat8E5M2FNUZ)));
  CHECK(std::isnan(FloatFromBits(0xff, DataType::kFloat8E8M0)));
  CHECK(std::isnan(FloatFromBits(0, DataType::kInt32)));  // not a floating-point type
}

TEST_CASE("element bits: elements narrower than a byte are packed from the low bits") {
  const std::string data = "\x21\xf3";
  CHECK(BitsAt(data, 0, 4) == 1);
  CHECK(BitsAt(data, 1, 4) == 2);
  CHECK(BitsAt(data, 2, 4) == 3);
  CHECK(BitsAt(data, 3, 4) == 15);
  // 0xe4 = 11 10 01 00
  for (int i = 0; i < 4; ++i) CHECK(BitsAt("\xe4", i, 2) == static_cast<uint64_t>(i));
}

TEST_CASE("element bits: signed numbers") {
  CHECK(SignedFromBits(0xf, 4) == -1);
  CHECK(SignedFromBits(0x8, 4) == -8);
  CHECK(SignedFromBits(0x7, 4) == 7);
  CHECK(SignedFromBits(0x2, 2) == -2);
  CHECK(SignedFromBits(0xff, 8) == -1);
  CHECK(SignedFromBits(0xffffffff, 32) == -1);
  CHECK(SignedFromBits(0x8000000000000000, 64) == std::numeric_limits<int64_t>::min());
}

}  // namespace
}  // namespace onnx_macs
