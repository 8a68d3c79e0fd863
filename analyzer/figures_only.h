// Analyses beside the one that was asked for: of the same model at another size, or of other calls.
#ifndef ANALYZER_FIGURES_ONLY_H_
#define ANALYZER_FIGURES_ONLY_H_

#include "analyzer/analyze.h"

namespace onnx_macs {

// What such an analysis is given: it costs the same, and nothing is made that only views, plans or
// training need.
inline AnalyzeOptions FiguresOnly(const AnalyzeOptions& options) {
  AnalyzeOptions only;
  only.bind = options.bind;
  only.control_flow = options.control_flow;
  only.memory = options.memory;
  only.totals_only = true;
  return only;
}

}  // namespace onnx_macs

#endif  // ANALYZER_FIGURES_ONLY_H_
