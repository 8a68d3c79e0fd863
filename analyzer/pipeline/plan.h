// Plan: what several models are together, and how often each is called: text encoders once or
// twice, a denoiser at every step, a prompt read once and then token after token.
#ifndef ANALYZER_PIPELINE_PLAN_H_
#define ANALYZER_PIPELINE_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "analyzer/analyze.h"
#include "analyzer/model.h"
#include "analyzer/pipeline/hints.h"
#include "analyzer/pipeline/role.h"
#include "analyzer/pipeline/side_files.h"
#include "analyzer/pipeline/signature.h"
#include "analyzer/rule.h"

namespace onnx_macs {

enum class GuidanceChoice : uint8_t { kAuto, kOn, kOff };

struct PipelineOptions {
  std::optional<int64_t> steps, evals, prefill, decode;
  GuidanceChoice guidance = GuidanceChoice::kAuto;
  std::string scheduler;                               // a name FindScheduler() knows, or none
  std::vector<std::pair<std::string, int64_t>> times;  // file, folder or role -> calls
};

// One model of a pipeline.
struct PipelineModel {
  std::string path;
  const Model* model;
  Signature signature;
  SideFacts beside;
  Role role = Role::kModel;
};

// Calls of one model with the same sizes, or with ever more earlier tokens.
struct Stage {
  size_t model = 0;    // index
  std::string what{};  // "UNet"
  std::string when{};  // "per step"; empty where the number of calls says it
  int64_t times = 1;
  int64_t batch_factor = 1;
  // Sizes of these calls where they are not those of PipelinePlan::hints.
  std::optional<PipelineHints> hints{};
  // Where the costs grow from call to call: the symbol of the earlier tokens, which is `first` at
  // the first call and one more at each that follows.
  std::string symbol{};
  int64_t first = 0;
};

enum class PipelineKind : uint8_t { kNone, kDiffusion, kLanguageModel, kList };

struct PipelinePlan {
  PipelineKind kind = PipelineKind::kNone;
  std::string name;                        // "Stable Diffusion XL"
  std::optional<int64_t> steps, evals;     // of diffusion
  std::string scheduler, guidance;         // as a person would say it
  std::optional<int64_t> prefill, decode;  // tokens, of a language model
  std::vector<PipelineHints> hints;        // by model
  std::vector<Stage> stages;               // in the order they run
  std::vector<std::string> notes;          // what was assumed
  std::string refusal;                     // why nothing is planned, where that can be said
  std::vector<bool> used_times;            // by PipelineOptions::times
};

// Sets the role of every model. Nothing is planned where the models are none that belong together.
PipelinePlan PlanPipeline(absl::Span<PipelineModel> models, const PipelineOptions& options,
                          const BindOptions& bind, const RuleSet& rules);

// The two that PlanPipeline() chooses from; roles are set.
PipelinePlan PlanDiffusion(absl::Span<PipelineModel> models, const PipelineOptions& options,
                           const BindOptions& bind, const RuleSet& rules);
PipelinePlan PlanLanguageModel(absl::Span<PipelineModel> models, const PipelineOptions& options);

// The last part of a path.
absl::string_view Basename(absl::string_view path);

}  // namespace onnx_macs

#endif  // ANALYZER_PIPELINE_PLAN_H_
