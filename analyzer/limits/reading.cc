// Amounts of reports, each with what makes it less than certain.
#include "analyzer/limits/reading.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "analyzer/figures.h"
#include "analyzer/sweep/formulas.h"

namespace onnx_macs {
namespace {

constexpr char kOpenStage[] = "sizes are open in a stage of the pipeline";
constexpr char kUncountedCall[] = "not every call of the pipeline could be counted";

using GapFilter = absl::FunctionRef<bool(const GapRow&)>;

bool DependsOnGaps(Metric metric) {
  return metric == Metric::kMacs || metric == Metric::kOps || metric == Metric::kFlops;
}

// "2 of 9 nodes are not counted, /a (Whirl) for one: no rule ...". Causes go before consequences.
std::string GapDoubt(const ModelReport& model, GapFilter is_meant) {
  int64_t count = 0;
  const GapRow* shown = nullptr;
  for (const GapRow& gap : model.gaps) {
    if (!is_meant(gap)) continue;
    ++count;
    if (shown == nullptr || (shown->is_consequence && !gap.is_consequence)) shown = &gap;
  }
  if (shown == nullptr) return "";
  const std::string name = shown->node.empty() ? "" : absl::StrCat(shown->node.view(), " ");
  return absl::StrCat(model.file, ": ", count, " of ", model.figures.nodes,
                      count == 1 ? " nodes is not counted, " : " nodes are not counted, ", name,
                      "(", shown->op.view(), ")", count == 1 ? "" : " for one", ": ",
                      shown->reason.view(),
                      "; --strict lists them, --rules FILE gives an operator its rule");
}

std::string OpenDoubt(const ModelReport& model) {
  if (model.unbound.empty()) return absl::StrCat(model.file, ": it is not known as a number");
  const absl::string_view verb = model.unbound.size() == 1 ? " is open" : " are open";
  return absl::StrCat(model.file, ": ", absl::StrJoin(model.unbound, ", "), verb,
                      model.hints.empty() ? "" : "; ", absl::StrJoin(model.hints, "; "));
}

Reading Judged(Amount amount, const ModelReport& model, Metric metric, GapFilter is_meant) {
  Reading reading{std::move(amount), false, ""};
  if (DependsOnGaps(metric)) reading.doubt = GapDoubt(model, is_meant);
  reading.is_lower_bound = !reading.doubt.empty();
  if (reading.is_exact() && !reading.amount.is_integer()) reading.doubt = OpenDoubt(model);
  return reading;
}

Amount AmountOf(const Figures& figures, Metric metric) {
  const MetricRow& row = Describe(metric);
  if (row.amount != nullptr) return figures.*row.amount;
  return metric == Metric::kNodes ? Amount::Integer(figures.nodes) : Amount::Unknown();
}

Reading ReadPeak(const ModelReport& model) {
  const bool is_known = model.memory.has_value();
  Reading reading{is_known ? model.memory->peak_activation_bytes : Amount::Unknown(), false, ""};
  const int64_t missing = is_known ? model.memory->unknown_tensors : 0;
  if (missing > 0) {
    reading.is_lower_bound = true;
    reading.doubt = absl::StrCat(model.file, ": the size of ", missing,
                                 missing == 1 ? " activation" : " activations",
                                 " is not known; --memory --strict says more");
  } else if (!reading.amount.is_integer()) {
    reading.doubt = OpenDoubt(model);
  }
  return reading;
}

// Keeps the first reason for doubt.
void Doubt(const Reading& part, Reading* whole) {
  whole->is_lower_bound |= part.is_lower_bound;
  if (whole->doubt.empty()) whole->doubt = part.doubt;
}

void DoubtFailed(const RunView& run, Reading* whole) {
  if (run.num_failed == 0) return;
  Doubt({Amount(), true,
         absl::StrCat(run.num_failed, run.num_failed == 1 ? " file" : " files",
                      " could not be analysed")},
        whole);
}

// A doubt about one of several numbers is none about the largest, or the sum, where that is known.
void Settle(Reading* whole) {
  if (whole->amount.is_integer() && !whole->is_lower_bound) whole->doubt.clear();
}

// Of all models and stages, or of what a pipeline calls.
Reading LargestPeak(const RunView& run, const PipelineReport* only) {
  std::vector<Amount> peaks;
  Reading whole;
  absl::flat_hash_set<absl::string_view> called;
  for (const PipelineReport& pipeline : run.pipelines) {
    for (const StageRow& stage : pipeline.stages) {
      if (stage.times == 0 || (only != nullptr && only != &pipeline)) continue;
      peaks.push_back(stage.peak_activation_bytes);
      called.insert(stage.file);
    }
  }
  for (const ModelReport& model : run.models) {
    if (only != nullptr && !called.contains(model.file)) continue;
    const Reading part = ReadPeak(model);
    // A stage may call it with other sizes than its own.
    if (only == nullptr) peaks.push_back(part.amount);
    Doubt(part, &whole);
  }
  whole.amount = Largest(peaks);
  if (!whole.amount.is_integer() && whole.is_exact()) whole.doubt = kOpenStage;
  return whole;
}

}  // namespace

Reading ReadModel(const ModelReport& model, Metric metric) {
  if (metric == Metric::kMemory) return ReadPeak(model);
  return Judged(AmountOf(model.figures, metric), model, metric, [](const GapRow&) { return true; });
}

Reading ReadComponent(const ModelReport& model, const ComponentRow& component, Metric metric) {
  const absl::string_view path = component.path;
  const std::string below = absl::StrCat(path, ".");
  return Judged(AmountOf(component.figures, metric), model, metric, [&](const GapRow& gap) {
    return path.empty() || gap.path == path || absl::StartsWith(gap.path, below);
  });
}

Reading ReadOperator(const ModelReport& model, const OpRow& op, Metric metric) {
  return Judged(AmountOf(op.figures, metric), model, metric,
                [&](const GapRow& gap) { return gap.op == op.op && gap.domain == op.domain; });
}

Reading ReadTotal(const RunView& run, Metric metric) {
  Reading whole;
  if (metric == Metric::kMemory) {
    whole = LargestPeak(run, nullptr);
  } else {
    for (const ModelReport& model : run.models) {
      const Reading part = ReadModel(model, metric);
      whole.amount = Add(whole.amount, part.amount);
      Doubt(part, &whole);
    }
    whole.amount = Simplified(whole.amount);
  }
  Settle(&whole);
  DoubtFailed(run, &whole);
  return whole;
}

Reading ReadPipeline(const RunView& run, const PipelineReport& pipeline, Metric metric) {
  if (metric == Metric::kMemory) {
    Reading whole = LargestPeak(run, &pipeline);
    Settle(&whole);
    DoubtFailed(run, &whole);
    return whole;
  }
  Reading total = ReadTotal(run, metric);
  if (!DependsOnGaps(metric)) return total;
  Reading whole{AmountOf(pipeline.figures, metric), pipeline.is_lower_bound, ""};
  // Models that are never called may have gaps.
  if (whole.amount.is_integer() && !whole.is_lower_bound) return whole;
  whole.doubt = std::move(total.doubt);
  if (whole.is_exact()) whole.doubt = whole.is_lower_bound ? kUncountedCall : kOpenStage;
  return whole;
}

}  // namespace onnx_macs
