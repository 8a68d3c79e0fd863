// The tables of pipelines, their stages, and training.
#include "cli/saved_pipeline.h"

#include <utility>

#include "cli/saved_rows.h"

namespace onnx_macs {
namespace {

struct CallDraft {
  Figures figures;
  Amount peak;
};
constexpr SavedField<CallDraft> kCall[] = {{"nodes", ReadNodes}};
constexpr SavedAmount<CallDraft> kCallAmounts[] = {
    {"macs", FigureOf<&Figures::macs>},
    {"ops", FigureOf<&Figures::ops>},
    {"flops", FigureOf<&Figures::flops>},
    {"params", FigureOf<&Figures::params>},
    {"weight_bytes", FigureOf<&Figures::weight_bytes>},
    {"traffic_bytes", FigureOf<&Figures::traffic_bytes>},
    {"peak_activation_bytes", AmountOf<&CallDraft::peak>},
};

void ReadCall(SavedInput& in, StageRow* stage) {
  CallDraft draft;
  Read(in, SavedRow<CallDraft>{kCall, kCallAmounts}, &draft);
  stage->per_call = std::move(draft.figures);
  stage->peak_activation_bytes = std::move(draft.peak);
}

constexpr SavedField<StageRow> kStage[] = {
    {"role", ReadText<&StageRow::role>},
    {"file", ReadText<&StageRow::file>},
    {"title", ReadWord<&StageRow::title>},
    {"batch", ReadCount<&StageRow::batch>},
    {"times", ReadCount<&StageRow::times>},
    {"per_call", ReadCall},
    {"lower_bound", ReadBoolean<&StageRow::is_lower_bound>},
};

// What a pipeline or a stage has of its calls.
template <typename Row>
constexpr SavedAmount<Row> kCalls[] = {
    {"macs", FigureOf<&Figures::macs, Row>},
    {"ops", FigureOf<&Figures::ops, Row>},
    {"flops", FigureOf<&Figures::flops, Row>},
};

constexpr SavedAmount<CacheRow> kCache[] = {
    {"bytes_per_token", AmountOf<&CacheRow::bytes_per_token>},
    {"bytes", AmountOf<&CacheRow::bytes>},
};

constexpr SavedField<PipelineReport> kPipeline[] = {
    {"folder", ReadText<&PipelineReport::folder>, false},
    {"kind", ReadWord<&PipelineReport::kind>},
    {"name", ReadWord<&PipelineReport::name>},
    {"steps", ReadCount<&PipelineReport::steps>, false},
    {"evals", ReadCount<&PipelineReport::evals>, false},
    {"prefill", ReadCount<&PipelineReport::prefill>, false},
    {"decode", ReadCount<&PipelineReport::decode>, false},
    {"scheduler", ReadWord<&PipelineReport::scheduler>, false},
    {"guidance", ReadWord<&PipelineReport::guidance>, false},
    {"stages",
     [](SavedInput& in, PipelineReport* pipeline) {
       in.ReadList(&pipeline->stages, [&in](StageRow* stage) {
         Read(in, SavedRow<StageRow>{kStage, kCalls<StageRow>}, stage);
       });
     }},
    {"kv_cache",
     [](SavedInput& in, PipelineReport* pipeline) {
       Read(in, SavedRow<CacheRow>{{}, kCache}, &pipeline->cache.emplace());
     },
     false},
    {"lower_bound", ReadBoolean<&PipelineReport::is_lower_bound>},
    {"notes", ReadTexts<&PipelineReport::notes>},
};

// --- Training

template <auto Member>
Amount* StepOf(TrainingResults* training) {
  return &(training->step.*Member);
}

void ReadOptimizer(SavedInput& in, TrainingResults* training) {
  const std::string name = in.ReadString();
  training->step.optimizer = FindOptimizer(name);
  if (training->step.optimizer == nullptr) in.FailAtKey("an optimizer that is not known");
}

constexpr SavedField<TrainingResults> kTraining[] = {
    {"optimizer_name", ReadOptimizer},
    {"steps", ReadCount<&TrainingResults::steps>},
    {"lower_bound",
     [](SavedInput& in, TrainingResults* training) {
       training->step.is_lower_bound = in.ReadBoolean();
     }},
    {"gaps",
     [](SavedInput& in, TrainingResults* training) { training->step.gaps = in.ReadStrings(); },
     false},
};

constexpr SavedAmount<TrainingResults> kTrainingAmounts[] = {
    {"forward", StepOf<&TrainingReport::forward>},
    {"backward", StepOf<&TrainingReport::backward>},
    {"optimizer", StepOf<&TrainingReport::update>},
    {"step", StepOf<&TrainingReport::step>},
    {"weights", StepOf<&TrainingReport::weights>},
    {"gradients", StepOf<&TrainingReport::gradients>},
    {"optimizer_state", StepOf<&TrainingReport::state>},
    {"saved_activations", StepOf<&TrainingReport::activations>},
    {"memory", StepOf<&TrainingReport::memory>},
};

}  // namespace

void Read(SavedInput& in, PipelineReport* pipeline) {
  const size_t place = in.Place();
  Read(in, SavedRow<PipelineReport>{kPipeline, kCalls<PipelineReport>}, pipeline);
  if (pipeline->prefill.has_value() != pipeline->decode.has_value()) {
    in.FailAt(place, "of \"prefill\" and \"decode\" there is one alone");
  }
}

void Read(SavedInput& in, TrainingResults* training) {
  Read(in, SavedRow<TrainingResults>{kTraining, kTrainingAmounts}, training);
}

}  // namespace onnx_macs
