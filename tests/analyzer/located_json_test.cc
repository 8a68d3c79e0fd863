// Places of values in JSON: lines and columns counted by hand.
#include "analyzer/located_json.h"

#include <string>

#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

const LocatedJson& At(const LocatedJson& json, const char* key) {
  const LocatedJson* found = json.Find(key);
  REQUIRE(found != nullptr);
  return *found;
}

TEST_CASE("every value and key knows its place") {
  const auto json = ParseLocatedJson(
      "{\n"
      "  \"a\": [1, -22 ,\"x\",true],\n"
      "\t\"\xC3\xA4\":\t{ \"n\" : null},\"f\": 1.5e3\n"
      "}");
  REQUIRE(json.ok());
  CHECK(ToString(json->place) == "1:1");
  CHECK(ToString(json->members[0].key_place) == "2:3");
  const LocatedJson& list = At(*json, "a");
  CHECK(ToString(list.place) == "2:8");
  REQUIRE(list.items.size() == 4);
  CHECK(ToString(list.items[0].place) == "2:9");
  CHECK(ToString(list.items[1].place) == "2:12");
  CHECK(ToString(list.items[2].place) == "2:17");
  CHECK(ToString(list.items[3].place) == "2:21");
  CHECK(list.items[1].integer == -22);
  CHECK(list.items[2].text == "x");
  CHECK(list.items[3].boolean);
  // A tab is one character, and so is an umlaut of two bytes.
  const LocatedJson& inner = At(*json, "\xC3\xA4");
  CHECK(ToString(json->members[1].key_place) == "3:2");
  CHECK(ToString(inner.place) == "3:7");
  CHECK(ToString(inner.members[0].key_place) == "3:9");
  CHECK(ToString(At(inner, "n").place) == "3:15");
  CHECK(At(*json, "f").is(LocatedJson::Kind::kReal));
  CHECK(At(*json, "f").text == "1.5e3");
  CHECK(ToString(At(*json, "f").place) == "3:26");
}

TEST_CASE("what is no JSON is refused where it goes wrong") {
  struct Row {
    const char* text;
    const char* error;
  };
  const Row rows[] = {
      {"", "1:1: the text ends too soon"},
      {"{\"a\": 1", "1:8: the text ends too soon"},
      {"[1,\n 2,,]", "2:4: this is no JSON"},
      {"[\"\xFF\"]", "1:3: this is no JSON"},
      {"[1] 2", "1:5: this is no JSON"},
      {"[18446744073709551615]", "1:2: the number is too large"},
      {"{\"a\": 1,\n \"a\": 2}", "2:2: \"a\" is there twice"},
      {"[1e999]", "1:6: this is no JSON"},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    CHECK(ParseLocatedJson(row.text).status().message() == row.error);
  }
}

TEST_CASE("a number that is not whole, or too small for it, is a real one") {
  for (const char* text : {"-9223372036854775809", "0.5", "1e3"}) {
    const auto json = ParseLocatedJson(text);
    REQUIRE(json.ok());
    CHECK(json->is(LocatedJson::Kind::kReal));
    CHECK(json->text == text);
  }
}

TEST_CASE("nesting has an end") {
  const std::string fits = std::string(32, '[') + std::string(32, ']');
  CHECK(ParseLocatedJson(fits).ok());
  CHECK(ParseLocatedJson("[" + fits + "]").status().message() == "1:33: this is nested too deep");
}

}  // namespace
}  // namespace onnx_macs
