// The fields of a protobuf message, one after another, in place. protozero's own loop takes 32-bit
// lengths, no groups and varints that overflow, so the loop is ours; what reads a scalar or a
// packed range is protozero's.
#ifndef ANALYZER_WIRE_H_
#define ANALYZER_WIRE_H_

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"

namespace onnx_macs {

enum class WireType : uint8_t {
  kVarint = 0,
  kFixed64 = 1,
  kBytes = 2,
  kStartGroup = 3,
  kEndGroup = 4,
  kFixed32 = 5,
};

// A field's tag as it stands on the wire: a field with another wire type is another field.
constexpr uint32_t WireTag(uint32_t number, WireType type) {
  return number << 3 | static_cast<uint32_t>(type);
}
constexpr uint32_t VarintField(uint32_t number) { return WireTag(number, WireType::kVarint); }
constexpr uint32_t BytesField(uint32_t number) { return WireTag(number, WireType::kBytes); }
constexpr uint32_t Fixed32Field(uint32_t number) { return WireTag(number, WireType::kFixed32); }
constexpr uint32_t Fixed64Field(uint32_t number) { return WireTag(number, WireType::kFixed64); }

enum class WireError : uint8_t { kNone, kTruncated, kBadTag, kBadVarint, kBadGroup };

// A short phrase: "a field reaches past the end".
absl::string_view Describe(WireError error);

class WireReader {
 public:
  explicit WireReader(absl::string_view message)
      : at_(message.data()), end_(message.data() + message.size()), field_(at_) {}

  // Moves to the next field. False at the end of the message and at an error. Groups are skipped.
  bool Next() {
    field_ = at_;
    // Nearly every field is a tag of one byte and a length or value of one or two.
    if (end_ - at_ >= 3) {
      const uint32_t tag = static_cast<uint8_t>(at_[0]), second = static_cast<uint8_t>(at_[1]);
      const uint32_t third = static_cast<uint8_t>(at_[2]);
      const bool is_short = second < 0x80;
      const uint32_t number = is_short ? second : (second & 0x7f) | third << 7;
      const char* const next = at_ + (is_short ? 2 : 3);
      if (tag >= 8 && tag < 0x80 && (is_short || third < 0x80)) {
        if ((tag & 7) == static_cast<uint32_t>(WireType::kBytes) && number <= end_ - next) {
          tag_ = tag;
          bytes_ = absl::string_view(next, number);
          at_ = next + number;
          return true;
        }
        if ((tag & 7) == static_cast<uint32_t>(WireType::kVarint)) {
          tag_ = tag;
          number_ = number;
          at_ = next;
          return true;
        }
      }
    }
    return NextSlow();
  }

  uint32_t tag() const { return tag_; }
  absl::string_view bytes() const { return bytes_; }  // of a kBytes field
  uint64_t number() const { return number_; }         // of any other
  int64_t integer() const { return static_cast<int64_t>(number_); }
  float float32() const;
  // Where the current field begins; where the error is after one.
  const char* field() const { return field_; }
  const char* end() const { return end_; }
  WireError error() const { return error_; }

 private:
  bool NextSlow();
  bool ReadPayload(WireType type);
  bool ReadVarint(uint64_t* value);
  bool ReadFixed(int size);
  bool SkipGroup();
  bool Fail(WireError error) {
    error_ = error;
    at_ = end_;
    return false;
  }

  const char* at_;
  const char* end_;
  const char* field_;
  absl::string_view bytes_;
  uint64_t number_ = 0;
  uint32_t tag_ = 0;
  WireError error_ = WireError::kNone;
};

// Asks for memory before it is read, up to where the answer points: only a field's length tells
// where the next one begins, so that the processor would wait for each.
const char* FetchAhead(const WireReader& reader, const char* fetched);

// Reads one varint and moves `at` past it.
WireError DecodeVarint(const char** at, const char* end, uint64_t* value);

// Append the elements of a packed field. Not every length is a whole number of elements.
WireError AppendPackedVarints(absl::string_view packed, std::vector<int64_t>* out);
WireError AppendPackedFloats(absl::string_view packed, std::vector<float>* out);

}  // namespace onnx_macs

#endif  // ANALYZER_WIRE_H_
