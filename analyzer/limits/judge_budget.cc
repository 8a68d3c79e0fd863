// What a limit is about is looked up; then the amount decides, or the doubt about it does.
#include "analyzer/limits/judge_budget.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "analyzer/limits/lookup.h"
#include "analyzer/spelling.h"

namespace onnx_macs {
namespace {

using absl::string_view;
using What = LimitRow::What;

constexpr size_t kMostNames = 5000;  // that a spelling is compared with

bool IsPathEnding(string_view file, string_view name) {
  return file == name || absl::EndsWith(file, absl::StrCat("/", name));
}

// By the whole path, its end, or what the model is for; the first of these that finds any decides.
using IsMeant = bool (*)(const ModelReport& model, string_view name);
constexpr IsMeant kWaysToName[] = {
    [](const ModelReport& model, string_view name) { return model.file == name; },
    [](const ModelReport& model, string_view name) { return IsPathEnding(model.file, name); },
    [](const ModelReport& model, string_view name) {
      return model.role == name || ShortName(model.file) == name;
    }};

std::vector<const ModelReport*> FindModels(absl::Span<const ModelReport> models, string_view name) {
  std::vector<const ModelReport*> found;
  for (const IsMeant is_meant : kWaysToName) {
    for (const ModelReport& model : models) {
      if (is_meant(model, name)) found.push_back(&model);
    }
    if (!found.empty()) break;
  }
  return found;
}

// Names that are compared with what somebody wrote.
std::vector<std::string> FilesOf(absl::Span<const ModelReport> models) {
  std::vector<std::string> names;
  for (const ModelReport& model : models) {
    names.push_back(BudgetName(model, models));
    if (names.back().empty()) names.back() = model.file;
  }
  return names;
}

void Decide(const Reading& reading, LimitRow* row) {
  row->value = reading.amount;
  row->is_bound = reading.is_lower_bound;
  if (reading.amount.is_integer() && reading.amount.value() > row->limit) {
    row->verdict = Verdict::kExceeded;
  } else if (!reading.is_exact()) {
    row->verdict = Verdict::kUnknown;
    // Which model it is about is said already.
    row->reason = std::string(absl::StripPrefix(reading.doubt, absl::StrCat(row->model, ": ")));
  }
}

class Judge {
 public:
  Judge(const Budget& budget, const RunView& run, const BudgetContext& context)
      : budget_(budget), run_(run), context_(context) {}

  absl::StatusOr<std::vector<LimitRow>> Run() {
    absl::Status status = CheckConvention();
    for (const ModelBudget& model : budget_.models) {
      if (status.ok()) status = JudgeModel(model);
    }
    if (status.ok() && budget_.pipeline) status = JudgePipeline(*budget_.pipeline);
    if (!status.ok()) return status;
    if (budget_.total) {
      Add(*budget_.total, {.what = What::kTotal},
          [this](Metric metric) { return ReadTotal(run_, metric); });
    }
    return std::move(rows_);
  }

 private:
  absl::Status CheckConvention() const {
    if (budget_.convention.empty() || budget_.convention == context_.convention) {
      return absl::OkStatus();
    }
    return JsonError(
        budget_.convention_place,
        WithExample(absl::StrCat("the limits are for --convention ", budget_.convention,
                                 ", but this run counts by ", context_.convention),
                    absl::StrCat("--convention ", budget_.convention)));
  }

  // A row for every limit of a part.
  void Add(const PartBudget& part, const LimitRow& row, absl::FunctionRef<Reading(Metric)> read) {
    for (const MetricLimit& limit : part.limits) {
      rows_.push_back(row);
      rows_.back().metric = limit.metric;
      rows_.back().limit = limit.most;
      Decide(read(limit.metric), &rows_.back());
    }
  }

  absl::Status JudgeModel(const ModelBudget& budget) {
    const std::vector<const ModelReport*> found = FindModels(run_.models, budget.name);
    if (found.empty()) return JudgeMissing(budget);
    if (found.size() > 1) {
      std::vector<std::string> files;
      for (const ModelReport* model : found) files.push_back(model->file);
      return JsonError(budget.place, absl::StrCat("\"", budget.name, "\" can be ", Listed(files),
                                                  ": write more of the path"));
    }
    const ModelReport& model = *found[0];
    const absl::Status bindings = CheckBindings(budget, model);
    if (!bindings.ok()) return bindings;
    Add(budget, {.what = What::kModel, .model = model.file},
        [&](Metric metric) { return ReadModel(model, metric); });
    const absl::Status components = JudgeComponents(budget, model);
    return components.ok() ? JudgeOperators(budget, model) : components;
  }

