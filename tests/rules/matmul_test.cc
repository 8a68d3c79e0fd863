// MatMul, Gemm and the quantised forms against the naive counter.
#include "tests/support/catch.h"
#include "tests/support/naive_counter.h"
#include "tests/support/op_case.h"
#include "tests/support/sweep.h"
#include "tests/support/text.h"

namespace onnx_macs::testing {
namespace {

const Sweep kMatMul({"ai.onnx MatMul"});

TEST_CASE("MatMul over every combination of ranks and broadcast batches") {
  const SweepCheck check(kMatMul);
  const std::vector<Ints> batches = {{}, {1}, {5}, {4, 1}, {1, 5}, {4, 5}};
  for (const Ints& left : batches) {
    for (const Ints& right : batches) {
      for (bool a_is_vector : {false, true}) {
        for (bool b_is_vector : {false, true}) {
          Ints a = left, b = right;
          if (a_is_vector) a = {3};
          if (b_is_vector) b = {3};
          if (!a_is_vector) a.insert(a.end(), {2, 3});
          if (!b_is_vector) b.insert(b.end(), {3, 7});
          const NaiveResult oracle = CountMatMul(a, b);
          RunOpCase({.op = "MatMul",
                     .inputs = {F32(a), F32(b)},
                     .expected = F32(oracle.shape),
                     .macs = oracle.macs,
                     .ops = 0});
        }
      }
    }
  }
}

const Sweep kGemm({"ai.onnx Gemm"});

TEST_CASE("Gemm with both transpositions") {
  const SweepCheck check(kGemm);
  for (bool trans_a : {false, true}) {
    for (bool trans_b : {false, true}) {
      for (int64_t inner : {1, 2, 3, 4}) {
        const Ints a = trans_a ? Ints{inner, 2} : Ints{2, inner};
        const Ints b = trans_b ? Ints{5, inner} : Ints{inner, 5};
        const NaiveResult oracle = CountGemm(a, b, trans_a, trans_b);
        OpCase op_case = {.op = "Gemm",
                          .attrs = {absl::StrCat("transA=", trans_a ? 1 : 0),
                                    absl::StrCat("transB=", trans_b ? 1 : 0)},
                          .inputs = {F32(a), F32(b)},
                          .expected = F32(oracle.shape),
                          .macs = oracle.macs,
                          .ops = 0};
        RunOpCase(op_case);
        op_case.inputs.push_back("f32[5]");
        op_case.ops = 10;
        RunOpCase(op_case);
      }
    }
  }
}

TEST_CASE("matrix products") {
  RunOpCases(std::vector<OpCase>{
      {.op = "MatMul",
       .inputs = {"f16[b,s,320]", "f16[320,640]=weights"},
       .expected = "f16[b,s,640]",
       .macs_formula = "204800*b*s",
       .params = 204800},
      {.op = "MatMul",
       .inputs = {"f32[2,3]", "f32[4,5]"},
       .expected = "gap: inner sizes differ: 3 and 4"},
      {.op = "MatMul", .inputs = {"f32[]", "f32[4,5]"}, .expected = "gap: an operand is a scalar"},
      {.op = "MatMul", .inputs = {"f32[2,2,3]", "f32[3,3,5]"}, .expected = "gap: "},
      {.op = "Gemm", .inputs = {"f32[2,3]", "f32[4,5]"}, .expected = "gap: inner sizes differ"},
      {.op = "Gemm", .inputs = {"f32[1,2,3]", "f32[3,5]"}, .expected = "gap: operands must be 2-D"},
      {.op = "MatMulInteger",
       .inputs = {"u8[2,3]", "i8[3,4]=weights", "u8[]={1}", "i8[4]={0,0,0,0}"},
       .expected = "i32[2,4]",
       .macs = 24,
       .ops = 0,
       .params = 12},
      {.op = "QLinearMatMul",
       .inputs = {"u8[7,2,3]", "f32[]={1}", "u8[]={0}", "i8[7,3,4]=weights", "f32[]={1}",
                  "i8[]={0}", "f32[]={1}", "i8[]={0}"},
       .expected = "i8[7,2,4]",
       .macs = 168,
       .params = 84},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
