// What an analysis is told and tells where sizes are put in afterwards, for many values at once.
#ifndef ANALYZER_SWEEP_SWEPT_H_
#define ANALYZER_SWEEP_SWEPT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "analyzer/expr_pool.h"
#include "analyzer/pipeline/extents.h"

namespace onnx_macs {

// Sizes that stay symbols, although BindOptions gives them.
struct SweptSizes {
  bool res = false, batch = false, seq = false;
};
inline constexpr absl::string_view kSweptBatch = "batch", kSweptSequence = "seq";

// A symbol that takes the place of a size that follows from a resolution.
struct SweptExtent {
  std::string symbol;
  Extent extent;
  LatentScale scale;
};

// What the formulas of a swept analysis hold under.
struct Validity {
  std::vector<SweptExtent> extents;
  std::vector<Condition> conditions;
  // Which branch is taken, or how often, may be another matter at every point.
  bool depends_on_values = false;
};

}  // namespace onnx_macs

#endif  // ANALYZER_SWEEP_SWEPT_H_
