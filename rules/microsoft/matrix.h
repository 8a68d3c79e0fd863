// The shapes of products of matrices, for the forms that put operands at other inputs, transpose
// them or fuse more in.
#ifndef RULES_MICROSOFT_MATRIX_H_
#define RULES_MICROSOFT_MATRIX_H_

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "analyzer/op_context.h"

namespace onnx_macs {

// numpy.matmul of two shapes.
absl::Status MultiplyShapes(const OpContext& ctx, absl::Span<const Dim> a, absl::Span<const Dim> b,
                            DimVector* out);

// The first output as the numpy.matmul of inputs a and b.
absl::Status InferProduct(OpContext& ctx, int a, int b, DataType type);

// The first output as the 2-D product of inputs 0 and b under transA and transB.
absl::Status InferGemmOf(OpContext& ctx, int b, DataType type);
// What such a product sums over.
Dim InnerOfGemm(const OpContext& ctx);

}  // namespace onnx_macs

#endif  // RULES_MICROSOFT_MATRIX_H_
