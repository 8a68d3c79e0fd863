// onnxruntime-extensions: tokenizers, decoders of images and sound, operators on strings, under
// either of the two domains it goes by; and the quantisers of Brevitas and QONNX.
#include <vector>

#include "absl/strings/str_cat.h"
#include "rules/broadcast.h"
#include "rules/microsoft/microsoft.h"
#include "rules/microsoft/rows.h"
#include "rules/signal.h"

namespace onnx_macs {
namespace {

// What comes out only the data tells; a declared shape serves where there is one.
absl::Status InferNothing(OpContext&) { return absl::OkStatus(); }

template <DataType kType>
absl::Status InferTyped(OpContext& ctx) {
  ctx.SetOutput(0, kType, ctx.InputShape(0));
  return absl::OkStatus();
}

template <DataType kType>
absl::Status InferBroadcastTyped(OpContext& ctx) {
  DimVector dims;
  bool known;
  return InferBroadcast(ctx, kType, &dims, &known);
}

// The negative and the positive part.
absl::Status InferNegPos(OpContext& ctx) {
  ctx.SetOutput(1, ctx.InputType(0), ctx.InputShape(0));
  return InferLike<0>(ctx);
}

// Frames of a signal [batch, length]: squared magnitudes [batch, bins, frames].
struct Frames {
  Dim size, hop, length;
};
Frames ReadFrames(const OpContext& ctx) {
  constexpr int kSize = 1, kHop = 2, kFrame = 4;
  const Dim size = ScalarInput(ctx, kSize);
  return {size, ScalarInput(ctx, kHop), ctx.HasInput(kFrame) ? ScalarInput(ctx, kFrame) : size};
}

absl::Status InferStftNorm(OpContext& ctx) {
  const Shape signal = ctx.InputShape(0);
  const auto [size, hop, frame] = ReadFrames(ctx);
  const Dim bins = ctx.IntAttribute("onesided", 1) != 0 ? FloorDiv(size, 2) + 1 : size;
  ctx.SetOutput(0, DataType::kFloat, {signal[0], bins, FloorDiv(signal[1] - frame, hop) + 1});
  return absl::OkStatus();
}

// Every frame meets the window and is transformed; a bin is the sum of two squares.
Cost CountStftNorm(const OpContext& ctx) {
  constexpr int kMagnitude = 2 * WeightOf("Mul").ops + WeightOf("Add").ops;
  const Frames frames = ReadFrames(ctx);
  const Shape y = ctx.OutputShape(0);
  const Count each = Count(frames.length) + FourierOps(frames.size, true);
  return {.ops = Count(y[0]) * Count(y[2]) * each + ctx.NumOutputElements(0) * Count(kMagnitude)};
}

Cost CountInverse(const OpContext& ctx) {
  return {.macs = ctx.NumInputElements(0) * Count(ctx.InputShape(0)[-1])};
}

struct Extension {
  absl::string_view op_type;
  InferFn infer;
  CostFn cost;
};

constexpr InferFn kSame = InferTyped<DataType::kString>;
constexpr InferFn kHash = InferTyped<DataType::kInt64>;

constexpr Extension kExtensions[] = {
    {"AudioDecoder", InferNothing, ZeroCost},
    {"BasicTokenizer", InferNothing, ZeroCost},
    {"BertTokenizer", InferNothing, ZeroCost},
    {"BertTokenizerDecoder", InferNothing, ZeroCost},
    {"BpeDecoder", InferNothing, ZeroCost},
    {"CLIPTokenizer", InferNothing, ZeroCost},
    {"DecodeImage", InferNothing, ZeroCost},
    {"EncodeImage", InferNothing, ZeroCost},
    {"GPT2Tokenizer", InferNothing, ZeroCost},
    {"HfBertTokenizer", InferNothing, ZeroCost},
    {"HfJsonTokenizer", InferNothing, ZeroCost},
    {"ImageReader", InferNothing, ZeroCost},
    {"Inverse", InferLike<0>, CountInverse},
    {"MaskedFill", InferNothing, ZeroCost},
    {"MergeSignalSegments", InferNothing, ZeroCost},
    {"NegPos", InferNegPos, PerOutputElement<WeightOf("NegPos").ops>},
    {"RaggedTensorToDense", InferNothing, ZeroCost},
    {"RaggedTensorToSparse", InferNothing, ZeroCost},
    {"RobertaTokenizer", InferNothing, ZeroCost},
    {"SegmentExtraction", InferNothing, ZeroCost},
    {"SegmentSum", InferNothing, PerInputElement<WeightOf("SegmentSum").ops>},
    {"SentencepieceDecoder", InferNothing, ZeroCost},
    {"SentencepieceTokenizer", InferNothing, ZeroCost},
    {"SplitSignalSegments", InferNothing, ZeroCost},
    {"SpmTokenizer", InferNothing, ZeroCost},
    {"StftNorm", InferStftNorm, CountStftNorm},
    {"StringConcat", InferBroadcastTyped<DataType::kString>, ZeroCost},
    {"StringECMARegexReplace", kSame, ZeroCost},
    {"StringECMARegexSplitWithOffsets", InferNothing, ZeroCost},
    {"StringEqual", InferBroadcastTyped<DataType::kBool>, ZeroCost},
    {"StringJoin", InferNothing, ZeroCost},
    {"StringLength", kHash, ZeroCost},
    {"StringLower", kSame, ZeroCost},
    {"StringMapping", kSame, ZeroCost},
    {"StringRaggedTensorToDense", InferNothing, ZeroCost},
    {"StringRegexReplace", kSame, ZeroCost},
    {"StringRegexSplitWithOffsets", InferNothing, ZeroCost},
    {"StringSplit", InferNothing, ZeroCost},
    {"StringStrip", kSame, ZeroCost},
    {"StringToHashBucket", kHash, ZeroCost},
    {"StringToHashBucketFast", kHash, ZeroCost},
    {"StringToVector", InferNothing, ZeroCost},
    {"StringUpper", kSame, ZeroCost},
    {"TrieDetokenizer", InferNothing, ZeroCost},
    {"TrieTokenizer", InferNothing, ZeroCost},
    {"VectorToString", InferNothing, ZeroCost},
    {"WordpieceTokenizer", InferNothing, ZeroCost},
};

constexpr absl::string_view kDomains[] = {"ai.onnx.contrib", "com.microsoft.extensions"};

// x / scale, zero point, round, clip, and back.
constexpr int kFakeQuantise =
    WeightOf("QuantizeLinear").ops + WeightOf("Clip").ops + WeightOf("DequantizeLinear").ops;

constexpr ElementWeight kBipolar = WeightOf("BipolarQuant");

struct Quantiser {
  absl::string_view op_type;
  CostFn cost;
  absl::string_view counting;
};
constexpr Quantiser kQuantisers[] = {
    {"Quant", PerOutputElement<kFakeQuantise>, "7 per element: quantise, clip, dequantise"},
    {"FloatQuant", PerOutputElement<kFakeQuantise>, "7 per element: quantise, clip, dequantise"},
    {"Trunc", PerOutputElement<kFakeQuantise>, "7 per element: quantise, clip, dequantise"},
    {"BipolarQuant", PerOutputElement<kBipolar.ops>, kBipolar.reason},
};
constexpr absl::string_view kQuantiserDomains[] = {"onnx.brevitas", "qonnx.custom_op.general"};

constexpr InputMask kAllButFirst = ~Input(0);

std::vector<OpRule> MakeRows() {
  std::vector<OpRule> rows;
  for (const absl::string_view domain : kDomains) {
    for (const Extension& row : kExtensions) {
      const bool is_free = row.cost == ZeroCost;
      rows.push_back({.op_type = row.op_type,
                      .domain = domain,
                      .since_version = 1,
                      .infer = row.infer,
                      .cost = row.cost,
                      .counting = is_free ? "free: text and media, no arithmetic is counted"
                                          : "by its formula, per element"});
    }
  }
  for (const absl::string_view domain : kQuantiserDomains) {
    for (const Quantiser& row : kQuantisers) {
      rows.push_back({.op_type = row.op_type,
                      .domain = domain,
                      .since_version = 1,
                      .infer = InferLike<0>,
                      .cost = row.cost,
                      .counting = row.counting,
                      .not_parameters = kAllButFirst});
    }
  }
  return rows;
}

}  // namespace

// Made once and never destroyed, as the rule sets that point into it.
absl::Span<const OpRule> ExtensionRules() {
  static const auto* const rows = new std::vector<OpRule>(MakeRows());
  return *rows;
}

}  // namespace onnx_macs
