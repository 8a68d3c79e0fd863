// `onnx-macs check`: models held to limits that a file has, and that file written.
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "analyzer/limits/budget.h"
#include "analyzer/small_file.h"
#include "analyzer/spelling.h"
#include "cli/check_view.h"
#include "cli/dress.h"
#include "cli/rules_option.h"
#include "cli/run.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "cli/write_budget.h"

namespace onnx_macs {
namespace {

constexpr int64_t kUsualMargin = 50'000;  // 5 %

absl::StatusOr<Budget> LoadBudget(const std::string& file) {
  const absl::StatusOr<std::string> text = ReadSmallFile(file, kMostBudgetBytes);
  if (!text.ok()) {
    return absl::InvalidArgumentError(
        WithExample(absl::StrCat("--budget: ", file, ": ", text.status().message()),
                    "onnx-macs check unet.onnx --write-budget budget.json"));
  }
  absl::StatusOr<Budget> budget = ReadBudget(*text);
  if (budget.ok()) return budget;
  return absl::InvalidArgumentError(
      absl::StrCat("--budget ", file, ":", budget.status().message()));
}

// The names of all operators that have rules.
absl::flat_hash_set<std::string> KnownOperators(const RuleSet& rules) {
  absl::flat_hash_set<std::string> names;
  for (const OpRule* rule : rules.All()) {
    names.insert(rule->domain.empty() ? std::string(rule->op_type)
                                      : absl::StrCat(rule->domain, "::", rule->op_type));
  }
  return names;
}

class Check {
 public:
  Check(const Options& options, const RuleSet& rules, const Results& results)
      : options_(options), rules_(rules), results_(results), view_(ViewOf(results)) {
    report_.convention = results.convention;
    for (const ModelReport& model : results.models) report_.files.push_back(model.file);
    report_.errors = results.errors;
  }

  // The error is wrong usage.
  absl::Status Judge(const Budget& budget) {
    report_.budget = options_.budget;
    absl::Status status = JudgeRows(budget);
    if (!status.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--budget ", options_.budget, ":", status.message()));
    }
    for (const ModelReport& model : results_.models) {
      const bool has_limits = budget.total || absl::c_any_of(report_.rows, [&](const auto& row) {
                                return row.model == model.file;
                              });
      if (!has_limits) {
        report_.notes.push_back(absl::StrCat(model.file, " has no limits in ", options_.budget));
      }
    }
    return absl::OkStatus();
  }

  // Nothing is written over what is exceeded. The error is wrong usage.
  absl::Status Write(bool* is_written) {
    *is_written = true;
    const BudgetStyle style = {results_.convention, options_.margin.value_or(kUsualMargin),
                               options_.view.depth.value_or(1)};
    const absl::StatusOr<std::string> text = BudgetText(view_, style);
    if (!text.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--write-budget: nothing is written: ", text.status().message()));
    }
    const absl::Status written = WriteToFile(options_.write_budget, *text);
    if (!written.ok()) {
      Complain(absl::StrCat("cannot write ", options_.write_budget, ": ", written.message()));
      *is_written = false;
      return absl::OkStatus();
    }
    report_.written = options_.write_budget;
    if (!report_.budget.empty()) Note(absl::StrCat(report_.written, " is written"));
    // What was written is shown as what it will be read as.
    const absl::StatusOr<Budget> budget = ReadBudget(*text);
    if (!report_.budget.empty() || !budget.ok()) return budget.status();
    return JudgeRows(*budget);
  }

  // Whether all limits hold; a line on standard error for each that does not.
  bool ReportBreaches() const {
    bool all_hold = true;
    for (const LimitRow& row : report_.rows) {
      if (row.ok()) continue;
      all_hold = false;
      Complain(LimitLine(row));
    }
    return all_hold;
  }

  const CheckReport& report() const { return report_; }
  bool HoldsAll() const {
    return absl::c_all_of(report_.rows, [](const LimitRow& row) { return row.ok(); });
  }
  void Note(std::string note) { report_.notes.push_back(std::move(note)); }

