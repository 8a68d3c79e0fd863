// Losses, reduced or not.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("a loss has a value per label, or one") {
  RunOpCases({
      {.op = "NegativeLogLikelihoodLoss",
       .attrs = {"reduction=\"none\""},
       .inputs = {"f32[3,5,6]", "i64[3,6]"},
       .expected = "f32[3,6]",
       .macs = 0,
       .ops = 18},
      {.op = "NegativeLogLikelihoodLoss",
       .inputs = {"f32[3,5]", "i64[3]", "f32[5]"},
       .expected = "f32[]",
       .ops = 9},
      {.op = "SoftmaxCrossEntropyLoss",
       .attrs = {"reduction=\"sum\""},
       .inputs = {"f32[b,5]", "i64[b]"},
       .expected = "f32[]; f32[b,5]",
       .ops_formula = "27*b"},
      {.op = "SoftmaxCrossEntropyLoss",
       .inputs = {"f32[3,5]", "i64[4]"},
       .expected = "gap: axis 0 of the scores has size 3, of the labels 4"},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
