// com.microsoft's products of matrices, packed, fused and quantised, and what else is one, against
// the naive counter.
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

OpCase In(std::string domain, std::string op, std::vector<std::string> attrs,
          std::vector<std::string> inputs, std::string expected, int64_t macs) {
  return {.op = std::move(op),
          .domain = std::move(domain),
          .opset = 1,
          .attrs = std::move(attrs),
          .inputs = std::move(inputs),
          .expected = std::move(expected),
          .macs = macs};
}

OpCase Ms(std::string op, std::vector<std::string> attrs, std::vector<std::string> inputs,
          std::string expected, int64_t macs) {
  return In(kMs, std::move(op), std::move(attrs), std::move(inputs), std::move(expected), macs);
}

Ints WithLast(Ints dims, int64_t last) {
  dims.push_back(last);
  return dims;
}

const Sweep kBroadcasting({"com.microsoft FusedMatMul", "com.microsoft FusedMatMulActivation",
                           "com.microsoft TransposeMatMul", "com.microsoft SparseToDenseMatMul",
                           "com.microsoft DistributedMatMul", "com.microsoft GemmFastGelu",
                           "com.microsoft MatMulInteger16", "com.microsoft DynamicQuantizeMatMul",
                           "com.microsoft QOrderedMatMul"});

TEST_CASE("fused and quantised products over ranks and broadcast batches") {
  const SweepCheck check(kBroadcasting);
  for (const Ints& left : {Ints{}, Ints{1}, Ints{5}, Ints{4, 1}}) {
    for (const Ints& right : {Ints{}, Ints{5}, Ints{1, 5}}) {
      for (int64_t inner : {1, 3}) {
        const Ints a = WithLast(WithLast(left, 2), inner), b = WithLast(WithLast(right, inner), 7);
        const NaiveResult oracle = CountMatMul(a, b);
        const std::string x = F32(a), w = F32(b), y = F32(oracle.shape);
        RunOpCases(std::vector<OpCase>{
            Ms("FusedMatMul", {}, {x, w}, y, oracle.macs),
            Ms("FusedMatMulActivation", {"activation=\"Relu\""}, {x, w}, y, oracle.macs),
            Ms("TransposeMatMul", {}, {x, w}, y, oracle.macs),
            Ms("SparseToDenseMatMul", {}, {x, w}, y, oracle.macs),
            Ms("DistributedMatMul", {}, {x, w}, y, oracle.macs),
            Ms("GemmFastGelu", {}, {x, w}, y, oracle.macs),
            Ms("MatMulInteger16", {}, {Of("i16", a), Of("i16", b)}, Of("i32", oracle.shape),
               oracle.macs),
            Ms("DynamicQuantizeMatMul", {}, {x, Of("i8", b), "f32"}, y, oracle.macs),
            Ms("QOrderedMatMul", {}, {Of("i8", a), "f32", Of("i8", b), "f32", "f32"},
               Of("i8", oracle.shape), oracle.macs),
        });
      }
    }
  }
}

// transBatch brings the first dim behind the other batch dims, trans swaps the last two: what is
// stored is the other way round.
Ints Stored(Ints dims, bool trans_batch, bool trans) {
  if (trans) std::swap(dims[dims.size() - 1], dims[dims.size() - 2]);
  if (!trans_batch) return dims;
  const size_t row = dims.size() - 2;
  dims.insert(dims.begin(), dims[row]);
  dims.erase(dims.begin() + static_cast<int64_t>(row) + 1);
  return dims;
}

TEST_CASE("fused products with every transposition of matrices and batches") {
  for (int mask = 0; mask < 16; ++mask) {
    const bool trans_a = mask & 1, trans_b = mask & 2, batch_a = mask & 4, batch_b = mask & 8;
    const Ints a = {5, 6, 2, 3}, b = {5, 6, 3, 4};
    const NaiveResult oracle = CountMatMul(a, b);
    const std::vector<std::string> attrs = {absl::StrCat("transA=", trans_a ? 1 : 0),
                                            absl::StrCat("transB=", trans_b ? 1 : 0),
                                            absl::StrCat("transBatchA=", batch_a ? 1 : 0),
                                            absl::StrCat("transBatchB=", batch_b ? 1 : 0)};
    for (const char* op : {"FusedMatMul", "FusedMatMulActivation"}) {
      OpCase op_case =
          Ms(op, attrs, {F32(Stored(a, batch_a, trans_a)), F32(Stored(b, batch_b, trans_b))},
             F32(oracle.shape), oracle.macs);
      if (op_case.op != "FusedMatMul") op_case.attrs.push_back("activation=\"Relu\"");
      RunOpCase(op_case);
    }
  }
}

const Sweep kTransposed({"com.microsoft GemmFloat8"});

TEST_CASE("products of 8-bit floats with every transposition") {
  const SweepCheck check(kTransposed);
  for (int64_t trans_a : {0, 1}) {
    for (int64_t trans_b : {0, 1}) {
      for (int64_t inner : {1, 4}) {
        for (int64_t columns : {1, 5}) {
          const Ints a = trans_a ? Ints{inner, 2} : Ints{2, inner};
          const Ints b = trans_b ? Ints{columns, inner} : Ints{inner, columns};
          const NaiveResult oracle = CountGemm(a, b, trans_a, trans_b);
          RunOpCase(
              Ms("GemmFloat8",
                 {absl::StrCat("transA=", trans_a), absl::StrCat("transB=", trans_b), "dtype=10"},
                 {Of("f8e4m3fn", a), Of("f8e4m3fn", b)}, Of("f16", oracle.shape), oracle.macs));
        }
      }
    }
  }
}

