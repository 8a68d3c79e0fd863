// One function for each kind of row. docs/schema.json describes them.
#include "cli/json_rows.h"

#include <utility>

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
    (*row)["parts"][part.name] = ToJson(part.macs);
    if (part.macs.is_formula()) (*row)["parts_formula"][part.name] = part.macs.formula();
  }
}

void AddSizes(const BlockRow& block, absl::Span<const NamedSize> sizes, Json* row) {
  for (const NamedSize& named : sizes) AddAmount(named.key, block.*named.amount, row);
  (*row)["parts"] = Json::object();
  AddParts(block.parts, row);
}

void AddUnlessEmpty(const char* key, const std::string& text, Json* row) {
  if (!text.empty()) (*row)[key] = text;
}

Json ToJson(const ValueRow::DimText& dim) {
  using Kind = ValueRow::DimText::Kind;
  if (dim.kind == Kind::kInteger) return dim.value;
  return dim.kind == Kind::kExpression ? Json(dim.text) : Json(nullptr);
}

}  // namespace

Json ToJson(const ComponentRow& component, absl::Span<const NamedAmount> amounts) {
  Json row = {{"path", component.path}};
  AddFigures(component.figures, &row, amounts);
  row["nodes"] = component.figures.nodes;
  return row;
}

Json ToJson(const OpRow& op, absl::Span<const NamedAmount> amounts) {
  Json row = {{"op", op.op}, {"domain", op.domain}};
  AddFigures(op.figures, &row, amounts);
  row["nodes"] = op.figures.nodes;
  return row;
}

Json ToJson(const NodeRow& node, absl::Span<const NamedAmount> amounts) {
  Json row = {{"node", node.name}, {"op", node.op}, {"domain", node.domain}, {"path", node.path}};
  Figures figures;
  figures.macs = node.macs;
  figures.ops = node.ops;
  figures.flops = node.flops;
  figures.traffic_bytes = node.traffic_bytes;
  AddFigures(figures, &row, amounts);
  row["status"] = kNodeStatus[static_cast<int>(node.status)];
  AddParts(node.parts, &row);
  if (node.block >= 0) row["block"] = node.block;
  AddUnlessEmpty("attributes", node.attributes, &row);
  row["inputs"] = node.inputs;
  AddUnlessEmpty("outputs", node.outputs, &row);
  row["placed"] = node.placed;
  row["rule"] = node.rule;
  row["counting"] = node.counting;
  return row;
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

Json ToJson(const GapRow& gap) {
  return {{"node", gap.node},     {"op", gap.op},     {"domain", gap.domain},
          {"reason", gap.reason}, {"path", gap.path}, {"consequence", gap.is_consequence}};
}

Json ToJson(const ValueRow& value) {
  Json shape = nullptr;
  if (value.has_rank) {
    shape = Json::array();
    for (const ValueRow::DimText& dim : value.shape) shape.push_back(ToJson(dim));
  }
  Json tensor = {{"dtype", value.dtype}, {"shape", std::move(shape)}};
  if (value.kind.empty() || value.kind == "tensor") return tensor;
  Json other = {{value.kind, std::move(tensor)}};
  if (value.kind == "sequence") other["length"] = ToJson(value.length);
  return other;
}

}  // namespace onnx_macs
