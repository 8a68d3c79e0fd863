// Analyses the files, complains about what is wrong, and has the rest written.
#include "cli/run.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <system_error>
#include <tuple>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "analyzer/spelling.h"
#include "analyzer/system.h"
#include "cli/file_analysis.h"
#include "cli/parallel.h"
#include "cli/rules_option.h"
#include "cli/saved_usage.h"
#include "cli/stats_writer.h"
#include "cli/terminal.h"
#include "cli/usage.h"
#include "cli/writers.h"

namespace onnx_macs {
namespace {

constexpr WriteFn kWriters[] = {WriteTables, WriteJson, WriteCsv, WriteMarkdown};  // as in Format

bool IsSameFile(const std::string& a, const std::string& b) {
  std::error_code error;
  return !a.empty() && !b.empty() && std::filesystem::equivalent(a, b, error);
}

// Results would be lost, and a model with them, if the output were one of the files read.
bool IsInput(const std::string& output, absl::Span<const ModelFile> files) {
  return absl::c_any_of(files, [&](const ModelFile& file) {
    return IsSameFile(file.path == "-" ? "/dev/stdin" : file.path, output);
  });
}

// Training all that is there. There is none where a part was saved without it, or with another.
class TrainingSum {
 public:
  void Add(const std::optional<TrainingResults>& part) {
    const bool is_first = std::exchange(is_first_, false);
    if (is_first || !part || !sum_) {
      sum_ = is_first ? part : std::nullopt;
    } else if (part->step.optimizer != sum_->step.optimizer || part->steps != sum_->steps) {
      sum_.reset();
    } else {
      sum_->step = onnx_macs::Add(sum_->step, part->step);
    }
  }
  const std::optional<TrainingResults>& sum() const { return sum_; }

