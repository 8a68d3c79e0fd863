// Reads formulas that were put together as text: sums of the same few terms over and over.
#ifndef ANALYZER_SUM_PARSE_H_
#define ANALYZER_SUM_PARSE_H_

#include "absl/strings/string_view.h"
#include "analyzer/count.h"
#include "analyzer/expr_pool.h"

namespace onnx_macs {

// What ParseDim() would read, with every name a symbol, in time that hardly depends on how often a
// term is repeated; unknown where it cannot be read.
Count ParseSum(absl::string_view text, ExprPool& pool);

}  // namespace onnx_macs

#endif  // ANALYZER_SUM_PARSE_H_
