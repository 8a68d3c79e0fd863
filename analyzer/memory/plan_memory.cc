// Doubling until it is too much, then halving the rest.
#include "analyzer/memory/plan_memory.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "analyzer/figures.h"
#include "analyzer/figures_only.h"

namespace onnx_macs {
namespace {

constexpr int64_t kBatches[] = {1, 2, 4, 8, 16};
constexpr int64_t kMostTried = int64_t{1} << 30;
constexpr int64_t kResolutionStep = 64;  // what the stages of diffusion models can halve

// How a size is given, and whether it was.
struct Extent {
  const char* name;
  int64_t step;
  int64_t probe;  // a size most models take, to see whether it binds anything
  bool (*is_given)(const BindOptions&);
  void (*set)(int64_t, BindOptions*);
  bool BindingUse::*used;
};

constexpr Extent kBatch = {"batch",
                           1,
                           2,
                           [](const BindOptions& bind) { return bind.batch.has_value(); },
                           [](int64_t size, BindOptions* bind) { bind->batch = size; },
                           &BindingUse::batch};
constexpr Extent kResolution = {"res",
                                kResolutionStep,
                                512,
                                [](const BindOptions& bind) { return bind.res.has_value(); },
                                [](int64_t size, BindOptions* bind) {
                                  bind->res = {size, size};
                                },
                                &BindingUse::res};
constexpr Extent kSequence = {"seq",
                              1,
                              16,
                              [](const BindOptions& bind) { return bind.seq.has_value(); },
                              [](int64_t size, BindOptions* bind) { bind->seq = size; },
                              &BindingUse::seq};

Amount TotalBytes(const ModelReport& report) {
  return Simplified(Add(report.figures.weight_bytes, report.memory->peak_activation_bytes));
}

bool IsWithin(const Amount& bytes, int64_t budget) {
  return bytes.is_integer() && bytes.value() <= budget;
}

class Planner {
 public:
  Planner(const Model& model, const RuleSet& rules, const AnalyzeOptions& options,
          const AnalysisResult& result)
      : model_(model), rules_(rules), options_(FiguresOnly(options)), base_(result) {}

  MemoryPlan Run(const MemoryPlanOptions& wanted) {
    if (wanted.batches) MakeBatches();
    if (wanted.budget) plan_.fit = Fit(*wanted.budget);
    return std::move(plan_);
  }

 private:
  absl::StatusOr<AnalysisResult> At(const Extent& extent, int64_t size) const {
    AnalyzeOptions options = options_;
    extent.set(size, &options.bind);
    return Analyze(model_, rules_, options);
  }

  // Whether the size is there to be chosen. Binding it must bind something.
  bool IsOpen(const Extent& extent) const {
    if (extent.is_given(options_.bind)) return false;
    const absl::StatusOr<AnalysisResult> probe = At(extent, extent.probe);
    return probe.ok() && probe->use.*extent.used;
  }

  // --- Rows of batches

  void MakeBatches() {
    if (!IsOpen(kBatch)) {
      const int64_t batch = options_.bind.batch.value_or(1);
      plan_.batches.push_back(RowOf(batch, base_.report));
      if (!options_.bind.batch) plan_.notes.push_back("the file fixes the batch");
      return;
    }
    for (const int64_t batch : kBatches) {
      const absl::StatusOr<AnalysisResult> result = At(kBatch, batch);
      if (result.ok()) plan_.batches.push_back(RowOf(batch, result->report));
    }
  }

  static BatchRow RowOf(int64_t batch, const ModelReport& report) {
    return {batch, report.figures.macs, report.figures.flops, report.memory->peak_activation_bytes,
            TotalBytes(report)};
  }

  // --- The budget

  BudgetFit Fit(int64_t budget) {
    BudgetFit fit;
    fit.budget = budget;
    fit.weight_bytes = base_.report.figures.weight_bytes;
    const Extent* const extent = Choose();
    if (extent == nullptr) {
      fit.bytes = TotalBytes(base_.report);
      fit.fits = IsWithin(fit.bytes, budget);
      return fit;
    }
    fit.extent = extent->name;
    fit.step = extent->step;
    Search(*extent, &fit);
    return fit;
  }

  // What is a symbol still; where nothing is, the batch.
  const Extent* Choose() {
    if (base_.report.unbound.empty()) return IsOpen(kBatch) ? &kBatch : nullptr;
    for (const Extent* extent : {&kResolution, &kSequence}) {
      if (extent->is_given(options_.bind)) continue;
      const absl::StatusOr<AnalysisResult> probe = At(*extent, extent->probe);
      if (probe.ok() && probe->report.unbound.empty()) return extent;
    }
    plan_.notes.push_back(absl::StrCat(
        "--memory-budget: more than one size is open: ", absl::StrJoin(base_.report.unbound, ", "),
        "; give all but one of them"));
    return nullptr;
  }

  // What a size takes; unknown where the model does not take the size.
  Amount BytesAt(const Extent& extent, int64_t steps) {
    const auto [it, is_new] = tried_.try_emplace(steps, Amount::Unknown());
    if (!is_new) return it->second;
    const absl::StatusOr<AnalysisResult> result = At(extent, steps * extent.step);
    const bool is_taken = result.ok() && result->report.gaps.size() <= base_.report.gaps.size();
    return tried_[steps] = is_taken ? TotalBytes(result->report) : Amount::Unknown();
  }

  // The most steps that fit; 0 when not even one does.
  int64_t MostWithin(const Extent& extent, int64_t budget) {
    const auto fits = [&](int64_t steps) { return IsWithin(BytesAt(extent, steps), budget); };
    if (!fits(1)) return 0;
    int64_t low = 1;
    while (low < kMostTried / extent.step && fits(low * 2)) low *= 2;
    int64_t high = low * 2;  // the least that is known to be too much
    if (low >= kMostTried / extent.step) return low;
    while (high - low > 1) {
      const int64_t middle = low + (high - low) / 2;
      (fits(middle) ? low : high) = middle;
    }
    return low;
  }

  void Search(const Extent& extent, BudgetFit* fit) {
    const int64_t most = MostWithin(extent, fit->budget);
    fit->fits = most > 0;
    fit->largest = most * extent.step;
    fit->has_no_end = fit->largest >= kMostTried;
    fit->bytes = BytesAt(extent, std::max<int64_t>(most, 1));
    if (most > 0 && !fit->has_no_end) {
      fit->next_bytes = BytesAt(extent, most + 1);
      fit->ends_with_model = fit->next_bytes.is_unknown();
    }
    fit->with_headroom = MostWithin(extent, fit->budget / 5 * 4) * extent.step;
  }

  const Model& model_;
  const RuleSet& rules_;
  const AnalyzeOptions options_;
  const AnalysisResult& base_;
  absl::flat_hash_map<int64_t, Amount> tried_;  // by steps
  MemoryPlan plan_;
};

}  // namespace

MemoryPlan PlanMemory(const Model& model, const RuleSet& rules, const AnalyzeOptions& options,
                      const AnalysisResult& result) {
  return Planner(model, rules, options, result).Run(options.plan);
}

}  // namespace onnx_macs