  // A file that could not be analysed is said to be that; any other would be held to nothing.
  absl::Status JudgeMissing(const ModelBudget& budget) {
    for (const std::string& file : context_.failed_files) {
      if (!IsPathEnding(file, budget.name) && ShortName(file) != budget.name) continue;
      Add(budget, {.what = What::kModel, .model = file}, [](Metric) {
        return Reading{Amount::Unknown(), true, "the file could not be analysed"};
      });
      return absl::OkStatus();
    }
    const std::vector<std::string> files = FilesOf(run_.models);
    return JsonError(budget.place, absl::StrCat("no model of this run is \"", budget.name, "\"",
                                                DidYouMean(Nearest(budget.name, files)),
                                                files.empty() ? "" : " (models: ", Listed(files),
                                                files.empty() ? "" : ")"));
  }

  static absl::Status CheckBindings(const ModelBudget& budget, const ModelReport& model) {
    std::vector<std::string> wanted, given, options;
    const JsonPlace* place = nullptr;
    for (const BudgetBinding& binding : budget.bindings) {
      const auto it = absl::c_find_if(
          model.bindings, [&](const auto& bound) { return bound.first == binding.name; });
      const bool is_bound = it != model.bindings.end();
      if (is_bound && it->second == binding.value) continue;
      if (!is_bound && !absl::c_linear_search(model.unbound, binding.name)) {
        return NoSuchDim(binding, model);
      }
      if (place == nullptr) place = &binding.place;
      wanted.push_back(absl::StrCat(binding.name, "=", binding.value));
      given.push_back(is_bound ? absl::StrCat(it->first, "=", it->second)
                               : absl::StrCat(binding.name, " open"));
      options.push_back(absl::StrCat("--dim ", binding.name, "=", binding.value));
    }
    if (place == nullptr) return absl::OkStatus();
    return JsonError(
        *place, WithExample(absl::StrCat("the limits of ", model.file, " are for ", Listed(wanted),
                                         ", but this run has ", Listed(given)),
                            absl::StrJoin(options, " ")));
  }

  static absl::Status NoSuchDim(const BudgetBinding& binding, const ModelReport& model) {
    std::vector<std::string> names = model.unbound;
    for (const auto& [name, size] : model.bindings) names.push_back(name);
    return JsonError(
        binding.place,
        absl::StrCat(model.file, " has no dim \"", binding.name, "\" that limits could be for",
                     DidYouMean(Nearest(binding.name, names)),
                     names.empty() ? " (its sizes are fixed: leave the binding out)" : " (dims: ",
                     Listed(names), names.empty() ? "" : ")"));
  }

  absl::Status JudgeComponents(const ModelBudget& budget, const ModelReport& model) {
    if (budget.components.empty()) return absl::OkStatus();
    absl::flat_hash_map<string_view, const ComponentRow*> by_path;
    for (const ComponentRow& row : model.components) by_path.emplace(row.path, &row);
    for (const PartBudget& part : budget.components) {
      auto it = by_path.find(part.name);
      if (it == by_path.end()) it = by_path.find(absl::StrCat(model.display_prefix, part.name));
      if (it == by_path.end()) return NoSuchComponent(part, model);
      Add(part, {.what = What::kComponent, .model = model.file, .component = part.name},
          [&](Metric metric) { return ReadComponent(model, *it->second, metric); });
    }
    return absl::OkStatus();
  }

  // Whether it was renamed or is gone: the limit holds nothing.
  static absl::Status NoSuchComponent(const PartBudget& part, const ModelReport& model) {
    std::vector<std::string> names;
    for (const ComponentRow& row : model.components) {
      if (names.size() < kMostNames) names.emplace_back(row.path.view());
    }
    const std::string nearest = Nearest(part.name, names);
    return JsonError(
        part.place,
        absl::StrCat(model.file, " has no component \"", part.name, "\"",
                     nearest.empty() ? ": leave its limits out, or have them written anew with "
                                       "--write-budget"
                                     : DidYouMean(nearest)));
  }

