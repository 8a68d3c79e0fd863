// Rows of a Report.
#include "analyzer/report_rows.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace onnx_macs {

absl::string_view KindName(ValueKind kind) {
  switch (kind) {
    case ValueKind::kTensor:
      return "tensor";
    case ValueKind::kSparseTensor:
      return "sparse_tensor";
    case ValueKind::kSequence:
      return "sequence";
    case ValueKind::kOptional:
      return "optional";
    case ValueKind::kMap:
      return "map";
    case ValueKind::kOpaque:
      return "opaque";
  }
  return "tensor";
}

std::string NodeName(const NodeRecord& record, size_t index) {
  std::string name =
      record.node->name.empty() ? absl::StrCat("#", index) : std::string(record.node->name);
  // Behind the calls that lead to it.
  for (const Frame* f = record.frame; f->entered_by != nullptr; f = f->outer) {
    const absl::string_view call = f->entered_by->name;
    name = absl::StrCat(call.empty() ? "(nameless)" : call, "/", name);
  }
  return name;
}

std::string ShapeText(const ValueRow& value) {
  if (!value.has_rank) return "?";
  using Kind = ValueRow::DimText::Kind;
  const auto dim_text = [](std::string* out, const ValueRow::DimText& dim) {
    absl::StrAppend(out, dim.kind == Kind::kInteger      ? absl::StrCat(dim.value)
                         : dim.kind == Kind::kExpression ? dim.text.view()
                                                         : "?");
  };
  return absl::StrCat("[", absl::StrJoin(value.shape, ", ", dim_text), "]");
}

// Enclosing modules are prefixes that end before a dot; one at the beginning ends none.
int DepthOf(absl::string_view path) {
  if (path.empty()) return 0;
  return 1 + static_cast<int>(std::count(path.begin() + 1, path.end(), '.'));
}

std::string DisplayPrefix(absl::Span<const ComponentRow> components) {
  const ComponentRow* only = nullptr;
  for (const ComponentRow& row : components) {
    if (row.depth != 1) continue;
    if (only != nullptr) return "";
    only = &row;
  }
  const bool has_children = components.size() > 2;
  return only != nullptr && has_children ? absl::StrCat(only->path.view(), ".") : "";
}

}  // namespace onnx_macs
