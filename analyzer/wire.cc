// The slow paths of wire.h: long tags and lengths, fixed-width scalars, groups, packed ranges.
#include "analyzer/wire.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstring>

#include "protozero/exception.hpp"
#include "protozero/iterators.hpp"
#include "protozero/varint.hpp"

namespace onnx_macs {
namespace {

constexpr int kMaxGroupDepth = 100;  // As protobuf's own limit.
constexpr uint64_t kMaxTag = UINT32_MAX;
constexpr int kLongestVarint = 10;

}  // namespace

absl::string_view Describe(WireError error) {
  constexpr std::array<absl::string_view, 5> kPhrases = {
      "no error", "a field reaches past the end of what it is part of", "no field begins here",
      "a number is longer than 64 bits", "a group is not closed"};
  return kPhrases[static_cast<size_t>(error)];
}

const char* FetchAhead(const WireReader& reader, const char* fetched) {
  constexpr ptrdiff_t kLine = 64, kDistance = 4096;
  const char* const to = reader.field() + std::min(kDistance, reader.end() - reader.field());
  fetched = std::max(fetched, reader.field());
  for (; fetched < to; fetched += kLine) __builtin_prefetch(fetched);
  return fetched;
}

WireError DecodeVarint(const char** at, const char* end, uint64_t* value) {
  const char* const start = *at;
  try {
    *value = protozero::decode_varint(at, end);
  } catch (const protozero::end_of_buffer_exception&) {
    return WireError::kTruncated;
  } catch (const protozero::exception&) {
    return WireError::kBadVarint;
  }
  // The tenth byte holds the 64th bit; protozero drops what stands above it.
  const bool fits = *at - start < kLongestVarint || static_cast<uint8_t>((*at)[-1]) <= 1;
  return fits ? WireError::kNone : WireError::kBadVarint;
}

float WireReader::float32() const { return std::bit_cast<float>(static_cast<uint32_t>(number_)); }

bool WireReader::ReadVarint(uint64_t* value) {
  const WireError error = DecodeVarint(&at_, end_, value);
  return error == WireError::kNone || Fail(error);
}

// Little-endian, as the machines are that this is built for.
bool WireReader::ReadFixed(int size) {
  if (end_ - at_ < size) return Fail(WireError::kTruncated);
  number_ = 0;
  std::memcpy(&number_, at_, size);
  at_ += size;
  return true;
}

bool WireReader::ReadPayload(WireType type) {
  switch (type) {
    case WireType::kVarint:
      return ReadVarint(&number_);
    case WireType::kFixed64:
      return ReadFixed(8);
    case WireType::kFixed32:
      return ReadFixed(4);
    case WireType::kBytes: {
      uint64_t length;
      if (!ReadVarint(&length)) return false;
      if (length > static_cast<uint64_t>(end_ - at_)) return Fail(WireError::kTruncated);
      bytes_ = absl::string_view(at_, length);
      at_ += length;
      return true;
    }
    default:
      return Fail(WireError::kBadTag);
  }
}

bool WireReader::NextSlow() {
  while (at_ != end_) {
    field_ = at_;
    uint64_t tag;
    if (!ReadVarint(&tag)) return false;
    if (tag < 8 || tag > kMaxTag) return Fail(WireError::kBadTag);
    tag_ = static_cast<uint32_t>(tag);
    const WireType type = static_cast<WireType>(tag & 7);
    if (type != WireType::kStartGroup) return ReadPayload(type);
    if (!SkipGroup()) return false;
  }
  return false;
}

// ONNX has no groups; whatever wrote one, it ends where its own number is closed.
bool WireReader::SkipGroup() {
  std::array<uint32_t, kMaxGroupDepth> open;
  int depth = 0;
  open[depth++] = tag_ >> 3;
  while (depth > 0) {
    if (at_ == end_) return Fail(WireError::kBadGroup);
    uint64_t tag;
    if (!ReadVarint(&tag)) return false;
    if (tag < 8 || tag > kMaxTag) return Fail(WireError::kBadTag);
    const WireType type = static_cast<WireType>(tag & 7);
    if (type == WireType::kStartGroup) {
      if (depth == kMaxGroupDepth) return Fail(WireError::kBadGroup);
      open[depth++] = static_cast<uint32_t>(tag >> 3);
    } else if (type == WireType::kEndGroup) {
      if (open[--depth] != tag >> 3) return Fail(WireError::kBadGroup);
    } else if (!ReadPayload(type)) {
      return false;
    }
  }
  return true;
}

WireError AppendPackedVarints(absl::string_view packed, std::vector<int64_t>* out) {
  const char* at = packed.data();
  const char* const end = at + packed.size();
  while (at != end) {
    uint64_t value;
    const WireError error = DecodeVarint(&at, end, &value);
    if (error != WireError::kNone) return error;
    out->push_back(static_cast<int64_t>(value));
  }
  return WireError::kNone;
}

WireError AppendPackedFloats(absl::string_view packed, std::vector<float>* out) {
  using Iterator = protozero::const_fixed_iterator<float>;
  if (packed.size() % sizeof(float) != 0) return WireError::kTruncated;
  out->insert(out->end(), Iterator(packed.data()), Iterator(packed.data() + packed.size()));
  return WireError::kNone;
}

}  // namespace onnx_macs
