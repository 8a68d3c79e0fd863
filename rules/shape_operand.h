// Operands that hold sizes: their values where they are known, else at least how many there are;
// and sizes computed from them that are too large.
#ifndef RULES_SHAPE_OPERAND_H_
#define RULES_SHAPE_OPERAND_H_

#include "absl/status/status.h"
#include "analyzer/op_context.h"

namespace onnx_macs {

// The elements of integer input i; where they are not known, one unknown each. False when not even
// their number is known.
bool ReadShapeOperand(const OpContext& ctx, int i, DimVector* dims);

// Refuses a size made of a and b that no dim can hold.
absl::Status CheckSize(Dim size, Dim a, Dim b);

}  // namespace onnx_macs

#endif  // RULES_SHAPE_OPERAND_H_
