// Analyses the files, complains about what is wrong, and has the rest written.
#include "cli/run.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "analyzer/spelling.h"
#include "analyzer/system.h"
#include "cli/file_analysis.h"
#include "cli/parallel.h"
#include "cli/rules_option.h"
#include "cli/stats_writer.h"
#include "cli/terminal.h"
#include "cli/usage.h"
#include "cli/writers.h"

namespace onnx_macs {
namespace {

using Writer = std::string (*)(const Results&, const WriteContext&);
constexpr Writer kWriters[] = {WriteTables, WriteJson, WriteCsv, WriteMarkdown};  // as in Format

// Results would be lost, and a model with them, if the output were one of the files read.
bool IsInput(const std::string& output, absl::Span<const ModelFile> files) {
  for (const ModelFile& file : files) {
    std::error_code error;
    if (!output.empty() && std::filesystem::equivalent(file.path, output, error)) return true;
  }
  return false;
}

void AddTraining(const std::optional<TrainingReport>& training, int64_t steps, Results* results) {
  if (!training) return;
  if (results->training) {
    results->training->step = Add(results->training->step, *training);
  } else {
    results->training = {*training, steps};
  }
}

void Sort(std::vector<FileAnalysis>& analyses, int64_t training_steps, CheckedRun* run,
          std::vector<BindingUse>* uses) {
  Results& results = run->results;
  for (FileAnalysis& analysis : analyses) {
    if (analysis.result) {
      AddTraining(analysis.result->training, training_steps, &results);
      results.models.push_back(std::move(analysis.result->report));
      run->nodes.push_back({std::move(analysis.model), std::move(analysis.result->nodes)});
      uses->push_back(std::move(analysis.result->use));
    } else if (analysis.usage_error.empty()) {
      results.errors.push_back({analysis.file, analysis.file_error});
    }
  }
}

// Wrong usage that only the models could tell; an empty string when there is none.
std::string WrongUsage(const Options& options, const RunAnalyses& run,
                       absl::Span<const BindingUse> uses) {
  const absl::Status bindings = CheckBindings(options.analyze.bind, uses);
  if (!bindings.ok()) return std::string(bindings.message());
  const absl::Status pipeline = CheckPipeline(options.pipeline, run);
  if (!pipeline.ok()) return std::string(pipeline.message());
  const absl::Status loops = CheckLoopTrips(options.analyze.control_flow, uses);
  if (!loops.ok()) return std::string(loops.message());
  const absl::Status groups = CheckGroups(options.groups, uses);
  if (!groups.ok()) return std::string(groups.message());
  const absl::Status stages = CheckStages(options.view, run);
  if (!stages.ok()) return std::string(stages.message());
  return "";
}

std::string FirstUsageError(const std::vector<RunAnalyses>& runs) {
  for (const RunAnalyses& run : runs) {
    for (const FileAnalysis& analysis : run.files) {
      if (!analysis.usage_error.empty()) {
        return absl::StrCat(analysis.file, ": ", analysis.usage_error);
      }
    }
  }
  return "";
}

// What all of them are together, as far as options are judged by it.
RunAnalyses Together(const std::vector<RunAnalyses>& runs) {
  RunAnalyses all;
  for (const RunAnalyses& run : runs) {
    all.pipelines.insert(all.pipelines.end(), run.pipelines.begin(), run.pipelines.end());
    all.known_names.insert(all.known_names.end(), run.known_names.begin(), run.known_names.end());
    if (all.pipeline_refusal.empty()) all.pipeline_refusal = run.pipeline_refusal;
    all.used_times.resize(std::max(all.used_times.size(), run.used_times.size()));
    for (size_t i = 0; i < run.used_times.size(); ++i) {
      if (run.used_times[i]) all.used_times[i] = true;
    }
  }
  return all;
}

void ShowStats(std::string stats, std::chrono::steady_clock::time_point start) {
  const std::chrono::duration<double, std::milli> whole = std::chrono::steady_clock::now() - start;
  absl::StrAppend(&stats, SumText(whole.count(), PeakMemoryBytes()));
  WriteToStderr(stats);
}

std::string Write(const Results& results, const Options& options, const NameFilter& filter) {
  const WriteContext context = {options.view, filter,
                                ChooseStyle(options.color, !options.output.empty())};
  const bool is_for_people =
      options.format == Format::kTable || options.format == Format::kMarkdown;
  if (!options.view.explain.empty() && is_for_people) return WriteExplanation(results, context);
  if (results.models.empty() && options.format != Format::kJson) return "";
  return kWriters[static_cast<int>(options.format)](results, context);
}

}  // namespace

ExitCode Refuse(absl::string_view message) {
  Complain(message);
  return kWrongUsage;
}

ExitCode Deliver(const std::string& text, const Options& options) {
  const bool to_file = !options.output.empty();
  if (text.empty()) return kFine;
  const absl::Status status = to_file ? WriteToFile(options.output, text) : WriteToStdout(text);
  if (status.ok()) return kFine;
  Complain(absl::StrCat("cannot write ", to_file ? options.output : "to standard output", ": ",
                        status.message()));
  return kFileFailed;
}

absl::StatusOr<std::vector<ModelFile>> FilesToRead(const Options& options) {
  std::vector<ModelFile> files = ExpandArguments(options.files);
  const std::tuple<absl::string_view, const std::string&, absl::string_view> written[] = {
      {"--output", options.output, "report.json"},
      {"--write-budget", options.write_budget, "budget.json"}};
  for (const auto& [option, path, example] : written) {
    if (!IsInput(path, files)) continue;
    return absl::InvalidArgumentError(
        WithExample(absl::StrCat(option, ": ", path, " is one of the models"),
                    absl::StrCat(option, " ", example)));
  }
  return files;
}

absl::StatusOr<std::vector<CheckedRun>> AnalyzeSides(const Options& options, const RuleSet& rules,
                                                     absl::Span<const Side> sides) {
  std::vector<RunAnalyses> runs(sides.size());
  ForEachInParallel(sides.size(), options.jobs, [&](size_t i) {
    runs[i] = AnalyzeFiles(sides[i], rules, options.analyze, options.pipeline, options.jobs);
  });
  const std::string usage_error = FirstUsageError(runs);
  std::vector<CheckedRun> checked(runs.size());
  std::vector<BindingUse> uses;
  for (size_t i = 0; i < runs.size(); ++i) {
    if (options.stats) checked[i].stats = StatsText(runs[i].files);
    Results& results = checked[i].results;
    results.convention = options.convention;
    results.rules = options.rules;
    Sort(runs[i].files, options.training_steps, &checked[i], &uses);
    for (const FileError& error : results.errors) {
      Complain(
          absl::StrCat(error.file == "-" ? "standard input" : error.file, ": ", error.message));
    }
  }
  const std::string wrong =
      usage_error.empty() ? WrongUsage(options, Together(runs), uses) : usage_error;
  if (!wrong.empty()) return absl::InvalidArgumentError(wrong);
  for (size_t i = 0; i < runs.size(); ++i) {
    checked[i].results.pipelines = std::move(runs[i].pipelines);
    checked[i].validities = std::move(runs[i].validities);
  }
  return checked;
}

absl::StatusOr<CheckedRun> AnalyzeChecked(const Options& options, const RuleSet& rules,
                                          absl::Span<const ModelFile> files) {
  const Side side(files.begin(), files.end());
  absl::StatusOr<std::vector<CheckedRun>> runs = AnalyzeSides(options, rules, {&side, 1});
  if (!runs.ok()) return runs.status();
  return std::move(runs->front());
}

ExitCode RunAnalysis(const Options& options) {
  const absl::StatusOr<ChosenRules> rules = ChooseRules(options);
  if (!rules.ok()) return Refuse(rules.status().message());
  const absl::StatusOr<NameFilter> filter = NameFilter::Make(options.view.filter);
  if (!filter.ok()) return Refuse(filter.status().message());
  const absl::StatusOr<std::vector<ModelFile>> files = FilesToRead(options);
  if (!files.ok()) return Refuse(files.status().message());
  const auto start = std::chrono::steady_clock::now();
  absl::StatusOr<CheckedRun> run = AnalyzeChecked(options, rules->rules(), *files);
  if (!run.ok()) return Refuse(run.status().message());
  const Results& results = run->results;
  const std::string& node = options.view.explain;
  if (!node.empty() && !results.models.empty() && !HasNode(results, node)) {
    return Refuse(UnknownNode(results, node).message());
  }
  const ExitCode written = Deliver(Write(results, options, *filter), options);
  if (options.stats) ShowStats(std::move(run->stats), start);
  if (written != kFine || !results.errors.empty()) return kFileFailed;
  return options.view.strict && HasGaps(results) ? kNotCounted : kFine;
}

}  // namespace onnx_macs
