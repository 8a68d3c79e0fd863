// A few files may be parts of one pipeline, whose plan needs all of them loaded before the first is
// analysed. Of many, each is loaded, analysed and forgotten.
#include "cli/file_analysis.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <memory>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/btree_map.h"
#include "analyzer/figures_only.h"
#include "analyzer/loader.h"
#include "analyzer/system.h"
#include "cli/parallel.h"

namespace onnx_macs {
namespace {

using Clock = std::chrono::steady_clock;

// No pipeline has more parts.
constexpr size_t kMostInPipeline = 32;

double MillisecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// One of the first three is there.
struct LoadedFile {
  std::unique_ptr<Model> model;
  std::shared_ptr<SavedAnalysis> saved;
  std::string error;
  double milliseconds = 0;
};

void LoadSaved(const FileBytes& bytes, LoadedFile* loaded) {
  absl::StatusOr<SavedAnalysis> saved = ReadSavedAnalysis(bytes.view());
  if (const absl::Status changed = bytes.CheckUnchanged(); !changed.ok()) {
    loaded->error = std::string(changed.message());
  } else if (saved.ok()) {
    loaded->saved = std::make_shared<SavedAnalysis>(*std::move(saved));
  } else {
    loaded->error = std::string(saved.status().message());
  }
}

void LoadOpened(FileBytes bytes, const std::string& path, LoadedFile* loaded) {
  const Clock::time_point start = Clock::now();
  auto model = LoadModel(std::move(bytes), path);
  loaded->milliseconds = MillisecondsSince(start);
  if (model.ok()) {
    loaded->model = *std::move(model);
  } else {
    loaded->error = std::string(model.status().message());
  }
}

LoadedFile Load(const ModelFile& file) {
  LoadedFile loaded;
  loaded.error = file.error;
  if (!file.error.empty()) return loaded;
  absl::StatusOr<FileBytes> bytes = FileBytes::OpenOrReceive(
      file.path, [&file](absl::string_view begun) { return CheckBeginning(begun, file.path); });
  if (!bytes.ok()) {
    loaded.error = std::string(bytes.status().message());
  } else if (IsSavedAnalysis(bytes->view())) {
    LoadSaved(*bytes, &loaded);
  } else {
    LoadOpened(*std::move(bytes), file.path, &loaded);
  }
  return loaded;
}

FileAnalysis AnalyzeLoaded(const std::string& path, const LoadedFile& loaded, const RuleSet& rules,
                           const AnalyzeOptions& options) {
  FileAnalysis analysis;
  analysis.file = path;
  analysis.file_error = loaded.error;
  analysis.saved = loaded.saved;
  if (loaded.model == nullptr) return analysis;
  analysis.bytes = static_cast<int64_t>(loaded.model->bytes.view().size());
  auto result = Analyze(*loaded.model, rules, options);
  // Zeros may have been read, or half of another file: what came of it is not about this one.
  const absl::Status changed = loaded.model->bytes.CheckUnchanged();
  if (!changed.ok()) {
    analysis.file_error = std::string(changed.message());
  } else if (!result.ok()) {
    analysis.usage_error = std::string(result.status().message());
  } else {
    result->report.file = path;
    result->times.insert(result->times.begin(), {"load", loaded.milliseconds});
    analysis.result = *std::move(result);
  }
  return analysis;
}

// Of a diff all models are kept, and they may be more than files can be open.
std::unique_ptr<const Model> Kept(std::unique_ptr<Model> model) {
  if (model != nullptr) model->bytes.CloseFile();
  return model;
}

void AddValidities(const std::vector<FileAnalysis>& analyses, RunAnalyses* run) {
  for (const FileAnalysis& analysis : analyses) {
    if (analysis.result) run->validities.push_back(analysis.result->validity);
  }
}

RunAnalyses AnalyzeEach(absl::Span<const ModelFile> files, const RuleSet& rules,
                        const AnalyzeOptions& options, int jobs) {
  RunAnalyses run;
  run.files.resize(files.size());
  ForEachInParallel(files.size(), jobs, [&](size_t i) {
    LoadedFile loaded = Load(files[i]);
    run.files[i] = AnalyzeLoaded(files[i].path, loaded, rules, options);
    if (!run.files[i].result) return;
    const Role role = RoleOf(ReadSignature(*loaded.model), files[i].path);
    run.files[i].result->report.role = std::string(RoleName(role));
    if (options.node_list) run.files[i].model = Kept(std::move(loaded.model));
  });
  AddValidities(run.files, &run);
  return run;
}

CallCost CostOf(const FileAnalysis& analysis) {
  if (!analysis.result) return {};
  const ModelReport& report = analysis.result->report;
  return {report.figures, report.memory ? report.memory->peak_activation_bytes : Amount(),
          !report.gaps.empty(), true};
}

// The files that could be loaded, and what they are together.
class PipelineRun {
 public:
  PipelineRun(absl::Span<const ModelFile> files, const RuleSet& rules,
              const AnalyzeOptions& options, const PipelineOptions& pipeline, int jobs)
      : files_(files), rules_(rules), options_(options), pipeline_(pipeline), jobs_(jobs) {}

