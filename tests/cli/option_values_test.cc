// Values of options.
#include "cli/option_values.h"

#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

using Dims = std::vector<std::string>;

TEST_CASE("a resolution is a size or height x width") {
  CHECK(ParseResolution("512").value() == std::pair<int64_t, int64_t>(512, 512));
  CHECK(ParseResolution("768x512").value() == std::pair<int64_t, int64_t>(768, 512));
  CHECK(ParseResolution("768X512").value() == std::pair<int64_t, int64_t>(768, 512));
  for (const char* bad : {"", "0", "-1", "x", "512x", "1x2x3", "5.5", "99999999999999999999"}) {
    CAPTURE(bad);
    CHECK_FALSE(ParseResolution(bad).ok());
  }
}

TEST_CASE("bytes are a number and its unit") {
  const std::pair<const char*, int64_t> cases[] = {{"24GiB", 25'769'803'776},
                                                   {"24GB", 24'000'000'000},
                                                   {"1.5GiB", 1'610'612'736},
                                                   {"512MiB", 536'870'912},
                                                   {"500MB", 500'000'000},
                                                   {"8kB", 8'000},
                                                   {"8KB", 8'000},
                                                   {"8KiB", 8'192},
                                                   {"2TB", 2'000'000'000'000},
                                                   {"1TiB", 1'099'511'627'776}};
  for (const auto& [text, bytes] : cases) {
    CAPTURE(text);
    CHECK(ParseBytes(text).value() == bytes);
  }
  for (const char* bad : {"", "24", "GiB", "-1GiB", "24gib", "1e3GB", "0GB", "1..5GB", "24 GiBs",
                          "99999999999999TiB", "0.0001kB", "nanGB", "0x10GB"}) {
    CAPTURE(bad);
    CHECK_FALSE(ParseBytes(bad).ok());
  }
}

struct ShapeCase {
  const char* text;
  Dims dims;
};

TEST_CASE("a shape is sizes and names with x or commas between") {
  const ShapeCase cases[] = {
      {"8", {"8"}},
      {"1x3x224x224", {"1", "3", "224", "224"}},
      {"1x3xheightxwidth", {"1", "3", "height", "width"}},
      {"1xtext_lenx768", {"1", "text_len", "768"}},
      {"1xmax_seq", {"1", "max_seq"}},
      {"HxWx3", {"H", "W", "3"}},
      {"batch,xylophone,3", {"batch", "xylophone", "3"}},
      {"1, 2*h", {"1", "2*h"}},
      {"1x2*h", {"1", "2*h"}},
  };
  for (const ShapeCase& c : cases) {
    CAPTURE(c.text);
    REQUIRE(ParseShape(c.text).ok());
    CHECK(*ParseShape(c.text) == c.dims);
  }
  for (const char* bad : {"", "x", "1x", "1xx2", "1,,2", "1x-3"}) {
    CAPTURE(bad);
    CHECK_FALSE(ParseShape(bad).ok());
  }
}

TEST_CASE("an assignment is split at its first equals sign") {
  CHECK(ParseAssignment("a=b").value() == std::pair<std::string, std::string>("a", "b"));
  CHECK(ParseAssignment("a=@x=y.pb").value() ==
        std::pair<std::string, std::string>("a", "@x=y.pb"));
  for (const char* bad : {"", "a", "=", "a=", "=b"}) {
    CAPTURE(bad);
    CHECK_FALSE(ParseAssignment(bad).ok());
  }
}

TEST_CASE("a choice knows its nearest name") {
  constexpr absl::string_view kNames[] = {"table", "json"};
  CHECK(ParseChoice("json", kNames).value() == 1);
  CHECK(ParseChoice("jsn", kNames).status().message() ==
        "'jsn' is not one of table, json; did you mean json?");
  CHECK(ParseChoice("xml", kNames).status().message() == "'xml' is not one of table, json");
}

}  // namespace
}  // namespace onnx_macs
