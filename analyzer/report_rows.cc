// Rows of a Report.
#include "analyzer/report_rows.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "analyzer/attribute_text.h"

namespace onnx_macs {
namespace {

ValueRow::DimText MakeDim(Dim d) {
  using Kind = ValueRow::DimText::Kind;
  if (d.is_integer()) return {Kind::kInteger, d.value(), ""};
  std::string text = ToString(d);
  if (text == "?") return {};
  return {Kind::kExpression, 0, std::move(text)};
}

std::string ElementText(const Element& element) {
  if (element.exact.is_known()) return ToString(element.exact);
  return element.is_known() ? absl::StrCat(element.real) : "?";
}

std::string ValueText(const NodeRecord& record, ValueId value) {
  if (value == kNoValue) return "-";
  return absl::StrCat(record.frame->graph->values[value].name, ": ",
                      Describe(record.frame->values[value]));
}

NodeRow::Status RowStatus(NodeStatus status) {
  if (status == NodeStatus::kGap) return NodeRow::Status::kGap;
  return status == NodeStatus::kFree ? NodeRow::Status::kFree : NodeRow::Status::kCounted;
}

}  // namespace

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

Amount MakeAmount(const Count& count) {
  if (count.is_integer()) return Amount::Integer(count.value());
  if (!count.is_expr()) return Amount::Unknown();
  std::string text = ToString(count);
  if (text == "?") return Amount::Unknown();
  return Amount::Formula(std::move(text), Approximate(count, kNominalSize));
}

Figures MakeFigures(const Totals& totals) {
  const Count macs = Resolve(totals.macs.Total()), ops = Resolve(totals.ops.Total());
  return {.macs = MakeAmount(macs),
          .ops = MakeAmount(ops),
          .flops = MakeAmount(macs * Count(2) + ops),
          .params = MakeAmount(totals.params.Total()),
          .weight_bytes = MakeAmount(totals.weight_bytes.Total()),
          .traffic_bytes = MakeAmount(Resolve(totals.traffic_bytes.Total())),
          .nodes = totals.nodes};
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

// Of the first input that is computed with; indices and shapes are not, but where there is nothing
// else. Packed weights are computed with in the type of what they meet.
DataType OperandType(const NodeRecord& record) {
  DataType first = DataType::kUndefined;
  for (const ValueId value : record.node->inputs) {
    if (value == kNoValue) continue;
    const DataType type = record.frame->values[value].type;
    if (IsFloating(type)) return type;
    if (first == DataType::kUndefined) first = type;
  }
  return first;
}

NodeRow MakeNodeRow(const Inference& inference, size_t index, const NodeCost& cost,
                    std::string path) {
  const NodeRecord& record = inference.records()[index];
  const Operator& op = inference.model().operators[record.node->op];
  NodeRow row;
  row.name = NodeName(record, index);
  row.op = std::string(op.type);
  row.domain = std::string(op.domain);
  row.path = std::move(path);
  row.macs = MakeAmount(cost.cost.macs);
  row.ops = MakeAmount(cost.cost.ops);
  row.flops = MakeAmount(cost.cost.macs * Count(2) + cost.cost.ops);
  for (const CostPart& part : cost.cost.parts) {
    row.parts.push_back({std::string(part.name), MakeAmount(Resolve(part.macs))});
  }
  row.operand_type = OperandType(record);
  row.status = RowStatus(cost.status);
  std::vector<std::string> outputs;
  for (const ValueId value : record.node->outputs) {
    outputs.push_back(value == kNoValue ? "-" : Describe(record.frame->values[value]));
  }
  row.outputs = absl::StrJoin(outputs, ", ");
  row.attributes = AttributesText(record.node->attributes);
  for (const ValueId value : record.node->inputs) row.inputs.push_back(ValueText(record, value));
  if (const OpRule* rule = record.callee().rule; rule != nullptr) {
    row.rule = absl::StrCat(rule->op_type, " since ", rule->since_version,
                            rule->source.empty() ? "" : ", of ", rule->source);
    row.counting = std::string(rule->counting);
  }
  return row;
}

ValueRow MakeValueRow(Inference& inference, absl::string_view name, const TensorInfo& info) {
  const bool is_sequence = info.kind == ValueKind::kSequence && info.element_type != nullptr;
  const TensorInfo& tensor = is_sequence ? *info.element_type : info;
  ValueRow row;
  row.name = std::string(name);
  row.kind = std::string(KindName(info.kind));
  row.dtype = std::string(Describe(tensor.type).name);
  row.has_rank = tensor.shape.has_rank();
  for (const Dim d : tensor.shape.dims()) row.shape.push_back(MakeDim(inference.pool().Resolve(d)));
  row.length = MakeDim(info.length);
  constexpr size_t kMostElements = 256;
  if (info.elements.size() > kMostElements) return row;
  for (const Element& element : info.elements) row.elements.push_back(ElementText(element));
  return row;
}

std::string ShapeText(const ValueRow& value) {
  if (!value.has_rank) return "?";
  using Kind = ValueRow::DimText::Kind;
  const auto dim_text = [](std::string* out, const ValueRow::DimText& dim) {
    absl::StrAppend(out, dim.kind == Kind::kInteger      ? absl::StrCat(dim.value)
                         : dim.kind == Kind::kExpression ? dim.text
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
  return only != nullptr && has_children ? absl::StrCat(only->path, ".") : "";
}

}  // namespace onnx_macs
