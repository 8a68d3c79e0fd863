// Inputs and values that are one number: a length, an axis, a condition.
#ifndef RULES_SCALAR_H_
#define RULES_SCALAR_H_

#include "analyzer/op_context.h"

namespace onnx_macs {

// The one element of a value; unknown where it is not known or not one.
inline Dim ScalarValue(const TensorInfo& info) {
  return info.elements.size() == 1 ? info.elements[0].exact : Dim();
}

// The same of input i, which is read if it is stored.
inline Dim ScalarInput(const OpContext& ctx, int i) {
  DimVector elements;
  return ctx.InputDims(i, &elements) && elements.size() == 1 ? elements[0] : Dim();
}

}  // namespace onnx_macs

#endif  // RULES_SCALAR_H_
