// Attention under both conventions, held against what the naive loops counted.
#ifndef ONNX_MACS_TESTS_SUPPORT_ATTENTION_CASE_H_
#define ONNX_MACS_TESTS_SUPPORT_ATTENTION_CASE_H_

#include <cstdint>

#include "tests/support/naive_counter.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {

// `projections`: what the operator multiplies besides.
inline void RunAttentionCase(OpCase op_case, const NaiveAttentionParts& parts,
                             int64_t projections = 0) {
  op_case.macs = projections + parts.qk + parts.softmax + parts.av;
  RunOpCase(op_case);
  op_case.convention = "contractions";
  op_case.macs = projections + parts.qk + parts.av;
  // What was one MAC of a softmax is two ops.
  if (op_case.ops) *op_case.ops += 2 * parts.softmax;
  RunOpCase(op_case);
}

}  // namespace onnx_macs::testing

#endif  // ONNX_MACS_TESTS_SUPPORT_ATTENTION_CASE_H_
