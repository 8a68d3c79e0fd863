// Slice, Split and Concat: clamping, symbolic ends, values.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("Slice clamps as ONNX does") {
  RunOpCases({
      {.op = "Slice",
       .inputs = {"f32[20,10]", "i64[2]={0,0}", "i64[2]={3,10}"},
       .expected = "f32[3,10]",
       .macs = 0,
       .ops = 0},
      {.op = "Slice", .inputs = {"f32[20]", "i64[1]={-5}", "i64[1]={-2}"}, .expected = "f32[3]"},
      {.op = "Slice", .inputs = {"f32[20]", "i64[1]={5}", "i64[1]={1000}"}, .expected = "f32[15]"},
      {.op = "Slice", .inputs = {"f32[20]", "i64[1]={30}", "i64[1]={40}"}, .expected = "f32[0]"},
      {.op = "Slice", .inputs = {"f32[20]", "i64[1]={-30}", "i64[1]={5}"}, .expected = "f32[5]"},
      {.op = "Slice",
       .inputs = {"f32[20]", "i64[1]={1}", "i64[1]={10}", "i64[1]={0}", "i64[1]={4}"},
       .expected = "f32[3]"},
      {.op = "Slice",
       .inputs = {"f32[20]", "i64[1]={-1}", "i64[1]={-9223372036854775807}", "i64[1]={0}",
                  "i64[1]={-1}"},
       .expected = "f32[20]"},
      {.op = "Slice",
       .inputs = {"f32[20]", "i64[1]={50}", "i64[1]={5}", "i64[1]={0}", "i64[1]={-3}"},
       .expected = "f32[5]"},
      // Backwards from the end to beyond it: nothing.
      {.op = "Slice",
       .inputs = {"f32[20]", "i64[1]={30}", "i64[1]={25}", "i64[1]={0}", "i64[1]={-1}"},
       .expected = "f32[0]"},
      {.op = "Slice",
       .inputs = {"f32[20,10]", "i64[1]={1}", "i64[1]={3}", "i64[1]={-1}"},
       .expected = "f32[20,2]"},
      {.op = "Slice",
       .opset = 9,
       .attrs = {"starts=[1]", "ends=[3]", "axes=[1]"},
       .inputs = {"f32[20,10]"},
       .expected = "f32[20,2]"},
      {.op = "Slice",
       .inputs = {"f32[20]", "i64[1]={0}", "i64[1]={5}", "i64[1]={0}", "i64[1]={0}"},
       .expected = "gap: step is 0"},
      {.op = "Slice",
       .inputs = {"f32[20]", "i64[1]={0}", "i64[1]={5}", "i64[1]={3}"},
       .expected = "gap: axis 3"},
  });
}

TEST_CASE("Slice of symbolic axes") {
  RunOpCases({
      {.op = "Slice",
       .inputs = {"f32[h]", "i64[1]={0}", "i64[1]={9223372036854775807}"},
       .expected = "f32[h]"},
      {.op = "Slice",
       .inputs = {"f32[h]", "i64[1]={0}", "i64[1]={2147483647}"},
       .expected = "f32[h]"},
      {.op = "Slice", .inputs = {"f32[2*h]", "i64[1]={0}", "i64[1]={h}"}, .expected = "f32[h]"},
      {.op = "Slice",
       .inputs = {"f32[2*h]", "i64[1]={h}", "i64[1]={9223372036854775807}"},
       .expected = "f32[h]"},
      {.op = "Slice",
       .inputs = {"f32[h]", "i64[1]={-1}", "i64[1]={-9223372036854775807}", "i64[1]={0}",
                  "i64[1]={-1}"},
       .expected = "f32[h]"},
      {.op = "Slice",
       .inputs = {"f32[2*h]", "i64[1]={0}", "i64[1]={9223372036854775807}", "i64[1]={0}",
                  "i64[1]={2}"},
       .expected = "f32[h]"},
      {.op = "Slice",
       .inputs = {"f32[77]", "i64[1]={0}", "i64[1]={n}"},
       .expected = "f32[min(n,77)]"},
      {.op = "Slice",
       .inputs = {"f32[20,3]", "i64[1]", "i64[1]={5}", "i64[1]={0}"},
       .expected = "f32[?,3]"},
      // Axes that only the run knows are taken to be the first ones, with a note.
      {.op = "Slice",
       .inputs = {"f32[20,3]", "i64[1]={0}", "i64[1]={5}", "i64[1]"},
       .expected = "f32[5,3]"},
      {.op = "Slice", .inputs = {"f32", "i64[1]={0}", "i64[1]={5}"}, .expected = "f32"},
  });
}

