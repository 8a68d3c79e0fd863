// Every way a tensor can store its elements is first brought into the form of raw_data.
#include "analyzer/tensor_data.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "absl/numeric/int128.h"
#include "absl/strings/numbers.h"
#include "analyzer/element_bits.h"
#include "analyzer/wire.h"

namespace onnx_macs {
namespace {

constexpr int64_t kMaxExternalBytes = 64 * 1024;
constexpr uint32_t kExternalData = BytesField(13);

// The typed storage fields: which types they serve, and how their elements are written.
enum : uint32_t {
  kFloatData = 4,
  kInt32Data = 5,
  kInt64Data = 7,
  kDoubleData = 10,
  kUint64Data = 11
};

uint32_t TypedField(DataType type) {
  switch (type) {
    case DataType::kFloat:
      return kFloatData;
    case DataType::kInt64:
      return kInt64Data;
    case DataType::kDouble:
      return kDoubleData;
    case DataType::kUint32:
    case DataType::kUint64:
      return kUint64Data;
    default:
      return kInt32Data;
  }
}

// Elements narrower than a byte share one: an entry of int32_data holds that byte.
bool AppendVarintData(const WireReader& reader, size_t width, size_t limit, std::string* raw) {
  const auto append = [&](uint64_t value) {
    raw->append(reinterpret_cast<const char*>(&value), width);
    return raw->size() <= limit;
  };
  if (reader.tag() % 8 == static_cast<uint32_t>(WireType::kVarint)) return append(reader.number());
  const char* at = reader.bytes().data();
  const char* const end = at + reader.bytes().size();
  while (at != end) {
    uint64_t value;
    if (DecodeVarint(&at, end, &value) != WireError::kNone || !append(value)) return false;
  }
  return true;
}

bool AppendFixedData(const WireReader& reader, size_t width, size_t limit, std::string* raw) {
  if (reader.tag() % 8 == static_cast<uint32_t>(WireType::kBytes)) {
    if (reader.bytes().size() > limit) return false;
    raw->append(reader.bytes().data(), reader.bytes().size());
  } else {
    const uint64_t value = reader.number();
    raw->append(reinterpret_cast<const char*>(&value), width);
  }
  return raw->size() <= limit;
}

bool CopyTypedData(const Tensor& tensor, size_t size, std::string* raw) {
  const uint32_t field = TypedField(tensor.type);
  const size_t width = std::max(Describe(tensor.type).bits / 8, 1);
  const bool is_fixed = field == kFloatData || field == kDoubleData;
  const uint32_t one = field == kFloatData    ? Fixed32Field(field)
                       : field == kDoubleData ? Fixed64Field(field)
                                              : VarintField(field);
  WireReader reader(tensor.message);
  while (reader.Next()) {
    if (reader.tag() != one && reader.tag() != BytesField(field)) continue;
    const bool is_read = is_fixed ? AppendFixedData(reader, width, size, raw)
                                  : AppendVarintData(reader, width, size, raw);
    if (!is_read) return false;
  }
  return reader.error() == WireError::kNone;
}

// --- External data

bool CopyExternalData(const Tensor& tensor, const std::string& folder, int64_t size,
                      std::string* raw) {
  ExternalPlace place;
  if (folder.empty() || size > kMaxExternalBytes || !ReadExternalPlace(tensor, &place))
    return false;
  if (place.has_length && place.length != static_cast<uint64_t>(size)) return false;
  auto bytes = ReadInside(folder, place.location, place.offset, static_cast<uint64_t>(size));
  if (!bytes.ok()) return false;
  *raw = *std::move(bytes);
  return true;
}

// --- Elements

// Exact where that is possible: an integer, or a fraction with a small power of two below.
Element FromDouble(double value, ExprPool& pool) {
  constexpr double kExactIntegers = 9007199254740992.0;  // 2^53
  constexpr int kMaxShift = 20;
  if (!std::isfinite(value)) return Element::Real(value);
  const double scaled = std::ldexp(value, kMaxShift);
  if (std::fabs(value) < kExactIntegers && value == std::trunc(value)) {
    return Dim(static_cast<int64_t>(value));
  }
  if (std::fabs(scaled) >= kExactIntegers || scaled != std::trunc(scaled)) {
    return Element::Real(value);
  }
  const int64_t numerator = static_cast<int64_t>(scaled);
  const int zeros = std::countr_zero(static_cast<uint64_t>(numerator));
  const int shift = std::min(zeros, kMaxShift);
  return pool.Rational(numerator / (int64_t{1} << shift), int64_t{1} << (kMaxShift - shift));
}

Element FromBits(uint64_t bits, DataType type, ExprPool& pool) {
  const DataTypeInfo& info = Describe(type);
  if (type == DataType::kBool) return Dim(bits != 0 ? 1 : 0);
  if (info.kind == NumberKind::kFloating) return FromDouble(FloatFromBits(bits, type), pool);
  if (info.kind == NumberKind::kSigned) return pool.Integer(SignedFromBits(bits, info.bits));
  return pool.Integer(absl::int128(absl::uint128(bits)));
}

}  // namespace

absl::string_view RawData(const Tensor& tensor) {
  constexpr uint32_t kRawData = BytesField(9);
  absl::string_view data;
  for (WireReader reader(tensor.message); reader.Next();) {
    if (reader.tag() == kRawData) data = reader.bytes();
  }
  return data;
}

bool ReadExternalPlace(const Tensor& tensor, ExternalPlace* place) {
  for (WireReader reader(tensor.message); reader.Next();) {
    if (reader.tag() != kExternalData) continue;
    absl::string_view key, value;
    for (WireReader entry(reader.bytes()); entry.Next();) {
      if (entry.tag() == BytesField(1)) key = entry.bytes();
      if (entry.tag() == BytesField(2)) value = entry.bytes();
    }
    if (key == "location") place->location = value;
    if (key == "offset" && !absl::SimpleAtoi(value, &place->offset)) return false;
    if (key == "length") {
      if (!absl::SimpleAtoi(value, &place->length)) return false;
      place->has_length = true;
    }
  }
  return !place->location.empty();
}

std::optional<int64_t> NumElements(const Tensor& tensor) {
  int64_t product = 1;
  bool is_empty = false, overflows = false;
  for (int64_t dim : tensor.dims) {
    if (dim < 0) return std::nullopt;
    is_empty |= dim == 0;
    overflows |= dim != 0 && __builtin_mul_overflow(product, dim, &product);
  }
  if (is_empty) return 0;
  if (overflows) return std::nullopt;
  return product;
}

std::optional<int64_t> StorageBytes(const Tensor& tensor) {
  const std::optional<int64_t> elements = NumElements(tensor);
  if (!elements.has_value()) return std::nullopt;
  // By groups of eight, of which none has more bits than 64 bits can count.
  const int64_t bits = Describe(tensor.type).bits, rest = (*elements % 8 * bits + 7) / 8;
  int64_t bytes;
  if (__builtin_mul_overflow(*elements / 8, bits, &bytes) ||
      __builtin_add_overflow(bytes, rest, &bytes)) {
    return std::nullopt;
  }
  return bytes;
}

bool ReadElements(const Tensor& tensor, const std::string& folder, ExprPool& pool,
                  int64_t max_elements, ElementVector* out) {
  out->clear();
  const DataTypeInfo& info = Describe(tensor.type);
  const bool is_number = info.bits > 0 && info.kind != NumberKind::kComplex;
  const std::optional<int64_t> elements = NumElements(tensor);
  const std::optional<int64_t> bytes = StorageBytes(tensor);
  if (!is_number || tensor.is_sparse || !bytes.has_value() || *elements > max_elements) {
    return false;
  }
  const size_t size = static_cast<size_t>(*bytes);
  std::string copy;
  absl::string_view raw = RawData(tensor);
  if (tensor.is_external) {
    if (size > 0 && !CopyExternalData(tensor, folder, static_cast<int64_t>(size), &copy))
      return false;
    raw = copy;
  } else if (raw.empty() && size > 0) {
    if (!CopyTypedData(tensor, size, &copy)) return false;
    raw = copy;
  }
  if (raw.size() != size) return false;
  out->reserve(*elements);
  for (int64_t i = 0; i < *elements; ++i) {
    out->push_back(FromBits(BitsAt(raw, i, info.bits), tensor.type, pool));
  }
  return true;
}

}  // namespace onnx_macs
