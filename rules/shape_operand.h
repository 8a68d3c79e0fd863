// Operands that hold sizes: their values where they are known, else at least how many there are.
#ifndef RULES_SHAPE_OPERAND_H_
#define RULES_SHAPE_OPERAND_H_

#include "analyzer/op_context.h"

namespace onnx_macs {

// The elements of integer input i; where they are not known, one unknown each. False when not even
// their number is known.
bool ReadShapeOperand(const OpContext& ctx, int i, DimVector* dims);

}  // namespace onnx_macs

#endif  // RULES_SHAPE_OPERAND_H_
