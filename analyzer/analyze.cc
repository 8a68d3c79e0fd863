// The stages of an analysis, in order.
#include "analyzer/analyze.h"

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "analyzer/bind.h"
#include "analyzer/blocks/recognize.h"
#include "analyzer/bound/plan_time.h"
#include "analyzer/cost_walk.h"
#include "analyzer/inference.h"
#include "analyzer/memory/memory.h"
#include "analyzer/memory/plan_memory.h"
#include "analyzer/resolution_advice.h"
#include "analyzer/roll_up.h"
#include "analyzer/training/training_cost.h"

namespace onnx_macs {
namespace {

// Times stages one after another.
class StageClock {
 public:
  explicit StageClock(std::vector<StageTime>& times) : times_(times) {}
  void End(absl::string_view stage) {
    const auto now = std::chrono::steady_clock::now();
    times_.push_back(
        {std::string(stage), std::chrono::duration<double, std::milli>(now - start_).count()});
    start_ = now;
  }

 private:
  std::vector<StageTime>& times_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace

absl::StatusOr<AnalysisResult> Analyze(const Model& model, const RuleSet& rules,
                                       const AnalyzeOptions& options) {
  AnalysisResult result;
  StageClock clock(result.times);
  auto kept = std::make_unique<Inference>(model, rules, options.control_flow);
  Inference& inference = *kept;
  Frame& frame = inference.EnterGraph(model.graph, model.opsets);
  absl::StatusOr<Binding> binding = BindInputs(options.bind, inference, frame);
  if (!binding.ok()) return binding.status();
  inference.EndBinding();
  clock.End("bind");
  const bool trust_declared = options.bind.trust_declared && !binding->overrode_declared;
  if (options.bind.trust_declared && !trust_declared) {
    binding->notes.push_back("declared sizes were overridden: all shapes are inferred anew");
  }
  inference.set_trust_declared(trust_declared);
  inference.Walk(frame);
  clock.End("infer");
  const Blocks blocks = options.blocks ? RecognizeBlocks(inference) : RecognizeMixtures(inference);
  clock.End("recognise");
  RollUp roll_up(inference, options, blocks);
  clock.End("place");
  std::optional<TrainingCost> training;
  if (options.training != nullptr) training.emplace(inference, *options.training);
  CostNodes(inference, [&](size_t record, const NodeCost& cost) {
    roll_up.Add(record, cost);
    if (training) training->Add(record, cost);
  });
  clock.End("cost");
  result.report = roll_up.Finish(*binding);
  if (training) result.training = training->Finish();
  if (options.bind.res && !options.bind.swept.res && !result.report.gaps.empty()) {
    const std::string advice = AdviseResolution(model, rules, options.bind);
    if (!advice.empty()) result.report.notes.push_back(advice);
  }
  result.validity = {std::move(binding->swept), inference.Conditions(),
                     !inference.alternatives().empty() || !inference.open_loops().empty()};
  result.use = std::move(binding->use);
  result.use.open_loops = inference.open_loops();
  result.use.groups = roll_up.used_groups();
  clock.End("roll up");
  if (options.memory) {
    result.report.memory = ReportMemory(inference);
    clock.End("memory");
  }
  if (options.device != nullptr && !result.report.figures.flops.is_integer()) {
    result.report.notes.push_back("--device: no time is known while sizes are open");
  } else if (options.device != nullptr) {
    result.report.bound = PlanTime(model, rules, options, result);
    clock.End("bound");
  }
  if (options.memory && (options.plan.batches || options.plan.budget)) {
    result.report.memory_plan = PlanMemory(model, rules, options, result);
    clock.End("plan memory");
  }
  if (options.node_list) {
    std::unique_ptr<InferredNodes> nodes = roll_up.TakeNodes();
    nodes->Keep(std::move(kept));
    result.nodes = std::move(nodes);
  }
  return result;
}

}  // namespace onnx_macs
