// Determinants of batches of matrices.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("a determinant is an elimination") {
  RunOpCases({
      {.op = "Det", .inputs = {"f32[3,3]"}, .expected = "f32[]", .macs = 0, .ops = 18},
      {.op = "Det", .inputs = {"f32[b,2,2]"}, .expected = "f32[b]", .ops_formula = "5*b"},
      {.op = "Det", .inputs = {"f32[2,3]"}, .expected = "gap: a matrix is 2 by 3"},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
