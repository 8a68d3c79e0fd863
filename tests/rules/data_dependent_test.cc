// Sizes that the data decides: counted where it is known, bounded where not.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"
#include "tests/support/text_case.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("what is not zero is counted where it is known") {
  RunOpCases({
      {.op = "NonZero",
       .inputs = {"i64[2,2]={1,0,1,1}"},
       .expected = "i64[2,3]={0,1,1,0,0,1}",
       .macs = 0,
       .ops = 4},
      {.op = "NonZero", .inputs = {"f32[2,h]"}, .expected = "i64[2,nonzero]", .ops_formula = "2*h"},
      {.op = "NonZero", .inputs = {"f32[0,3]"}, .expected = "i64[2,0]", .ops = 0},
      {.op = "NonZero", .inputs = {"f32"}, .expected = "gap: the shape of 'in0'"},
  });
}

TEST_CASE("a condition keeps what it says") {
  RunOpCases({
      {.op = "Compress",
       .attrs = {"axis=0"},
       .inputs = {"f32[3,2]", "bool[3]={0,1,1}"},
       .expected = "f32[2,2]",
       .ops = 0},
      {.op = "Compress",
       .inputs = {"i64[3]={7,8,9}", "bool[3]={1,0,1}"},
       .expected = "i64[2]={7,9}"},
      {.op = "Compress",
       .attrs = {"axis=-1"},
       .inputs = {"f32[3,h]", "bool[h]"},
       .expected = "f32[3,compressed]"},
      {.op = "Compress",
       .attrs = {"axis=0"},
       .inputs = {"f32[1,2]", "bool[2]={1,1}"},
       .expected = "gap: keeps more than there is"},
  });
}

TEST_CASE("what is unique is counted where it is known") {
  RunOpCases({
      {.op = "Unique",
       .inputs = {"i64[6]={2,1,1,3,4,3}"},
       .expected = "i64[4]; i64[4]; i64[6]; i64[4]",
       .ops = 6},
      {.op = "Unique",
       .attrs = {"axis=0"},
       .inputs = {"i64[3,2]={1,0,1,0,2,3}"},
       .expected = "i64[2,2]; i64[2]; i64[3]; i64[2]"},
      {.op = "Unique",
       .attrs = {"axis=-1"},
       .inputs = {"f32[3,h]"},
       .expected = "f32[3,unique]; i64[unique]; i64[h]; i64[unique]"},
  });
}

TEST_CASE("at most so many boxes of a class are kept") {
  RunOpCases({
      {.op = "NonMaxSuppression",
       .inputs = {"f32[1,6,4]", "f32[1,2,6]", "i64[1]={3}"},
       .expected = "i64[kept_boxes,3]",
       .macs = 0,
       .ops = 588},
      {.op = "NonMaxSuppression",
       .inputs = {"f32[1,6,4]", "f32[1,2,6]"},
       .expected = "i64[0,3]",
       .ops = 12},
      {.op = "NonMaxSuppression",
       .inputs = {"f32[1,6,4]", "f32[1,2,5]", "i64[1]={3}"},
       .expected = "gap: boxes and scores differ in number"},
  });
}

TEST_CASE("the bound of such a size is noted") {
  const ModelReport report = AnalyzeOpCase({.op = "NonZero", .inputs = {"f32[3,4]"}});
  REQUIRE(report.notes.size() == 1);
  CHECK(report.notes[0] == "nonzero <= 12");
}

// What follows is counted in that size, and the report says how large it can be.
TEST_CASE("costs are formulas in sizes that the data decides, and their bounds are stated") {
  struct Case {
    const char *inputs, *nodes, *macs, *note;
  };
  const Case cases[] = {
      {"float[3,4] x", "n = NonZero (x) t = Transpose (n) f = Cast <to = 1> (t) y = MatMul (f, w)",
       "10*nonzero", "nonzero <= 12"},
      {"float[b,4] x", "n = NonZero (x) t = Transpose (n) f = Cast <to = 1> (t) y = MatMul (f, w)",
       "10*nonzero", "nonzero <= 4*b"},
      {"float[7,2] x, bool[7] c", "k = Compress <axis = 0> (x, c) y = MatMul (k, w)",
       "10*compressed", "compressed <= 7"},
      {"float[7,2] x", "u = Unique <axis = 0> (x) y = MatMul (u, w)", "10*unique", "unique <= 7"},
      {"float[2,6,4] x, float[2,3,6] c",
       "three = Constant <value = int64[1] {3}> () kept = NonMaxSuppression (x, c, three)"
       " f = Cast <to = 1> (kept) two = Slice (f, zero, end, one) y = MatMul (two, w)",
       "10*kept_boxes", "kept_boxes <= 18"},
      {"string[9] x",
       "p = StringSplit <maxsplit = 4> (x) s = Shape (p) f = ConstantOfShape (s)"
       " t = Transpose (f) v = ReduceSum (t, one) two = Concat <axis = 1> (v, v)"
       " y = MatMul (two, w)",
       "10*pieces", "pieces <= 5"},
  };
  for (const Case& c : cases) {
    INFO(c.nodes);
    const ModelReport report = AnalyzeModel(
        std::string("<ir_version: 8, opset_import: [\"\" : 20]> g (") + c.inputs +
        ", float[2,5] w) => (y) { zero = Constant <value = int64[1] {0}> ()"
        " end = Constant <value = int64[1] {2}> () one = Constant <value = int64[1] {1}> () " +
        c.nodes + "}");
    for (const GapRow& gap : report.gaps) FAIL_CHECK("a gap: " << gap.op << ": " << gap.reason);
    CHECK(TextOf(report.figures.macs) == c.macs);
    REQUIRE(report.notes.size() == 1);
    CHECK(report.notes[0] == c.note);
  }
}

}  // namespace
}  // namespace onnx_macs::testing
