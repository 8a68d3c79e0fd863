// Which stored tensors are parameters. Every distinct one counts once, however often it is read.
#ifndef ANALYZER_PARAMETERS_H_
#define ANALYZER_PARAMETERS_H_

#include <cstddef>

#include "absl/functional/function_ref.h"
#include "analyzer/count.h"
#include "analyzer/inference.h"

namespace onnx_macs {

struct Parameter {
  Count elements;  // weights, also where several are packed into one
  Count bytes;
  DataType type;
  size_t record;       // the first node that reads it: an index into Inference::records()
  const Value* value;  // where it is stored
};

// Parameters are the floating-point or quantised initializers of rank 1 or more that some node
// reads as data (not as a shape, scale or zero point), the same given as graph inputs, and
// Constants that are the weight of a contraction.
// `visit` is called once for each, in the order in which they are first read.
void FindParameters(Inference& inference, absl::FunctionRef<void(const Parameter&)> visit);

}  // namespace onnx_macs

#endif  // ANALYZER_PARAMETERS_H_