TEST_CASE("Slice picks values") {
  RunOpCases({
      {.op = "Slice",
       .inputs = {"i64[4]={1,2,h,4}", "i64[1]={2}", "i64[1]={4}"},
       .expected = "i64[2]={h,4}"},
      {.op = "Slice",
       .inputs = {"i64[4]={1,2,3,4}", "i64[1]={-1}", "i64[1]={-9223372036854775807}", "i64[1]={0}",
                  "i64[1]={-1}"},
       .expected = "i64[4]={4,3,2,1}"},
      {.op = "Slice",
       .inputs = {"i64[2,3]={1,2,3,4,5,6}", "i64[1]={1}", "i64[1]={3}", "i64[1]={1}"},
       .expected = "i64[2,2]={2,3,5,6}"},
      {.op = "Slice",
       .inputs = {"i64[3]={1,2,3}", "i64[1]={2}", "i64[1]={9}", "i64[1]={0}",
                  "i64[1]={9223372036854775807}"},
       .expected = "i64[1]={3}"},
  });
}

TEST_CASE("Split in equal or given pieces") {
  RunOpCases({
      {.op = "Split",
       .inputs = {"f32[6,2]"},
       .expected = "f32[3,2]; f32[3,2]",
       .macs = 0,
       .ops = 0},
      {.op = "Split",
       .attrs = {"axis=-1"},
       .inputs = {"f32[2,2*h]"},
       .expected = "f32[2,h]; f32[2,h]"},
      {.op = "Split", .inputs = {"f32[7]", "i64[2]={3,4}"}, .expected = "f32[3]; f32[4]"},
      {.op = "Split",
       .opset = 11,
       .attrs = {"split=[3,4]"},
       .inputs = {"f32[7]"},
       .expected = "f32[3]; f32[4]"},
      {.op = "Split",
       .opset = 18,
       .attrs = {"num_outputs=3"},
       .inputs = {"f32[7]"},
       .expected = "f32[3]; f32[3]; f32[1]"},
      {.op = "Split",
       .inputs = {"i64[3]={1,2,h}", "i64[2]={1,2}"},
       .expected = "i64[1]={1}; i64[2]={2,h}"},
      {.op = "Split", .inputs = {"f32[7]", "i64[2]={0,7}"}, .expected = "f32[0]; f32[7]"},
      {.op = "Split", .inputs = {"f32[7]", "i64[2]"}, .expected = "f32[?]; f32[?]"},
      {.op = "Split", .inputs = {"f32[7]", "i64[2]={3,3}"}, .expected = "gap: do not add up to 7"},
  });
}

TEST_CASE("Concat adds up its axis") {
  RunOpCases({
      {.op = "Concat",
       .attrs = {"axis=1"},
       .inputs = {"f32[2,3]", "f32[2,h]", "f32[2,1]"},
       .expected = "f32[2,h+4]",
       .macs = 0,
       .ops = 0},
      {.op = "Concat",
       .attrs = {"axis=0"},
       .inputs = {"f32[2,?]", "f32[3,4]"},
       .expected = "f32[5,4]"},
      {.op = "Concat", .attrs = {"axis=0"}, .inputs = {"f32[2,3]", "f32"}, .expected = "f32[?,3]"},
      {.op = "Concat",
       .attrs = {"axis=0"},
       .inputs = {"i64[1]={h}", "i64[2]={2,3}"},
       .expected = "i64[3]={h,2,3}"},
      {.op = "Concat",
       .attrs = {"axis=0"},
       .inputs = {"i64[1]={5}", "i64[1]"},
       .expected = "i64[2]={5,?}"},
      {.op = "Concat",
       .attrs = {"axis=0"},
       .inputs = {"f32[2,3]", "f32[2,4]"},
       .expected = "gap: axis 1 has sizes 3 and 4"},
      {.op = "Concat",
       .attrs = {"axis=0"},
       .inputs = {"f32[2,3]", "f32[2]"},
       .expected = "gap: differ in rank"},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
