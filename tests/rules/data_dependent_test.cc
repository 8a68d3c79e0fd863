// Sizes that the data decides: counted where it is known, bounded where not.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

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

}  // namespace
}  // namespace onnx_macs::testing
