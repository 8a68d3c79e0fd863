// TypeProto. Every reader adds to what is there, as protobuf merges a message that comes in pieces.
#include "analyzer/declared_type.h"

#include "analyzer/wire.h"

namespace onnx_macs {
namespace {

constexpr int kMaxNesting = 32;

bool ReadType(absl::string_view message, int depth, DeclaredType* out);

// Some exporters write -1 for a size that is not known.
bool ReadDim(absl::string_view message, DeclaredDim* dim) {
  WireReader reader(message);
  while (reader.Next()) {
    if (reader.tag() == VarintField(1)) {
      const bool is_size = reader.integer() >= 0;
      *dim = {};
      dim->kind = is_size ? DeclaredDim::Kind::kValue : DeclaredDim::Kind::kUnknown;
      dim->value = is_size ? reader.integer() : 0;
    } else if (reader.tag() == BytesField(2)) {
      *dim = {};
      dim->param = reader.bytes();
      dim->kind = dim->param.empty() ? DeclaredDim::Kind::kUnknown : DeclaredDim::Kind::kParam;
    }
  }
  return reader.error() == WireError::kNone;
}

bool ReadShape(absl::string_view message, DeclaredType* out) {
  out->has_shape = true;
  WireReader reader(message);
  while (reader.Next()) {
    if (reader.tag() != BytesField(1)) continue;
    if (!ReadDim(reader.bytes(), &out->dims.emplace_back())) return false;
  }
  return reader.error() == WireError::kNone;
}

// Dense and sparse tensors are written alike.
bool ReadTensorType(absl::string_view message, int, DeclaredType* out) {
  WireReader reader(message);
  while (reader.Next()) {
    if (reader.tag() == VarintField(1)) out->type = DataTypeFromNumber(reader.integer());
    if (reader.tag() == BytesField(2) && !ReadShape(reader.bytes(), out)) return false;
  }
  return reader.error() == WireError::kNone;
}

bool ReadElement(absl::string_view message, int depth, DeclaredType* out) {
  if (out->element == nullptr) out->element = std::make_unique<DeclaredType>();
  return ReadType(message, depth + 1, out->element.get());
}

// Sequences and optionals.
bool ReadContainerType(absl::string_view message, int depth, DeclaredType* out) {
  WireReader reader(message);
  while (reader.Next()) {
    if (reader.tag() == BytesField(1) && !ReadElement(reader.bytes(), depth, out)) return false;
  }
  return reader.error() == WireError::kNone;
}

bool ReadMapType(absl::string_view message, int depth, DeclaredType* out) {
  WireReader reader(message);
  while (reader.Next()) {
    if (reader.tag() == VarintField(1)) out->type = DataTypeFromNumber(reader.integer());
    if (reader.tag() == BytesField(2) && !ReadElement(reader.bytes(), depth, out)) return false;
  }
  return reader.error() == WireError::kNone;
}

bool ReadOpaqueType(absl::string_view, int, DeclaredType*) { return true; }

struct KindRow {
  uint32_t tag;
  ValueKind kind;
  bool (*read)(absl::string_view message, int depth, DeclaredType* out);
};
constexpr KindRow kKinds[] = {
    {BytesField(1), ValueKind::kTensor, ReadTensorType},
    {BytesField(4), ValueKind::kSequence, ReadContainerType},
    {BytesField(5), ValueKind::kMap, ReadMapType},
    {BytesField(7), ValueKind::kOpaque, ReadOpaqueType},
    {BytesField(8), ValueKind::kSparseTensor, ReadTensorType},
    {BytesField(9), ValueKind::kOptional, ReadContainerType},
};

void Clear(DeclaredType* type, ValueKind kind) {
  type->kind = kind;
  type->type = DataType::kUndefined;
  type->has_shape = false;
  type->dims.clear();
  type->element.reset();
}

// One of several alternatives: the last one there counts.
bool ReadType(absl::string_view message, int depth, DeclaredType* out) {
  if (depth > kMaxNesting) return false;
  WireReader reader(message);
  while (reader.Next()) {
    for (const KindRow& row : kKinds) {
      if (row.tag != reader.tag()) continue;
      if (row.kind != out->kind) Clear(out, row.kind);
      if (!row.read(reader.bytes(), depth, out)) return false;
      break;
    }
  }
  return reader.error() == WireError::kNone;
}

}  // namespace

bool ReadDeclaredType(absl::string_view message, DeclaredType* out) {
  Clear(out, ValueKind::kTensor);
  return ReadType(message, 0, out);
}

}  // namespace onnx_macs
