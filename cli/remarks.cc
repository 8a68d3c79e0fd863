// Words from the lists of a report. Long lists are cut, and the line that says so says how to see
// all.
#include "cli/remarks.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/number_format.h"
#include "cli/text.h"

namespace onnx_macs {
namespace {

constexpr size_t kMost = 5;
constexpr int kFormulaColumns = 40;  // --formula shows what is longer
constexpr absl::string_view kShowAll = "; --strict or --format json shows all";

const std::string& LineOf(const std::string& line) { return line; }

// Names as long as the file leave room for the reason.
std::string LineOf(const GapRow* gap) {
  constexpr int kLongestPart = 400;
  const auto part = [](const SharedText& text) { return ShortenMiddle(text.view(), kLongestPart); };
  return absl::StrCat(part(gap->node), gap->node.empty() ? "(" : " (", part(gap->domain),
                      gap->domain.empty() ? "" : "::", part(gap->op), "): ", part(gap->reason));
}

// Only of what is shown lines are made.
template <typename Item>
void AppendList(const std::vector<Item>& list, absl::string_view kind, bool all,
                std::vector<std::string>* remarks) {
  const size_t shown = all ? list.size() : std::min(list.size(), kMost);
  for (size_t i = 0; i < shown; ++i) {
    remarks->push_back(absl::StrCat(kind, Printable(LineOf(list[i]))));
  }
  if (shown < list.size()) {
    remarks->push_back(absl::StrCat(kind, "[", list.size() - shown, " more", kShowAll, "]"));
  }
}

// Where a token does not need all that there is.
void AppendActive(const ModelReport& model, std::vector<std::string>* remarks) {
  const ActiveFigures& active = model.active;
  if (active.macs == model.figures.macs && active.params == model.figures.params) return;
  const std::string macs =
      ShortenFormula(FormatAmount(active.macs, !model.gaps.empty()), kFormulaColumns);
  remarks->push_back(
      Printable(absl::StrCat("active: ", macs, " MACs, ", FormatAmount(active.params),
                             " params, with only the experts that tokens are sent to")));
}

// Causes first: one node that cannot be inferred leaves all that follow it unknown.
void AppendGaps(const ModelReport& model, bool all, std::vector<std::string>* remarks) {
  if (model.gaps.empty()) return;
  remarks->push_back(absl::StrCat("not counted: ", model.gaps.size(), " of ", model.figures.nodes,
                                  " nodes, so totals are lower bounds (>=)"));
  std::vector<const GapRow*> causes, consequences;
  for (const GapRow& gap : model.gaps) {
    (gap.is_consequence ? consequences : causes).push_back(&gap);
  }
  AppendList(causes, "  ", all, remarks);
  if (all || causes.empty() || consequences.size() == 1) {
    AppendList(consequences, "  ", all, remarks);
  } else if (!consequences.empty()) {
    remarks->push_back(absl::StrCat("  [", consequences.size(),
                                    " more read what is unknown because of ",
                                    causes.size() == 1 ? "it" : "these", kShowAll, "]"));
  }
}

}  // namespace

std::string Origin(const ModelReport& model) {
  std::vector<std::string> parts;
  if (!model.producer.empty()) parts.push_back(model.producer);
  for (const auto& [domain, version] : model.opsets) {
    parts.push_back(domain.empty() ? absl::StrCat("opset ", version)
                                   : absl::StrCat(domain, " ", version));
  }
  parts.push_back(absl::StrCat(model.figures.nodes, model.figures.nodes == 1 ? " node" : " nodes"));
  return Printable(absl::StrJoin(parts, ", "));
}

std::string Bindings(const ModelReport& model) {
  return Printable(absl::StrJoin(model.bindings, " ", absl::PairFormatter("=")));
}

std::vector<std::string> Remarks(const ModelReport& model, const ViewOptions& options) {
  std::vector<std::string> remarks;
  if (options.quiet && !options.formula) return remarks;
  if (!options.quiet) AppendActive(model, &remarks);
  AppendList(model.facts, "assumes ", options.formula || options.strict, &remarks);
  if (options.quiet) return remarks;
  AppendList(model.notes, "note: ", options.strict, &remarks);
  AppendList(model.hints, "hint: ", options.strict, &remarks);
  if (!options.formula && model.figures.macs.is_formula()) {
    remarks.push_back("hint: --formula shows the whole formula");
  }
  AppendGaps(model, options.strict, &remarks);
  return remarks;
}

std::vector<std::string> Formulas(const ModelReport& model) {
  return {absl::StrCat("MACs = ", Printable(FormatExact(model.figures.macs))),
          absl::StrCat("params = ", Printable(FormatExact(model.figures.params)))};
}

std::string GrandTotal(const std::vector<ModelReport>& models, const Figures& total,
                       bool is_lower_bound) {
  const auto text = [&](const Amount& amount) {
    return ShortenFormula(FormatAmount(amount, is_lower_bound), kFormulaColumns);
  };
  return Printable(absl::StrCat(models.size(), " files, one call of each: ", text(total.macs),
                                " MACs, ", text(total.flops), " FLOPs, ",
                                FormatAmount(total.params), " params, ",
                                FormatByteAmount(total.weight_bytes), " of weights"));
}

}  // namespace onnx_macs
