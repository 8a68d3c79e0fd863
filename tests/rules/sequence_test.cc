// Sequences: their length, and what their tensors have in common.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"
#include "tests/support/text_case.h"

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

TEST_CASE("how long a sequence is stays known where a tensor goes is not") {
  const ModelReport report =
      AnalyzeModel(ModelText("g (float[2,3] x, float[2,4] w, int64 i) => (y) {"
                             R"(
    two = SequenceConstruct (x, x)
    three = SequenceInsert (two, x, i)
    one = SequenceErase (two, i)
    stacked = ConcatFromSequence <axis = 1, new_axis = 1> (three)
    joined = ConcatFromSequence <axis = 0> (three)
    left = ConcatFromSequence <axis = 0, new_axis = 1> (one)
    mixed = SequenceInsert (one, w, i)
    y = ConcatFromSequence <axis = 0> (mixed)
  })"));
  CHECK(ShapeOf(report, "stacked") == "float32[2,3,3]");
  CHECK(ShapeOf(report, "joined") == "float32[6,3]");
  CHECK(ShapeOf(report, "left") == "float32[1,2,3]");
  CHECK(ShapeOf(report, "y") == "float32[4,?]");
}

TEST_CASE("a sequence that starts empty has what is put into it") {
  const ModelReport report =
      AnalyzeModel(ModelText("g (float[2,3] x, float[2,4] w, int64 i) => (placed, any) {"
                             R"(
    none = SequenceEmpty <dtype = 1> ()
    first = SequenceInsert (none, x)
    zero = Constant <value = int64 {0}> ()
    both = SequenceInsert (first, w, zero)
    placed = ConcatFromSequence <axis = 1> (both)
    front = SequenceAt (both, zero)
    start = SequenceInsert (none, w, i)
    any = ConcatFromSequence <axis = 1> (start)
  })"));
  CHECK(ShapeOf(report, "placed") == "float32[2,7]");
  CHECK(ShapeOf(report, "front") == "float32[2,4]");
  CHECK(ShapeOf(report, "any") == "float32[2,4]");
}

}  // namespace
}  // namespace onnx_macs::testing
