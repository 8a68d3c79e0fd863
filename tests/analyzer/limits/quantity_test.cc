// Amounts and percentages as people write them. Expected values are worked out by hand.
#include "analyzer/limits/quantity.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

constexpr absl::int128 kTenTo18 = 1'000'000'000'000'000'000;

struct QuantityCase {
  const char* text;
  absl::int128 value;
};

TEST_CASE("amounts are exact") {
  const QuantityCase cases[] = {{"0", 0},
                                {"1000", 1000},
                                {"5G", 5'000'000'000},
                                {"1.5k", 1500},
                                {"1.5K", 1500},
                                {"2.50M", 2'500'000},
                                {"0.000001M", 1},
                                {"0.5", 0},
                                {"1.2345k", 1234},
                                {"3T", 3'000'000'000'000},
                                {"7P", 7'000'000'000'000'000},
                                {"9007199254740993", 9007199254740993},  // 2^53 + 1: no double
                                {"9007.199254740993T", 9007199254740993},
                                {"1000000000000000000000", kTenTo18 * 1000},
                                {"170141183460469231731687303715884105727", absl::Int128Max()}};
  for (const QuantityCase& c : cases) {
    CAPTURE(c.text);
    const auto value = ParseQuantity(c.text, QuantityUnit::kCount);
    REQUIRE(value.ok());
    CHECK((*value == c.value));
    CHECK(ParseQuantity(c.text, QuantityUnit::kBytes).ok());
  }
}

TEST_CASE("bytes have their units") {
  const QuantityCase cases[] = {{"1B", 1},
                                {"1kB", 1000},
                                {"1KB", 1000},
                                {"1KiB", 1024},
                                {"24GiB", 25769803776},
                                {"24GB", 24'000'000'000},
                                {"0.5GiB", 536870912},
                                {"1.5TiB", 1649267441664},
                                {"1PiB", 1125899906842624},
                                {"2.5G", 2'500'000'000},
                                {"1.1GiB", 1181116006}};  // and 0.4
  for (const QuantityCase& c : cases) {
    CAPTURE(c.text);
    const auto value = ParseQuantity(c.text, QuantityUnit::kBytes);
    REQUIRE(value.ok());
    CHECK((*value == c.value));
  }
}

TEST_CASE("what is no amount says why") {
  const std::pair<const char*, const char*> cases[] = {
      {"", "'' is no amount (1000, 420G, 1.5M)"},
      {"G", "'G' is no amount (1000, 420G, 1.5M)"},
      {"-5G", "'-5G' is less than 0"},
      {"1e9", "'1e9' is no amount (1000, 420G, 1.5M)"},
      {"1.G", "'1.G' is no amount (1000, 420G, 1.5M)"},
      {".5G", "'.5G' is no amount (1000, 420G, 1.5M)"},
      {"1.2.3G", "'1.2.3G' is no amount (1000, 420G, 1.5M)"},
      {"5g", "'5g' is no amount (1000, 420G, 1.5M)"},
      {"5 G", "'5 G' is no amount (1000, 420G, 1.5M)"},
      {"+5", "'+5' is no amount (1000, 420G, 1.5M)"},
      {"24GiB", "'24GiB' is in bytes, but what it limits is not"},
      {"170141183460469231731687303715884105728",
       "'170141183460469231731687303715884105728' is too large"},
      {"170141183460469231731687303715884106k",
       "'170141183460469231731687303715884106k' is too large"}};
  for (const auto& [text, message] : cases) {
    CAPTURE(text);
    CHECK(std::string(ParseQuantity(text, QuantityUnit::kCount).status().message()) == message);
  }
}

TEST_CASE("a percentage is a number of millionths") {
  const std::pair<const char*, int64_t> cases[] = {{"0%", 0},
                                                   {"2%", 20000},
                                                   {"2.5%", 25000},
                                                   {"0.0001%", 1},
                                                   {"2.50000%", 25000},
                                                   {"100%", 1000000},
                                                   {"922337203685477.5807%", INT64_MAX}};
  for (const auto& [text, millionths] : cases) {
    CAPTURE(text);
    const auto value = ParsePercent(text);
    REQUIRE(value.ok());
    CHECK(*value == millionths);
  }
  for (const char* text : {"", "%", "2", "-2%", "2,5%", "2 %", "0.00001%", "922337203685477.5808%",
                           "9999999999999999999999999999999999999999999%"}) {
    CAPTURE(text);
    CHECK_FALSE(ParsePercent(text).ok());
  }
}

TEST_CASE("growth is exact where doubles are not") {
  absl::int128 result = 0;
  // 2 % of 402401234567 is 8048024691.34.
  CHECK(Grown(402401234567, 20000, false, &result));
  CHECK((result == 410449259258));
  CHECK(Grown(402401234567, 20000, true, &result));
  CHECK((result == 410449259259));
  // A millionth of 10^24 + 1 is 10^18 and a little.
  CHECK(Grown(kTenTo18 * 1000000 + 1, 1, false, &result));
  CHECK((result == kTenTo18 * 1000001 + 1));
  CHECK(Grown(kTenTo18 * 1000000 + 1, 1, true, &result));
  CHECK((result == kTenTo18 * 1000001 + 2));
  CHECK(Grown(50, 20000, true, &result));
  CHECK((result == 51));
  CHECK(Grown(0, INT64_MAX, true, &result));
  CHECK((result == 0));
  CHECK(Grown(absl::Int128Max(), 0, true, &result));
  CHECK((result == absl::Int128Max()));
  CHECK_FALSE(Grown(absl::Int128Max(), 1, false, &result));
  CHECK_FALSE(Grown(absl::Int128Max(), INT64_MAX, false, &result));
}

}  // namespace
}  // namespace onnx_macs
