// Expressions at a point, by arithmetic alone: a sweep has thousands of points, and the algebra
// would intern every number on the way.
#ifndef ANALYZER_SWEEP_EVALUATE_H_
#define ANALYZER_SWEEP_EVALUATE_H_

#include <optional>

#include "absl/numeric/int128.h"
#include "analyzer/count.h"
#include "analyzer/expr_pool.h"

namespace onnx_macs {

// Nothing where a symbol has no size, a division leaves a rest that nothing rounds away, or a
// number does not fit; the algebra says what it is then.
std::optional<absl::int128> Evaluate(const Count& count, const Assignment& sizes);

}  // namespace onnx_macs

#endif  // ANALYZER_SWEEP_EVALUATE_H_
