// Transpose, Expand, Tile, Pad and the block moves.
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("Transpose permutes shape and values") {
  RunOpCases({
      {.op = "Transpose", .inputs = {"f32[2,h,4]"}, .expected = "f32[4,h,2]", .macs = 0, .ops = 0},
      {.op = "Transpose",
       .attrs = {"perm=[0,2,1]"},
       .inputs = {"f32[2,3,4]"},
       .expected = "f32[2,4,3]"},
      {.op = "Transpose",
       .attrs = {"perm=[1,0]"},
       .inputs = {"i64[2,3]={1,2,3,4,5,6}"},
       .expected = "i64[3,2]={1,4,2,5,3,6}"},
      {.op = "Transpose",
       .attrs = {"perm=[0,0]"},
       .inputs = {"f32[2,3]"},
       .expected = "gap: does not permute"},
      {.op = "Transpose",
       .attrs = {"perm=[0]"},
       .inputs = {"f32[2,3]"},
       .expected = "gap: does not permute"},
      {.op = "Transpose",
       .attrs = {"perm=[0,-1,1]"},
       .inputs = {"f32[2,h,4]"},
       .expected = "f32[2,4,h]"},
      {.op = "Transpose", .inputs = {"f32"}, .expected = "f32"},
  });
}

TEST_CASE("Expand broadcasts with the shape asked for") {
  RunOpCases({
      {.op = "Expand",
       .inputs = {"f32[3,1]", "i64[3]={2,1,6}"},
       .expected = "f32[2,3,6]",
       .ops = 0},
      {.op = "Expand", .inputs = {"f32[3,4]", "i64[1]={1}"}, .expected = "f32[3,4]"},
      {.op = "Expand", .inputs = {"f32[1,77]", "i64[2]={b,77}"}, .expected = "f32[b,77]"},
      {.op = "Expand", .inputs = {"f32[3,1]", "i64[2]"}, .expected = "f32[3,?]"},
      {.op = "Expand", .inputs = {"f32[3]", "i64[1]={4}"}, .expected = "gap: do not broadcast"},
      {.op = "Expand",
       .inputs = {"i64[2,1]={1,2}", "i64[2]={2,2}"},
       .expected = "i64[2,2]={1,1,2,2}"},
  });
}

TEST_CASE("Tile repeats axes") {
  RunOpCases({
      {.op = "Tile", .inputs = {"f32[2,h]", "i64[2]={3,2}"}, .expected = "f32[6,2*h]", .ops = 0},
      {.op = "Tile", .inputs = {"f32[2,3]", "i64[2]"}, .expected = "f32[?,?]"},
      {.op = "Tile", .inputs = {"i64[2]={1,2}", "i64[1]={2}"}, .expected = "i64[4]={1,2,1,2}"},
      {.op = "Tile", .inputs = {"f32[2,3]", "i64[1]={2}"}, .expected = "gap: 1 repeats for 2 axes"},
      {.op = "Tile",
       .inputs = {"f32[3]", "i64[1]={9223372036854775807}"},
       .expected = "gap: too large"},
      {.op = "Tile",
       .opset = 1,
       .inputs = {"f32[2,3]", "i64[]={4}", "i64[]={1}"},
       .expected = "f32[2,12]"},
  });
}

TEST_CASE("Pad adds and crops") {
  RunOpCases({
      {.op = "Pad",
       .inputs = {"f32[1,3,h,w]", "i64[8]={0,0,1,2,0,0,3,4}"},
       .expected = "f32[1,3,h+4,w+6]",
       .macs = 0,
       .ops = 0},
      {.op = "Pad", .inputs = {"f32[5]", "i64[2]={-1,-2}"}, .expected = "f32[2]"},
      {.op = "Pad",
       .opset = 18,
       .inputs = {"f32[2,5]", "i64[2]={1,1}", "", "i64[1]={-1}"},
       .expected = "f32[2,7]"},
      {.op = "Pad",
       .opset = 2,
       .attrs = {"pads=[0,1,0,1]"},
       .inputs = {"f32[2,5]"},
       .expected = "f32[2,7]"},
      {.op = "Pad",
       .opset = 1,
       .attrs = {"paddings=[1,0]"},
       .inputs = {"f32[5]"},
       .expected = "f32[6]"},
      {.op = "Pad", .inputs = {"f32[5,2]", "i64[4]"}, .expected = "f32[?,?]"},
      {.op = "Pad", .inputs = {"f32[5]", "i64[2]={-4,-4}"}, .expected = "gap: cut off"},
      {.op = "Pad",
       .inputs = {"f32[5]", "i64[2]={9223372036854775807,1}"},
       .expected = "gap: too large"},
      {.op = "Pad", .inputs = {"f32[5]", "i64[3]={0,0,0}"}, .expected = "gap: 3 pads for 1 axes"},
  });
}

TEST_CASE("blocks move between channels and space") {
  RunOpCases({
      {.op = "DepthToSpace",
       .attrs = {"blocksize=2"},
       .inputs = {"f32[1,8,3,w]"},
       .expected = "f32[1,2,6,2*w]",
       .ops = 0},
      {.op = "DepthToSpace",
       .attrs = {"blocksize=3"},
       .inputs = {"f32[1,18,2,w]"},
       .expected = "f32[1,2,6,3*w]"},
      {.op = "SpaceToDepth",
       .attrs = {"blocksize=3"},
       .inputs = {"f32[1,2,6,9]"},
       .expected = "f32[1,18,2,3]"},
      {.op = "SpaceToDepth",
       .attrs = {"blocksize=2"},
       .inputs = {"f32[1,2,6,8]"},
       .expected = "f32[1,8,3,4]"},
      {.op = "SpaceToDepth",
       .attrs = {"blocksize=2"},
       .inputs = {"f32[1,2,h,8]"},
       .expected = "f32[1,8,h/2,4]"},
      {.op = "DepthToSpace",
       .attrs = {"blocksize=2"},
       .inputs = {"f32[1,6,3,3]"},
       .expected = "gap: 6 is not divisible by 4"},
      {.op = "DepthToSpace", .inputs = {"f32[1,6,3,3]"}, .expected = "gap: blocksize"},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
