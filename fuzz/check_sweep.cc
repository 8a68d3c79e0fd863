// As `onnx-macs sweep` does it: one analysis with a symbol, and the formulas at a few points.
#include "fuzz/check_sweep.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "analyzer/figures_only.h"
#include "analyzer/sweep/formulas.h"

namespace onnx_macs::fuzz {
namespace {

constexpr int64_t kPoints[] = {1, 2, 3, 8, 12};

std::vector<std::pair<const char*, Amount>> AmountsOf(const ModelReport& report) {
  return {{"macs", report.figures.macs},
          {"ops", report.figures.ops},
          {"flops", report.figures.flops},
          {"params", report.figures.params},
          {"bytes", report.figures.weight_bytes},
          {"peak", report.memory ? report.memory->peak_activation_bytes : Amount()}};
}

AnalyzeOptions At(AnalyzeOptions options, const SweepAxis& axis, int64_t size, bool is_symbol) {
  if (axis.kind == SweepAxis::Kind::kBatch) {
    options.bind.batch = size;
    options.bind.swept.batch = is_symbol;
  } else {
    options.bind.dims.emplace_back(axis.name, is_symbol ? axis.name : absl::StrCat(size));
  }
  return options;
}

std::string Describe(const SweepAxis& axis, int64_t size, const char* what, const Amount& swept,
                     const Amount& analysed) {
  return absl::StrCat("sweep of ", axis.name, " at ", size, ": ", what, " is about ",
                      swept.approximate(), " and analysed ", analysed.approximate());
}

class Comparison {
 public:
  Comparison(const Model& model, const RuleSet& rules, const AnalyzeOptions& options,
             const SweepAxis& axis)
      : model_(model), rules_(rules), options_(options), axis_(axis), formulas_({axis}) {}

  std::vector<std::string> Run() {
    const auto symbolic = Analyze(model_, rules_, At(options_, axis_, kPoints[0], true));
    if (!symbolic.ok() || !symbolic->report.gaps.empty()) return {};
    if (symbolic->validity.depends_on_values) return {};
    formulas_.AddValidity(symbolic->validity);
    for (const auto& [name, amount] : AmountsOf(symbolic->report)) formulas_.Add({&amount, 1});
    for (const int64_t size : kPoints) Compare(size);
    return std::move(breaches_);
  }

 private:
  void Compare(int64_t size) {
    if (!formulas_.GoTo({{size, size}})) return;
    const auto analysed = Analyze(model_, rules_, At(options_, axis_, size, false));
    if (!analysed.ok()) return;
    const auto amounts = AmountsOf(analysed->report);
    for (size_t i = 0; i < amounts.size(); ++i) {
      const Amount swept = formulas_.At(i);
      // Of other symbols there may be several ways to write a formula.
      const bool can_tell = swept.is_integer() && amounts[i].second.is_integer();
      if (!can_tell || swept == amounts[i].second) continue;
      breaches_.push_back(Describe(axis_, size, amounts[i].first, swept, amounts[i].second));
    }
  }

  const Model& model_;
  const RuleSet& rules_;
  const AnalyzeOptions& options_;
  const SweepAxis& axis_;
  Formulas formulas_;
  std::vector<std::string> breaches_;
};

}  // namespace

std::vector<std::string> CheckSweep(const Model& model, const RuleSet& rules,
                                    const AnalyzeOptions& options,
                                    const std::vector<std::string>& open) {
  AnalyzeOptions figures = FiguresOnly(options);
  figures.memory = true;
  std::vector<SweepAxis> axes;
  if (!options.bind.batch) axes.push_back({SweepAxis::Kind::kBatch, "batch", {{1, 1}}});
  for (const std::string& name : open) axes.push_back({SweepAxis::Kind::kDim, name, {{1, 1}}});
  for (const SweepAxis& axis : axes) {
    std::vector<std::string> breaches = Comparison(model, rules, figures, axis).Run();
    if (!breaches.empty()) return breaches;
  }
  return {};
}

}  // namespace onnx_macs::fuzz