  absl::Status JudgeOperators(const ModelBudget& budget, const ModelReport& model) {
    if (budget.operators.empty()) return absl::OkStatus();
    absl::flat_hash_map<std::string, const OpRow*> by_name;
    for (const OpRow& row : model.by_op) by_name.emplace(OperatorName(row), &row);
    for (const PartBudget& part : budget.operators) {
      const auto it = by_name.find(part.name);
      const bool is_there = it != by_name.end();
      if (!is_there && !context_.is_operator(part.name)) return NoSuchOperator(part, model);
      Add(part, {.what = What::kOperator, .model = model.file, .op = part.name},
          [&](Metric metric) {
            return is_there ? ReadOperator(model, *it->second, metric) : Reading();
          });
    }
    return absl::OkStatus();
  }

  static absl::Status NoSuchOperator(const PartBudget& part, const ModelReport& model) {
    std::vector<std::string> names;
    for (const OpRow& row : model.by_op) names.push_back(OperatorName(row));
    return JsonError(part.place,
                     absl::StrCat("there is no operator \"", part.name, "\"",
                                  DidYouMean(Nearest(part.name, names)), " (operators of ",
                                  model.file, ": ", Listed(names), ")"));
  }

  absl::Status JudgePipeline(const PartBudget& budget) {
    if (run_.pipelines.size() != 1) {
      const bool is_other_failed = run_.pipelines.empty() && run_.num_failed > 0;
      if (is_other_failed) {
        Add(budget, {.what = What::kPipeline}, [](Metric) {
          return Reading{Amount::Unknown(), true, "a file could not be analysed"};
        });
        return absl::OkStatus();
      }
      return JsonError(budget.place,
                       run_.pipelines.empty()
                           ? "\"pipeline\" has limits, but the files of this run make "
                             "no pipeline"
                           : "\"pipeline\" has limits, but there are several "
                             "pipelines: check each by itself");
    }
    const PipelineReport& pipeline = run_.pipelines[0];
    const absl::Status settings = CheckSettings(budget, pipeline);
    if (!settings.ok()) return settings;
    Add(budget, {.what = What::kPipeline},
        [&](Metric metric) { return ReadPipeline(run_, pipeline, metric); });
    return absl::OkStatus();
  }

  static absl::Status CheckSettings(const PartBudget& budget, const PipelineReport& pipeline) {
    const std::vector<std::pair<std::string, int64_t>> settings = PipelineSettingsOf(pipeline);
    for (const BudgetBinding& binding : budget.bindings) {
      const auto it = absl::c_find_if(
          settings, [&](const auto& setting) { return setting.first == binding.name; });
      if (it == settings.end()) {
        return JsonError(binding.place, absl::StrCat("this pipeline has no \"", binding.name,
                                                     "\" that limits could be for"));
      }
      if (it->second == binding.value) continue;
      return JsonError(
          binding.place,
          WithExample(absl::StrCat("the limits of the pipeline are for ", binding.value, " ",
                                   binding.name, ", but this run has ", it->second),
                      absl::StrCat("--", binding.name, " ", binding.value)));
    }
    return absl::OkStatus();
  }

  const Budget& budget_;
  const RunView& run_;
  const BudgetContext& context_;
  std::vector<LimitRow> rows_;
};

}  // namespace

std::vector<std::pair<std::string, int64_t>> PipelineSettingsOf(const PipelineReport& pipeline) {
  const std::pair<const char*, std::optional<int64_t>> all[] = {{"steps", pipeline.steps},
                                                                {"evals", pipeline.evals},
                                                                {"prefill", pipeline.prefill},
                                                                {"decode", pipeline.decode}};
  std::vector<std::pair<std::string, int64_t>> settings;
  for (const auto& [name, value] : all) {
    if (value) settings.emplace_back(name, *value);
  }
  return settings;
}

absl::StatusOr<std::vector<LimitRow>> JudgeBudget(const Budget& budget, const RunView& run,
                                                  const BudgetContext& context) {
  return Judge(budget, run, context).Run();
}

std::string OperatorName(const OpRow& op) {
  return op.domain.empty() ? std::string(op.op.view())
                           : absl::StrCat(op.domain.view(), "::", op.op.view());
}

std::string BudgetName(const ModelReport& model, absl::Span<const ModelReport> models) {
  const string_view file = model.file;
  for (size_t slash = file.rfind('/');; slash = file.rfind('/', slash - 1)) {
    const bool is_whole = slash == string_view::npos || slash == 0;
    const string_view name = is_whole ? file : file.substr(slash + 1);
    const std::vector<const ModelReport*> found = FindModels(models, name);
    if (!name.empty() && found.size() == 1 && found[0] == &model) return std::string(name);
    if (is_whole) return "";
  }
}

}  // namespace onnx_macs
