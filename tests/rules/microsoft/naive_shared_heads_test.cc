// com.microsoft's attention with shared heads, over pages, blocks and windows, against the naive
// counter.
#include "tests/support/attention_case.h"
#include "tests/support/catch.h"
#include "tests/support/naive_forms.h"
#include "tests/support/sweep.h"
#include "tests/support/text.h"

namespace onnx_macs::testing {
namespace {

const std::string kMs = "com.microsoft";

// "i32[2,3]={...}"
std::string I32(const Ints& dims, const Ints& values) {
  return absl::StrCat("i32[", absl::StrJoin(dims, ","), "]={", absl::StrJoin(values, ","), "}");
}

std::vector<std::string> HeadsOf(int64_t heads, int64_t kv_heads) {
  return {absl::StrCat("num_heads=", heads), absl::StrCat("kv_num_heads=", kv_heads)};
}

const Sweep kGroups({"com.microsoft GroupQueryAttention"});

TEST_CASE("grouped-query attention as the naive loops count it") {
  const SweepCheck check(kGroups);
  for (int64_t heads : {1, 2, 6}) {
    for (int64_t kv_heads : {1, 2, 6}) {
      if (heads % kv_heads != 0) continue;
      for (int64_t past : {0, 6}) {
        const std::string cache = past > 0 ? F32({2, kv_heads, past, 4}) : "";
        OpCase op_case = {.op = "GroupQueryAttention",
                          .domain = kMs,
                          .opset = 1,
                          .attrs = HeadsOf(heads, kv_heads),
                          .inputs = {F32({2, 3, heads * 4}), F32({2, 3, kv_heads * 4}),
                                     F32({2, 3, kv_heads * 4}), cache, cache, "i32[2]", "i32[1]"},
                          .expected = F32({2, 3, heads * 4})};
        const NaiveAttentionParts parts = CountAttention({2, heads, kv_heads, 3, 3, past, 4, 4});
        op_case.ops = 3 * parts.softmax;
        RunAttentionCase(op_case, parts);
        // Q, K and V in one.
        OpCase packed = op_case;
        packed.inputs[0] = F32({2, 3, (heads + 2 * kv_heads) * 4});
        packed.inputs[1] = packed.inputs[2] = "";
        RunAttentionCase(packed, parts);
        if (past == 0) continue;
        // The window counts the query's own key.
        const int64_t pairs = CountWindowedPairs(past, 3, 3, 3, 0);
        op_case.attrs.push_back("local_window_size=4");
        op_case.macs = 2 * heads * pairs * 9;
        op_case.ops = 2 * heads * pairs * 3;
        RunOpCase(op_case);
      }
    }
  }
}

const Sweep kSparse({"com.microsoft SparseAttention"});

TEST_CASE("sparse layouts as the naive loops count them") {
  const SweepCheck check(kSparse);
  // Four rows of blocks: everything before, two blocks, and one.
  const NaiveLayout full{{0, 1, 3, 6, 10}}, local{{0, 1, 3, 5, 7}}, own{{0, 1, 2, 3, 4}};
  for (const auto& layouts : {std::vector<NaiveLayout>{full}, {local, own}, {full, local, own}}) {
    for (int64_t heads : {2, 4, 6}) {
      for (int64_t block : {16, 32}) {
        for (int64_t queries : {int64_t{1}, block + 3, 4 * block}) {
          const int64_t total = queries == 1 ? 2 * block + 5 : 4 * block, room = 4 * block;
          const int64_t count = static_cast<int64_t>(layouts.size());
          Ints begins;
          for (const NaiveLayout& layout : layouts) {
            begins.insert(begins.end(), layout.row_begins.begin(), layout.row_begins.end());
          }
          const std::string q = F32({1, queries, heads * 8}), k = F32({1, queries, 16});
          const std::string cache = F32({1, 2, room, 8});
          OpCase op_case = {
              .op = "SparseAttention",
              .domain = kMs,
              .opset = 1,
              .attrs = HeadsOf(heads, 2),
              .inputs = {q, k, k, cache, cache, I32({count, 5}, begins),
                         absl::StrCat("i32[", count, ",10]"), I32({1}, {total}), "i32[1]"},
              .expected = absl::StrCat(q, "; ", cache, "; ", cache)};
          op_case.attrs.push_back(absl::StrCat("sparse_block_size=", block));
          RunAttentionCase(op_case, CountSparse({heads, 8, 8}, layouts, block, queries, total));
        }
      }
    }
  }
}

TEST_CASE("every sequence of a batch has the sparse layout") {
  const NaiveLayout layout{{0, 1, 3}};
  const NaiveAttentionParts one = CountSparse({2, 8, 8}, {layout}, 16, 32, 32);
  RunAttentionCase(
      {.op = "SparseAttention",
       .domain = kMs,
       .opset = 1,
       .attrs = {"num_heads=2", "kv_num_heads=2", "sparse_block_size=16"},
       .inputs = {"f32[3,32,16]", "f32[3,32,16]", "f32[3,32,16]", "f32[3,2,32,8]", "f32[3,2,32,8]",
                  "i32[1,3]={0,1,3}", "i32[1,3]", "i32[1]={32}", "i32[3]"},
       .expected = "f32[3,32,16]"},
      {3 * one.qk, 3 * one.softmax, 3 * one.av});
}

const Sweep kPaged({"com.microsoft PagedAttention"});

TEST_CASE("pages as the naive loops count them") {
  const SweepCheck check(kPaged);
  const std::pair<Ints, Ints> batches[] = {
      {{5}, {0}}, {{1, 1}, {7, 3}}, {{2, 3}, {4, 0}}, {{4, 0, 1}, {3, 9, 8}}};
  for (const auto& [lengths, past] : batches) {
    for (int64_t heads : {2, 4}) {
      for (int64_t value_size : {0, 5}) {
        std::vector<NaiveSequence> sequences;
        Ints ends = {0};
        for (size_t i = 0; i < lengths.size(); ++i) {
          ends.push_back(ends.back() + lengths[i]);
          sequences.push_back({lengths[i], past[i] + lengths[i]});
        }
        const int64_t tokens = ends.back(), batch = static_cast<int64_t>(lengths.size());
        const std::string k = F32({tokens, 16}), cache = "f32[8,16,2,8]";
        const int64_t of_value = value_size > 0 ? value_size : 8;
        OpCase op_case = {
            .op = "PagedAttention",
            .domain = kMs,
            .opset = 1,
            .attrs = HeadsOf(heads, 2),
            .inputs = {F32({tokens, heads * 8}), k, k, cache, cache, I32({batch + 1}, ends),
                       I32({batch}, past), absl::StrCat("i32[", batch, ",3]")},
            .expected = F32({tokens, heads * of_value})};
        if (value_size > 0) op_case.attrs.push_back(absl::StrCat("v_head_size=", value_size));
        RunAttentionCase(op_case, CountSequences({heads, 8, of_value}, sequences));
      }
    }
  }
}

TEST_CASE("windows over pages as the naive loops count them, away from the ends") {
  for (int64_t window : {1, 3}) {
    const int64_t pairs =
        CountWindowedPairs(4, 2, 2, window - 1, 0) + CountWindowedPairs(6, 3, 3, window - 1, 0);
    RunOpCase(
        {.op = "PagedAttention",
         .domain = kMs,
         .opset = 1,
         .attrs = {"num_heads=4", "kv_num_heads=2", absl::StrCat("local_window_size=", window)},
         .inputs = {"f32[5,32]", "f32[5,16]", "f32[5,16]", "f32[8,16,2,8]", "f32[8,16,2,8]",
                    "i32[3]={0,2,5}", "i32[2]={4,6}", "i32[2,3]"},
         .expected = "f32[5,32]",
         .macs = 4 * pairs * 17});
  }
}

const Sweep kLongformer({"com.microsoft LongformerAttention",
                         "com.microsoft QOrderedLongformerAttention"});

// The plain form, and the one with scales between.
void CheckLongformer(int64_t heads, int64_t window, const std::vector<Ints>& flags) {
  const int64_t batch = static_cast<int64_t>(flags.size()), width = heads * 4;
  const int64_t tokens = static_cast<int64_t>(flags[0].size());
  Ints all;
  bool has_global = false;
  for (const Ints& sequence : flags) {
    for (int64_t flag : sequence) has_global = has_global || flag != 0;
    all.insert(all.end(), sequence.begin(), sequence.end());
  }
  // Where a token is global, all are projected a second time.
  const int64_t once = CountMatMul({batch, tokens, width}, {width, 3 * width}).macs;
  const NaiveAttentionParts parts = CountLongformer({heads, 4, 4}, window, flags);
  const std::string x = F32({batch, tokens, width}), w = F32({width, 3 * width});
  const std::string mask = F32({batch, tokens}), global = I32({batch, tokens}, all);
  OpCase op_case = {.op = "LongformerAttention",
                    .domain = kMs,
                    .opset = 1,
                    .attrs = {absl::StrCat("num_heads=", heads), absl::StrCat("window=", window)},
                    .inputs = {x, w, "", mask, w, "", global},
                    .expected = x};
  RunAttentionCase(op_case, parts, has_global ? 2 * once : once);
  op_case.op = "QOrderedLongformerAttention";
  op_case.inputs = {x, "f32", w, "f32", "", "f32", "f32", mask, w, "f32", "", "f32", global, "f32"};
  RunAttentionCase(op_case, parts, has_global ? 2 * once : once);
}

TEST_CASE("Longformer's windows and global tokens as the naive loops count them") {
  const SweepCheck check(kLongformer);
  for (int64_t heads : {1, 2}) {
    for (int64_t window : {1, 2}) {
      CheckLongformer(heads, window, {{0, 0, 0, 0, 0}});
      CheckLongformer(heads, window, {{1, 0, 0, 0, 0, 0}, {1, 0, 0, 0, 0, 0}});
      CheckLongformer(heads, window, {{1, 0, 1, 0}, {1, 1, 0, 1}, {0, 0, 0, 0}});
      CheckLongformer(heads, window, {{1, 0, 0, 0}, {1, 1, 0, 0}});
    }
  }
}

}  // namespace
}  // namespace onnx_macs::testing
