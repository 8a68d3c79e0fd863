// A row for each part of a step, and what the step takes.
#include "cli/training_view.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "analyzer/figures.h"
#include "cli/number_format.h"
#include "cli/text.h"

namespace onnx_macs {
namespace {

using Format = std::string (*)(const Amount& amount, bool lower_bound);

struct Part {
  std::string title;
  const Amount& amount;
  const char* key;  // in JSON
};

std::string Share(const Amount& part, const Amount& whole) {
  if (!part.is_integer() || !whole.is_integer()) return "";
  return FormatShare(part.approximate(), whole.approximate());
}

std::string Per(int64_t count, absl::string_view thing) {
  return absl::StrCat(count, " ", thing, count == 1 ? "" : "s");
}

std::vector<Part> Passes(const TrainingReport& step) {
  const std::string update =
      absl::StrCat(step.optimizer->name, ", ", step.optimizer->flops, " a parameter");
  return {{"forward", step.forward, "forward"},
          {"backward", step.backward, "backward"},
          {update, step.update, "optimizer"}};
}

std::vector<Part> Memory(const TrainingReport& step) {
  const std::string state =
      absl::StrCat("state, ", Per(step.optimizer->state, "value"), " a parameter");
  return {{"weights", step.weights, "weights"},
          {"gradients", step.gradients, "gradients"},
          {state, step.state, "optimizer_state"},
          {"saved activations", step.activations, "saved_activations"}};
}

TableRow TotalRow(std::string title, std::string amount, std::string share) {
  TableRow row;
  row.style = TableRow::Style::kTotal;
  row.cells = {std::move(title), std::move(amount), std::move(share)};
  return row;
}

Table PartsTable(std::string title, std::string unit, const std::vector<Part>& parts,
                 const Amount& whole, Format format) {
  Table table;
  table.columns = {{std::move(title), Column::Kind::kName, false},
                   {std::move(unit), Column::Kind::kAmount, false},
                   {"share", Column::Kind::kAmount, false}};
  for (const Part& part : parts) {
    TableRow row;
    row.cells = {part.title, format(part.amount, false), Share(part.amount, whole)};
    table.rows.push_back(std::move(row));
  }
  return table;
}

Amount AllSteps(const TrainingResults& training) {
  Figures step;
  step.flops = training.step.step;
  return Scale(step, training.steps).flops;
}

}  // namespace

Table TrainingTable(const TrainingResults& training) {
  const TrainingReport& step = training.step;
  Table table = PartsTable("training", "FLOPs", Passes(step), step.step, FormatAmount);
  table.rows.push_back(TotalRow("one step", FormatAmount(step.step, step.is_lower_bound),
                                Share(step.step, step.step)));
  if (training.steps == 1) return table;
  table.rows.push_back(TotalRow(Per(training.steps, "step"),
                                FormatAmount(AllSteps(training), step.is_lower_bound), ""));
  return table;
}

Table TrainingMemoryTable(const TrainingReport& step) {
  Table table = PartsTable("memory", "bytes", Memory(step), step.memory, FormatByteAmount);
  table.rows.push_back(TotalRow("total", FormatByteAmount(step.memory, step.is_lower_bound),
                                Share(step.memory, step.memory)));
  return table;
}

std::vector<std::string> TrainingRemarks(const TrainingResults& training) {
  std::vector<std::string> remarks = {
      "note: backward is twice the forward pass for products, else as much, where no rule says "
      "otherwise",
      "note: saved activations are an estimate: what the backward pass reads again, each value "
      "once, nothing computed anew"};
  if (training.step.is_lower_bound) {
    remarks.push_back("note: not everything was counted, so these are lower bounds");
  }
  for (const std::string& gap : training.step.gaps) {
    remarks.push_back(absl::StrCat("  backward of ", Printable(gap)));
  }
  return remarks;
}

void WriteTraining(const TrainingResults& training, ObjectText* object) {
  const TrainingReport& step = training.step;
  object->Add("optimizer_name", std::string(step.optimizer->name));
  object->Add("flops_per_parameter", step.optimizer->flops);
  Json formulas = Json::object();
  const auto add = [&](const char* key, const Amount& amount) {
    object->Add(key, ToJson(amount));
    if (amount.is_formula()) formulas[key] = FormatExact(amount);
  };
  for (const Part& part : Passes(step)) add(part.key, part.amount);
  add("step", step.step);
  object->Add("steps", training.steps);
  add("total", AllSteps(training));
  for (const Part& part : Memory(step)) add(part.key, part.amount);
  add("memory", step.memory);
  if (!formulas.empty()) object->Add("formula", formulas);
  object->Add("lower_bound", step.is_lower_bound);
  if (!step.gaps.empty()) object->Add("gaps", step.gaps);
}

}  // namespace onnx_macs
