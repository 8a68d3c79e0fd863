// MultiHeadAttention and its kin against the naive counter: every layout, caches, packed queries.
#include "tests/support/attention_case.h"
#include "tests/support/catch.h"
#include "tests/support/naive_counter.h"
#include "tests/support/sweep.h"
#include "tests/support/text.h"

namespace onnx_macs::testing {
namespace {

const std::string kMs = "com.microsoft";

OpCase CaseOf(const NaiveAttention& a) {
  const int64_t n = a.heads;
  OpCase op_case = {
      .op = "MultiHeadAttention",
      .domain = kMs,
      .opset = 1,
      .attrs = {absl::StrCat("num_heads=", n)},
      .inputs = {F32({a.batch, a.queries, n * a.key_size}), F32({a.batch, a.keys, n * a.key_size}),
                 F32({a.batch, a.keys, n * a.value_size})}};
  if (a.past > 0) {
    op_case.inputs.insert(op_case.inputs.end(), {"", "", "", F32({a.batch, n, a.past, a.key_size}),
                                                 F32({a.batch, n, a.past, a.value_size})});
  }
  const int64_t keys = a.past + a.keys;
  op_case.expected = absl::StrJoin(
      {F32({a.batch, a.queries, n * a.value_size}), F32({a.batch, n, keys, a.key_size}),
       F32({a.batch, n, keys, a.value_size}), F32({a.batch, n, a.queries, keys})},
      "; ");
  return op_case;
}

const Sweep kMultiHead({"com.microsoft MultiHeadAttention"});

TEST_CASE("multi-head attention as the naive loops count it") {
  const SweepCheck check(kMultiHead);
  for (int64_t batch : {1, 3}) {
    for (int64_t heads : {1, 2, 5}) {
      for (int64_t past : {0, 4}) {
        const NaiveAttention attention{batch, heads, heads, 5, 3, past, 4, 2};
        const NaiveAttentionParts parts = CountAttention(attention);
        OpCase op_case = CaseOf(attention);
        op_case.ops = 3 * parts.softmax;
        RunAttentionCase(op_case, parts);
      }
    }
  }
}

// 2 sequences, 3 queries, 5 keys, 2 heads of 4: 60 pairs of 9.
TEST_CASE("every layout of the operands counts the same") {
  const std::vector<std::string> heads = {"num_heads=2"};
  RunOpCases(std::vector<OpCase>{
      {.op = "MultiHeadAttention",
       .domain = kMs,
       .opset = 1,
       .attrs = heads,
       .inputs = {"f32[2,3,8]", "f32[2,2,5,4]", "f32[2,2,5,4]"},
       .expected = "f32[2,3,8]",
       .macs = 540},
      {.op = "MultiHeadAttention",
       .domain = kMs,
       .opset = 1,
       .attrs = heads,
       .inputs = {"f32[2,3,8]", "f32[2,5,2,2,4]"},
       .expected = "f32[2,3,8]",
       .macs = 540},
      {.op = "MultiHeadAttention",
       .domain = kMs,
       .opset = 1,
       .attrs = heads,
       .inputs = {"f32[2,3,2,3,4]"},
       .expected = "f32[2,3,8]",
       .macs = 324},
      // The bias: 2 sequences * 2 heads * (3 * 4 + 5 * 8)
      {.op = "MultiHeadAttention",
       .domain = kMs,
       .opset = 1,
       .attrs = heads,
       .inputs = {"f32[2,3,8]", "f32[2,5,8]", "f32[2,5,8]", "f32[24]"},
       .expected = "f32[2,3,8]",
       .macs = 540,
       .ops = 180 + 208},
      // A shared buffer of 16, of which 7 are in use.
      {.op = "MultiHeadAttention",
       .domain = kMs,
       .opset = 1,
       .attrs = heads,
       .inputs = {"f32[2,1,8]", "f32[2,1,8]", "f32[2,1,8]", "", "", "", "f32[2,2,16,4]",
                  "f32[2,2,16,4]", "i32[1]={7}"},
       .expected = "f32[2,1,8]; f32[2,2,16,4]; f32[2,2,16,4]; f32[2,2,1,8]",
       .macs = 2 * 2 * 8 * 9},
      {.op = "MultiHeadAttention",
       .domain = kMs,
       .opset = 1,
       .attrs = {"num_heads=8"},
       .inputs = {"f16[b,s,320]", "f16[b,77,320]", "f16[b,77,320]"},
       .expected = "f16[b,s,320]",
       .macs_formula = "49896*b*s"},
      {.op = "DecoderMaskedMultiHeadAttention",
       .domain = kMs,
       .opset = 1,
       .attrs = heads,
       .inputs = {"f32[2,1,8]", "f32[2,1,8]", "f32[2,1,8]", "", "", "f32[2,2,5,4]", "f32[2,2,5,4]"},
       .expected = "f32[2,1,8]; f32[2,2,6,4]; f32[2,2,6,4]",
       .macs = 2 * 2 * 6 * 9},
      {.op = "DecoderMaskedMultiHeadAttention",
       .domain = kMs,
       .opset = 1,
       .attrs = heads,
       .inputs = {"f32[2,1,24]", "", "", "", "", "f32[2,2,5,4]", "f32[2,2,5,4]"},
       .expected = "f32[2,1,8]; f32[2,2,6,4]; f32[2,2,6,4]",
       .macs = 2 * 2 * 6 * 9},
      {.op = "PackedMultiHeadAttention",
       .domain = kMs,
       .opset = 1,
       .attrs = heads,
       .inputs = {"f32[7,8]", "f32[7,8]", "f32[7,8]", "", "i32[3,4]", "i32[4]={0,2,3,7}"},
       .expected = "f32[7,8]",
       .macs = 42 * 9},
      {.op = "PackedMultiHeadAttention",
       .domain = kMs,
       .opset = 1,
       .attrs = heads,
       .inputs = {"f32[7,2,3,4]", "", "", "", "i32[3,4]", "i32[4]={0,2,3,7}"},
       .expected = "f32[7,8]",
       .macs = 42 * 9},
  });
}

TEST_CASE("DecoderAttention projects what it must") {
  const std::vector<std::string> heads = {"num_heads=2"};
  const std::string q = "f32[3,2,8]", k = "f32[5,2,8]", w = "f32[8,8]", kv = "f32[8,16]";
  RunOpCases(std::vector<OpCase>{
      // Self-attention, no cache: (3 + 2 * 3) * 2 * 64 projected; 2 * 2 * 9 pairs.
      {.op = "DecoderAttention",
       .domain = kMs,
       .opset = 1,
       .attrs = heads,
       .inputs = {q, k, w, kv, "f32[24]", "", "", "", "bool[1]={0}", "bool[1]={0}"},
       .expected = "f32[3,2,8]; f32[2,2,3,4]",
       .macs = 1152 + 36 * 9},
      // Cross attention without a cache: (3 + 2 * 5) * 2 * 64; 2 * 2 * 15 pairs.
      {.op = "DecoderAttention",
       .domain = kMs,
       .opset = 1,
       .attrs = heads,
       .inputs = {q, k, w, kv, "f32[24]", "", "", "", "bool[1]={1}", "bool[1]={0}"},
       .expected = "f32[3,2,8]; f32[2,2,5,4]",
       .macs = 1664 + 60 * 9},
      // With one nothing but the query is projected.
      {.op = "DecoderAttention",
       .domain = kMs,
       .opset = 1,
       .attrs = heads,
       .inputs = {q, k, w, kv, "f32[24]", "", "f32[2,2,5,4]", "f32[2,2,5,4]", "bool[1]={1}",
                  "bool[1]={1}"},
       .expected = "f32[3,2,8]; f32[2,2,5,4]",
       .macs = 384 + 60 * 9},
  });
}

TEST_CASE("multi-head attention that cannot be") {
  RunOpCases(std::vector<OpCase>{
      {.op = "MultiHeadAttention",
       .domain = kMs,
       .opset = 1,
       .inputs = {"f32[2,3,8]", "f32[2,5,8]", "f32[2,5,8]"},
       .expected = "gap: num_heads is 0"},
      {.op = "MultiHeadAttention",
       .domain = kMs,
       .opset = 1,
       .attrs = {"num_heads=2"},
       .inputs = {"f32[2,3,8]", "f32[2,5,6]", "f32[2,5,8]"},
       .expected = "gap: Q and K have different hidden sizes"},
      {.op = "MultiHeadAttention",
       .domain = kMs,
       .opset = 1,
       .attrs = {"num_heads=2"},
       .inputs = {"f32[2,3,8]", "f32[2,5,8]", "f32[2,4,8]"},
       .expected = "gap: K and V have different lengths"},
      {.op = "MultiHeadAttention",
       .domain = kMs,
       .opset = 1,
       .attrs = {"num_heads=2"},
       .inputs = {"f32[3,8]", "f32[2,5,8]", "f32[2,5,8]"},
       .expected = "gap: the query has 2 dims"},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
