// Searches and scans along an axis.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("ArgMax and TopK compare every input element") {
  RunOpCases({
      {.op = "ArgMax", .inputs = {"f32[3,4]"}, .expected = "i64[1,4]", .macs = 0, .ops = 12},
      {.op = "ArgMax",
       .attrs = {"axis=-1", "keepdims=0"},
       .inputs = {"f32[3,h]"},
       .expected = "i64[3]",
       .ops_formula = "3*h"},
      {.op = "ArgMin", .attrs = {"axis=2"}, .inputs = {"f32[3,4]"}, .expected = "gap: axis 2"},
      {.op = "TopK",
       .inputs = {"f32[3,4]", "i64[1]={2}"},
       .expected = "f32[3,2]; i64[3,2]",
       .ops = 12},
      {.op = "TopK",
       .opset = 1,
       .attrs = {"k=2", "axis=0"},
       .inputs = {"f32[3,4]"},
       .expected = "f32[2,4]; i64[2,4]"},
      {.op = "TopK", .inputs = {"f32[3,4]", "i64[1]"}, .expected = "f32[3,?]; i64[3,?]"},
      {.op = "TopK", .inputs = {"f32[3,4]", "i64[1]={0}"}, .expected = "f32[3,0]; i64[3,0]"},
      {.op = "TopK", .inputs = {"f32[3,4]", "i64[1]={5}"}, .expected = "gap: cannot take 5 of 4"},
  });
}

TEST_CASE("scans keep the shape") {
  RunOpCases({
      {.op = "CumSum",
       .inputs = {"f32[3,h]", "i64[]={1}"},
       .expected = "f32[3,h]",
       .ops_formula = "3*h"},
      {.op = "Trilu", .inputs = {"f32[3,4]"}, .expected = "f32[3,4]", .macs = 0, .ops = 0},
  });
}

TEST_CASE("how many words are left is not known") {
  RunOpCases({
      {.op = "StringNormalizer", .inputs = {"string[5]"}, .expected = "string[5]"},
      {.op = "StringNormalizer",
       .attrs = {"stopwords=[\"a\"]"},
       .inputs = {"string[1,5]"},
       .expected = "string[1,kept_words]",
       .ops = 0},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
