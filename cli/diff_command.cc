// `onnx-macs diff OLD NEW`: both sides are analysed side by side, then compared.
#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "analyzer/diff/row_nodes.h"
#include "cli/diff_results.h"
#include "cli/diff_view.h"
#include "cli/diff_writer.h"
#include "cli/gate_view.h"
#include "cli/rules_option.h"
#include "cli/run.h"
#include "cli/terminal.h"

namespace onnx_macs {
namespace {

bool HasSaved(const CheckedRun& run) {
  return absl::c_any_of(run.nodes, [](const KeptNodes& kept) { return kept.nodes == nullptr; });
}

// Nodes of a saved analysis are rows, and so have to be those that they are compared with.
void UseRows(CheckedRun* run) {
  for (size_t i = 0; i < run->nodes.size(); ++i) {
    std::unique_ptr<const NodeList>& nodes = run->nodes[i].nodes;
    ModelReport& report = run->results.models[i];
    if (nodes != nullptr) {
      nodes = std::make_unique<RowNodes>(AsRows(*nodes, report));
    } else if (!report.nodes.empty()) {
      nodes = std::make_unique<RowNodes>(std::move(report.nodes), report);
    }
  }
}

std::vector<const NodeList*> ListsOf(const CheckedRun& run) {
  std::vector<const NodeList*> lists;
  for (const KeptNodes& kept : run.nodes) lists.push_back(kept.nodes.get());
  return lists;
}

// Only what is read by programs has rows for everything.
DiffOptions OptionsFor(const Options& options) {
  DiffOptions diff;
  diff.everything = options.format == Format::kJson || options.format == Format::kCsv;
  const bool asks_for_all = options.view.nodes || !options.view.filter.empty();
  diff.first_nodes =
      asks_for_all ? ~size_t{0} : static_cast<size_t>(options.view.top.value_or(kDiffRows));
  return diff;
}

// So that a gate on a component is not lost with its name.
std::vector<Renaming> RenamingsOf(const DiffResults& diff) {
  std::vector<Renaming> renamings;
  for (const ModelDiff& model : diff.models) {
    for (const ComponentDiff& row : model.components) {
      if (row.presence != Presence::kBoth || row.old_path == row.new_path) continue;
      renamings.push_back({model.old_file, row.old_path, model.new_file, row.new_path});
    }
  }
  return renamings;
}

void Write(const DiffResults& diff, const Options& options, const NameFilter& filter,
           TextSink* sink) {
  if (options.format == Format::kJson) return WriteDiffJson(diff, sink);
  if (options.format == Format::kCsv) return WriteDiffCsv(diff, sink);
  const WriteContext context = {options.view, filter,
                                ChooseStyle(options.color, !options.output.empty())};
  WriteDiffText(diff, options.format, context, sink);
}

}  // namespace

ExitCode RunDiff(const Options& options) {
  const absl::StatusOr<ChosenRules> rules = ChooseRules(options);
  if (!rules.ok()) return Refuse(rules.status().message());
  const absl::StatusOr<NameFilter> filter = NameFilter::Make(options.view.filter);
  if (!filter.ok()) return Refuse(filter.status().message());
  std::vector<Side> sides;
  for (const std::string& argument : options.files) {
    absl::StatusOr<Side> side = FilesToRead(options, {argument});
    if (!side.ok()) return Refuse(side.status().message());
    sides.push_back(*std::move(side));
  }
  const auto start = std::chrono::steady_clock::now();
  auto runs = AnalyzeSides(options, rules->rules(), sides);
  if (!runs.ok()) return Refuse(runs.status().message());
  CheckedRun &before = runs->front(), &after = runs->back();
  if (HasSaved(before) || HasSaved(after)) {
    for (CheckedRun* run : {&before, &after}) UseRows(run);
  }
  if (before.results.models.empty() || after.results.models.empty()) return kFileFailed;
  DiffResults diff =
      MakeDiff(before.results, ListsOf(before), after.results, ListsOf(after), OptionsFor(options));
  absl::StatusOr<std::vector<GateRow>> gates =
      JudgeGates(options.gates, ViewOf(before.results), ViewOf(after.results), RenamingsOf(diff));
  if (!gates.ok()) return Refuse(gates.status().message());
  diff.gates = *std::move(gates);
  diff.old_name = options.files[0];
  diff.new_name = options.files[1];
  const ExitCode written =
      Deliver([&](TextSink* sink) { Write(diff, options, *filter, sink); }, options);
  if (options.stats) ShowStats(before.stats + after.stats, start);
  const bool gates_hold = ReportGates(diff.gates);
  const bool any_failed = !before.results.errors.empty() || !after.results.errors.empty();
  if (written != kFine || any_failed) return kFileFailed;
  if (!gates_hold) return kOverBudget;
  const bool has_gaps = HasGaps(before.results) || HasGaps(after.results);
  return options.view.strict && has_gaps ? kNotCounted : kFine;
}

}  // namespace onnx_macs
