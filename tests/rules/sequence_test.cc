// Sequences: their length, and what their tensors have in common.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("sequences are made, grown and read") {
  RunOpCases({
      {.op = "SequenceConstruct",
       .inputs = {"f32[2,3]", "f32[2,4]"},
       .expected = "seq(f32[2,?])",
       .macs = 0,
       .ops = 0},
      {.op = "SequenceEmpty", .attrs = {"dtype=7"}, .expected = "seq(i64)"},
      {.op = "SequenceInsert", .inputs = {"seq(f32[2])", "f32[2]"}, .expected = "seq(f32[2])"},
      {.op = "SequenceInsert", .inputs = {"seq(f32[2])", "f32[3]"}, .expected = "seq(f32[?])"},
      {.op = "SequenceErase", .inputs = {"seq(f32[2])"}, .expected = "seq(f32[2])"},
      {.op = "SequenceAt", .inputs = {"seq(f32[2,h])", "i64[]"}, .expected = "f32[2,h]"},
      {.op = "SequenceLength", .inputs = {"seq(f32[2])"}, .expected = "i64[]={?}"},
  });
}

TEST_CASE("tensors are split into sequences and joined again") {
  RunOpCases({
      {.op = "SplitToSequence", .inputs = {"f32[6,2]"}, .expected = "seq(f32[1,2])"},
      {.op = "SplitToSequence",
       .attrs = {"keepdims=0"},
       .inputs = {"f32[6,2]"},
       .expected = "seq(f32[2])"},
      {.op = "SplitToSequence", .inputs = {"f32[6,2]", "i64[]={3}"}, .expected = "seq(f32[3,2])"},
      {.op = "SplitToSequence", .inputs = {"f32[7,2]", "i64[]={3}"}, .expected = "seq(f32[?,2])"},
      {.op = "SplitToSequence",
       .inputs = {"f32[6,2]", "i64[2]={2,4}"},
       .expected = "seq(f32[?,2])"},
      {.op = "SplitToSequence", .inputs = {"f32[6,2]", "i64[]={0}"}, .expected = "gap: size 0"},
      {.op = "ConcatFromSequence",
       .attrs = {"axis=1"},
       .inputs = {"seq(f32[2,3])"},
       .expected = "f32[2,?]"},
      {.op = "ConcatFromSequence",
       .attrs = {"axis=0", "new_axis=1"},
       .inputs = {"seq(f32[2,3])"},
       .expected = "f32[?,2,3]"},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