  RunAnalyses Run() {
    loaded_.resize(files_.size());
    ForEachInParallel(files_.size(), jobs_, [&](size_t i) { loaded_[i] = Load(files_[i]); });
    DescribeModels();
    plan_ = PlanPipeline(absl::MakeSpan(models_), pipeline_, options_.bind, rules_);
    AnalyzeAll();
    Name();
    if (plan_.kind != PipelineKind::kNone) Compose();
    for (const auto* analyses : {&run_.files, &stage_analyses_}) AddValidities(*analyses, &run_);
    for (size_t i = 0; i < files_.size() && options_.node_list; ++i) {
      run_.files[i].model = Kept(std::move(loaded_[i].model));
    }
    run_.used_times = plan_.used_times;
    run_.pipeline_refusal = plan_.refusal;
    return std::move(run_);
  }

 private:
  void DescribeModels() {
    for (size_t i = 0; i < files_.size(); ++i) {
      if (loaded_[i].model == nullptr) continue;
      const Model& model = *loaded_[i].model;
      models_.push_back({.path = files_[i].path,
                         .model = &model,
                         .signature = ReadSignature(model),
                         .beside = ReadSideFiles(files_[i].path)});
      file_of_model_.push_back(i);
    }
  }

  // Every file, and every stage whose calls have other sizes.
  void AnalyzeAll() {
    run_.files.resize(files_.size());
    stage_analyses_.resize(plan_.stages.size());
    std::vector<const PipelineHints*> hints(files_.size());
    for (size_t m = 0; m < models_.size(); ++m) hints[file_of_model_[m]] = &plan_.hints[m];
    std::vector<size_t> varied;
    for (size_t s = 0; s < plan_.stages.size(); ++s) {
      if (plan_.stages[s].hints) varied.push_back(s);
    }
    ForEachInParallel(files_.size() + varied.size(), jobs_, [&](size_t i) {
      if (i < files_.size()) {
        run_.files[i] = AnalyzeFile(i, options_, hints[i]);
      } else {
        AnalyzeStage(varied[i - files_.size()]);
      }
    });
  }

  FileAnalysis AnalyzeFile(size_t i, AnalyzeOptions options, const PipelineHints* hints) const {
    if (hints != nullptr) options.bind.hints = *hints;
    return AnalyzeLoaded(files_[i].path, loaded_[i], rules_, options);
  }

  // Only its cost is wanted.
  void AnalyzeStage(size_t s) {
    const Stage& stage = plan_.stages[s];
    stage_analyses_[s] =
        AnalyzeFile(file_of_model_[stage.model], FiguresOnly(options_), &*stage.hints);
  }

  void Name() {
    for (size_t m = 0; m < models_.size(); ++m) {
      FileAnalysis& analysis = run_.files[file_of_model_[m]];
      const std::string role(RoleName(models_[m].role));
      run_.known_names.push_back(models_[m].path);
      if (analysis.result) analysis.result->report.role = role;
    }
  }

