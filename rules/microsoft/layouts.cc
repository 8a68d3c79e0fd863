// Operators of graphs that ONNX Runtime saved after choosing a layout: channels in blocks
// (com.microsoft.nchwc) and channels last (com.ms.internal.nhwc).
#include "absl/strings/str_cat.h"
#include "rules/microsoft/activations.h"
#include "rules/microsoft/as_onnx.h"
#include "rules/microsoft/microsoft.h"
#include "rules/microsoft/rows.h"

namespace onnx_macs {
namespace {

constexpr absl::string_view kNchwc = "com.microsoft.nchwc", kNhwc = "com.ms.internal.nhwc";

// Blocks are of 8 or 16 channels, by the machine: only what fits both is known.
Dim InBlocks(Dim channels) {
  constexpr int64_t kLargestBlock = 16;
  const bool fits = channels.is_integer() && channels.value() % kLargestBlock == 0;
  return fits ? channels : Dim();
}

bool IsChannelsLast(const OpContext& ctx) { return ctx.IntAttribute("channels_last", 0) != 0; }

absl::Status InferReorderInput(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (!x.has_rank()) return absl::OkStatus();
  if (x.rank() < 3) return absl::InvalidArgumentError("input has no spatial dims");
  DimVector dims(x.dims().begin(), x.dims().end());
  if (IsChannelsLast(ctx)) std::rotate(dims.begin() + 1, dims.end() - 1, dims.end());
  dims[1] = InBlocks(dims[1]);
  ctx.SetOutput(0, ctx.InputType(0), dims);
  return absl::OkStatus();
}

absl::Status InferReorderOutput(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  const int64_t channels = ctx.IntAttribute("channels", 0);
  if (channels < 1) return absl::InvalidArgumentError(absl::StrCat("channels is ", channels));
  if (!x.has_rank()) return absl::OkStatus();
  if (x.rank() < 3) return absl::InvalidArgumentError("input has no spatial dims");
  DimVector dims(x.dims().begin(), x.dims().end());
  dims[1] = channels;
  if (IsChannelsLast(ctx)) std::rotate(dims.begin() + 1, dims.begin() + 2, dims.end());
  ctx.SetOutput(0, ctx.InputType(0), dims);
  return absl::OkStatus();
}

// A sum is added before the activation.
Cost WithFused(const OpContext& ctx, Cost cost) {
  constexpr int kSum = 3;
  if (ctx.HasInput(kSum)) cost.ops += ctx.NumOutputElements(0);
  cost.ops += FusedActivation(ctx);
  return cost;
}

Cost CountBlockedConv(const OpContext& ctx) { return WithFused(ctx, CountAsOnnx(ctx, "Conv")); }

Cost CountNhwcConv(const OpContext& ctx) {
  return WithFused(ctx, CountAsOnnxChannelsLast(ctx, "Conv"));
}

// Whole multiples, an attribute with one for every axis.
absl::Status InferUpsample(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  const absl::Span<const int64_t> scales = ctx.IntsAttribute("scales");
  if (!x.has_rank()) return absl::OkStatus();
  if (!scales.empty() && static_cast<int>(scales.size()) != x.rank()) {
    return absl::InvalidArgumentError(
        absl::StrCat(scales.size(), " scales for ", x.rank(), " dims"));
  }
  DimVector dims(x.dims().begin(), x.dims().end());
  for (size_t i = 0; i < scales.size(); ++i) {
    if (scales[i] < 1) return absl::InvalidArgumentError(absl::StrCat("a scale is ", scales[i]));
    dims[i] *= scales[i];
  }
  ctx.SetOutput(0, ctx.InputType(0), dims);
  return absl::OkStatus();
}

Cost CountUpsample(const OpContext& ctx) {
  constexpr int kBilinear = 7;  // four products and their sum
  const bool moves = ctx.StringAttribute("mode", "nearest") == "nearest";
  return {.ops = moves ? Count(0) : ctx.NumOutputElements(0) * Count(kBilinear)};
}

// Blocks of 4 channels, with 16 rows in the form for weights.
struct Format {
  absl::string_view name;
  int64_t batch, channels;
};
constexpr Format kFormats[] = {{"nChw4c", 1, 4}, {"ABcd16a4b", 16, 4}};

absl::Status InferFormatTransform(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (!x.has_rank()) return absl::OkStatus();
  DimVector dims(x.dims().begin(), x.dims().end());
  for (const Format& row : kFormats) {
    if (dims.size() != 4 || row.name != ctx.StringAttribute("dst_format", "")) continue;
    dims[0] = CeilDiv(dims[0], row.batch) * row.batch;
    dims[1] = CeilDiv(dims[1], row.channels) * row.channels;
  }
  ctx.SetOutput(0, ctx.InputType(0), dims);
  return absl::OkStatus();
}

constexpr OpRule In(absl::string_view domain, OpRule row) {
  row.domain = domain;
  return row;
}

// As ONNX's operator of that name, in blocks.
template <OpName kOp>
constexpr OpRule BlockedRow(absl::string_view counting) {
  return In(kNchwc, CountedRow(kOp.view(), InferAs<kOp>, CountAs<kOp>, counting));
}

// As ONNX's operator of that name, channels last.
template <OpName kOp>
constexpr OpRule LastRow(absl::string_view counting, InputMask weight = 0,
                         InputMask not_parameters = 0) {
  return In(kNhwc, CountedRow(kOp.view(), InferChannelsLastAs<kOp>, CountChannelsLastAs<kOp>,
                              counting, not_parameters, weight));
}

template <OpName kOp>
constexpr OpRule FreeLastRow(InputMask not_parameters = 0) {
  return FreeRowIn(kNhwc, kOp.view(), InferChannelsLastAs<kOp>, not_parameters);
}

constexpr char kConv[] =
    "batch * output positions * elements of the weight; bias, sum and activation per output "
    "element";
constexpr char kTransposed[] = "batch * input positions * elements of the weight; bias";
constexpr char kPool[] = "elements of the kernel per output element";
constexpr char kQuantisedPool[] =
    "elements of the window per output element; dequantising the input, quantising the output";
constexpr char kGlobal[] = "1 per input element";
constexpr InputMask kScales = Input(1) | Input(2) | Input(4) | Input(5) | Input(6) | Input(7);
constexpr InputMask kPoolScales = Input(1) | Input(2) | Input(3) | Input(4);

// Its scales and sizes are written for the layout it has.
constexpr InputMask kResizeSizes = Input(1) | Input(2) | Input(3);

const OpRule kRules[] = {
    FreeRowIn(kNchwc, "ReorderInput", InferReorderInput),
    FreeRowIn(kNchwc, "ReorderOutput", InferReorderOutput),
    In(kNchwc, CountedRow("Conv", InferAs<"Conv">, CountBlockedConv, kConv, 0, Input(1))),
    BlockedRow<"MaxPool">(kPool),
    BlockedRow<"AveragePool">(kPool),
    BlockedRow<"GlobalMaxPool">(kGlobal),
    BlockedRow<"GlobalAveragePool">(kGlobal),
    In(kNchwc, CountedRow("Upsample", InferUpsample, CountUpsample,
                          "7 per output element where it interpolates")),
    In(kNhwc, CountedRow("Conv", InferChannelsLastAs<"Conv">, CountNhwcConv, kConv, 0, Input(1))),
    LastRow<"ConvTranspose">(kTransposed, Input(1)),
    LastRow<"QLinearConv">(kConv, Input(3) | Input(8), kScales),
    LastRow<"QLinearConvTranspose">(kTransposed, Input(3) | Input(8), kScales),
    LastRow<"QLinearAveragePool">(kQuantisedPool, 0, kPoolScales),
    LastRow<"AveragePool">(kPool),
    LastRow<"MaxPool">(kPool),
    LastRow<"LpPool">(kPool),
    LastRow<"GlobalAveragePool">(kGlobal),
    LastRow<"GlobalMaxPool">(kGlobal),
    LastRow<"GlobalLpPool">(kGlobal),
    FreeLastRow<"MaxUnpool">(Input(1) | Input(2)),
    LastRow<"BatchNormalization">(WeightOf("BatchNormalization").reason),
    LastRow<"InstanceNormalization">(WeightOf("InstanceNormalization").reason),
    LastRow<"LRN">("2 * size + 4 per element"),
    FreeLastRow<"DepthToSpace">(),
    FreeLastRow<"SpaceToDepth">(),
    LastRow<"GridSample">("per output element: a product for every neighbour and their sum", 0,
                          Input(1)),
    In(kNhwc, CountedRow("Resize", InferAs<"Resize">, CountAs<"Resize">, "as ONNX's Resize",
                         kResizeSizes)),
    FreeRowIn(kNhwc, "FormatTransform", InferFormatTransform),
};

}  // namespace

absl::Span<const OpRule> LayoutDomainRules() { return kRules; }

}  // namespace onnx_macs
