// Rows of nodes and values. What repeats is looked up rather than kept again.
#include "analyzer/row_maker.h"

#include "absl/strings/str_cat.h"
#include "analyzer/attribute_text.h"
#include "analyzer/report_rows.h"

namespace onnx_macs {
namespace {

// A graph of five bytes a node can name a value of 64 sizes in each of them, several times over.
constexpr size_t kMostSizes = size_t{1} << 20;
constexpr size_t kSizesPerFileByte = 1;

std::string ElementText(const Element& element) {
  if (element.exact.is_known()) return ToString(element.exact);
  return element.is_known() ? absl::StrCat(element.real) : "?";
}

NodeRow::Status RowStatus(NodeStatus status) {
  if (status == NodeStatus::kGap) return NodeRow::Status::kGap;
  return status == NodeStatus::kFree ? NodeRow::Status::kFree : NodeRow::Status::kCounted;
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

}  // namespace

RowMaker::RowMaker(Inference& inference)
    : inference_(inference),
      most_sizes_(kMostSizes + kSizesPerFileByte * inference.model().bytes.view().size()) {}

bool RowMaker::MayList(const Shape& shape) {
  if (is_full()) return false;
  sizes_ += shape.dims().size();
  return !is_full();
}

std::string RowMaker::TypeText(const TensorInfo& info) {
  if (info.kind == ValueKind::kSequence && info.element_type != nullptr) {
    return absl::StrCat("sequence(", TypeText(*info.element_type), ")");
  }
  if (MayList(info.shape)) return Describe(info);
  TensorInfo of_any_shape = info;
  of_any_shape.shape = Shape();
  return Describe(of_any_shape);
}

std::string RowMaker::InputText(const NodeRecord& record, ValueId value) {
  if (value == kNoValue) return "-";
  return absl::StrCat(record.frame->graph->values[value].name, ": ",
                      TypeText(record.frame->values[value]));
}

std::string RowMaker::OutputsText(const NodeRecord& record) {
  std::string text;
  for (const ValueId value : record.node->outputs) {
    absl::StrAppend(&text, text.empty() ? "" : ", ",
                    value == kNoValue ? "-" : TypeText(record.frame->values[value]));
  }
  return text;
}

void RowMaker::AddRule(const OpRule& rule, NodeRow* row) {
  row->rule = Share(absl::StrCat(rule.op_type, " since ", rule.since_version,
                                 rule.source.empty() ? "" : ", of ", rule.source));
  row->counting = Share(rule.counting);
}

NodeRow RowMaker::Node(size_t index, const NodeCost& cost) {
  const NodeRecord& record = inference_.records()[index];
  const Operator& op = inference_.model().operators[record.node->op];
  NodeRow row;
  row.name = NodeName(record, index);
  row.op = Share(op.type);
  row.domain = Share(op.domain);
  row.macs = amounts_.Make(cost.cost.macs);
  row.ops = amounts_.Make(cost.cost.ops);
  row.flops = amounts_.Make(cost.cost.macs * Count(2) + cost.cost.ops);
  for (const CostPart& part : cost.cost.parts) {
    row.parts.push_back({Share(part.name), amounts_.Make(Resolve(part.macs))});
  }
  row.operand_type = OperandType(record);
  row.status = RowStatus(cost.status);
  row.outputs = Share(OutputsText(record));
  row.attributes = Share(AttributesText(record.node->attributes));
  row.inputs.reserve(record.node->inputs.size());
  for (const ValueId value : record.node->inputs) row.inputs.push_back(InputText(record, value));
  if (const OpRule* rule = record.callee().rule; rule != nullptr) AddRule(*rule, &row);
  return row;
}

ValueRow::DimText RowMaker::MakeDim(Dim dim) {
  using Kind = ValueRow::DimText::Kind;
  dim = inference_.pool().Resolve(dim);
  if (dim.is_integer()) return {Kind::kInteger, dim.value(), ""};
  const std::string text = ToString(dim);
  if (text == "?") return {};
  return {Kind::kExpression, 0, Share(text)};
}

ValueRow RowMaker::Value(absl::string_view name, const TensorInfo& info, bool with_elements) {
  const bool is_sequence = info.kind == ValueKind::kSequence && info.element_type != nullptr;
  const TensorInfo& tensor = is_sequence ? *info.element_type : info;
  ValueRow row;
  row.name = name;
  row.kind = Share(KindName(info.kind));
  row.dtype = Share(onnx_macs::Describe(tensor.type).name);
  row.has_rank = tensor.shape.has_rank() && MayList(tensor.shape);
  if (row.has_rank) {
    row.shape.reserve(tensor.shape.dims().size());
    for (const Dim dim : tensor.shape.dims()) row.shape.push_back(MakeDim(dim));
  }
  row.length = MakeDim(info.length);
  constexpr size_t kMostElements = 256;
  if (!with_elements || info.elements.size() > kMostElements) return row;
  for (const Element& element : info.elements) row.elements.push_back(ElementText(element));
  return row;
}

}  // namespace onnx_macs
