// --format json, as docs/schema.json describes it. Long lists are written row by row, one to a
// line, because a document tree of a million nodes would take more memory than the analysis.
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "analyzer/figures.h"
#include "cli/bound_view.h"
#include "cli/json_amount.h"
#include "cli/json_rows.h"
#include "cli/json_text.h"
#include "cli/memory_json.h"
#include "cli/number_format.h"
#include "cli/training_view.h"
#include "cli/writers.h"

namespace onnx_macs {
namespace {

// The amounts of a row, where traffic was asked for with it.
std::vector<NamedAmount> WithTraffic(absl::Span<const NamedAmount> amounts, bool has_traffic) {
  std::vector<NamedAmount> all(amounts.begin(), amounts.end());
  if (has_traffic) all.push_back({"traffic_bytes", &Figures::traffic_bytes});
  return all;
}

// A pair list as an object; a name that comes twice keeps its first value.
template <typename Pairs>
Json PairsToJson(const Pairs& pairs) {
  // Put in behind the others at once: Json looks through all keys for each new one.
  Json object = Json::object();
  auto& members = object.get_ref<Json::object_t&>();
  absl::flat_hash_set<absl::string_view> seen;
  for (const auto& [name, value] : pairs) {
    if (seen.insert(name).second) members.emplace_back(name, value);
  }
  return object;
}

// By name, of which the first counts.
void AddValues(absl::string_view key, const std::vector<ValueRow>& rows, ObjectText* object) {
  object->AddObject(key, [&](ObjectText* values) {
    absl::flat_hash_set<absl::string_view> seen;
    for (const ValueRow& value : rows) {
      if (!seen.insert(value.name).second) continue;
      values->AddRow(value.name, [&](std::string* text) { Write(value, text); });
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
  AddValues("inputs", model.inputs, object);
  AddValues("outputs", model.outputs, object);
}

void AddBlocks(const ModelReport& model, absl::Span<const NamedAmount> amounts,
               ObjectText* object) {
  object->AddList("blocks", model.blocks,
                  [&](const BlockRow& row) { return ToJson(row, amounts); });
  object->Add("outside_blocks", ToJson(model.outside_blocks, amounts));
}

void AddNodes(const ModelReport& model, const ViewOptions& view,
              absl::Span<const NamedAmount> amounts, ObjectText* object) {
  const auto write = [&](const NodeRow& row, std::string* text) { Write(row, amounts, text); };
  if (view.nodes) object->AddRows("nodes", model.nodes, write);
  if (view.explain.empty()) return;
  std::vector<NodeRow> found;
  for (const NodeRow& node : model.nodes) {
    if (node.name == view.explain) found.push_back(node);
  }
  object->AddRows("explain", found, write);
}

void WriteModel(const ModelReport& model, const ViewOptions& view, TextSink* sink) {
  const bool has_traffic = model.memory.has_value();
  const std::vector<NamedAmount> all = WithTraffic(AllAmounts(), has_traffic);
  const std::vector<NamedAmount> of_node = WithTraffic(OpAmounts(), has_traffic);
  ObjectText object(4, sink);
  AddHead(model, &object);
  AddTotals(model.figures, view.formula, &object);
  object.AddList("weight_types", model.weight_types,
                 [](const WeightTypeRow& row) { return ToJson(row); });
  object.Add("active", ToJson(model.active));
  if (model.memory) object.Add("memory", MemoryToJson(model));
  if (model.bound) object.Add("bound", BoundToJson(*model.bound));
  object.Add("nodes_total", model.figures.nodes);
  object.Add("nodes_counted", model.nodes_counted);
  object.Add("nodes_free", model.nodes_free);
  object.AddRows("gaps", model.gaps,
                 [](const GapRow& row, std::string* text) { Write(row, text); });
  object.Add("lower_bound", !model.gaps.empty());
  object.Add("paths", ToJson(model.paths));
  object.AddRows("components", model.components,
                 [&](const ComponentRow& row, std::string* text) { Write(row, all, text); });
  object.AddRows("by_op", model.by_op,
                 [&](const OpRow& row, std::string* text) { Write(row, of_node, text); });
  AddBlocks(model, all, &object);
  AddNodes(model, view, of_node, &object);
  if (view.shapes) AddValues("values", model.values, &object);
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

Json ToJson(const StageRow& stage) {
  Json row = {{"role", stage.role},
              {"file", stage.file},
              {"title", stage.title},
              {"batch", stage.batch},
              {"times", stage.times}};
  AddFigures(stage.figures, &row, OpAmounts());
  Json call = Json::object();
  AddFigures(stage.per_call, &call, WithTraffic(AllAmounts(), true));
  AddAmount("peak_activation_bytes", stage.peak_activation_bytes, &call);
  call["nodes"] = stage.per_call.nodes;
  row["per_call"] = std::move(call);
  row["lower_bound"] = stage.is_lower_bound;
  return row;
}

void AddCache(const CacheRow& cache, ObjectText* object) {
  Json row = Json::object();
  AddAmount("bytes_per_token", cache.bytes_per_token, &row);
  AddAmount("bytes", cache.bytes, &row);
  object->Add("kv_cache", row);
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
void WritePipelineRow(const PipelineReport& pipeline, TextSink* sink) {
  ObjectText object(4, sink);
  WritePipeline(pipeline, &object);
  object.Close();
}

}  // namespace

void WriteJson(const Results& results, const WriteContext& context, TextSink* sink) {
  ObjectText object(0, sink);
  AddHead(results.convention, &object);
  if (!results.rules.empty()) object.Add("rules", results.rules);
  object.AddObjects("models", results.models,
                    [&](const ModelReport& model) { WriteModel(model, context.view, sink); });
  if (!results.errors.empty()) {
    object.AddList("errors", results.errors, [](const FileError& error) -> Json {
      return {{"file", error.file}, {"error", error.message}};
    });
  }
  if (results.pipelines.size() == 1) {
    object.AddObject("pipeline",
                     [&](ObjectText* inner) { WritePipeline(results.pipelines[0], inner); });
  } else if (!results.pipelines.empty()) {
    object.AddObjects("pipelines", results.pipelines,
                      [&](const PipelineReport& pipeline) { WritePipelineRow(pipeline, sink); });
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
  absl::StrAppend(&sink->text(), "\n");
}

std::string WriteOpsJson(absl::Span<const OpRule* const> rules, const std::string& convention) {
  TextSink sink;
  ObjectText object(0, &sink);
  AddHead(convention, &object);
  object.AddList("operators", rules, [](const OpRule* rule) { return ToJson(*rule); });
  object.Close();
  return absl::StrCat(sink.Take(), "\n");
}

}  // namespace onnx_macs
