// Bounds of expressions that the intervals of their terms do not give.
#ifndef ANALYZER_DIM_BOUNDS_H_
#define ANALYZER_DIM_BOUNDS_H_

#include <cstdint>

#include "analyzer/dim.h"

namespace onnx_macs {

// Whether d >= bound for all values of the symbols, as far as a few steps show: max(x, y) is no
// less than x, and floor(x/n) no more than x/n. So max(h, 8) - h is known not to be negative.
bool IsAtLeast(Dim d, int64_t bound);

// Whether nothing can have this size: an integer below 0, or an expression that is never above it.
bool IsNoSize(Dim d);

}  // namespace onnx_macs

#endif  // ANALYZER_DIM_BOUNDS_H_
