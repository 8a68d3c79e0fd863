// Images: sampling at given positions, regions of interest, unpooling, blocks put together, files.
#include <limits>

#include "absl/strings/str_cat.h"
#include "analyzer/op_context.h"
#include "rules/broadcast.h"
#include "rules/resampling.h"
#include "rules/rules.h"
#include "rules/shape_operand.h"
#include "rules/spatial.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

// X [N, C, D...] at the positions of a grid [N, O..., rank] gives [N, C, O...].
absl::Status InferGridSample(OpContext& ctx) {
  const Shape x = ctx.InputShape(0), grid = ctx.InputShape(1);
  if (!x.has_rank() || !grid.has_rank()) return absl::OkStatus();
  if (x.rank() < 3) return absl::InvalidArgumentError("input has no spatial dims");
  if (grid.rank() != x.rank()) {
    return absl::InvalidArgumentError(
        absl::StrCat("input has ", x.rank(), " dims, the grid ", grid.rank()));
  }
  if (!ctx.MustEqual(x[0], grid[0])) return absl::InvalidArgumentError("the batches differ");
  if (!ctx.MustEqual(grid[-1], x.rank() - 2)) {
    return absl::InvalidArgumentError("a position has too many or too few coordinates");
  }
  DimVector dims = {x[0], x[1]};
  for (int i = 1; i < grid.rank() - 1; ++i) dims.push_back(grid[i]);
  ctx.SetOutput(0, ctx.InputType(0), dims);
  return absl::OkStatus();
}

struct SampleMode {
  absl::string_view name;
  int taps_per_axis;
};

constexpr SampleMode kSampleModes[] = {
    {"bilinear", 2}, {"linear", 2}, {"bicubic", 4}, {"cubic", 4}, {"nearest", 1},
};

// A coordinate is scaled to pixels, shifted, and split into a pixel and the rest.
Cost CountGridSample(const OpContext& ctx) {
  constexpr int kOpsPerCoordinate = 4;
  const int rank = ctx.InputShape(0).rank();
  if (rank < 3) return {.ops = Count::Unknown()};
  const absl::string_view mode = ctx.StringAttribute("mode", "linear");
  int taps = 2;
  for (const SampleMode& row : kSampleModes) {
    if (row.name == mode) taps = row.taps_per_axis;
  }
  const Count blend = taps == 1 ? Count(0) : InterpolationOps(taps, rank - 2);
  return {.ops = ctx.NumOutputElements(0) * blend +
                 ctx.NumInputElements(1) * Count(kOpsPerCoordinate)};
}

// theta [N, n, n + 1] and a size [N, C, D1..Dn] give positions [N, D1..Dn, n].
absl::Status InferAffineGrid(OpContext& ctx) {
  const Shape theta = ctx.InputShape(0);
  DimVector size;
  if (!ReadShapeOperand(ctx, 1, &size) && theta[1].is_integer() && theta[1].value() <= 3) {
    size.assign(theta[1].value() + 2, Dim());
  }
  if (size.empty()) return absl::OkStatus();
  if (size.size() < 3) return absl::InvalidArgumentError("the size has no spatial dims");
  const int64_t axes = static_cast<int64_t>(size.size()) - 2;
  if (theta.has_rank() &&
      (theta.rank() != 3 || !ctx.MustEqual(theta[1], axes) || !ctx.MustEqual(theta[2], axes + 1) ||
       !ctx.MustEqual(theta[0], size[0]))) {
    return absl::InvalidArgumentError("theta does not fit the size");
  }
  DimVector dims = {size[0].is_known() ? size[0] : theta[0]};
  dims.insert(dims.end(), size.begin() + 2, size.end());
  dims.push_back(axes);
  ctx.SetOutput(0, ctx.InputType(0), dims);
  return absl::OkStatus();
}

// Every coordinate is a row of theta times a position and a one.
Cost CountAffineGrid(const OpContext& ctx) {
  const Shape y = ctx.OutputShape(0);
  return {.macs = ctx.NumOutputElements(0) * Count(y[-1] + 1)};
}

// Regions [R, 4 or 5] of X [N, C, H, W] give [R, C, height, width].
absl::Status SetRegions(OpContext& ctx, Dim height, Dim width) {
  const Shape x = ctx.InputShape(0), regions = ctx.InputShape(1);
  if (x.has_rank() && x.rank() != 4) {
    return absl::InvalidArgumentError(absl::StrCat("input has ", x.rank(), " dims instead of 4"));
  }
  if (regions.has_rank() && regions.rank() != 2) {
    return absl::InvalidArgumentError("the regions are no matrix");
  }
  if (ProvablyLess(height, 1) || ProvablyLess(width, 1)) {
    return absl::InvalidArgumentError("the output has no size");
  }
  ctx.SetOutput(0, ctx.InputType(0), {regions[0], x[1], height, width});
  return absl::OkStatus();
}

absl::Status InferRoiAlign(OpContext& ctx) {
  constexpr int kBatchIndices = 2;
  if (!ctx.MustEqual(ctx.InputShape(kBatchIndices)[0], ctx.InputShape(1)[0])) {
    return absl::InvalidArgumentError("not every region has its image");
  }
  return SetRegions(ctx, ctx.IntAttribute("output_height", 1), ctx.IntAttribute("output_width", 1));
}

// How many samples an adaptive ratio takes depends on the regions; 2 per axis is usual.
Cost CountRoiAlign(const OpContext& ctx) {
  constexpr int kUsualRatio = 2;
  const int64_t ratio = ctx.IntAttribute("sampling_ratio", 0);
  const Count per_axis = ratio > 0 ? ratio : kUsualRatio;
  return {.ops = ctx.NumOutputElements(0) * per_axis * per_axis * (InterpolationOps(2, 2) + 1)};
}