  void Compose() {
    std::vector<CallCost> calls;
    for (size_t s = 0; s < plan_.stages.size(); ++s) {
      const Stage& stage = plan_.stages[s];
      calls.push_back(
          CostOf(stage.hints ? stage_analyses_[s] : run_.files[file_of_model_[stage.model]]));
    }
    PipelineReport report = ComposePipeline(plan_, models_, calls, options_.bind.batch.value_or(1));
    // A part that could not be read is missing from the sum.
    report.is_lower_bound |=
        absl::c_any_of(loaded_, [](const LoadedFile& file) { return !file.error.empty(); });
    run_.pipelines.push_back(std::move(report));
  }

  const absl::Span<const ModelFile> files_;
  const RuleSet& rules_;
  const AnalyzeOptions& options_;
  const PipelineOptions& pipeline_;
  const int jobs_;
  std::vector<LoadedFile> loaded_;
  std::vector<PipelineModel> models_;
  std::vector<size_t> file_of_model_;
  PipelinePlan plan_;
  std::vector<FileAnalysis> stage_analyses_;
  RunAnalyses run_;
};

RunAnalyses AnalyzeTogether(absl::Span<const ModelFile> files, const RuleSet& rules,
                            const AnalyzeOptions& options, const PipelineOptions& pipeline,
                            int jobs) {
  if (files.size() > kMostInPipeline) return AnalyzeEach(files, rules, options, jobs);
  return PipelineRun(files, rules, options, pipeline, jobs).Run();
}

// Files that may be one pipeline, as indices: those of no pipeline's folder, and those of each.
std::vector<std::vector<size_t>> GroupFiles(absl::Span<const ModelFile> files) {
  absl::btree_map<std::string, std::vector<size_t>> by_folder;
  for (size_t i = 0; i < files.size(); ++i) by_folder[files[i].pipeline_folder].push_back(i);
  std::vector<std::vector<size_t>> groups;
  for (auto& [folder, members] : by_folder) groups.push_back(std::move(members));
  // In the order given.
  absl::c_sort(groups, [](const auto& a, const auto& b) { return a.front() < b.front(); });
  return groups;
}

// Of a group, and where its files lie among all.
void Merge(RunAnalyses part, absl::Span<const size_t> members, const std::string& folder,
           RunAnalyses* run) {
  for (size_t i = 0; i < members.size(); ++i) {
    run->files[members[i]] = std::move(part.files[i]);
  }
  for (PipelineReport& pipeline : part.pipelines) {
    pipeline.folder = folder;
    run->pipelines.push_back(std::move(pipeline));
  }
  AddUse(part, run);
  absl::c_move(part.validities, std::back_inserter(run->validities));
}

}  // namespace

void AddUse(const RunAnalyses& part, RunAnalyses* run) {
  if (run->pipeline_refusal.empty()) run->pipeline_refusal = part.pipeline_refusal;
  run->used_times.resize(std::max(run->used_times.size(), part.used_times.size()));
  for (size_t i = 0; i < part.used_times.size(); ++i) {
    if (part.used_times[i]) run->used_times[i] = true;
  }
  absl::c_copy(part.known_names, std::back_inserter(run->known_names));
}

std::string NameOf(const FileAnalysis& analysis) {
  return analysis.file == "-" ? "standard input" : analysis.file;
}

RunAnalyses AnalyzeFiles(absl::Span<const ModelFile> files, const RuleSet& rules,
                         const AnalyzeOptions& options, const PipelineOptions& pipeline, int jobs) {
  const std::vector<std::vector<size_t>> groups = GroupFiles(files);
  if (groups.size() == 1) return AnalyzeTogether(files, rules, options, pipeline, jobs);
  RunAnalyses run;
  run.files.resize(files.size());
  for (const std::vector<size_t>& members : groups) {
    std::vector<ModelFile> some;
    for (const size_t member : members) some.push_back(files[member]);
    Merge(AnalyzeTogether(some, rules, options, pipeline, jobs), members,
          some.front().pipeline_folder, &run);
  }
  return run;
}

}  // namespace onnx_macs
