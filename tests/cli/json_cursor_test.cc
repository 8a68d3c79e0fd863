// JsonCursor beside a library's parser, which takes the same texts and finds the same in them.
#include "cli/json_cursor.h"

#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

using nlohmann::json;

// The whole text, as the library's values.
json ReadAny(JsonCursor& in) {
  switch (in.Peek()) {
    case JsonCursor::Kind::kNull:
      in.ReadNull();
      return nullptr;
    case JsonCursor::Kind::kBoolean:
      return in.ReadBoolean();
    case JsonCursor::Kind::kNumber:
      return in.ReadReal();
    case JsonCursor::Kind::kArray: {
      json array = json::array();
      in.ReadArray([&] { array.push_back(ReadAny(in)); });
      return array;
    }
    case JsonCursor::Kind::kObject: {
      json object = json::object();
      in.ReadObject([&](absl::string_view key) {
        const std::string name(key);
        object[name] = ReadAny(in);
      });
      return object;
    }
    default:
      return in.ReadString();
  }
}

bool IsRead(const std::string& text) {
  JsonCursor in(text);
  ReadAny(in);
  in.End();
  return in.ok();
}

bool IsSkipped(const std::string& text) {
  JsonCursor in(text);
  in.Skip();
  in.End();
  return in.ok();
}

const char* const kTexts[] = {
    R"({"a": [1, -2.5e3, true, false, null], "b": {"c": "x\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"}})",
    "[]",
    " { } ",
    "[[[]], {\"\": []}, 0, -0, 0.5, 1E+2, 12345678901234567890]",
    "\"alone\"",
    "-7",
    "{\"a\":1,\"b\":[{\"c\":null},{}],\"d\":\"\"}",
};

TEST_CASE("JSON cursor: reads what a library reads") {
  for (const std::string text : kTexts) {
    CAPTURE(text);
    JsonCursor in(text);
    const json read = ReadAny(in);
    in.End();
    REQUIRE(in.ok());
    CHECK(read == json::parse(text));
    CHECK(IsSkipped(text));
  }
}

TEST_CASE("JSON cursor: takes and refuses the texts that a library does") {
  std::mt19937 random(7);
  const std::string letters = "{}[]\",:\\0123.-+eEtruefalsn u\n/dD89ab";
  size_t taken = 0, refused = 0;
  for (int i = 0; i < 60'000; ++i) {
    std::string text = kTexts[random() % std::size(kTexts)];
    for (int changes = 1 + random() % 2; changes > 0; --changes) {
      const size_t at = random() % text.size();
      const char letter = letters[random() % letters.size()];
      switch (random() % 3) {
        case 0:
          text[at] = letter;
          break;
        case 1:
          text.insert(at, 1, letter);
          break;
        default:
          text.erase(at, 1);
      }
      if (text.empty()) text = "0";
    }
    const bool expected = json::accept(text);
    ++(expected ? taken : refused);
    if (IsRead(text) != expected || IsSkipped(text) != expected) {
      CAPTURE(text, expected);
      CHECK(IsRead(text) == expected);
      CHECK(IsSkipped(text) == expected);
    }
  }
  CHECK(taken > 1000);
  CHECK(refused > 10'000);
}

struct Wrong {
  const char* text;
  const char* message;
  void (*read)(JsonCursor& in);
};

TEST_CASE("JSON cursor: what is wrong, and where") {
  const Wrong kCases[] = {
      {"{\"a\": true}", "1:7: \"a\" is true or false, not a number",
       [](JsonCursor& in) { in.ReadObject([&](absl::string_view) { in.ReadInteger(); }); }},
      {"{\n \"\xC3\xA9\": 1.5}", "2:7: \"\xC3\xA9\" is no whole number",
       [](JsonCursor& in) { in.ReadObject([&](absl::string_view) { in.ReadInteger(); }); }},
      {"{\"a\": 9223372036854775808}", "1:7: \"a\" is a number that is too large",
       [](JsonCursor& in) { in.ReadObject([&](absl::string_view) { in.ReadInteger(); }); }},
      {"{\"a\": 1e999}", "1:7: \"a\" is a number that is too large or too small",
       [](JsonCursor& in) { in.ReadObject([&](absl::string_view) { in.ReadReal(); }); }},
      {"{\"a\": \"x", "1:9: the text ends too soon",
       [](JsonCursor& in) { in.ReadObject([&](absl::string_view) { in.ReadString(); }); }},
      {"{\"a\": [}", "1:8: this is no JSON", [](JsonCursor& in) { in.Skip(); }},
      {"[1] 2", "1:5: this is no JSON", [](JsonCursor& in) { in.Skip(); }},
      {"\"\\ud800\"", "1:8: this is no JSON", [](JsonCursor& in) { in.Skip(); }},
  };
  for (const Wrong& wrong : kCases) {
    CAPTURE(wrong.text);
    JsonCursor in(wrong.text);
    wrong.read(in);
    in.End();
    CHECK(in.status().message() == wrong.message);
  }
}

TEST_CASE("JSON cursor: depth has an end, and nothing is read after an error") {
  const std::string deep = std::string(1'000'000, '[');
  JsonCursor in(deep);
  in.Skip();
  CHECK(in.status().message() == "1:64: this is nested too deep");
  CHECK(in.ReadString().empty());
  CHECK(in.ReadInteger() == 0);
  in.ReadArray([] { FAIL("nothing is left to read"); });
  CHECK(in.status().message() == "1:64: this is nested too deep");
}

}  // namespace
}  // namespace onnx_macs