const Sweep kPackedWeights({"com.microsoft MatMulNBitsMlp", "com.microsoft MatMulNBitsQkv",
                            "com.microsoft MatMulBnb4", "com.microsoft MatMulFpQ4",
                            "com.microsoft MatMulBlockQuantizedFp4Weight",
                            "com.microsoft MatMulBlockQuantizedFp8Weight"});

TEST_CASE("weights in blocks as the naive loops count them") {
  const SweepCheck check(kPackedWeights);
  for (const Ints& rows : {Ints{1}, Ints{6}, Ints{2, 3}}) {
    for (int64_t inner : {32, 64}) {
      for (int64_t columns : {8, 16}) {
        const Ints a = WithLast(rows, inner);
        const NaiveResult one = CountMatMul(a, {inner, columns});
        const NaiveResult half = CountMatMul(a, {inner, columns / 2});
        const std::string x = F32(a), y = F32(one.shape), kv = F32(half.shape);
        const std::string k = absl::StrCat("K=", inner), n = absl::StrCat("N=", columns);
        const std::string w = Of("u8", {columns, inner / 32, 16}), s = F32({columns * inner / 32});
        const std::string bytes = Of("u8", {columns * inner / 2}), swapped = F32({columns, inner});
        RunOpCases(std::vector<OpCase>{
            Ms("MatMulNBitsMlp", {k, n, "activation=\"silu\""}, {x, "", "", w, s, "", w, s}, y,
               2 * one.macs),
            Ms("MatMulNBitsQkv",
               {k, absl::StrCat("Nq=", columns), absl::StrCat("Nkv=", columns / 2)}, {x, "", "", w},
               y + "; " + kv + "; " + kv, one.macs + 2 * half.macs),
            Ms("MatMulBnb4", {k, n}, {x, bytes, s}, y, one.macs),
            Ms("MatMulBnb4", {absl::StrCat("K=", columns), absl::StrCat("N=", inner), "transB=0"},
               {x, bytes, s}, y, one.macs),
            Ms("MatMulFpQ4", {}, {x, bytes, absl::StrCat("i64[2]={", inner, ",", columns, "}")}, y,
               one.macs),
            Ms("MatMulBlockQuantizedFp4Weight", {}, {x, Of("u8", {columns, inner / 2}), s}, y,
               one.macs),
            Ms("MatMulBlockQuantizedFp8Weight", {}, {x, Of("f8e4m3fn", {columns, inner}), s}, y,
               one.macs),
        });
      }
    }
  }
}

const Sweep kDistances({"com.microsoft CDist"});

TEST_CASE("distances of all pairs of rows are a product with a transposed matrix") {
  const SweepCheck check(kDistances);
  for (int64_t rows : {1, 4}) {
    for (int64_t others : {1, 3}) {
      for (int64_t length : {1, 5}) {
        const NaiveResult oracle = CountGemm({rows, length}, {others, length}, false, true);
        RunOpCase(Ms("CDist", {"metric=\"euclidean\""},
                     {F32({rows, length}), F32({others, length})}, F32(oracle.shape), oracle.macs));
      }
    }
  }
}

const Sweep kInverses({"com.microsoft Inverse", "ai.onnx.contrib Inverse",
                       "com.microsoft.extensions Inverse"});

TEST_CASE("inverses by elimination as the naive loops count them") {
  const SweepCheck check(kInverses);
  for (const char* domain : {"com.microsoft", "ai.onnx.contrib", "com.microsoft.extensions"}) {
    for (int64_t matrices : {1, 3}) {
      for (int64_t n : {1, 2, 5}) {
        const std::string x = F32({matrices, n, n});
        RunOpCase(In(domain, "Inverse", {}, {x}, x, CountInverse(matrices, n)));
      }
    }
  }
}

const Sweep kAroundAttention({"com.microsoft GatedRelativePositionBias",
                              "com.microsoft EngramGate"});

TEST_CASE("gates around attention as the naive loops count them") {
  const SweepCheck check(kAroundAttention);
  for (int64_t batch : {1, 2}) {
    for (int64_t heads : {1, 4}) {
      for (int64_t size : {3, 8}) {
        const int64_t gated = CountMatMul({batch, heads, 5, size}, {size, 8}).macs;
        RunOpCase(Ms("GatedRelativePositionBias", {absl::StrCat("num_heads=", heads)},
                     {F32({batch, 5, heads * size}), F32({heads * size}), F32({1, heads, 5, 5}),
                      F32({size, 8}), "f32[8]", F32({1, heads, 1, 1})},
                     F32({batch, heads, 5, 5}), gated));
        // A product of two rows for every token.
        const int64_t rows = CountMatMul({batch, heads, 1, size}, {batch, heads, size, 1}).macs;
        const std::string x = F32({batch, heads, size});
        RunOpCase(Ms("EngramGate", {}, {x, x, x}, x, rows));
      }
    }
  }
}

const Sweep kWords({"com.microsoft WordConvEmbedding"});

TEST_CASE("words of letters are a convolution as the naive loops count it") {
  const SweepCheck check(kWords);
  for (int64_t letters : {4, 7}) {
    for (int64_t window : {1, 3}) {
      for (int64_t filters : {1, 5}) {
        const NaiveAxis along{letters, window, 1, 1, 0, 0, 0}, embedding{6, 6, 1, 1, 0, 0, 0};
        const NaiveResult oracle = CountConv({2 * 3, 1, filters, 1, {along, embedding}});
        RunOpCase(Ms("WordConvEmbedding", {},
                     {Of("i32", {2, 3, letters}), F32({filters, 1, window, 6}), F32({filters}),
                      "f32[100,6]"},
                     F32({2, 3, filters}), oracle.macs));
      }
    }
  }
}

}  // namespace
}  // namespace onnx_macs::testing
