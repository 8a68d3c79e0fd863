// Adding up stages.
#include "analyzer/pipeline/pipeline_report.h"

#include "absl/strings/str_cat.h"
#include "analyzer/figures.h"
#include "analyzer/pipeline/kv_cache.h"

namespace onnx_macs {
namespace {

constexpr const char* kKinds[] = {"", "diffusion", "language_model", "list"};

Figures AllCalls(const Stage& stage, const Figures& call) {
  if (stage.symbol.empty()) return Scale(call, stage.times);
  return SumOver(call, stage.symbol, stage.first, stage.times);
}

// "UNet per step", "VAE decode once".
std::string TitleOf(const Stage& stage) {
  if (stage.times == 0) return absl::StrCat(stage.what, ", not called");
  if (!stage.when.empty()) return absl::StrCat(stage.what, " ", stage.when);
  if (stage.times <= 2) return absl::StrCat(stage.what, stage.times == 1 ? " once" : " twice");
  return absl::StrCat(stage.what, " ", stage.times, " times");
}

StageRow MakeRow(const Stage& stage, const PipelineModel& model, const CallCost& call,
                 int64_t batch) {
  StageRow row;
  row.role = std::string(RoleName(model.role));
  row.file = model.path;
  row.title = TitleOf(stage);
  row.times = stage.times;
  row.batch = batch * stage.batch_factor;
  row.per_call = call.figures;
  row.figures = AllCalls(stage, call.figures);
  row.peak_activation_bytes = call.peak_activation_bytes;
  row.is_lower_bound = call.is_lower_bound || !call.is_known;
  return row;
}

}  // namespace

PipelineReport ComposePipeline(const PipelinePlan& plan, absl::Span<const PipelineModel> models,
                               absl::Span<const CallCost> calls, int64_t batch) {
  PipelineReport report;
  report.kind = kKinds[static_cast<int>(plan.kind)];
  report.name = plan.name;
  report.scheduler = plan.scheduler;
  report.guidance = plan.guidance;
  report.steps = plan.steps;
  report.evals = plan.evals;
  report.prefill = plan.prefill;
  report.decode = plan.decode;
  report.notes = plan.notes;
  for (size_t i = 0; i < plan.stages.size(); ++i) {
    const Stage& stage = plan.stages[i];
    report.stages.push_back(MakeRow(stage, models[stage.model], calls[i], batch));
    report.figures = Add(report.figures, report.stages.back().figures);
    report.is_lower_bound |= report.stages.back().is_lower_bound && stage.times > 0;
  }
  report.figures = Simplified(report.figures);
  if (plan.kind == PipelineKind::kLanguageModel) {
    report.cache = CacheOf(models, plan.prefill.value_or(0), plan.decode.value_or(0), batch);
  }
  return report;
}

}  // namespace onnx_macs
