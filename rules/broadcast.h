// NumPy broadcasting of shapes, with symbolic dims, and the sizes that must divide evenly.
#ifndef RULES_BROADCAST_H_
#define RULES_BROADCAST_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "analyzer/op_context.h"

namespace onnx_macs {

// Where neither dim is provably 1 they are taken to be equal, which is recorded as a fact.
absl::Status BroadcastDims(const OpContext& ctx, absl::Span<const Dim> a, absl::Span<const Dim> b,
                           DimVector* out);

// The broadcast of all inputs from `first` on; unknown rank when one of them has none.
absl::Status BroadcastInputs(const OpContext& ctx, int first, DimVector* out, bool* known);

// Gives the first output that shape and type. *dims is set when *known.
absl::Status InferBroadcast(OpContext& ctx, DataType type, DimVector* dims, bool* known);

// a / n where n must divide a: a fact that is recorded where it is not certain.
absl::StatusOr<Dim> DivideEvenly(const OpContext& ctx, Dim a, int64_t n);

}  // namespace onnx_macs

#endif  // RULES_BROADCAST_H_
