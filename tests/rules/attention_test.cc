// Fused attention against the naive counter: layouts, head sharing, caches.
#include "tests/support/attention_case.h"
#include "tests/support/catch.h"
#include "tests/support/naive_counter.h"
#include "tests/support/op_case.h"
#include "tests/support/sweep.h"
#include "tests/support/text.h"

namespace onnx_macs::testing {
namespace {

OpCase CaseOf(const NaiveAttention& a, bool is_flat) {
  const int64_t all_keys = a.past + a.keys;
  OpCase op_case = {.op = "Attention", .opset = 23};
  Ints y;
  if (is_flat) {
    op_case.attrs = {absl::StrCat("q_num_heads=", a.heads),
                     absl::StrCat("kv_num_heads=", a.kv_heads)};
    op_case.inputs = {F32({a.batch, a.queries, a.heads * a.key_size}),
                      F32({a.batch, a.keys, a.kv_heads * a.key_size}),
                      F32({a.batch, a.keys, a.kv_heads * a.value_size})};
    y = {a.batch, a.queries, a.heads * a.value_size};
  } else {
    op_case.inputs = {F32({a.batch, a.heads, a.queries, a.key_size}),
                      F32({a.batch, a.kv_heads, a.keys, a.key_size}),
                      F32({a.batch, a.kv_heads, a.keys, a.value_size})};
    y = {a.batch, a.heads, a.queries, a.value_size};
  }
  if (a.past > 0) {
    op_case.inputs.push_back("");
    op_case.inputs.push_back(F32({a.batch, a.kv_heads, a.past, a.key_size}));
    op_case.inputs.push_back(F32({a.batch, a.kv_heads, a.past, a.value_size}));
  }
  op_case.expected = absl::StrJoin({F32(y), F32({a.batch, a.kv_heads, all_keys, a.key_size}),
                                    F32({a.batch, a.kv_heads, all_keys, a.value_size}),
                                    F32({a.batch, a.heads, a.queries, all_keys})},
                                   "; ");
  return op_case;
}

const Sweep kAttention({"ai.onnx Attention"});

TEST_CASE("attention as the naive loops count it") {
  const SweepCheck check(kAttention);
  for (int64_t batch : {1, 3}) {
    for (int64_t heads : {1, 2, 6}) {
      for (int64_t kv_heads : {1, 2, 6}) {
        if (heads % kv_heads != 0) continue;
        for (int64_t past : {0, 4}) {
          const NaiveAttention attention{batch, heads, kv_heads, 5, 3, past, 4, 2};
          const NaiveAttentionParts parts = CountAttention(attention);
          for (bool is_flat : {false, true}) {
            OpCase op_case = CaseOf(attention, is_flat);
            op_case.ops = 3 * parts.softmax;
            RunAttentionCase(op_case, parts);
          }
        }
      }
    }
  }
}

TEST_CASE("windows of attention as the naive loops count them, away from the ends") {
  for (int64_t left : {0, 1, 3}) {
    for (int64_t right : {0, 2}) {
      // 4 queries behind 5 cached keys, with 7 new ones: every window lies within the keys.
      const int64_t pairs = CountWindowedPairs(5, 4, 7, left, right);
      OpCase op_case = {.op = "Attention",
                        .opset = 25,
                        .attrs = {absl::StrCat("left_window_size=", left),
                                  absl::StrCat("right_window_size=", right)},
                        .inputs = {"f32[2,6,4,8]", "f32[2,3,7,8]", "f32[2,3,7,5]", "",
                                   "f32[2,3,5,8]", "f32[2,3,5,5]"},
                        .expected = "f32[2,6,4,5]",
                        .macs = 2 * 6 * pairs * (8 + 1 + 5),
                        .ops = 2 * 6 * pairs * 3};
      RunOpCase(op_case);
      op_case.attrs = {absl::StrCat("left_window_size=", left), "is_causal=1"};
      op_case.macs = 2 * 6 * CountWindowedPairs(5, 4, 7, left, 0) * (8 + 1 + 5);
      op_case.ops = {};
      RunOpCase(op_case);
      // A window that is open on one side, or wider than the keys, saves nothing.
      op_case.attrs = {absl::StrCat("right_window_size=", right)};
      op_case.macs = 2 * 6 * 4 * 12 * (8 + 1 + 5);
      RunOpCase(op_case);
      op_case.attrs = {"left_window_size=20", "right_window_size=20"};
      RunOpCase(op_case);
    }
  }
}

TEST_CASE("lengths of caches that are in the file are what is met") {
  OpCase op_case = {
      .op = "Attention",
      .opset = 24,
      .inputs = {"f32[3,2,4,8]", "f32[3,2,9,8]", "f32[3,2,9,5]", "", "", "", "i64[3]={9,1,4}"},
      .expected = "f32[3,2,4,5]",
      .macs = 2 * 4 * 14 * (8 + 1 + 5)};
  RunOpCase(op_case);
  op_case.inputs[6] = "i64[3]";
  op_case.macs = 3 * 2 * 4 * 9 * (8 + 1 + 5);
  RunOpCase(op_case);
}

TEST_CASE("symbolic attention") {
  RunOpCases(std::vector<OpCase>{
      {.op = "Attention",
       .opset = 23,
       .inputs = {"f16[b,8,s,40]", "f16[b,8,77,40]", "f16[b,8,77,40]"},
       .expected = "f16[b,8,s,40]",
       .macs_formula = "49896*b*s"},
      {.op = "Attention",
       .opset = 24,
       .attrs = {"q_num_heads=4", "kv_num_heads=2"},
       .inputs = {"f32[1,s,64]", "f32[1,s,32]", "f32[1,s,48]", "", "f32[1,2,past,16]",
                  "f32[1,2,past,24]"},
       .expected = "f32[1,s,96]; f32[1,2,s+past,16]; f32[1,2,s+past,24]"},
  });
}

TEST_CASE("attention that cannot be") {
  const std::string q = "f32[1,4,6,8]";
  RunOpCases(std::vector<OpCase>{
      {.op = "Attention",
       .opset = 23,
       .inputs = {"f32[1,6,8]", "f32[1,6,8]", "f32[1,6,8]"},
       .expected = "gap: q_num_heads is 0"},
      {.op = "Attention",
       .opset = 23,
       .attrs = {"q_num_heads=-2", "kv_num_heads=2"},
       .inputs = {"f32[1,6,8]", "f32[1,6,8]", "f32[1,6,8]"},
       .expected = "gap: q_num_heads is -2"},
      {.op = "Attention",
       .opset = 23,
       .attrs = {"q_num_heads=3", "kv_num_heads=3"},
       .inputs = {"f32[1,6,8]", "f32[1,6,8]", "f32[1,6,8]"},
       .expected = "gap: hidden size 8 is not divisible by 3 heads"},
      {.op = "Attention",
       .opset = 23,
       .inputs = {q, "f32[1,3,6,8]", "f32[1,3,6,8]"},
       .expected = "gap: 4 query heads cannot share 3 key-value heads"},
      {.op = "Attention",
       .opset = 23,
       .inputs = {q, "f32[1,0,6,8]", "f32[1,0,6,8]"},
       .expected = "gap: 4 query heads cannot share 0 key-value heads"},
      {.op = "Attention",
       .opset = 23,
       .inputs = {q, "f32[1,4,6,7]", "f32[1,4,6,7]"},
       .expected = "gap: Q and K have different head sizes"},
      {.op = "Attention",
       .opset = 23,
       .inputs = {q, "f32[1,4,6,8]", "f32[1,4,5,8]"},
       .expected = "gap: K and V have different lengths"},
      {.op = "Attention",
       .opset = 23,
       .inputs = {"f32[6,8]", "f32[6,8]", "f32[6,8]"},
       .expected = "gap: an operand has 2 dims"},
      {.op = "Attention",
       .opset = 24,
       .attrs = {"left_window_size=-2"},
       .inputs = {q, q, q},
       .expected = "gap: left_window_size is -2"},
      {.op = "Attention",
       .opset = 24,
       .inputs = {q, q, q, "", q},
       .expected = "gap: of past_key and past_value one is missing"},
      {.op = "Attention",
       .opset = 24,
       .inputs = {q, q, q, "", q, q, "i64[1]"},
       .expected = "gap: a cache and nonpad_kv_seqlen exclude each other"},
  });
}

}  // namespace
}  // namespace onnx_macs::testing
