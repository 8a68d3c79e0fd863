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
std::string PathIn(const DiffResults& diff, const ModelDiff& model, const std::string& path) {
  if (diff.models.size() == 1) return path;
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
  Json json = {{"op", op.op}, {"domain", op.domain}};
  if (!is_one) json["file"] = model.new_file;
  AddFigureChanges(op.before, op.after, Presence::kBoth, &json);
  json["nodes"] = {{"old", op.before.nodes}, {"new", op.after.nodes}};
  return json;
}

Json NodeJson(const DiffResults& diff, const ModelDiff& model, const NodeDiff& node) {
  Json json = {{"node", node.name},
               {"status", kPresence[static_cast<int>(node.presence)]},
               {"op", node.op},
               {"domain", node.domain},
               {"path", PathIn(diff, model, node.path)}};
  if (node.presence == Presence::kBoth && node.old_name != node.name)
    json["old_node"] = node.old_name;
  AddChange(node.macs_before, node.macs_after, node.presence, &json);
  json["changes"] = node.changes;
  return json;
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
  std::vector<Json> components, operators, nodes;
  for (const ModelDiff& model : diff.models) {
    for (const ComponentDiff& row : model.components)
      components.push_back(ComponentJson(diff, model, row));
    for (const OpDiff& row : model.operators) operators.push_back(OperatorJson(model, row, is_one));
    for (const NodeDiff& row : model.nodes) nodes.push_back(NodeJson(diff, model, row));
  }
  const auto same = [](const Json& row) { return row; };
  object->AddList("components", components, same);
  object->AddList("operators", operators, same);
  object->AddList("nodes", nodes, same);
}

// --- CSV ---

std::string Cell(const Amount& amount, bool is_there) {
  return is_there ? FormatExact(amount) : "";
}

std::string CsvRow(std::vector<std::string> cells, const Amount& before, const Amount& after,
                   Presence presence, const std::string& changes) {
  cells.push_back(Cell(before, presence != Presence::kOnlyNew));
  cells.push_back(Cell(after, presence != Presence::kOnlyOld));
  cells.push_back(FormatExact(DeltaOf(before, after)));
  cells.push_back(changes);
  return CsvLine(cells);
}

}  // namespace

std::string WriteDiffJson(const DiffResults& diff) {
  std::string text;
  ObjectText object(0, &text);
  AddHead(diff.convention, &object);
  object.AddObject("diff", [&](ObjectText* inner) { WriteDiff(diff, inner); });
  if (!diff.gates.empty()) object.Add("check", GatesJson(diff.gates));
  object.Close();
  return absl::StrCat(text, "\n");
}

std::string WriteDiffCsv(const DiffResults& diff) {
  std::string text =
      CsvLine({"kind", "path", "name", "status", "macs_old", "macs_new", "macs_delta", "changes"});
  for (const ModelDiff& model : diff.models) {
    const auto status = [](Presence presence, bool differs) {
      return std::string(
          presence == Presence::kBoth && !differs ? "same" : kPresence[static_cast<int>(presence)]);
    };
    for (const ComponentDiff& row : model.components) {
      const bool differs = row.differs || row.is_moved;
      text +=
          CsvRow({"component", PathIn(diff, model, PathOf(row)), "", status(row.presence, differs)},
                 row.before.macs, row.after.macs, row.presence,
                 row.is_moved ? absl::StrCat("was ", row.old_path) : "");
    }
    for (const OpDiff& op : model.operators) {
      text += CsvRow({"operator", PathIn(diff, model, ""), op.op, "changed"}, op.before.macs,
                     op.after.macs, Presence::kBoth,
                     absl::StrCat(op.before.nodes, " -> ", op.after.nodes, " nodes"));
    }
    for (const NodeDiff& node : model.nodes) {
      text += CsvRow(
          {"node", PathIn(diff, model, node.path), node.name, status(node.presence, true)},
          node.macs_before, node.macs_after, node.presence, absl::StrJoin(node.changes, "; "));
    }
  }
  return text;
}

}  // namespace onnx_macs
