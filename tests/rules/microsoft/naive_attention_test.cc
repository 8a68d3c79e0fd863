// com.microsoft's forms of attention in which every query head has its own keys, with and without
// projections, against the naive counter.
#include "tests/support/attention_case.h"
#include "tests/support/catch.h"
#include "tests/support/naive_forms.h"
#include "tests/support/sweep.h"
#include "tests/support/text.h"

namespace onnx_macs::testing {
namespace {

const std::string kMs = "com.microsoft";

std::string Of(const std::string& type, const Ints& dims) {
  return absl::StrCat(type, "[", absl::StrJoin(dims, ","), "]");
}

OpCase Ms(std::string op, int64_t heads, std::vector<std::string> inputs, std::string expected) {
  return {.op = std::move(op),
          .domain = kMs,
          .opset = 1,
          .attrs = {absl::StrCat("num_heads=", heads)},
          .inputs = std::move(inputs),
          .expected = std::move(expected)};
}

// What one projection of every token takes.
int64_t Projected(const Ints& tokens, int64_t from, int64_t to) {
  Ints x = tokens;
  x.push_back(from);
  return CountMatMul(x, {from, to}).macs;
}

const Sweep kProjecting({"com.microsoft Attention", "com.microsoft DecoderMaskedSelfAttention",
                         "com.microsoft QAttention"});

TEST_CASE("projecting attention as the naive loops count it") {
  const SweepCheck check(kProjecting);
  for (int64_t heads : {1, 2, 4}) {
    for (int64_t past : {0, 3}) {
      for (int64_t size : {1, 4}) {
        for (int64_t tokens : {1, 5}) {
          const int64_t width = heads * size;
          const NaiveAttentionParts parts =
              CountAttention({2, heads, heads, tokens, tokens, past, size, size});
          const int64_t projections = Projected({2, tokens}, 6, 3 * width);
          const std::string cache = past > 0 ? F32({2, 2, heads, past, size}) : "";
          OpCase op_case =
              Ms("Attention", heads,
                 {F32({2, tokens, 6}), F32({6, 3 * width}), F32({3 * width}), "", cache},
                 F32({2, tokens, width}) + "; " + F32({2, 2, heads, past + tokens, size}));
          RunAttentionCase(op_case, parts, projections);
          op_case.op = "DecoderMaskedSelfAttention";
          RunAttentionCase(op_case, parts, projections);
          op_case.op = "QAttention";
          op_case.inputs = {Of("u8", {2, tokens, 6}),
                            Of("i8", {6, 3 * width}),
                            F32({3 * width}),
                            "f32",
                            "f32",
                            "",
                            "u8",
                            "i8",
                            cache};
          op_case.expected = F32({2, tokens, width});
          RunAttentionCase(op_case, parts, projections);
        }
      }
    }
  }
}

TEST_CASE("projections of different widths as the naive loops count them") {
  for (int64_t heads : {1, 2}) {
    for (int64_t key_size : {1, 3}) {
      for (int64_t value_size : {1, 4}) {
        const int64_t k = heads * key_size, v = heads * value_size;
        const NaiveAttentionParts parts =
            CountAttention({2, heads, heads, 5, 5, 0, key_size, value_size});
        OpCase op_case =
            Ms("Attention", heads, {F32({2, 5, 6}), F32({6, k + k + v})}, F32({2, 5, v}));
        op_case.attrs.push_back(Attr("qkv_hidden_sizes", {k, k, v}));
        RunAttentionCase(op_case, parts, Projected({2, 5}, 6, k + k + v));
      }
    }
  }
}

const Sweep kOrdered({"com.microsoft QOrderedAttention"});

TEST_CASE("attention with three weights as the naive loops count it") {
  const SweepCheck check(kOrdered);
  for (int64_t batch : {1, 2}) {
    for (int64_t heads : {1, 2, 4}) {
      for (int64_t tokens : {1, 5}) {
        const int64_t k = heads * 3, v = heads * 2;
        const NaiveAttentionParts parts =
            CountAttention({batch, heads, heads, tokens, tokens, 0, 3, 2});
        const int64_t projections =
            2 * Projected({batch, tokens}, 6, k) + Projected({batch, tokens}, 6, v);
        const std::string w = Of("i8", {6, k});
        RunAttentionCase(
            Ms("QOrderedAttention", heads,
               {Of("i8", {batch, tokens, 6}), "f32", "f32", "f32", "f32", w, w, Of("i8", {6, v})},
               Of("i8", {batch, tokens, v})),
            parts, projections);
      }
    }
  }
}

// Where each of the sequences begins, and where the last ends.
std::string Cumulated(const Ints& lengths) {
  Ints ends = {0};
  for (int64_t length : lengths) ends.push_back(ends.back() + length);
  return absl::StrCat("i32[", ends.size(), "]={", absl::StrJoin(ends, ","), "}");
}

const Sweep kPacked({"com.microsoft PackedAttention", "com.microsoft PackedMultiHeadAttention"});

TEST_CASE("packed sequences as the naive loops count them") {
  const SweepCheck check(kPacked);
  for (const Ints& lengths : {Ints{4}, Ints{1, 1}, Ints{2, 1, 4}, Ints{3, 0, 5, 1}}) {
    for (int64_t heads : {1, 2, 4}) {
      int64_t tokens = 0;
      std::vector<NaiveSequence> sequences;
      for (int64_t length : lengths) {
        tokens += length;
        sequences.push_back({length, length});
      }
      const std::string offsets = Of("i32", {static_cast<int64_t>(lengths.size()), 6});
      const int64_t k = heads * 3, v = heads * 2;
      RunAttentionCase(
          Ms("PackedAttention", heads,
             {F32({tokens, 6}), F32({6, 3 * k}), F32({3 * k}), offsets, Cumulated(lengths)},
             F32({tokens, k})),
          CountSequences({heads, 3, 3}, sequences), Projected({tokens}, 6, 3 * k));
      RunAttentionCase(Ms("PackedMultiHeadAttention", heads,
                          {F32({tokens, k}), F32({tokens, k}), F32({tokens, v}), "", offsets,
                           Cumulated(lengths)},
                          F32({tokens, v})),
                       CountSequences({heads, 3, 2}, sequences));
      RunAttentionCase(Ms("PackedMultiHeadAttention", heads,
                          {F32({tokens, heads, 3, 5}), "", "", "", offsets, Cumulated(lengths)},
                          F32({tokens, heads * 5})),
                       CountSequences({heads, 5, 5}, sequences));
    }
  }
}

const Sweep kDecoderMasked({"com.microsoft DecoderMaskedMultiHeadAttention"});

TEST_CASE("decoding with a cache as the naive loops count it") {
  const SweepCheck check(kDecoderMasked);
  const std::string op = "DecoderMaskedMultiHeadAttention";
  for (int64_t batch : {1, 3}) {
    for (int64_t heads : {1, 2, 5}) {
      for (int64_t past : {1, 6}) {
        const NaiveAttentionParts grown = CountAttention({batch, heads, heads, 1, 1, past, 4, 2});
        const std::string q = F32({batch, 1, heads * 4}), v = F32({batch, 1, heads * 2});
        const std::string y = v;
        RunAttentionCase(
            Ms(op, heads,
               {q, q, v, "", "", F32({batch, heads, past, 4}), F32({batch, heads, past, 2})}, y),
            grown);
        // In a buffer of 16, of which as much is in use.
        const std::string used = absl::StrCat("i32[1]={", past, "}");
        RunAttentionCase(
            Ms(op, heads,
               {q, q, v, "", "", F32({batch, heads, 16, 4}), F32({batch, heads, 16, 2}), used}, y),
            grown);
        // Q, K and V in one.
        const std::string cache = F32({batch, heads, past, 4});
        RunAttentionCase(
            Ms(op, heads, {F32({batch, 1, 3 * heads * 4}), "", "", "", "", cache, cache}, q),
            CountAttention({batch, heads, heads, 1, 1, past, 4, 4}));
        // A cross-attention: the keys are the cache.
        RunAttentionCase(
            Ms(op, heads, {q, F32({batch, heads, past, 4}), F32({batch, heads, past, 2})}, y),
            CountAttention({batch, heads, heads, 1, past, 0, 4, 2}));
      }
    }
  }
}

const Sweep kDecoder({"com.microsoft DecoderAttention"});

TEST_CASE("a decoder projects what its flags say, as the naive loops count it") {
  const SweepCheck check(kDecoder);
  for (int64_t heads : {1, 2, 4}) {
    for (int64_t tokens : {1, 3}) {
      for (int64_t others : {1, 5}) {
        const int64_t width = heads * 3;
        const int64_t queries = Projected({tokens, 2}, width, width);
        const auto run = [&](bool is_cross, bool uses_past, int64_t projected, int64_t past) {
          const std::string cache = uses_past ? F32({2, heads, others, 3}) : "";
          const int64_t keys = past + projected;
          RunAttentionCase(Ms("DecoderAttention", heads,
                              {F32({tokens, 2, width}), F32({others, 2, width}),
                               F32({width, width}), F32({width, 2 * width}), F32({3 * width}), "",
                               cache, cache, is_cross ? "bool[1]={1}" : "bool[1]={0}",
                               uses_past ? "bool[1]={1}" : "bool[1]={0}"},
                              F32({tokens, 2, width}) + "; " + F32({2, heads, keys, 3})),
                           CountAttention({2, heads, heads, tokens, projected, past, 3, 3}),
                           queries + Projected({projected, 2}, width, 2 * width));
        };
        run(false, false, tokens, 0);
        run(false, true, tokens, others);
        run(true, false, others, 0);
        run(true, true, 0, others);
      }
    }
  }
}

}  // namespace
}  // namespace onnx_macs::testing
