// Reading is the analyzer's own loop over fields; which of them are messages is a table.
#include "fuzz/proto_tree.h"

#include <cstring>
#include <utility>

#include "analyzer/wire.h"

namespace onnx_macs::fuzz {
namespace {

struct ChildRow {
  Kind parent;
  uint32_t number;
  Kind child;
};

constexpr ChildRow kChildren[] = {
    {Kind::kModel, 7, Kind::kGraph},
    {Kind::kModel, 8, Kind::kOpset},
    {Kind::kModel, 25, Kind::kFunction},
    {Kind::kGraph, 1, Kind::kNode},
    {Kind::kGraph, 5, Kind::kTensor},
    {Kind::kGraph, 11, Kind::kValueInfo},
    {Kind::kGraph, 12, Kind::kValueInfo},
    {Kind::kGraph, 13, Kind::kValueInfo},
    {Kind::kGraph, 15, Kind::kSparseTensor},
    {Kind::kNode, 5, Kind::kAttribute},
    {Kind::kAttribute, 5, Kind::kTensor},
    {Kind::kAttribute, 6, Kind::kGraph},
    {Kind::kAttribute, 10, Kind::kTensor},
    {Kind::kAttribute, 11, Kind::kGraph},
    {Kind::kAttribute, 14, Kind::kType},
    {Kind::kAttribute, 15, Kind::kType},
    {Kind::kAttribute, 22, Kind::kSparseTensor},
    {Kind::kAttribute, 23, Kind::kSparseTensor},
    {Kind::kSparseTensor, 1, Kind::kTensor},
    {Kind::kSparseTensor, 2, Kind::kTensor},
    {Kind::kValueInfo, 2, Kind::kType},
    {Kind::kType, 1, Kind::kTensorType},
    {Kind::kType, 4, Kind::kContainerType},
    {Kind::kType, 5, Kind::kMapType},
    {Kind::kType, 8, Kind::kTensorType},
    {Kind::kType, 9, Kind::kContainerType},
    {Kind::kTensorType, 2, Kind::kShape},
    {Kind::kContainerType, 1, Kind::kType},
    {Kind::kMapType, 2, Kind::kType},
    {Kind::kShape, 1, Kind::kDim},
    {Kind::kFunction, 7, Kind::kNode},
    {Kind::kFunction, 9, Kind::kOpset},
    {Kind::kFunction, 11, Kind::kAttribute},
    {Kind::kFunction, 12, Kind::kValueInfo},
};

// Deeper ones stay bytes: this program's stack is not what is tested.
constexpr int kMostDepth = 100;

Kind ChildKind(Kind parent, uint32_t number) {
  for (const ChildRow& row : kChildren) {
    if (row.parent == parent && row.number == number) return row.child;
  }
  return Kind::kScalar;
}

WireType TypeOf(uint32_t tag) { return static_cast<WireType>(tag & 7); }

void ReadFields(absl::string_view message, int depth, Field* parent) {
  WireReader reader(message);
  while (reader.Next()) {
    Field& field = parent->fields.emplace_back();
    field.tag = reader.tag();
    field.number = reader.number();
    if (TypeOf(field.tag) != WireType::kBytes) continue;
    field.kind = depth < kMostDepth ? ChildKind(parent->kind, field.field_number()) : Kind::kScalar;
    if (field.kind == Kind::kScalar) {
      field.bytes = std::string(reader.bytes());
    } else {
      ReadFields(reader.bytes(), depth + 1, &field);
    }
  }
}

void AppendVarint(uint64_t value, std::string* out) {
  for (; value >= 0x80; value >>= 7) out->push_back(static_cast<char>(value | 0x80));
  out->push_back(static_cast<char>(value));
}

void AppendField(const Field& field, std::string* out) {
  AppendVarint(field.tag, out);
  switch (TypeOf(field.tag)) {
    case WireType::kBytes: {
      const std::string written = field.kind == Kind::kScalar ? field.bytes : WriteTree(field);
      AppendVarint(written.size(), out);
      out->append(written);
      break;
    }
    case WireType::kFixed64:
    case WireType::kFixed32:
      for (int i = 0; i < (TypeOf(field.tag) == WireType::kFixed32 ? 4 : 8); ++i) {
        out->push_back(static_cast<char>(field.number >> (8 * i)));
      }
      break;
    default:
      AppendVarint(field.number, out);
  }
}

void Collect(Field* field, Kind kind, std::vector<Field*>* all) {
  if (field->kind == kind) all->push_back(field);
  for (Field& child : field->fields) {
    if (child.kind != Kind::kScalar) Collect(&child, kind, all);
  }
}

}  // namespace

Field ReadTree(absl::string_view message, Kind kind) {
  Field root{.kind = kind};
  ReadFields(message, 0, &root);
  return root;
}

std::string WriteTree(const Field& message) {
  std::string out;
  for (const Field& field : message.fields) AppendField(field, &out);
  return out;
}

Field Integer(uint32_t number, int64_t value) {
  return {.tag = VarintField(number), .number = static_cast<uint64_t>(value)};
}

Field Float(uint32_t number, float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  return {.tag = Fixed32Field(number), .number = bits};
}

Field Text(uint32_t number, absl::string_view text) {
  return {.tag = BytesField(number), .bytes = std::string(text)};
}

Field Message(uint32_t number, Kind kind, std::vector<Field> fields) {
  return {.tag = BytesField(number), .kind = kind, .fields = std::move(fields)};
}

const Field* Find(const Field& message, uint32_t number) {
  for (const Field& field : message.fields) {
    if (field.field_number() == number) return &field;
  }
  return nullptr;
}

absl::string_view TextOf(const Field& message, uint32_t number) {
  const Field* field = Find(message, number);
  return field == nullptr ? absl::string_view() : absl::string_view(field->bytes);
}

void Set(Field* message, Field field) {
  Remove(message, field.field_number());
  message->fields.push_back(std::move(field));
}

void Remove(Field* message, uint32_t number) {
  std::erase_if(message->fields,
                [&](const Field& field) { return field.field_number() == number; });
}

std::vector<Field*> FieldsOf(Field* message, uint32_t number) {
  std::vector<Field*> found;
  for (Field& field : message->fields) {
    if (field.field_number() == number) found.push_back(&field);
  }
  return found;
}

std::vector<Field*> AllOf(Field* tree, Kind kind) {
  std::vector<Field*> all;
  Collect(tree, kind, &all);
  return all;
}

size_t CountFields(const Field& tree) {
  size_t count = tree.fields.size();
  for (const Field& field : tree.fields) count += CountFields(field);
  return count;
}

}  // namespace onnx_macs::fuzz
