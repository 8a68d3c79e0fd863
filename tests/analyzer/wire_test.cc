// The field loop over protobuf's wire format, byte by byte.
#include "analyzer/wire.h"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

using std::string_literals::operator""s;

WireError ErrorOf(const std::string& message) {
  WireReader reader(message);
  while (reader.Next()) {
  }
  return reader.error();
}

uint64_t OnlyNumber(const std::string& message) {
  WireReader reader(message);
  REQUIRE(reader.Next());
  const uint64_t number = reader.number();
  REQUIRE_FALSE(reader.Next());
  REQUIRE(reader.error() == WireError::kNone);
  return number;
}

TEST_CASE("wire: every scalar form is read") {
  CHECK(OnlyNumber("\x08\x00"s) == 0);
  CHECK(OnlyNumber("\x08\x7f"s) == 127);
  CHECK(OnlyNumber("\x08\x80\x01"s) == 128);
  CHECK(OnlyNumber("\x08\xac\x02"s) == 300);
  CHECK(OnlyNumber("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s) == UINT64_MAX);
  CHECK(OnlyNumber("\x0d\x01\x02\x03\x04"s) == 0x04030201);
  CHECK(OnlyNumber("\x09\x01\x02\x03\x04\x05\x06\x07\x08"s) == 0x0807060504030201);
  CHECK(OnlyNumber("\xa0\x01\x07"s) == 7);  // field 20: a tag of two bytes
}

TEST_CASE("wire: a float is read from its four bytes") {
  const std::string message = "\x15\x00\x00\xc0\x3f"s;
  WireReader reader(message);
  REQUIRE(reader.Next());
  CHECK(reader.tag() == Fixed32Field(2));
  CHECK(reader.float32() == 1.5f);
}

TEST_CASE("wire: negative numbers take ten bytes") {
  const std::string message = "\x08\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01"s;
  WireReader reader(message);
  REQUIRE(reader.Next());
  CHECK(reader.integer() == -2);
}

TEST_CASE("wire: strings are views of the message") {
  const std::string message =
      "\x0a\x03"
      "abc\x12\x00"s;
  WireReader reader(message);
  REQUIRE(reader.Next());
  CHECK(reader.tag() == BytesField(1));
  CHECK(reader.bytes() == "abc");
  CHECK(reader.bytes().data() == message.data() + 2);
  CHECK(reader.field() == message.data());
  REQUIRE(reader.Next());
  CHECK(reader.tag() == BytesField(2));
  CHECK(reader.bytes().empty());
  CHECK(reader.field() == message.data() + 5);
  CHECK_FALSE(reader.Next());
}

TEST_CASE("wire: lengths of one, two and three bytes") {
  for (size_t size : {127, 128, 16383, 16384, 100000}) {
    std::string message = "\x0a";
    for (size_t rest = size;; rest >>= 7) {
      message.push_back(static_cast<char>(rest > 127 ? (rest & 127) | 128 : rest));
      if (rest <= 127) break;
    }
    message.append(size, 'x');
    message.append("\x10\x05");
    WireReader reader(message);
    REQUIRE(reader.Next());
    CHECK(reader.bytes().size() == size);
    REQUIRE(reader.Next());
    CHECK(reader.number() == 5);
  }
}

TEST_CASE("wire: what is not a field is an error") {
  struct Row {
    std::string message;
    WireError error;
  };
  const Row rows[] = {
      {"", WireError::kNone},
      {"\x08"s, WireError::kTruncated},      // no value
      {"\x08\x80"s, WireError::kTruncated},  // half a varint
      {"\x0a\x05"
       "abcd"s,
       WireError::kTruncated},                       // one byte short
      {"\x0d\x01\x02\x03"s, WireError::kTruncated},  // three of four bytes
      {"\x09\x01\x02\x03\x04\x05\x06\x07"s, WireError::kTruncated},
      {"\x80"s, WireError::kTruncated},                   // half a tag
      {"\x00\x01"s, WireError::kBadTag},                  // field 0
      {"\x0e\x01"s, WireError::kBadTag},                  // wire type 6
      {"\x0f\x01"s, WireError::kBadTag},                  // wire type 7
      {"\x0c"s, WireError::kBadTag},                      // the end of no group
      {"\x80\x80\x80\x80\x10\x01"s, WireError::kBadTag},  // a tag of more than 32 bits
      {"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"s, WireError::kBadVarint},
      {"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s, WireError::kBadVarint},
      // A length that would wrap a pointer.
      {"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
       "a"s,
       WireError::kTruncated},
      // A length of 4 GiB + 1, which 32 bits would take for 1.
      {"\x0a\x81\x80\x80\x80\x10"
       "a"s,
       WireError::kTruncated},
  };
  for (const Row& row : rows) {
    CAPTURE(row.message);
    CHECK(ErrorOf(row.message) == row.error);
  }
}

TEST_CASE("wire: groups are skipped, nested ones too") {
  // Group 3 { varint, string, group 4 { } }, then field 1.
  const std::string message =
      "\x1b\x08\x05\x12\x01"
      "a\x23\x24\x1c\x08\x07"s;
  WireReader reader(message);
  REQUIRE(reader.Next());
  CHECK(reader.tag() == VarintField(1));
  CHECK(reader.number() == 7);
  CHECK_FALSE(reader.Next());
  CHECK(reader.error() == WireError::kNone);
}

TEST_CASE("wire: groups that do not close are errors") {
  CHECK(ErrorOf("\x1b"s) == WireError::kBadGroup);
  CHECK(ErrorOf("\x1b\x24"s) == WireError::kBadGroup);  // closed by another number
  CHECK(ErrorOf("\x1b\x0e"s) == WireError::kBadTag);
  CHECK(ErrorOf(std::string(1000, '\x1b')) == WireError::kBadGroup);
  CHECK(ErrorOf(std::string(100, '\x1b') + std::string(100, '\x1c')) == WireError::kNone);
}

TEST_CASE("wire: packed numbers and floats") {
  std::vector<int64_t> ints = {9};
  CHECK(AppendPackedVarints("\x01\xac\x02"s, &ints) == WireError::kNone);
  CHECK(ints == std::vector<int64_t>{9, 1, 300});
  CHECK(AppendPackedVarints("\x80"s, &ints) == WireError::kTruncated);

  std::vector<float> floats;
  CHECK(AppendPackedFloats("\x00\x00\x80\x3f\x00\x00\x00\x40"s, &floats) == WireError::kNone);
  CHECK(floats == std::vector<float>{1.0f, 2.0f});
  CHECK(AppendPackedFloats("\x00\x00\x80"s, &floats) == WireError::kTruncated);
}

TEST_CASE("wire: an error ends the message, and says where") {
  const std::string message =
      "\x08\x01\x0a\x05"
      "a"s;
  WireReader reader(message);
  REQUIRE(reader.Next());
  CHECK_FALSE(reader.Next());
  CHECK(reader.field() == message.data() + 2);
  CHECK_FALSE(reader.Next());
  CHECK(Describe(reader.error()) == "a field reaches past the end of what it is part of");
}

}  // namespace
}  // namespace onnx_macs
