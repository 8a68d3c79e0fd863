// Pools and samplers of images.
#include "absl/strings/str_cat.h"
#include "rules/axis.h"
#include "rules/microsoft/as_onnx.h"
#include "rules/microsoft/microsoft.h"
#include "rules/microsoft/rows.h"
#include "rules/resampling.h"

namespace onnx_macs {
namespace {

bool IsChannelsLast(const OpContext& ctx) { return ctx.IntAttribute("channels_last", 0) != 0; }

template <OpName kPool>
absl::Status InferPool(OpContext& ctx) {
  return IsChannelsLast(ctx) ? InferAsOnnxChannelsLast(ctx, kPool.view())
                             : InferAsOnnx(ctx, kPool.view());
}

// The input is dequantised, the result quantised.
template <OpName kPool>
Cost CountQuantisedPool(const OpContext& ctx) {
  Cost cost = IsChannelsLast(ctx) ? CountAsOnnxChannelsLast(ctx, kPool.view())
                                  : CountAsOnnx(ctx, kPool.view());
  cost.ops += ctx.NumInputElements(0) * Count(WeightOf("DequantizeLinear").ops) +
              ctx.NumOutputElements(0) * Count(WeightOf("QuantizeLinear").ops);
  return cost;
}

// [regions, channels, height, width], the last two given by input 3.
absl::Status InferCropAndResize(OpContext& ctx) {
  constexpr int kRegions = 1, kSize = 3;
  DimVector size;
  if (!ctx.InputDims(kSize, &size)) size = {Dim(), Dim()};
  if (size.size() != 2) {
    return absl::InvalidArgumentError(absl::StrCat("the size has ", size.size(), " entries"));
  }
  const Shape x = ctx.InputShape(0);
  if (x.has_rank() && x.rank() != 4) {
    return absl::InvalidArgumentError(absl::StrCat("the input has ", x.rank(), " dims"));
  }
  ctx.SetOutput(0, ctx.InputType(0), {ctx.InputShape(kRegions)[0], x[1], size[0], size[1]});
  return absl::OkStatus();
}

// [N, C, H, W] sampled at [N, height, width, 2].
absl::Status InferGridSample(OpContext& ctx) {
  const Shape x = ctx.InputShape(0), grid = ctx.InputShape(1);
  if (!x.has_rank() || !grid.has_rank()) return absl::OkStatus();
  if (x.rank() != 4 || grid.rank() != 4) {
    return absl::InvalidArgumentError("input and grid must be 4-D");
  }
  if (!ctx.MustEqual(x[0], grid[0])) {
    return absl::InvalidArgumentError("input and grid have different batch sizes");
  }
  ctx.SetOutput(0, ctx.InputType(0), {x[0], x[1], grid[1], grid[2]});
  return absl::OkStatus();
}

struct Mode {
  absl::string_view name;
  int taps_per_axis;  // 1: the nearest pixel, which is only moved
};
constexpr Mode kModes[] = {
    {"nearest", 1}, {"bilinear", 2}, {"linear", 2}, {"bicubic", 4}, {"cubic", 4}};

Cost CountSampled(const OpContext& ctx) {
  const absl::string_view mode = ctx.StringAttribute("mode", "bilinear");
  for (const Mode& row : kModes) {
    if (row.name != mode) continue;
    if (row.taps_per_axis == 1) return {};
    return {.ops = ctx.NumOutputElements(0) * InterpolationOps(row.taps_per_axis, 2)};
  }
  return {.ops = Count::Unknown()};
}

// All windows of `size` along an axis, as a new last axis.
absl::Status InferUnfold(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  const int64_t size = ctx.IntAttribute("size", 0), step = ctx.IntAttribute("step", 1);
  if (size < 1 || step < 1) return absl::InvalidArgumentError("size and step must be 1 or more");
  if (!x.has_rank()) return absl::OkStatus();
  int axis;
  if (auto s = NormalizeAxis(ctx.IntAttribute("dim", -1), x.rank(), &axis); !s.ok()) return s;
  if (ProvablyLess(x[axis], size)) {
    return absl::InvalidArgumentError("the windows are larger than the axis");
  }
  DimVector dims(x.dims().begin(), x.dims().end());
  dims[axis] = FloorDiv(x[axis] - size, step) + 1;
  dims.push_back(size);
  ctx.SetOutput(0, ctx.InputType(0), dims);
  return absl::OkStatus();
}

constexpr char kPool[] = "elements of the kernel per output element";
constexpr char kQuantisedPool[] =
    "elements of the window per output element; dequantising the input, quantising the output";
constexpr char kSampled[] = "per output element: a product for every neighbour and their sum";
constexpr InputMask kScales = Input(1) | Input(2) | Input(3) | Input(4);

const OpRule kRules[] = {
    CountedRow("NhwcMaxPool", InferChannelsLastAs<"MaxPool">, CountChannelsLastAs<"MaxPool">,
               kPool),
    CountedRow("MaxpoolWithMask", InferAs<"MaxPool">, CountAs<"MaxPool">, kPool, Input(1)),
    CountedRow("QLinearAveragePool", InferPool<"AveragePool">, CountQuantisedPool<"AveragePool">,
               kQuantisedPool, kScales),
    CountedRow("QLinearGlobalAveragePool", InferPool<"GlobalAveragePool">,
               CountQuantisedPool<"GlobalAveragePool">, kQuantisedPool, kScales),
    CountedRow("CropAndResize", InferCropAndResize, CountSampled, kSampled,
               Input(1) | Input(2) | Input(3)),
    CountedRow("GridSample", InferGridSample, CountSampled, kSampled, Input(1)),
    FreeRowIn(kMicrosoft, "UnfoldTensor", InferUnfold),
};

}  // namespace

absl::Span<const OpRule> MicrosoftImageRules() { return kRules; }

}  // namespace onnx_macs
