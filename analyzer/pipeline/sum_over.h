// Sums over a symbol: what tokens cost together when each costs a little more than the one before.
#ifndef ANALYZER_PIPELINE_SUM_OVER_H_
#define ANALYZER_PIPELINE_SUM_OVER_H_

#include <cstdint>

#include "analyzer/count.h"
#include "analyzer/dim.h"

namespace onnx_macs {

// The sum of `term` for symbol = first, ..., first + count - 1, in closed form: as many evaluations
// as its degree asks for, however large `count` is. Unknown where the term is no polynomial between
// a bounded number of kinks (min, max) and periods (floor), or the sum is too large.
Count SumOver(const Count& term, Dim symbol, int64_t first, int64_t count);

}  // namespace onnx_macs

#endif  // ANALYZER_PIPELINE_SUM_OVER_H_