 private:
  bool is_first_ = true;
  std::optional<TrainingResults> sum_;
};

template <typename List>
void Append(List more, List* all) {
  all->insert(all->end(), std::make_move_iterator(more.begin()),
              std::make_move_iterator(more.end()));
}

// What was saved stands for the models that it is of, and for those that it could not be of.
void AddSaved(const FileAnalysis& analysis, Results saved, Results* results) {
  for (const FileError& error : saved.errors) {
    Complain(
        absl::StrCat(NameOf(analysis), " was saved without ", error.file, ": ", error.message));
  }
  Append(std::move(saved.models), &results->models);
  Append(std::move(saved.errors), &results->errors);
  Append(std::move(saved.pipelines), &results->pipelines);
}

void Sort(absl::Span<FileAnalysis> analyses, int64_t training_steps, CheckedRun* run,
          std::vector<BindingUse>* uses) {
  Results& results = run->results;
  TrainingSum training;
  for (FileAnalysis& analysis : analyses) {
    if (analysis.result) {
      const std::optional<TrainingReport>& step = analysis.result->training;
      training.Add(step ? std::optional(TrainingResults{*step, training_steps}) : std::nullopt);
      results.models.push_back(std::move(analysis.result->report));
      run->nodes.push_back({std::move(analysis.model), std::move(analysis.result->nodes)});
      uses->push_back(std::move(analysis.result->use));
    } else if (analysis.saved != nullptr) {
      training.Add(analysis.saved->results.training);
      AddSaved(analysis, std::move(analysis.saved->results), &results);
      run->nodes.resize(results.models.size());
    } else if (analysis.usage_error.empty()) {
      Complain(absl::StrCat(NameOf(analysis), ": ", analysis.file_error));
      results.errors.push_back({analysis.file, analysis.file_error});
    }
  }
  results.training = training.sum();
}

// Wrong usage that only the models could tell; an empty string when there is none.
std::string WrongUsage(const Options& options, const RunAnalyses& run,
                       absl::Span<const BindingUse> uses, const Results& results) {
  for (const FileAnalysis& analysis : run.files) {
    if (!analysis.usage_error.empty()) {
      return absl::StrCat(analysis.file, ": ", analysis.usage_error);
    }
  }
  const absl::Status bindings = CheckBindings(options.analyze.bind, uses);
  if (!bindings.ok()) return std::string(bindings.message());
  const absl::Status pipeline = CheckPipeline(options.pipeline, run);
  if (!pipeline.ok()) return std::string(pipeline.message());
  const absl::Status loops = CheckLoopTrips(options.analyze.control_flow, uses);
  if (!loops.ok()) return std::string(loops.message());
  const absl::Status groups = CheckGroups(options.groups, uses);
  if (!groups.ok()) return std::string(groups.message());
  const absl::Status stages = CheckStages(options.view, run, results);
  if (!stages.ok()) return std::string(stages.message());
  return "";
}

// What all of them are together, as far as options are judged by it.
RunAnalyses Together(std::vector<RunAnalyses>& runs) {
  RunAnalyses all;
  for (RunAnalyses& run : runs) {
    Append(std::move(run.files), &all.files);
    Append(run.pipelines, &all.pipelines);
    AddUse(run, &all);
  }
  return all;
}

void Write(const Results& results, const Options& options, const NameFilter& filter,
           TextSink* sink) {
  const WriteContext context = {options.view, filter,
                                ChooseStyle(options.color, !options.output.empty()), options.jobs};
  const bool is_for_people =
      options.format == Format::kTable || options.format == Format::kMarkdown;
  if (!options.view.explain.empty() && is_for_people) {
    sink->text() += WriteExplanation(results, context);
  } else if (!results.models.empty() || options.format == Format::kJson) {
    kWriters[static_cast<int>(options.format)](results, context, sink);
  }
}

}  // namespace

void ShowStats(std::string stats, std::chrono::steady_clock::time_point start) {
  const std::chrono::duration<double, std::milli> whole = std::chrono::steady_clock::now() - start;
  absl::StrAppend(&stats, SumText(whole.count(), PeakMemoryBytes()));
  WriteToStderr(stats);
}

ExitCode Refuse(absl::string_view message) {
  Complain(message);
  return kWrongUsage;
}

ExitCode Deliver(absl::FunctionRef<void(TextSink*)> write, const Options& options) {
  const bool to_file = !options.output.empty();
  Output output(options.output);
  TextSink sink([&output](absl::string_view text) { output.Write(text); });
  write(&sink);
  sink.Flush();
  const absl::Status status = output.Close();
  if (status.ok()) return kFine;
  Complain(absl::StrCat("cannot write ", to_file ? options.output : "to standard output", ": ",
                        status.message()));
  return kFileFailed;
}

ExitCode Deliver(absl::string_view text, const Options& options) {
  return Deliver([text](TextSink* sink) { absl::StrAppend(&sink->text(), text); }, options);
}

absl::StatusOr<std::vector<ModelFile>> FilesToRead(const Options& options,
                                                   const std::vector<std::string>& arguments) {
  std::vector<ModelFile> files = ExpandArguments(arguments);
  const std::tuple<absl::string_view, const std::string&, absl::string_view> written[] = {
      {"--output", options.output, "report.json"},
      {"--write-budget", options.write_budget, "budget.json"}};
  for (const auto& [option, path, example] : written) {
    if (!IsInput(path, files)) continue;
    return absl::InvalidArgumentError(
        WithExample(absl::StrCat(option, ": ", path, " is one of the models"),
                    absl::StrCat(option, " ", example)));
  }
  const std::pair<absl::string_view, const std::string&> read[] = {{"--budget", options.budget},
                                                                   {"--rules", options.rules}};
  for (const auto& [option, path] : read) {
    if (!IsSameFile(path, options.output)) continue;
    return absl::InvalidArgumentError(
        WithExample(absl::StrCat("--output: ", options.output, " is what ", option, " reads"),
                    "--output report.json"));
  }
  return files;
}

absl::StatusOr<std::vector<CheckedRun>> AnalyzeSides(const Options& options, const RuleSet& rules,
                                                     absl::Span<const Side> sides) {
  std::vector<RunAnalyses> runs(sides.size());
  ForEachInParallel(sides.size(), options.jobs, [&](size_t i) {
    runs[i] = AnalyzeFiles(sides[i], rules, options.analyze, options.pipeline, options.jobs);
  });
  RunAnalyses all = Together(runs);
  const absl::Status saved = CheckSaved(options, all.files);
  std::vector<CheckedRun> checked(sides.size());
  std::vector<BindingUse> uses;
  size_t begin = 0;
  for (size_t i = 0; i < sides.size(); ++i) {
    const absl::Span<FileAnalysis> files =
        absl::MakeSpan(all.files).subspan(begin, sides[i].size());
    begin += sides[i].size();
    if (options.stats) checked[i].stats = StatsText(files);
    checked[i].results.convention = options.convention;
    checked[i].results.rules = RulesOf(options, files);
    Sort(files, options.training_steps, &checked[i], &uses);
    Results& results = checked[i].results;
    results.pipelines.insert(results.pipelines.begin(), runs[i].pipelines.begin(),
                             runs[i].pipelines.end());
    checked[i].validities = std::move(runs[i].validities);
  }
  if (!saved.ok()) return saved;
  const std::string wrong = WrongUsage(options, all, uses, checked.front().results);
  if (!wrong.empty()) return absl::InvalidArgumentError(wrong);
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
  const absl::StatusOr<std::vector<ModelFile>> files = FilesToRead(options, options.files);
  if (!files.ok()) return Refuse(files.status().message());
  const auto start = std::chrono::steady_clock::now();
  absl::StatusOr<CheckedRun> run = AnalyzeChecked(options, rules->rules(), *files);
  if (!run.ok()) return Refuse(run.status().message());
  const Results& results = run->results;
  const std::string& node = options.view.explain;
  if (!node.empty() && !results.models.empty() && !HasNode(results, node)) {
    return Refuse(UnknownNode(results, node).message());
  }
  const ExitCode written =
      Deliver([&](TextSink* sink) { Write(results, options, *filter, sink); }, options);
  if (options.stats) ShowStats(std::move(run->stats), start);
  if (written != kFine || !results.errors.empty()) return kFileFailed;
  return options.view.strict && HasGaps(results) ? kNotCounted : kFine;
}

ExitCode Run(int argc, const char* const* argv) {
  const absl::StatusOr<Options> options = ParseOptions(argc, argv);
  if (!options.ok()) return Refuse(options.status().message());
  switch (options->command) {
    case Command::kHelp:
      return Deliver(HelpText(), *options);
    case Command::kVersion:
      return Deliver(VersionText(), *options);
    case Command::kOps:
      return RunOps(*options);
    case Command::kDiff:
      return RunDiff(*options);
    case Command::kSweep:
      return RunSweep(*options);
    case Command::kCheck:
      return RunCheck(*options);
    case Command::kAnalyze:
      break;
  }
  return RunAnalysis(*options);
}

}  // namespace onnx_macs
