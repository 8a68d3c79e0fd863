// Which kind of pipeline the models make, and what options say of single stages.
#include "analyzer/pipeline/plan.h"

#include "absl/algorithm/container.h"
#include "absl/strings/strip.h"

namespace onnx_macs {
namespace {

// The role that a configuration of onnxruntime-genai gives the file goes before its signature.
Role RoleOf(const PipelineModel& model) {
  if (model.beside.genai_part == "decoder") return Role::kDecoderWithPast;
  if (model.beside.genai_part == "encoder") return Role::kEncoder;
  if (!model.beside.genai_part.empty()) return Role::kModel;
  return RoleOf(model.signature, model.path);
}

absl::string_view FolderName(absl::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == absl::string_view::npos ? "" : Basename(path.substr(0, slash));
}

// "unet.onnx", "unet" for both unet.onnx and unet/model.onnx, or a role.
bool IsMeant(absl::string_view name, const PipelineModel& model) {
  const absl::string_view path = model.path, file = Basename(path);
  return name == path || name == file || name == absl::StripSuffix(file, ".onnx") ||
         name == FolderName(path) || name == RoleName(model.role);
}

void OverrideTimes(absl::Span<const PipelineModel> models, const PipelineOptions& options,
                   PipelinePlan* plan) {
  plan->used_times.resize(options.times.size());
  for (size_t i = 0; i < options.times.size(); ++i) {
    const auto& [name, times] = options.times[i];
    for (Stage& stage : plan->stages) {
      if (!IsMeant(name, models[stage.model])) continue;
      plan->used_times[i] = true;
      stage.times = times;
    }
  }
}

PipelinePlan PlanList(absl::Span<const PipelineModel> models) {
  PipelinePlan plan;
  plan.kind = PipelineKind::kList;
  plan.name = "calls as --times has them";
  for (size_t i = 0; i < models.size(); ++i) {
    plan.stages.push_back({.model = i, .what = std::string(Basename(models[i].path))});
  }
  return plan;
}

}  // namespace

absl::string_view Basename(absl::string_view path) { return path.substr(path.rfind('/') + 1); }

PipelinePlan PlanPipeline(absl::Span<PipelineModel> models, const PipelineOptions& options,
                          const BindOptions& bind, const RuleSet& rules) {
  for (PipelineModel& model : models) model.role = RoleOf(model);
  const auto has = [&](bool (*is)(Role)) {
    return absl::c_any_of(models, [is](const PipelineModel& model) { return is(model.role); });
  };
  PipelinePlan plan;
  if (has(IsDenoiser)) {
    plan = PlanDiffusion(models, options, bind, rules);
  } else if (has(IsDecoder) && (options.prefill || options.decode)) {
    plan = PlanLanguageModel(models, options);
  }
  if (plan.kind == PipelineKind::kNone && !options.times.empty()) plan = PlanList(models);
  plan.hints.resize(models.size());
  OverrideTimes(models, options, &plan);
  return plan;
}

}  // namespace onnx_macs
