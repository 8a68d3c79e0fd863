// A diff for programs: --format json and csv. Every component and every node that differs is there.
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/diff_view.h"
#include "cli/diff_writer.h"
#include "cli/gate_view.h"
#include "cli/json_amount.h"
#include "cli/json_text.h"
#include "cli/number_format.h"

namespace onnx_macs {
namespace {

// Components of several files are told apart by their role, else by their file.
std::string PathIn(const DiffResults& diff, const ModelDiff& model, absl::string_view path) {
  if (diff.models.size() == 1) return std::string(path);
  const bool has_role = !model.role.empty() && model.role != "model";
  const std::string& file = model.new_file.empty() ? model.old_file : model.new_file;
  return absl::StrCat(has_role ? model.role : file, path.empty() ? "" : ".", path);
}

// Before, after and what lies between; null on a side that does not have it.
void AddChange(const Amount& before, const Amount& after, Presence presence, Json* row) {
  const Amount delta = DeltaOf(before, after);
  (*row)["old"] = presence == Presence::kOnlyNew ? Json(nullptr) : ToJson(before);
  (*row)["new"] = presence == Presence::kOnlyOld ? Json(nullptr) : ToJson(after);
  (*row)["delta"] = ToJson(delta);
  const std::pair<const char*, const Amount*> all[] = {
      {"old", &before}, {"new", &after}, {"delta", &delta}};
  for (const auto& [key, amount] : all) {
    if (amount->is_formula()) (*row)["formula"][key] = FormatExact(*amount);
  }
}

constexpr NamedAmount kBesideMacs[] = {
    {"ops", &Figures::ops}, {"params", &Figures::params}, {"weight_bytes", &Figures::weight_bytes}};

// MACs in the row itself, the rest each by its name where it differs.
void AddFigureChanges(const Figures& before, const Figures& after, Presence presence, Json* row) {
  AddChange(before.macs, after.macs, presence, row);
  for (const NamedAmount& named : kBesideMacs) {
    const Amount &a = before.*named.amount, &b = after.*named.amount;
    if (!(a == b)) AddChange(a, b, presence, &(*row)[named.key]);
  }
}

constexpr const char* kPresence[] = {"changed", "removed", "added"};

Json ComponentJson(const DiffResults& diff, const ModelDiff& model, const ComponentDiff& row) {
  Json json = {{"path", PathIn(diff, model, PathOf(row))}};
  if (row.is_moved) json["old_path"] = PathIn(diff, model, row.old_path);
  AddFigureChanges(row.before, row.after, row.presence, &json);
  if (row.presence != Presence::kBoth) {
    json["status"] = row.is_wrapper || row.is_regrouped ? "regrouped"
                                                        : kPresence[static_cast<int>(row.presence)];
  } else if (row.differs || row.is_moved) {
    json["status"] = row.differs ? "changed" : "moved";
  }
  return json;
}

Json OperatorJson(const ModelDiff& model, const OpDiff& op, bool is_one) {
  Json json = {{"op", op.op.view()}, {"domain", op.domain.view()}};
  if (!is_one) json["file"] = model.new_file;
  AddFigureChanges(op.before, op.after, Presence::kBoth, &json);
  json["nodes"] = {{"old", op.before.nodes}, {"new", op.after.nodes}};
  return json;
}

// Of those there may be many.
void WriteNode(const DiffResults& diff, const ModelDiff& model, const NodeDiff& node,
               std::string* text) {
  RowText row(text);
  row.AddText("node", node.name);
  row.AddText("status", kPresence[static_cast<int>(node.presence)]);
  row.AddText("op", node.op);
  row.AddText("domain", node.domain);
  row.AddText("path", PathIn(diff, model, node.path));
  if (node.presence == Presence::kBoth && node.old_name != node.name) {
    row.AddText("old_node", node.old_name);
  }
  Json change = Json::object();
  AddChange(node.macs_before, node.macs_after, node.presence, &change);
  row.AddMembers(change);
  row.AddTexts("changes", node.changes);
  row.Close();
}

// The rows of all models.
template <typename Row>
std::vector<std::pair<const ModelDiff*, const Row*>> AllRows(const DiffResults& diff,
                                                             std::vector<Row> ModelDiff::*rows) {
  std::vector<std::pair<const ModelDiff*, const Row*>> all;
  for (const ModelDiff& model : diff.models) {
    for (const Row& row : model.*rows) all.emplace_back(&model, &row);
  }
  return all;
}

Json DifferencesJson(const std::vector<Difference>& differences) {
  Json list = Json::array();
  for (const Difference& difference : differences) {
    list.push_back({{"what", difference.what},
                    {"old", difference.before.empty() ? Json(nullptr) : Json(difference.before)},
                    {"new", difference.after.empty() ? Json(nullptr) : Json(difference.after)}});
  }
  return list;
}

Json ModelJson(const ModelDiff& model) {
  Json json = {{"role", model.role},
               {"old_file", model.old_file.empty() ? Json(nullptr) : Json(model.old_file)},
               {"new_file", model.new_file.empty() ? Json(nullptr) : Json(model.new_file)},
               {"answer", ShortAnswer(model)}};
  AddFigureChanges(model.before, model.after, model.presence, &json);
  if (model.has_memory) {
    AddChange(model.peak_before, model.peak_after, model.presence, &json["peak_activation_bytes"]);
  }
  json["interface"] = DifferencesJson(model.interface);
  json["setting"] = DifferencesJson(model.setting);
  Json types = Json::array();
  for (const WeightTypeDiff& row : model.weight_types) {
    Json type = {{"dtype", row.dtype}};
    AddChange(row.params_before, row.params_after, Presence::kBoth, &type["params"]);
    AddChange(row.bytes_before, row.bytes_after, Presence::kBoth, &type["weight_bytes"]);
    types.push_back(std::move(type));
  }
  json["weight_types"] = std::move(types);
  json["reasons"] = Reasons(model);
  json["components_in_both"] = model.components_known_to_both;
  json["components_with_other_macs"] = model.components_with_other_macs;
  json["nodes_compared"] = model.compared_nodes;
  json["gaps"] = {{"old", model.gaps_before}, {"new", model.gaps_after}};
  return json;
}

Json SideJson(const std::string& name, const Figures& figures, bool is_lower_bound) {
  Json side = {{"name", name}};
  AddFigures(figures, &side);
  side["lower_bound"] = is_lower_bound;
  return side;
}

void WriteDiff(const DiffResults& diff, ObjectText* object) {
  const bool is_one = diff.models.size() == 1;
  const DiffTotal& files = diff.files;
  object->Add("answer", ShortAnswer(diff.pipeline ? *diff.pipeline : files));
  object->Add("old", SideJson(diff.old_name, files.before, files.is_lower_bound_before));
  object->Add("new", SideJson(diff.new_name, files.after, files.is_lower_bound_after));
  Json total;
  AddFigureChanges(files.before, files.after, Presence::kBoth, &total);
  object->Add("total", total);
  if (diff.pipeline) {
    Json pipeline = {{"name", diff.pipeline->what}};
    AddChange(diff.pipeline->before.macs, diff.pipeline->after.macs, Presence::kBoth, &pipeline);
    object->Add("pipeline", pipeline);
  }
  object->AddList("models", diff.models, ModelJson);
  object->AddList("components", AllRows(diff, &ModelDiff::components),
                  [&](const auto& row) { return ComponentJson(diff, *row.first, *row.second); });
  object->AddList("operators", AllRows(diff, &ModelDiff::operators),
                  [&](const auto& row) { return OperatorJson(*row.first, *row.second, is_one); });
  object->AddRows(
      "nodes", AllRows(diff, &ModelDiff::nodes),
      [&](const auto& row, std::string* text) { WriteNode(diff, *row.first, *row.second, text); });
}

// --- CSV ---

std::string Cell(const Amount& amount, bool is_there) {
  return is_there ? FormatExact(amount) : "";
}

void AddCsvRow(std::vector<std::string> cells, const Amount& before, const Amount& after,
               Presence presence, const std::string& changes, TextSink* sink) {
  cells.push_back(Cell(before, presence != Presence::kOnlyNew));
  cells.push_back(Cell(after, presence != Presence::kOnlyOld));
  cells.push_back(FormatExact(DeltaOf(before, after)));
  cells.push_back(changes);
  sink->text() += CsvLine(cells);
  sink->EndRow();
}

}  // namespace

void WriteDiffJson(const DiffResults& diff, TextSink* sink) {
  ObjectText object(0, sink);
  AddHead(diff.convention, &object);
  object.AddObject("diff", [&](ObjectText* inner) { WriteDiff(diff, inner); });
  if (!diff.gates.empty()) object.Add("check", GatesJson(diff.gates));
  object.Close();
  absl::StrAppend(&sink->text(), "\n");
}

void WriteDiffCsv(const DiffResults& diff, TextSink* sink) {
  sink->text() +=
      CsvLine({"kind", "path", "name", "status", "macs_old", "macs_new", "macs_delta", "changes"});
  for (const ModelDiff& model : diff.models) {
    const auto status = [](Presence presence, bool differs) {
      return std::string(
          presence == Presence::kBoth && !differs ? "same" : kPresence[static_cast<int>(presence)]);
    };
    for (const ComponentDiff& row : model.components) {
      const bool differs = row.differs || row.is_moved;
      AddCsvRow({"component", PathIn(diff, model, PathOf(row)), "", status(row.presence, differs)},
                row.before.macs, row.after.macs, row.presence,
                row.is_moved ? absl::StrCat("was ", row.old_path) : "", sink);
    }
    for (const OpDiff& op : model.operators) {
      AddCsvRow({"operator", PathIn(diff, model, ""), std::string(op.op.view()), "changed"},
                op.before.macs, op.after.macs, Presence::kBoth,
                absl::StrCat(op.before.nodes, " -> ", op.after.nodes, " nodes"), sink);
    }
    for (const NodeDiff& node : model.nodes) {
      AddCsvRow({"node", PathIn(diff, model, node.path), std::string(node.name.view()),
                 status(node.presence, true)},
                node.macs_before, node.macs_after, node.presence, absl::StrJoin(node.changes, "; "),
                sink);
    }
  }
}

}  // namespace onnx_macs
