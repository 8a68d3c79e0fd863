// The invariant that ties formulas to numbers: a symbolic result evaluated at a point is the
// concrete result at that point.
#ifndef ONNX_MACS_TESTS_SUPPORT_SYMBOLIC_H_
#define ONNX_MACS_TESTS_SUPPORT_SYMBOLIC_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/op_case.h"

namespace onnx_macs::testing {

// Analyses the case with `symbol` as it is, and once for each value in its place; compares the
// shapes of all outputs, MACs and ops.
void CheckAtPoints(const OpCase& op_case, const std::string& symbol,
                   const std::vector<int64_t>& values);

}  // namespace onnx_macs::testing

#endif  // ONNX_MACS_TESTS_SUPPORT_SYMBOLIC_H_
