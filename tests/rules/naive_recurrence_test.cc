// Recurrent layers, linear attention and the forms of attention against the naive counter, over
// all small sizes.
#include "tests/support/catch.h"
#include "tests/support/naive_counter.h"
#include "tests/support/op_case.h"
#include "tests/support/text.h"

namespace onnx_macs::testing {
namespace {

const std::string kMs = "com.microsoft";

// An operator of ONNX, and the same with quantised weights that lie the other way round.
struct Layer {
  const char *op, *domain;
  int64_t gates;
  bool weights_last;
};

OpCase CaseOf(const Layer& layer, const NaiveRecurrence& r, bool batch_first) {
  const int64_t rows = r.gates * r.hidden;
  OpCase op_case = {.op = layer.op, .domain = layer.domain};
  op_case.opset = op_case.domain.empty() ? 17 : 1;
  if (r.directions == 2) op_case.attrs.push_back("direction=\"bidirectional\"");
  if (batch_first) op_case.attrs.push_back("layout=1");
  const Ints x = batch_first ? Ints{r.batch, r.steps, r.input} : Ints{r.steps, r.batch, r.input};
  op_case.inputs = {F32(x), F32({r.directions, rows, r.input}),
                    F32({r.directions, rows, r.hidden})};
  if (layer.weights_last) {
    op_case.inputs[1] = F32({r.directions, r.input, rows});
    op_case.inputs[2] = F32({r.directions, r.hidden, rows});
  }
  const Ints y = batch_first ? Ints{r.batch, r.steps, r.directions, r.hidden}
                             : Ints{r.steps, r.directions, r.batch, r.hidden};
  const Ints last =
      batch_first ? Ints{r.batch, r.directions, r.hidden} : Ints{r.directions, r.batch, r.hidden};
  op_case.expected = F32(y) + "; " + F32(last);
  op_case.macs = CountRecurrence(r);
  return op_case;
}

TEST_CASE("recurrent layers as the naive loops count them") {
  const Layer layers[] = {
      {"RNN", "", 1, false},
      {"GRU", "", 3, false},
      {"LSTM", "", 4, false},
      {"DynamicQuantizeLSTM", "com.microsoft", 4, true},
  };
  for (const Layer& layer : layers) {
    for (int64_t directions : {1, 2}) {
      for (int64_t steps : {1, 5}) {
        for (int64_t input : {1, 3}) {
          for (int64_t hidden : {1, 4}) {
            const NaiveRecurrence r{layer.gates, directions, steps, 2, input, hidden};
            OpCase op_case = CaseOf(layer, r, false);
            RunOpCase(op_case);
            if (layer.weights_last) continue;
            RunOpCase(CaseOf(layer, r, true));
            // Biases, lengths, states and peepholes add no product of matrices.
            op_case.inputs.push_back(F32({directions, 2 * r.gates * hidden}));
            op_case.inputs.push_back("i32[2]");
            op_case.inputs.push_back(F32({directions, 2, hidden}));
            if (layer.gates == 4) {
              op_case.inputs.push_back(F32({directions, 2, hidden}));
              op_case.inputs.push_back(F32({directions, 3 * hidden}));
            }
            RunOpCase(op_case);
          }
        }
      }
    }
  }
}

TEST_CASE("linear attention as the naive loops count it") {
  struct Rule {
    const char* name;
    bool decays, has_delta;
  };
  for (const Rule& rule : {Rule{"linear", false, false}, Rule{"gated", true, false},
                           Rule{"delta", false, true}, Rule{"gated_delta", true, true}}) {
    for (int64_t query_heads : {1, 2, 6}) {
      for (int64_t kv_heads : {1, 2, 6}) {
        if (query_heads % kv_heads != 0) continue;
        const NaiveLinearAttention a{2, 3, query_heads, kv_heads, 5, 4, rule.has_delta};
        OpCase op_case = {
            .op = "LinearAttention",
            .opset = 27,
            .attrs = {absl::StrCat("q_num_heads=", query_heads),
                      absl::StrCat("kv_num_heads=", kv_heads),
                      absl::StrCat("update_rule=\"", rule.name, "\"")},
            .inputs = {F32({2, 3, query_heads * 5}), F32({2, 3, kv_heads * 5}),
                       F32({2, 3, kv_heads * 4}), F32({2, kv_heads, 5, 4}),
                       rule.decays ? F32({2, 3, kv_heads}) : "",
                       rule.has_delta ? F32({2, 3, kv_heads}) : ""},
            .expected = F32({2, 3, query_heads * 4}) + "; " + F32({2, kv_heads, 5, 4}),
            .macs = CountLinearAttention(a)};
        RunOpCase(op_case);
        op_case.domain = kMs;
        op_case.opset = 1;
        RunOpCase(op_case);
      }
    }
  }
}

// A depthwise convolution that sees the kernel - 1 values before its input.
TEST_CASE("causal convolutions as the naive loops count them") {
  for (int64_t channels : {1, 4}) {
    for (int64_t length : {1, 6}) {
      for (int64_t kernel : {1, 2, 4}) {
        const NaiveAxis axis{length, kernel, 1, 1, kernel - 1, 0, 0};
        const NaiveResult oracle = CountConv({2, channels, channels, channels, {axis}});
        REQUIRE(oracle.shape == Ints{2, channels, length});
        OpCase op_case = {.op = "CausalConvWithState",
                          .opset = 27,
                          .inputs = {F32(oracle.shape), F32({channels, 1, kernel})},
                          .expected = F32(oracle.shape) + "; " + F32({2, channels, kernel - 1}),
                          .macs = oracle.macs};
        RunOpCase(op_case);
        op_case.domain = kMs;
        op_case.opset = 1;
        RunOpCase(op_case);
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

// Attention behind the projections that the operator does itself.
TEST_CASE("projecting attention as the naive loops count it") {
  for (int64_t heads : {1, 2, 4}) {
    for (int64_t past : {0, 3}) {
      for (int64_t size : {1, 4}) {
        const int64_t width = heads * size;
        const NaiveAttentionParts parts = CountAttention({2, heads, heads, 5, 5, past, size, size});
        const NaiveResult projected = CountMatMul({2, 5, 6}, {6, 3 * width});
        OpCase op_case = {.op = "Attention",
                          .domain = kMs,
                          .opset = 1,
                          .attrs = {absl::StrCat("num_heads=", heads)},
                          .inputs = {F32({2, 5, 6}), F32({6, 3 * width}), F32({3 * width})},
                          .expected = F32({2, 5, width}),
                          .macs = projected.macs + parts.qk + parts.softmax + parts.av};
        if (past > 0) {
          op_case.inputs.push_back("");
          op_case.inputs.push_back(F32({2, 2, heads, past, size}));
        }
        RunOpCase(op_case);
        op_case.convention = "contractions";
        op_case.macs = projected.macs + parts.qk + parts.av;
        RunOpCase(op_case);
        op_case.op = "QAttention";
        op_case.inputs.resize(3);
        op_case.inputs.insert(op_case.inputs.end(), {"f32", "f32", "", "u8", "i8"});
        if (past > 0) op_case.inputs.push_back(F32({2, 2, heads, past, size}));
        RunOpCase(op_case);
      }
    }
  }
}

TEST_CASE("grouped-query attention as the naive loops count it") {
  for (int64_t heads : {1, 2, 6}) {
    for (int64_t kv_heads : {1, 2, 6}) {
      if (heads % kv_heads != 0) continue;
      for (int64_t past : {0, 6}) {
        const NaiveAttentionParts parts = CountAttention({2, heads, kv_heads, 3, 3, past, 4, 4});
        const std::string cache = past > 0 ? F32({2, kv_heads, past, 4}) : "";
        OpCase op_case = {
            .op = "GroupQueryAttention",
            .domain = kMs,
            .opset = 1,
            .attrs = {absl::StrCat("num_heads=", heads), absl::StrCat("kv_num_heads=", kv_heads)},
            .inputs = {F32({2, 3, heads * 4}), F32({2, 3, kv_heads * 4}), F32({2, 3, kv_heads * 4}),
                       cache, cache, "i32[2]", "i32[1]"},
            .expected = F32({2, 3, heads * 4}),
            .macs = parts.qk + parts.softmax + parts.av,
            .ops = 3 * parts.softmax};
        RunOpCase(op_case);
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

}  // namespace
}  // namespace onnx_macs::testing
