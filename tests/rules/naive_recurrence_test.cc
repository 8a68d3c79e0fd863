// Recurrent layers, linear attention and what goes with them against the naive counter, over all
// small sizes.
#include <algorithm>

#include "tests/support/catch.h"
#include "tests/support/naive_forms.h"
#include "tests/support/sweep.h"
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

const Sweep kLayers({"ai.onnx RNN", "ai.onnx GRU", "ai.onnx LSTM",
                     "com.microsoft DynamicQuantizeLSTM"});

TEST_CASE("recurrent layers as the naive loops count them") {
  const SweepCheck check(kLayers);
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

const Sweep kLinear({"ai.onnx LinearAttention", "com.microsoft LinearAttention",
                     "com.microsoft GatedDeltaNet"});

struct LinearRule {
  const char* name;
  bool decays, has_delta;
};
constexpr LinearRule kLinearRules[] = {{"linear", false, false},
                                       {"gated", true, false},
                                       {"delta", false, true},
                                       {"gated_delta", true, true}};

OpCase LinearCase(const LinearRule& rule, int64_t query_heads, int64_t kv_heads) {
  const int64_t heads = std::max(query_heads, kv_heads);
  return {
      .op = "LinearAttention",
      .opset = 27,
      .attrs = {absl::StrCat("q_num_heads=", query_heads), absl::StrCat("kv_num_heads=", kv_heads),
                absl::StrCat("update_rule=\"", rule.name, "\"")},
      .inputs = {F32({2, 3, query_heads * 5}), F32({2, 3, kv_heads * 5}), F32({2, 3, kv_heads * 4}),
                 F32({2, kv_heads, 5, 4}), rule.decays ? F32({2, 3, kv_heads}) : "",
                 rule.has_delta ? F32({2, 3, kv_heads}) : ""},
      .expected = F32({2, 3, heads * 4}) + "; " + F32({2, kv_heads, 5, 4}),
      .macs = CountLinearAttention({2, 3, query_heads, kv_heads, 5, 4, rule.has_delta})};
}

// Seven tokens of two sequences, one after the other.
OpCase DeltaNetCase(const LinearRule& rule, int64_t query_heads, int64_t value_heads) {
  const std::string q = F32({7, query_heads, 5});
  return {.op = "GatedDeltaNet",
          .domain = kMs,
          .opset = 1,
          .attrs = {absl::StrCat("update_rule=\"", rule.name, "\"")},
          .inputs = {q, q, F32({7, value_heads, 4}), "i32[3]"},
          .expected =
              F32({7, std::max(query_heads, value_heads), 4}) + "; " + F32({2, value_heads, 4, 5}),
          .macs = CountLinearAttention({1, 7, query_heads, value_heads, 5, 4, rule.has_delta})};
}

TEST_CASE("linear attention as the naive loops count it") {
  const SweepCheck check(kLinear);
  for (const LinearRule& rule : kLinearRules) {
    for (int64_t query_heads : {1, 2, 6}) {
      for (int64_t kv_heads : {1, 2, 6}) {
        OpCase op_case = LinearCase(rule, query_heads, kv_heads);
        if (query_heads % kv_heads == 0) RunOpCase(op_case);
        op_case.domain = kMs;
        op_case.opset = 1;
        RunOpCase(op_case);
        RunOpCase(DeltaNetCase(rule, query_heads, kv_heads));
      }
    }
  }
}

const Sweep kCausal({"ai.onnx CausalConvWithState", "com.microsoft CausalConvWithState",
                     "com.microsoft VarlenCausalConvWithState"});

// A depthwise convolution that sees the (kernel - 1) * dilation values before its input.
NaiveResult CountCausal(int64_t batch, int64_t channels, int64_t length, int64_t kernel,
                        int64_t dilation) {
  const NaiveAxis axis{length, kernel, 1, dilation, (kernel - 1) * dilation, 0, 0};
  const NaiveResult oracle = CountConv({batch, channels, channels, channels, {axis}});
  REQUIRE(oracle.shape == Ints{batch, channels, length});
  return oracle;
}

TEST_CASE("causal convolutions as the naive loops count them") {
  const SweepCheck check(kCausal);
  for (int64_t channels : {1, 4}) {
    for (int64_t length : {1, 6}) {
      for (int64_t kernel : {1, 2, 4}) {
        const NaiveResult oracle = CountCausal(2, channels, length, kernel, 1);
        OpCase op_case = {.op = "CausalConvWithState",
                          .opset = 27,
                          .inputs = {F32(oracle.shape), F32({channels, 1, kernel})},
                          .expected = F32(oracle.shape) + "; " + F32({2, channels, kernel - 1}),
                          .macs = oracle.macs};
        RunOpCase(op_case);
        op_case.domain = kMs;
        op_case.opset = 1;
        RunOpCase(op_case);
        op_case.attrs = {"channels_last=1", "dilation=2"};
        op_case.inputs[0] = F32({2, length, channels});
        op_case.expected = op_case.inputs[0] + "; " + F32({2, 2 * (kernel - 1), channels});
        op_case.macs = CountCausal(2, channels, length, kernel, 2).macs;
        RunOpCase(op_case);
        // Two sequences one after the other, the second two tokens longer.
        op_case.op = "VarlenCausalConvWithState";
        op_case.attrs = {};
        op_case.inputs = {F32({2 * length + 2, channels}), F32({channels, kernel}), "i32[3]"};
        op_case.expected = op_case.inputs[0] + "; " + F32({2, channels, kernel - 1});
        op_case.macs = CountCausal(1, channels, length, kernel, 1).macs +
                       CountCausal(1, channels, length + 2, kernel, 1).macs;
        RunOpCase(op_case);
      }
    }
  }
}

const Sweep kAttending({"com.microsoft AttnLSTM"});

TEST_CASE("recurrent layers that attend to a memory as the naive loops count them") {
  const SweepCheck check(kAttending);
  for (int64_t directions : {1, 2}) {
    for (int64_t steps : {1, 5}) {
      for (int64_t memories : {1, 6}) {
        for (int64_t layer : {0, 3}) {
          const NaiveAttendingCell c{directions, steps, 2, 3, 4, memories, 7, 8, layer};
          const int64_t attended = layer > 0 ? layer : 7, d = directions;
          RunOpCase({.op = "AttnLSTM",
                     .domain = kMs,
                     .opset = 1,
                     .attrs = {"hidden_size=4",
                               d == 2 ? "direction=\"bidirectional\"" : "direction=\"reverse\""},
                     .inputs = {F32({steps, 2, 3}), F32({d, 16, 3 + attended}), F32({d, 16, 4}), "",
                                "", "", "", "", F32({d, 4, 8}), F32({d, 7, 8}), F32({d, 8}),
                                F32({2, memories, 7}), "", layer > 0 ? F32({d, 11, layer}) : ""},
                     .expected = F32({steps, d, 2, 4}) + "; " + F32({d, 2, 4}),
                     .macs = CountAttendingLstm(c)});
        }
      }
    }
  }
}

}  // namespace
}  // namespace onnx_macs::testing
