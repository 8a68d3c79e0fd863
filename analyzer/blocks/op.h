// Op: the operators that recognisers tell apart, so that each name is looked up once per model. A
// quantised operator is what it computes: QLinearAdd is an Add, with scales between its operands.
#ifndef ANALYZER_BLOCKS_OP_H_
#define ANALYZER_BLOCKS_OP_H_

#include <cstdint>

#include "analyzer/model.h"

namespace onnx_macs {

enum class Op : uint8_t {
  kOther,
  // Element-wise arithmetic.
  kAdd,
  kSub,
  kMul,
  kDiv,
  kPow,
  kSqrt,
  kReciprocal,
  kNeg,
  kErf,
  kTanh,
  kSigmoid,
  kRelu,
  kActivation,  // other activations of one input
  kClip,
  kMaxMin,
  kWhere,
  kIsNan,
  kCast,
  // Moving data.
  kIdentity,  // Dropout too
  kQuantize,  // and back
  kReshape,   // Flatten, Squeeze, Unsqueeze too
  kTranspose,
  kExpand,  // Tile too
  kConcat,
  kSlice,
  kSplit,
  kPad,
  kGather,
  kConstant,
  // Sums and products.
  kReduceMean,
  kSoftmax,
  kMatMul,
  kFusedMatMul,
  kWeightMatMul,  // its second operand can only be a weight
  kGemm,
  kEinsum,
  kConv,
  kBatchNorm,
  kInstanceNorm,
  kScatter,
  kShape,  // Size too
  kReduceSum,
  // Choosing.
  kTopK,
  kOneHot,
  kEqual,
  kNonZero,
  // Fused blocks.
  kMoe,
  kFused,
};

struct Called {
  Op op = Op::kOther;
  uint8_t first = 0, stride = 1;  // which inputs are operands
};

Called OpOf(const Operator& called);

}  // namespace onnx_macs

#endif  // ANALYZER_BLOCKS_OP_H_
