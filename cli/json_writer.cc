// --format json, as docs/schema.json describes it. Long lists are written row by row, one to a
// line, because a document tree of a million nodes would take more memory than the analysis.
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "analyzer/figures.h"
#include "cli/bound_view.h"
#include "cli/json_amount.h"
#include "cli/json_text.h"
#include "cli/memory_json.h"
#include "cli/number_format.h"
#include "cli/training_view.h"
#include "cli/version.h"
#include "cli/writers.h"

namespace onnx_macs {
namespace {

// The amounts of a row, where traffic was asked for with it.
std::vector<NamedAmount> WithTraffic(absl::Span<const NamedAmount> amounts, bool has_traffic) {
  std::vector<NamedAmount> all(amounts.begin(), amounts.end());
  if (has_traffic) all.push_back({"traffic_bytes", &Figures::traffic_bytes});
  return all;
}

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

Json ToJson(const ActiveFigures& active) {
  Json row = {{"macs", ToJson(active.macs)}, {"params", ToJson(active.params)}};
  if (active.macs.is_formula()) row["formula"] = {{"macs", FormatExact(active.macs)}};
  return row;
}

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

void AddSizes(const BlockRow& block, absl::Span<const NamedSize> sizes, Json* row) {
  for (const NamedSize& named : sizes) {
    const Amount& size = block.*named.amount;
    (*row)[named.key] = ToJson(size);
    if (size.is_formula()) (*row)["formula"][named.key] = FormatExact(size);
  }
  Json parts = Json::object();
  for (const PartAmount& part : block.parts) parts[part.name] = ToJson(part.macs);
  (*row)["parts"] = std::move(parts);
}

Json ToJson(const BlockRow& block) {
  Json row = {{"id", block.id},
              {"parent", block.parent < 0 ? Json(nullptr) : Json(block.parent)},
              {"kind", block.kind},
              {"path", block.path}};
  AddFigures(block.figures, &row, AllAmounts());
  row["nodes"] = block.figures.nodes;
  if (block.is_attention) AddSizes(block, kAttentionSizes, &row);
  if (block.is_mixture) {
    AddSizes(block, kMixtureSizes, &row);
    row["active"] = ToJson(block.active);
  }
  return row;
}

Json ToJson(const GapRow& gap) {
  return {{"node", gap.node}, {"op", gap.op}, {"domain", gap.domain}, {"reason", gap.reason}};
}

constexpr const char* kStatus[] = {"counted", "free", "gap"};

Json ToJson(const NodeRow& node, absl::Span<const NamedAmount> amounts) {
  Json row = {{"node", node.name}, {"op", node.op}, {"domain", node.domain}, {"path", node.path}};
  Figures figures;
  figures.macs = node.macs;
  figures.ops = node.ops;
  figures.flops = node.flops;
  figures.traffic_bytes = node.traffic_bytes;
  AddFigures(figures, &row, amounts);
  row["status"] = kStatus[static_cast<int>(node.status)];
  for (const PartAmount& part : node.parts) row["parts"][part.name] = ToJson(part.macs);
  if (node.block >= 0) row["block"] = node.block;
  if (!node.outputs.empty()) row["outputs"] = node.outputs;
  return row;
}

Json ExplainedToJson(const NodeRow& node, absl::Span<const NamedAmount> amounts) {
  Json row = ToJson(node, amounts);
  row["placed"] = node.placed;
  row["rule"] = node.rule;
  row["counting"] = node.counting;
  row["inputs"] = node.inputs;
  return row;
}

Json ToJson(const ValueRow::DimText& dim) {
  using Kind = ValueRow::DimText::Kind;
  if (dim.kind == Kind::kInteger) return dim.value;
  return dim.kind == Kind::kExpression ? Json(dim.text) : Json(nullptr);
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

// A pair list as an object; a name that comes twice keeps its first value.
template <typename Pairs>
Json PairsToJson(const Pairs& pairs) {
  Json object = Json::object();
  for (const auto& [name, value] : pairs) object.emplace(name, value);
  return object;
}

void AddValues(const ModelReport& model, ObjectText* object) {
  object->AddObject("values", [&](ObjectText* values) {
    absl::flat_hash_set<absl::string_view> seen;
    for (const ValueRow& value : model.values) {
      if (seen.insert(value.name).second) values->Add(value.name, ToJson(value));
    }
  });
}

void AddTotals(const Figures& figures, bool every_formula, ObjectText* object) {
  for (const NamedAmount& named : AllAmounts())
    object->Add(named.key, ToJson(figures.*named.amount));
  const Json formulas = FormulasOf(figures, AllAmounts(), every_formula);
  if (!formulas.empty()) object->Add("formula", formulas);
}

Json ToJson(const PathSources& paths) {
  return {{"exporter", paths.exporter},
          {"tools", paths.tools},
          {"evidence", PairsToJson(paths.evidence)}};
}

void AddHead(const ModelReport& model, ObjectText* object) {
  object->Add("file", model.file);
  object->Add("role", model.role);
  object->Add("producer", model.producer);
  object->Add("ir_version", model.ir_version);
  object->Add("opsets", PairsToJson(model.opsets));
  object->Add("bindings", PairsToJson(model.bindings));
  object->Add("unbound", model.unbound);
}

void WriteModel(const ModelReport& model, const ViewOptions& view, std::string* text) {
  const auto to_json = [](const auto& row) { return ToJson(row); };
  const bool has_traffic = model.memory.has_value();
  const std::vector<NamedAmount> all = WithTraffic(AllAmounts(), has_traffic);
  const std::vector<NamedAmount> of_node = WithTraffic(OpAmounts(), has_traffic);
  const auto node_to_json = [&](const auto& row) { return ToJson(row, of_node); };
  ObjectText object(4, text);
  AddHead(model, &object);
  AddTotals(model.figures, view.formula, &object);
  object.Add("active", ToJson(model.active));
  if (model.memory) object.Add("memory", MemoryToJson(model));
  if (model.bound) object.Add("bound", BoundToJson(*model.bound));
  object.Add("nodes_total", model.figures.nodes);
  object.Add("nodes_counted", model.nodes_counted);
  object.Add("nodes_free", model.nodes_free);
  object.AddList("gaps", model.gaps, to_json);
  object.Add("lower_bound", !model.gaps.empty());
  object.Add("paths", ToJson(model.paths));
  object.AddList("components", model.components,
                 [&](const ComponentRow& row) { return ToJson(row, all); });
  object.AddList("by_op", model.by_op, node_to_json);
  object.AddList("blocks", model.blocks, to_json);
  if (view.nodes) object.AddList("nodes", model.nodes, node_to_json);
  if (!view.explain.empty()) {
    std::vector<NodeRow> found;
    for (const NodeRow& node : model.nodes) {
      if (node.name == view.explain) found.push_back(node);
    }
    object.AddList("explain", found,
                   [&](const NodeRow& row) { return ExplainedToJson(row, of_node); });
  }
  if (view.shapes) AddValues(model, &object);
  object.Add("assumptions", model.facts);
  object.Add("hints", model.hints);
  object.Add("notes", model.notes);
  object.Close();
}

Json ToJson(const OpRule& rule) {
  return {{"op", std::string(rule.op_type)},
          {"domain", std::string(rule.domain)},
          {"since_version", rule.since_version},
          {"free", rule.cost == ZeroCost},
          {"counting", std::string(rule.counting)}};
}

void AddTool(const std::string& convention, ObjectText* object) {
  object->Add("schema", "onnx-macs/1");
  object->Add("tool", {{"name", "onnx-macs"}, {"version", kVersion}});
  object->Add("convention", convention);
}

Json ToJson(const StageRow& stage) {
  Json row = {{"role", stage.role},
              {"file", stage.file},
              {"title", stage.title},
              {"batch", stage.batch},
              {"times", stage.times}};
  AddFigures(stage.figures, &row, OpAmounts());
  Json call = Json::object();
  AddFigures(stage.per_call, &call, OpAmounts());
  call["peak_activation_bytes"] = ToJson(stage.peak_activation_bytes);
  row["per_call"] = std::move(call);
  row["lower_bound"] = stage.is_lower_bound;
  return row;
}

void AddCache(const CacheRow& cache, ObjectText* object) {
  object->Add("kv_cache",
              {{"bytes_per_token", ToJson(cache.bytes_per_token)}, {"bytes", ToJson(cache.bytes)}});
}

void WritePipeline(const PipelineReport& pipeline, ObjectText* object) {
  if (!pipeline.folder.empty()) object->Add("folder", pipeline.folder);
  object->Add("kind", pipeline.kind);
  object->Add("name", pipeline.name);
  const std::pair<const char*, const std::optional<int64_t>*> numbers[] = {
      {"steps", &pipeline.steps},
      {"evals", &pipeline.evals},
      {"prefill", &pipeline.prefill},
      {"decode", &pipeline.decode}};
  for (const auto& [key, number] : numbers) {
    if (*number) object->Add(key, **number);
  }
  if (!pipeline.scheduler.empty()) object->Add("scheduler", pipeline.scheduler);
  if (!pipeline.guidance.empty()) object->Add("guidance", pipeline.guidance);
  object->AddList("stages", pipeline.stages, [](const StageRow& stage) { return ToJson(stage); });
  for (const NamedAmount& named : OpAmounts()) {
    object->Add(named.key, ToJson(pipeline.figures.*named.amount));
  }
  const Json formulas = FormulasOf(pipeline.figures, OpAmounts(), false);
  if (!formulas.empty()) object->Add("formula", formulas);
  if (pipeline.cache) AddCache(*pipeline.cache, object);
  object->Add("lower_bound", pipeline.is_lower_bound);
  object->Add("notes", pipeline.notes);
}

// One of several, as a row of their list.
void WritePipelineRow(const PipelineReport& pipeline, std::string* text) {
  ObjectText object(4, text);
  WritePipeline(pipeline, &object);
  object.Close();
}

}  // namespace

std::string WriteJson(const Results& results, const WriteContext& context) {
  std::string text;
  ObjectText object(0, &text);
  AddTool(results.convention, &object);
  if (!results.rules.empty()) object.Add("rules", results.rules);
  object.AddRows("models", results.models,
                 [&](const ModelReport& model) { WriteModel(model, context.view, &text); });
  if (!results.errors.empty()) {
    object.AddList("errors", results.errors, [](const FileError& error) -> Json {
      return {{"file", error.file}, {"error", error.message}};
    });
  }
  if (results.pipelines.size() == 1) {
    object.AddObject("pipeline",
                     [&](ObjectText* inner) { WritePipeline(results.pipelines[0], inner); });
  } else if (!results.pipelines.empty()) {
    object.AddRows("pipelines", results.pipelines,
                   [&](const PipelineReport& pipeline) { WritePipelineRow(pipeline, &text); });
  }
  if (results.training) {
    object.AddObject("training",
                     [&](ObjectText* inner) { WriteTraining(*results.training, inner); });
  }
  object.AddObject("total", [&](ObjectText* total) {
    AddTotals(TotalOf(results), context.view.formula, total);
    total->Add("lower_bound", HasGaps(results) || !results.errors.empty());
  });
  object.Close();
  return absl::StrCat(text, "\n");
}

std::string WriteOpsJson(absl::Span<const OpRule* const> rules, const std::string& convention) {
  std::string text;
  ObjectText object(0, &text);
  AddTool(convention, &object);
  object.AddList("operators", rules, [](const OpRule* rule) { return ToJson(*rule); });
  object.Close();
  return absl::StrCat(text, "\n");
}

}  // namespace onnx_macs
