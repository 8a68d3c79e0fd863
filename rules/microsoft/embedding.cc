// Embeddings: tables that are looked up (1 op per element, as Gather), and what is done with the
// rows at once; words made of characters; hashes of n-grams.
#include "absl/strings/str_cat.h"
#include "analyzer/dim_bounds.h"
#include "rules/axis.h"
#include "rules/microsoft/microsoft.h"
#include "rules/microsoft/rows.h"

namespace onnx_macs {
namespace {

constexpr int kLookup = WeightOf("Gather").ops, kAdd = WeightOf("Add").ops;
constexpr int kDequantise = WeightOf("DequantizeLinear").ops;
constexpr int kWordTable = 2, kSegmentTable = 4;

// Rows of three tables are added and normalised.
absl::Status InferEmbed(OpContext& ctx, DataType type) {
  const Shape ids = ctx.InputShape(0);
  if (ids.has_rank() && ids.rank() != 2) {
    return absl::InvalidArgumentError(absl::StrCat("the ids have ", ids.rank(), " dims"));
  }
  const Dim width = ctx.InputShape(kWordTable)[1];
  ctx.SetOutput(0, type, {ids[0], ids[1], width});
  ctx.SetOutput(1, DataType::kInt32, {ids[0]});
  ctx.SetOutput(2, type, {ids[0], ids[1], width});
  return absl::OkStatus();
}

absl::Status InferEmbedLayerNorm(OpContext& ctx) {
  return InferEmbed(ctx, ctx.InputType(kWordTable));
}

absl::Status InferQuantisedEmbed(OpContext& ctx) {
  constexpr int kWordScale = 8;
  return InferEmbed(ctx, ctx.InputType(kWordScale));
}

template <int kOfTable>
Cost CountEmbed(const OpContext& ctx) {
  const int tables = ctx.HasInput(kSegmentTable) ? 3 : 2;
  const int per_element =
      tables * (kLookup + kOfTable) + (tables - 1) * kAdd + WeightOf("LayerNormalization").ops;
  return {.ops = ctx.NumOutputElements(0) * Count(per_element)};
}

// The shape of the indices, then the width of the table.
absl::Status InferTorchEmbedding(OpContext& ctx) {
  const Shape indices = ctx.InputShape(1);
  if (!indices.has_rank()) return absl::OkStatus();
  DimVector dims(indices.dims().begin(), indices.dims().end());
  dims.push_back(ctx.InputShape(0)[1]);
  ctx.SetOutput(0, ctx.InputType(0), dims);
  return absl::OkStatus();
}

// How many values a byte of the table holds.
int64_t ValuesPerElement(const OpContext& ctx) {
  if (ctx.InputType(0) != DataType::kUint8) return 1;
  const int64_t bits = ctx.IntAttribute("bits", 4);
  return bits == 2 || bits == 4 ? 8 / bits : 1;
}

absl::Status InferGatherBlocks(OpContext& ctx) {
  constexpr int kScales = 2;
  const Shape data = ctx.InputShape(0), indices = ctx.InputShape(1);
  if (!data.has_rank() || !indices.has_rank()) return absl::OkStatus();
  int axis = 0;
  const int64_t given = ctx.IntAttribute("gather_axis", 0);
  if (auto s = NormalizeAxis(given, data.rank(), &axis); !s.ok()) return s;
  DimVector dims(data.dims().begin(), data.dims().end());
  if (dims.size() > 1) dims.back() *= ValuesPerElement(ctx);
  dims.erase(dims.begin() + axis);
  dims.insert(dims.begin() + axis, indices.dims().begin(), indices.dims().end());
  ctx.SetOutput(0, ctx.InputType(kScales), dims);
  return absl::OkStatus();
}

Count TableElements(const OpContext& ctx, int input) {
  return ctx.NumInputElements(input) * Count(input == 0 ? ValuesPerElement(ctx) : 1);
}

constexpr OpRule GatherBlocksRow() {
  OpRule row = PerElementRow<kLookup + kDequantise>("GatherBlockQuantized", InferGatherBlocks,
                                                    "3 per output element: lookup, dequantise",
                                                    Input(2) | Input(3));
  row.packed_elements = TableElements;
  row.read_in_part = Input(0) | Input(2) | Input(3);
  return row;
}

// Characters [batch, words, letters], a filter [filters, 1, window, size] over their embeddings.
constexpr int kFilter = 1;

absl::Status InferWordConv(OpContext& ctx) {
  const Shape words = ctx.InputShape(0);
  const int64_t width = ctx.IntAttribute("embedding_size", 0);
  if (words.has_rank() && words.rank() != 3) {
    return absl::InvalidArgumentError(absl::StrCat("the words have ", words.rank(), " dims"));
  }
  const Shape filter = ctx.InputShape(kFilter);
  if (ProvablyLess(words[2], filter[2])) {
    return absl::InvalidArgumentError("the filter is longer than the words");
  }
  const Dim spare = words[2] - filter[2];
  if (spare.is_expr() && !IsAtLeast(spare, 0)) ctx.pool().AssumeNotNegative(spare);
  const Dim outputs = width > 0 ? Dim(width) : filter[0];
  ctx.SetOutput(0, ctx.InputType(kFilter), {words[0], words[1], outputs});
  return absl::OkStatus();
}

Cost CountWordConv(const OpContext& ctx) {
  constexpr int kPerResult = WeightOf("Add").ops + WeightOf("Tanh").ops + WeightOf("Max").ops;
  const Shape words = ctx.InputShape(0), filter = ctx.InputShape(kFilter);
  const Count positions = Count(words[0]) * Count(words[1]) * Count(words[2] - filter[2] + 1);
  return {.macs = positions * ctx.NumInputElements(kFilter),
          .ops = positions * Count(filter[0]) * Count(kPerResult)};
}

struct NGrams {
  int64_t largest = 2, heads = 1;
};

absl::StatusOr<NGrams> ReadNGrams(const OpContext& ctx) {
  constexpr int64_t kMost = 1 << 16;
  const NGrams grams = {ctx.IntAttribute("max_ngram_size", 0),
                        ctx.IntAttribute("n_head_per_ngram", 0)};
  if (grams.largest >= 2 && grams.heads >= 1 && grams.largest <= kMost && grams.heads <= kMost) {
    return grams;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("n-grams up to ", grams.largest, " with ", grams.heads, " heads"));
}

// The ids of kDims dims gain the heads of all n-gram orders; the last ids come out again.
template <int kDims>
absl::Status InferNGramHash(OpContext& ctx) {
  constexpr int kCumulated = 3;
  const absl::StatusOr<NGrams> grams = ReadNGrams(ctx);
  if (!grams.ok()) return grams.status();
  const Shape ids = ctx.InputShape(0);
  if (!ids.has_rank()) return absl::OkStatus();
  if (ids.rank() != kDims) {
    return absl::InvalidArgumentError(absl::StrCat("the ids have ", ids.rank(), " dims"));
  }
  DimVector dims(ids.dims().begin(), ids.dims().end());
  dims.push_back((grams->largest - 1) * grams->heads);
  ctx.SetOutput(0, ctx.InputType(0), dims);
  const Dim batch = kDims == 2 ? ids[0] : ctx.InputShape(kCumulated)[0] - 1;
  ctx.SetOutput(1, ctx.InputType(0), {batch, grams->largest - 1});
  return absl::OkStatus();
}

// An n-gram is mixed by n products and n - 1 exclusive ors, which the larger ones share; every head
// takes a remainder of it.
Cost CountNGramHash(const OpContext& ctx) {
  const absl::StatusOr<NGrams> grams = ReadNGrams(ctx);
  if (!grams.ok()) return {.ops = Count::Unknown()};
  return {.ops =
              ctx.NumInputElements(0) * Count(2 * grams->largest - 1) + ctx.NumOutputElements(0)};
}

constexpr InputMask kEmbedScales = Input(7) | Input(8) | Input(9) | Input(10) | Input(11) |
                                   Input(12) | Input(13) | Input(14) | Input(15) | Input(16) |
                                   Input(17);
constexpr InputMask kTables = Input(2) | Input(3) | Input(4);
constexpr char kHash[] = "2n - 1 per id for n-grams up to n, 1 per hash";

const OpRule kRules[] = {
    ReadingPart(CountedRow("EmbedLayerNormalization", InferEmbedLayerNorm, CountEmbed<0>,
                           "per element: 1 per table looked up, their sum, LayerNormalization",
                           Input(7) | Input(8)),
                kTables),
    ReadingPart(CountedRow("QEmbedLayerNormalization", InferQuantisedEmbed, CountEmbed<kDequantise>,
                           "per element: 3 per table looked up, their sum, LayerNormalization",
                           kEmbedScales),
                kTables),
    ReadingPart(PerElementRow<kLookup>("TorchEmbedding", InferTorchEmbedding,
                                       WeightOf("Gather").reason, Input(2) | Input(3))),
    GatherBlocksRow(),
    CountedRow("WordConvEmbedding", InferWordConv, CountWordConv,
               "words * positions in a word * elements of the filter; bias, Tanh, maximum"),
    CountedRow("NGramHashMapping", InferNGramHash<2>, CountNGramHash, kHash),
    CountedRow("VarlenNGramHashMapping", InferNGramHash<1>, CountNGramHash, kHash),
};

}  // namespace

absl::Span<const OpRule> MicrosoftEmbeddingRules() { return kRules; }

}  // namespace onnx_macs
