// The oracle of the contraction rules: it runs the operators' definitions as nested loops and
// counts the multiply-accumulates one by one. Slow on purpose, and nothing of it is shared with the
// rules.
#ifndef ONNX_MACS_TESTS_SUPPORT_NAIVE_COUNTER_H_
#define ONNX_MACS_TESTS_SUPPORT_NAIVE_COUNTER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace onnx_macs::testing {

using Ints = std::vector<int64_t>;

struct NaiveResult {
  Ints shape;        // of the output
  int64_t macs = 0;  // counted, not computed
};

// One spatial axis of a convolution or a pool.
struct NaiveAxis {
  int64_t size = 1, kernel = 1, stride = 1, dilation = 1, pad_begin = 0, pad_end = 0;
  int64_t output_padding = 0;  // transposed only
};

struct NaiveConv {
  int64_t batch = 1, in_channels = 1, out_channels = 1, group = 1;
  std::vector<NaiveAxis> axes;
};

// Calls `visit` with every index into `shape`.
void ForEachIndex(const Ints& shape, const std::function<void(const Ints&)>& visit);

// How many windows fit, found by sliding one along.
int64_t CountWindows(const NaiveAxis& axis, bool ceil_mode);

NaiveResult CountConv(const NaiveConv& conv);           // taps that fall on padding included
NaiveResult CountConvTranspose(const NaiveConv& conv);  // every input element times every tap
NaiveResult CountMatMul(const Ints& a, const Ints& b);  // numpy.matmul
NaiveResult CountGemm(const Ints& a, const Ints& b, bool trans_a, bool trans_b);

struct NaiveAttention {
  int64_t batch = 1, heads = 1, kv_heads = 1, queries = 1, keys = 1, past = 0;
  int64_t key_size = 1, value_size = 1;
};
struct NaiveAttentionParts {
  int64_t qk = 0, softmax = 0, av = 0;
};
NaiveAttentionParts CountAttention(const NaiveAttention& attention);

// How many keys the queries meet in all: query i stands at `past + i` and looks `left` keys back
// and `right` ahead, without end where that is negative.
int64_t CountWindowedPairs(int64_t past, int64_t queries, int64_t keys, int64_t left,
                           int64_t right);

// A recurrent layer, step by step and gate by gate: products with the input and with the state.
struct NaiveRecurrence {
  int64_t gates = 1, directions = 1, steps = 1, batch = 1, input = 1, hidden = 1;
};
int64_t CountRecurrence(const NaiveRecurrence& layer);

// Linear attention: every step updates the state of each key head, after a delta rule read it, and
// every query head reads the state of the key head it shares. Where states are more than queries,
// each is read once.
struct NaiveLinearAttention {
  int64_t batch = 1, steps = 1, query_heads = 1, kv_heads = 1, key_size = 1, value_size = 1;
  bool has_delta = false;
};
int64_t CountLinearAttention(const NaiveLinearAttention& attention);

// Every token meets `chosen` experts of two projections, three where they are gated.
struct NaiveExperts {
  int64_t tokens = 1, chosen = 1, hidden = 1, inner = 1;
  bool is_gated = false;
};
int64_t CountExperts(const NaiveExperts& experts);

// "ij,jk->ik": one multiply-accumulate per combination of all labels.
NaiveResult CountEinsum(const std::string& equation, const std::vector<Ints>& shapes);

}  // namespace onnx_macs::testing

#endif  // ONNX_MACS_TESTS_SUPPORT_NAIVE_COUNTER_H_
