// Sizes that only running the model tells: each becomes a symbol with its bounds, and the report
// says what it is.
#ifndef RULES_DATA_DEPENDENT_H_
#define RULES_DATA_DEPENDENT_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "analyzer/op_context.h"

namespace onnx_macs {

// A new symbol in [low, high], noted as "nonzero <= 12 at 'node'"; the bound itself where nothing
// is left to choose.
Dim BoundedSymbol(const OpContext& ctx, absl::string_view stem, int64_t low, Dim high);

}  // namespace onnx_macs

#endif  // RULES_DATA_DEPENDENT_H_
