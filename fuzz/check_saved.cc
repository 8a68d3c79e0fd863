// With every row that there may be, because rows are what names are in.
#include "fuzz/check_saved.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/saved_analysis.h"
#include "cli/writers.h"

namespace onnx_macs::fuzz {

std::vector<std::string> CheckSaved(const ModelReport& report) {
  const NameFilter filter;
  ViewOptions view;
  view.nodes = view.shapes = view.formula = view.memory = true;
  const WriteContext context = {view, filter, {}};
  Results results;
  results.convention = "default";
  results.models = {report};
  results.models[0].file = "model.onnx";
  const std::string written = TextOf(WriteJson, results, context);
  const auto saved = ReadSavedAnalysis(written);
  // Sizes past 2^53 are refused on purpose, whatever they are of.
  if (absl::StrContains(saved.status().message(), "too large")) return {};
  if (!saved.ok()) return {absl::StrCat("JSON cannot be read back: ", saved.status().message())};
  if (TextOf(WriteJson, saved->results, context) == written) return {};
  return {"JSON that was read back is written in another way"};
}

}  // namespace onnx_macs::fuzz
