// Numbers as people read them.
#include "cli/number_format.h"

#include "absl/numeric/int128.h"
#include "tests/cli/sample_report.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

struct SiCase {
  int64_t value;
  const char* text;
};

TEST_CASE("SI units have four digits, rounded half up") {
  constexpr SiCase kCases[] = {
      {0, "0"},
      {1, "1"},
      {999, "999"},
      {1000, "1.000 k"},
      {1234, "1.234 k"},
      {12344, "12.34 k"},
      {12345, "12.35 k"},
      {99994, "99.99 k"},
      {99995, "100.0 k"},
      {999949, "999.9 k"},
      {999950, "1.000 M"},
      {999999, "1.000 M"},
      {999499999, "999.5 M"},
      {999950000, "1.000 G"},
      {401636720640, "401.6 G"},
      {859520964, "859.5 M"},
      {1257259466752, "1.257 T"},
      {9999499999, "9.999 G"},
      {9999500000, "10.00 G"},
      {INT64_MAX, "9.223 E"},
      {-1234, "-1.234 k"},
      {INT64_MIN, "-9.223 E"},
  };
  for (const SiCase& c : kCases) {
    CAPTURE(c.value);
    CHECK(FormatSi(c.value) == c.text);
  }
}

TEST_CASE("numbers of 128 bits are written too") {
  CHECK(FormatSi(absl::Int128Max()) == "170141183.5 Q");
  CHECK(FormatSi(absl::Int128Min()) == "-170141183.5 Q");
  CHECK(FormatDigits(absl::Int128Max()) == "170141183460469231731687303715884105727");
  CHECK(FormatDigits(absl::Int128Min()) == "-170141183460469231731687303715884105728");
  CHECK(FormatDigits(0) == "0");
}

TEST_CASE("bytes are SI units too") {
  CHECK(FormatBytes(0) == "0 B");
  CHECK(FormatBytes(80) == "80 B");
  CHECK(FormatBytes(3437361936) == "3.437 GB");
}

TEST_CASE("a share never looks like nothing when it is something") {
  CHECK(FormatShare(1, 3) == "33.3%");
  CHECK(FormatShare(0, 3) == "0.0%");
  CHECK(FormatShare(1, 10000) == "<0.1%");
  CHECK(FormatShare(3, 3) == "100.0%");
  CHECK(FormatShare(3, 0) == "-");
}

TEST_CASE("an amount that is no number says so") {
  CHECK(FormatAmount(Amount::Integer(1500)) == "1.500 k");
  CHECK(FormatAmount(Amount::Integer(338700000000), true) == ">= 338.7 G");
  CHECK(FormatAmount(Amount::Formula("4*seq", 256)) == "4*seq");
  CHECK(FormatAmount(Amount::Formula("4*seq", 256), true) == ">= 4*seq");
  CHECK(FormatAmount(Amount::Unknown()) == "?");
  CHECK(FormatAmount(Amount::Unknown(), true) == "?");
  CHECK(FormatByteAmount(Amount::Integer(2000)) == "2.000 kB");
  CHECK(FormatByteAmount(Amount::Unknown()) == "?");
  CHECK(FormatExact(Amount::Integer(401636720640)) == "401636720640");
}

}  // namespace
}  // namespace onnx_macs
