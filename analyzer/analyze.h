// The library's front door: a model, rules and options in; a Report out.
#ifndef ANALYZER_ANALYZE_H_
#define ANALYZER_ANALYZE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "analyzer/bound/device.h"
#include "analyzer/control_flow.h"
#include "analyzer/memory/memory_plan.h"
#include "analyzer/model.h"
#include "analyzer/module_path.h"
#include "analyzer/node_list.h"
#include "analyzer/pipeline/hints.h"
#include "analyzer/report.h"
#include "analyzer/rule.h"
#include "analyzer/sweep/swept.h"
#include "analyzer/training/training_report.h"

namespace onnx_macs {

// A size given for the axis of an input: an integer, or a name to keep it symbolic.
struct InputShapeBinding {
  std::string input;
  std::vector<std::string> dims;  // "1", "3", "height"
};

struct InputValueBinding {
  std::string input;
  std::string text;  // "[1,2]", "3" or "@file.pb"
};

struct BindOptions {
  std::optional<std::pair<int64_t, int64_t>> res;  // height, width in pixels
  std::optional<int64_t> batch;
  std::optional<int64_t> seq;
  std::optional<int64_t> vae_factor;
  std::vector<std::pair<std::string, std::string>> dims;  // name -> size or expression
  std::vector<InputShapeBinding> inputs;
  std::vector<InputValueBinding> values;
  SweptSizes swept;
  bool symbolic_batch = false;  // --formula: an unbound batch stays a symbol instead of being 1
  bool trust_declared = true;   // --no-declared turns it off
  PipelineHints hints;          // what the files beside the model tell
};

struct AnalyzeOptions {
  BindOptions bind;
  ControlFlowOptions control_flow;
  std::vector<ComponentGroup> groups;
  bool node_rows = false;
  bool value_rows = false;
  bool value_elements = false;          // with value_rows
  bool node_list = false;               // AnalysisResult::nodes
  bool totals_only = false;             // neither components nor operators: for sweeps and lists
  bool blocks = false;                  // recognise attention, norms, MLPs ...
  bool memory = false;                  // what is alive when, and what nodes read and write
  MemoryPlanOptions plan;               // with memory
  const Device* device = nullptr;       // the least time on it; with memory and node_rows
  const Optimizer* training = nullptr;  // what training with it costs; null: not asked for
};

// Which of the options bound something in this model: an option that binds nothing in any file is
// wrong usage, and only the caller sees all files.
struct BindingUse {
  bool res = false, batch = false, seq = false, vae_factor = false;
  std::vector<bool> dims, inputs, values, groups;     // parallel to the options
  std::vector<std::string> known_dims, known_inputs;  // what could have been named
  std::vector<std::string> open_loops;                // what --loop-trips is for
};

struct AnalysisResult {
  ModelReport report;
  std::optional<TrainingReport> training;  // where AnalyzeOptions::training
  BindingUse use;
  Validity validity;                      // of the formulas in the report
  std::unique_ptr<const NodeList> nodes;  // null unless AnalyzeOptions::node_list
  std::vector<StageTime> times;
};

// The only error is an option that makes no sense for this model; whatever is wrong with a node is
// a gap in the report. The model and the rules must outlive AnalysisResult::nodes.
absl::StatusOr<AnalysisResult> Analyze(const Model& model, const RuleSet& rules,
                                       const AnalyzeOptions& options);

}  // namespace onnx_macs

#endif  // ANALYZER_ANALYZE_H_
