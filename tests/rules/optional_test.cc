// Optional values.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("what an optional holds is taken out again") {
  RunOpCases({
      {.op = "OptionalGetElement",
       .opset = 18,
       .inputs = {"optional(f32[2,h])"},
       .expected = "f32[2,h]",
       .macs = 0,
       .ops = 0},
      {.op = "OptionalGetElement", .opset = 18, .inputs = {"f32[2]"}, .expected = "f32[2]"},
      {.op = "OptionalHasElement",
       .opset = 18,
       .inputs = {"optional(f32[2])"},
       .expected = "bool[]={?}"},
      {.op = "OptionalHasElement", .opset = 18, .inputs = {"f32[2]"}, .expected = "bool[]={1}"},
      {.op = "OptionalHasElement", .opset = 18, .expected = "bool[]={0}"},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
