// Rows of declared types. A row has one tensor: of what is nested deeper its type is a text.
#include "analyzer/declared_rows.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "analyzer/report_rows.h"

namespace onnx_macs {
namespace {

ValueRow::DimText MakeDim(const DeclaredDim& dim) {
  using Kind = ValueRow::DimText::Kind;
  if (dim.kind == DeclaredDim::Kind::kValue) return {Kind::kInteger, dim.value, ""};
  if (dim.kind == DeclaredDim::Kind::kUnknown) return {};
  return {Kind::kExpression, 0, dim.param};
}

void AppendDim(std::string* text, const DeclaredDim& dim) {
  if (dim.kind == DeclaredDim::Kind::kValue) {
    absl::StrAppend(text, dim.value);
  } else {
    absl::StrAppend(text, dim.kind == DeclaredDim::Kind::kParam ? dim.param : "?");
  }
}

std::string TensorText(const DeclaredType& type) {
  const absl::string_view name = type.type == DataType::kUndefined ? "?" : Describe(type.type).name;
  if (!type.has_shape) return absl::StrCat(name, "[...]");
  return absl::StrCat(name, "[", absl::StrJoin(type.dims, ", ", AppendDim), "]");
}

bool IsTensor(const DeclaredType& type) {
  return type.kind == ValueKind::kTensor || type.kind == ValueKind::kSparseTensor;
}

void SetTensor(const DeclaredType& type, ValueRow* row) {
  row->dtype = Describe(type.type).name;
  row->has_rank = type.has_shape;
  for (const DeclaredDim& dim : type.dims) row->shape.push_back(MakeDim(dim));
}

ValueRow MakeRow(const Value& value, DeclaredType* type) {
  ReadDeclaredType(value.declared_type, type);
  ValueRow row;
  row.name = value.name;
  row.kind = KindName(type->kind);
  const DeclaredType* const element = type->element.get();
  if (element == nullptr) {
    SetTensor(*type, &row);
  } else if (type->kind == ValueKind::kMap) {
    row.dtype = absl::StrCat(Describe(type->type).name, " to ", TypeText(*element));
  } else if (IsTensor(*element)) {
    SetTensor(*element, &row);
  } else {
    row.dtype = TypeText(*element);
  }
  return row;
}

}  // namespace

std::string TypeText(const DeclaredType& type) {
  if (type.kind == ValueKind::kTensor) return TensorText(type);
  const absl::string_view kind = KindName(type.kind);
  if (IsTensor(type)) return absl::StrCat(kind, "(", TensorText(type), ")");
  const std::string element = type.element == nullptr ? "?" : TypeText(*type.element);
  if (type.kind != ValueKind::kMap) return absl::StrCat(kind, "(", element, ")");
  return absl::StrCat(kind, "(", Describe(type.type).name, ", ", element, ")");
}

std::vector<ValueRow> DeclaredInputs(const Graph& graph) {
  std::vector<ValueRow> rows;
  DeclaredType type;
  for (const ValueId id : graph.inputs) {
    const Value& value = graph.values[id];
    if (value.initializer < 0) rows.push_back(MakeRow(value, &type));
  }
  return rows;
}

std::vector<ValueRow> DeclaredOutputs(const Graph& graph) {
  std::vector<ValueRow> rows;
  DeclaredType type;
  for (const ValueId id : graph.outputs) {
    if (id != kNoValue) rows.push_back(MakeRow(graph.values[id], &type));
  }
  return rows;
}

}  // namespace onnx_macs