absl::Status InferMaxRoiPool(OpContext& ctx) {
  const absl::Span<const int64_t> pooled = ctx.IntsAttribute("pooled_shape");
  if (pooled.size() != 2) return absl::InvalidArgumentError("pooled_shape is not two sizes");
  return SetRegions(ctx, pooled[0], pooled[1]);
}

// No region is larger than its image.
Cost CountMaxRoiPool(const OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (x.rank() != 4) return {.ops = Count::Unknown()};
  return {.ops = Count(ctx.InputShape(1)[0]) * Product(x.dims().subspan(1))};
}

// The other way round of MaxPool, unless the size is given.
absl::Status InferMaxUnpool(OpContext& ctx) {
  constexpr int kOutputShape = 2;
  const Shape x = ctx.InputShape(0);
  if (!x.has_rank()) return absl::OkStatus();
  if (x.rank() < 3) return absl::InvalidArgumentError("input has no spatial dims");
  const Shape indices = ctx.InputShape(1);
  if (indices.has_rank() && indices.rank() != x.rank()) {
    return absl::InvalidArgumentError(
        absl::StrCat("input has ", x.rank(), " dims, the indices ", indices.rank()));
  }
  Window window;
  if (auto s = ReadWindow(ctx, x.rank() - 2, {}, &window); !s.ok()) return s;
  DimVector dims = {x[0], x[1]};
  if (ctx.HasInput(kOutputShape)) {
    DimVector size;
    if (!ReadShapeOperand(ctx, kOutputShape, &size)) size.assign(x.rank(), Dim());
    if (static_cast<int>(size.size()) != x.rank()) {
      return absl::InvalidArgumentError("output_shape has another rank than the input");
    }
    dims = size;
  } else {
    for (int i = 2; i < x.rank(); ++i) {
      const WindowAxis& axis = window.axes[i - 2];
      dims.push_back((x[i] - 1) * axis.stride + axis.kernel - axis.pad_begin - axis.pad_end);
    }
  }
  ctx.SetOutput(0, ctx.InputType(0), dims);
  return absl::OkStatus();
}

// [N, C * block, L] gives [N, C, image...], where L blocks fit into the image.
absl::Status InferCol2Im(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  DimVector image, block;
  if (!ReadShapeOperand(ctx, 1, &image) || !ReadShapeOperand(ctx, 2, &block)) {
    return absl::OkStatus();
  }
  if (image.size() != block.size() || image.empty()) {
    return absl::InvalidArgumentError("image and block differ in rank");
  }
  if (x.has_rank() && x.rank() != 3) {
    return absl::InvalidArgumentError(absl::StrCat("input has ", x.rank(), " dims instead of 3"));
  }
  Window window;
  if (auto s = ReadWindow(ctx, static_cast<int>(block.size()), block, &window); !s.ok()) return s;
  DimVector positions;
  if (auto s = AppendSlidingDims(ctx, window, image, &positions); !s.ok()) return s;
  if (!ctx.MustEqual(Shape(positions).NumElements(), x[2])) {
    return absl::InvalidArgumentError("the number of blocks does not fit the image");
  }
  const Dim block_size = Shape(block).NumElements();
  DimVector dims = {x[0], Dim()};
  if (block_size.is_integer()) {
    const auto channels = DivideEvenly(ctx, x[1], block_size.value());
    if (!channels.ok()) return channels.status();
    dims[1] = *channels;
  }
  dims.insert(dims.end(), image.begin(), image.end());
  ctx.SetOutput(0, ctx.InputType(0), dims);
  return absl::OkStatus();
}

// Height and width are written in the file, which is data.
absl::Status InferImageDecoder(OpContext& ctx) {
  const absl::string_view format = ctx.StringAttribute("pixel_format", "RGB");
  const Interval size{1, std::numeric_limits<int64_t>::max()};
  const Dim height = ctx.pool().FreshSymbol("image_height", size);
  const Dim width = ctx.pool().FreshSymbol("image_width", size);
  ctx.SetOutput(0, DataType::kUint8, {height, width, format == "Grayscale" ? 1 : 3});
  return absl::OkStatus();
}

const OpRule kRules[] = {
    {.op_type = "AffineGrid",
     .domain = "",
     .since_version = 20,
     .infer = InferAffineGrid,
     .cost = CountAffineGrid,
     .counting = "output elements * (spatial axes + 1)",
     .not_parameters = Input(1)},
    WeightedInputRow<"Col2Im">(18, InferCol2Im, Input(1) | Input(2)),
    {.op_type = "GridSample",
     .domain = "",
     .since_version = 16,
     .infer = InferGridSample,
     .cost = CountGridSample,
     .counting = "the interpolation of every output element, 4 per coordinate"},
    {.op_type = "ImageDecoder",
     .domain = "",
     .since_version = 20,
     .infer = InferImageDecoder,
     .cost = ZeroCost,
     .counting = "free: reads a file"},
    {.op_type = "MaxRoiPool",
     .domain = "",
     .since_version = 1,
     .infer = InferMaxRoiPool,
     .cost = CountMaxRoiPool,
     .counting = "a whole image of comparisons per region, at most",
     .not_parameters = Input(1)},
    FreeRow("MaxUnpool", 9, InferMaxUnpool, Input(1) | Input(2)),
    {.op_type = "RoiAlign",
     .domain = "",
     .since_version = 10,
     .infer = InferRoiAlign,
     .cost = CountRoiAlign,
     .counting = "8 per sample, sampling_ratio^2 samples per output element; 4 where adaptive",
     .not_parameters = Input(1) | Input(2)},
};

}  // namespace

absl::Span<const OpRule> ImageRules() { return kRules; }

}  // namespace onnx_macs
