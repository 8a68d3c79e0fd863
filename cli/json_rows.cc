// One function for each kind of row. docs/schema.json describes them.
#include "cli/json_rows.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "cli/view_tree.h"

namespace onnx_macs {
namespace {

struct NamedSize {
  const char* key;
  Amount BlockRow::*amount;
};

constexpr NamedSize kAttentionSizes[] = {{"heads", &BlockRow::heads},
                                         {"head_size", &BlockRow::head_size},
                                         {"q_len", &BlockRow::q_len},
                                         {"k_len", &BlockRow::k_len}};

constexpr NamedSize kMixtureSizes[] = {
    {"tokens", &BlockRow::tokens}, {"experts", &BlockRow::experts}, {"top_k", &BlockRow::top_k}};

// Their names are not ours, so that their formulas are kept apart from those of the row.
void AddParts(const std::vector<PartAmount>& parts, Json* row) {
  for (const PartAmount& part : parts) {
    const std::string name(part.name.view());
    (*row)["parts"][name] = ToJson(part.macs);
    if (part.macs.is_formula()) (*row)["parts_formula"][name] = part.macs.formula();
  }
}

void AddSizes(const BlockRow& block, absl::Span<const NamedSize> sizes, Json* row) {
  for (const NamedSize& named : sizes) AddAmount(named.key, block.*named.amount, row);
  (*row)["parts"] = Json::object();
  AddParts(block.parts, row);
}

void AddUnlessEmpty(absl::string_view key, const SharedText& text, RowText* row) {
  if (!text.empty()) row->AddText(key, text);
}

void Write(const ValueRow::DimText& dim, std::string* text) {
  using Kind = ValueRow::DimText::Kind;
  if (dim.kind == Kind::kInteger) {
    absl::StrAppend(text, dim.value);
  } else if (dim.kind == Kind::kExpression) {
    AppendQuoted(dim.text, text);
  } else {
    absl::StrAppend(text, "null");
  }
}

void WriteShape(const ValueRow& value, std::string* text) {
  if (!value.has_rank) {
    absl::StrAppend(text, "null");
    return;
  }
  text->push_back('[');
  for (size_t i = 0; i < value.shape.size(); ++i) {
    if (i > 0) text->push_back(',');
    Write(value.shape[i], text);
  }
  text->push_back(']');
}

void WriteTensor(const ValueRow& value, std::string* text) {
  RowText row(text);
  row.AddText("dtype", value.dtype);
  WriteShape(value, row.Key("shape"));
  row.Close();
}

}  // namespace

void Write(const ComponentRow& component, absl::Span<const NamedAmount> amounts,
           std::string* text) {
  RowText row(text);
  row.AddText("path", component.path);
  AddFigures(component.figures, amounts, &row);
  row.AddInteger("nodes", component.figures.nodes);
  row.Close();
}

void Write(const OpRow& op, absl::Span<const NamedAmount> amounts, std::string* text) {
  RowText row(text);
  row.AddText("op", op.op);
  row.AddText("domain", op.domain);
  AddFigures(op.figures, amounts, &row);
  row.AddInteger("nodes", op.figures.nodes);
  row.Close();
}

void Write(const NodeRow& node, absl::Span<const NamedAmount> amounts, std::string* text) {
  RowText row(text);
  row.AddText("node", node.name);
  row.AddText("op", node.op);
  row.AddText("domain", node.domain);
  row.AddText("path", node.path);
  AddFigures(FiguresOf(node), amounts, &row);
  row.AddText("status", kNodeStatus[static_cast<int>(node.status)]);
  Json parts = Json::object();
  AddParts(node.parts, &parts);
  row.AddMembers(parts);
  if (node.block >= 0) row.AddInteger("block", node.block);
  AddUnlessEmpty("attributes", node.attributes, &row);
  row.AddTexts("inputs", node.inputs);
  AddUnlessEmpty("outputs", node.outputs, &row);
  row.AddText("placed", node.placed);
  row.AddText("rule", node.rule);
  row.AddText("counting", node.counting);
  row.Close();
}

void Write(const GapRow& gap, std::string* text) {
  RowText row(text);
  row.AddText("node", gap.node);
  row.AddText("op", gap.op);
  row.AddText("domain", gap.domain);
  row.AddText("reason", gap.reason);
  row.AddText("path", gap.path);
  row.Add("consequence", gap.is_consequence);
  row.Close();
}

void Write(const ValueRow& value, std::string* text) {
  if (value.kind.empty() || value.kind == "tensor") return WriteTensor(value, text);
  RowText row(text);
  WriteTensor(value, row.Key(value.kind));
  if (value.kind == "sequence") Write(value.length, row.Key("length"));
  row.Close();
}

Json ToJson(const BlockRow& block, absl::Span<const NamedAmount> amounts) {
  Json row = {{"id", block.id},
              {"parent", block.parent < 0 ? Json(nullptr) : Json(block.parent)},
              {"kind", block.kind},
              {"path", block.path}};
  AddFigures(block.figures, &row, amounts);
  row["nodes"] = block.figures.nodes;
  if (block.gaps > 0) row["gaps"] = block.gaps;
  if (block.is_attention) AddSizes(block, kAttentionSizes, &row);
  if (block.is_mixture) {
    AddSizes(block, kMixtureSizes, &row);
    row["active"] = ToJson(block.active);
  }
  return row;
}

Json ToJson(const ActiveFigures& active) {
  Json row = Json::object();
  AddAmount("macs", active.macs, &row);
  AddAmount("params", active.params, &row);
  return row;
}

Json ToJson(const WeightTypeRow& type) {
  Json row = {{"dtype", type.dtype}};
  AddAmount("params", type.params, &row);
  AddAmount("weight_bytes", type.weight_bytes, &row);
  return row;
}

}  // namespace onnx_macs