 private:
  absl::Status JudgeRows(const Budget& budget) {
    std::vector<std::string> failed;
    for (const FileError& error : results_.errors) failed.push_back(error.file);
    absl::flat_hash_set<std::string> known;
    const auto is_operator = [&](absl::string_view op) {
      if (known.empty()) known = KnownOperators(rules_);
      return known.contains(op);
    };
    auto rows = JudgeBudget(budget, view_, {results_.convention, failed, is_operator});
    if (rows.ok()) report_.rows = *std::move(rows);
    return rows.status();
  }

  const Options& options_;
  const RuleSet& rules_;
  const Results& results_;
  const RunView view_;
  CheckReport report_;
};

std::string TextOf(const CheckReport& report, const Options& options) {
  const TextStyle style = ChooseStyle(options.color, !options.output.empty());
  const bool is_markdown = options.format == Format::kMarkdown;
  const std::string answer = CheckAnswer(report);
  TextSink sink;
  std::string& text = sink.text();
  if (!options.view.quiet) {
    text = is_markdown ? absl::StrCat("### ", MarkdownText(answer), "\n\n")
                       : absl::StrCat(Bold(answer, style), "\n");
  }
  DressOf(options.format).table(CheckTable(report), style, &sink);
  if (options.view.quiet || report.notes.empty()) return sink.Take();
  text += "\n";
  for (const std::string& note : report.notes) {
    const std::string line = absl::StrCat("note: ", Printable(note));
    absl::StrAppend(&text, is_markdown ? absl::StrCat("- ", MarkdownText(line)) : line, "\n");
  }
  return sink.Take();
}

std::string Render(const CheckReport& report, const Options& options) {
  if (options.format == Format::kJson) return CheckJson(report);
  if (report.rows.empty()) return "";
  return options.format == Format::kCsv ? CheckCsv(report) : TextOf(report, options);
}

// Only what a limit is about is computed.
Options NeededBy(const Options& options, const std::optional<Budget>& budget) {
  Options needed = options;
  needed.analyze.blocks = false;
  needed.analyze.memory =
      !options.write_budget.empty() || (budget.has_value() && HasLimitOn(*budget, Metric::kMemory));
  return needed;
}

}  // namespace

ExitCode RunCheck(const Options& given) {
  const absl::StatusOr<ChosenRules> rules = ChooseRules(given);
  if (!rules.ok()) return Refuse(rules.status().message());
  std::optional<Budget> budget;
  if (!given.budget.empty()) {
    absl::StatusOr<Budget> loaded = LoadBudget(given.budget);
    if (!loaded.ok()) return Refuse(loaded.status().message());
    budget = *std::move(loaded);
  }
  const Options options = NeededBy(given, budget);
  const absl::StatusOr<std::vector<ModelFile>> files = FilesToRead(options, options.files);
  if (!files.ok()) return Refuse(files.status().message());
  const absl::StatusOr<CheckedRun> run = AnalyzeChecked(options, rules->rules(), *files);
  if (!run.ok()) return Refuse(run.status().message());
  const Results& results = run->results;
  Check check(options, rules->rules(), results);
  if (budget) {
    if (const absl::Status status = check.Judge(*budget); !status.ok()) {
      return Refuse(status.message());
    }
  }
  bool is_written = true;
  if (!options.write_budget.empty() && results.errors.empty()) {
    if (check.HoldsAll()) {
      const absl::Status status = check.Write(&is_written);
      if (!status.ok()) return Refuse(status.message());
    } else {
      check.Note(absl::StrCat(options.write_budget, " is not written while limits are exceeded"));
    }
  }
  const ExitCode delivered = Deliver(Render(check.report(), options), options);
  const bool all_hold = check.ReportBreaches();
  if (delivered != kFine || !is_written || !results.errors.empty()) return kFileFailed;
  if (!all_hold) return kOverBudget;
  return options.view.strict && HasGaps(results) ? kNotCounted : kFine;
}

}  // namespace onnx_macs
