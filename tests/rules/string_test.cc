// Strings: joined, split, matched, counted.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("strings cost nothing, n-grams their weights") {
  RunOpCases({
      {.op = "StringConcat",
       .opset = 20,
       .inputs = {"str[3,1]", "str[2]"},
       .expected = "str[3,2]",
       .ops = 0},
      {.op = "RegexFullMatch", .opset = 20, .inputs = {"str[3,h]"}, .expected = "bool[3,h]"},
      {.op = "StringSplit", .opset = 20, .inputs = {"str[3]"}, .expected = "str[3,pieces]; i64[3]"},
      {.op = "TfIdfVectorizer",
       .attrs = {"ngram_indexes=[0,6,2]"},
       .inputs = {"i32[2,12]"},
       .expected = "f32[2,7]",
       .ops = 14},
      {.op = "TfIdfVectorizer",
       .attrs = {"ngram_indexes=[0,-1]"},
       .inputs = {"i32[12]"},
       .expected = "gap: an entry of -1"},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
