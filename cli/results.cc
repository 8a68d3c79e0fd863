// Sums over all models of a run.
#include "cli/results.h"

#include <algorithm>

#include "analyzer/figures.h"

namespace onnx_macs {

Figures TotalOf(const Results& results) {
  Figures total;
  for (const ModelReport& model : results.models) total = Add(total, model.figures);
  return Simplified(total);
}

bool HasGaps(const Results& results) {
  return std::any_of(results.models.begin(), results.models.end(),
                     [](const ModelReport& model) { return !model.gaps.empty(); });
}

RunView ViewOf(const Results& results) {
  return {results.models, results.pipelines, results.errors.size()};
}

}  // namespace onnx_macs
