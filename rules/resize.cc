// Resize and its ancestor Upsample: sizes from scales or written out, and what interpolation costs.
#include <cmath>
#include <limits>
#include <vector>

#include "absl/strings/str_cat.h"
#include "analyzer/op_context.h"
#include "rules/axis.h"
#include "rules/fold.h"
#include "rules/resampling.h"
#include "rules/rules.h"

namespace onnx_macs {
namespace {

struct Fraction {
  int64_t p = 0, q = 0;  // q == 0: none
};

// The fraction that was meant by a float such as 0.7f, if its denominator is small, else the float
// itself. Runtimes multiply in single precision, which comes to the same for sizes that occur.
Fraction FractionOf(double scale) {
  constexpr int64_t kLargestDenominator = 1024;
  constexpr double kLargestScale = 1 << 20, kSmallestScale = 1.0 / kLargestScale;
  constexpr int kFloatBits = 24;
  if (!(scale > kSmallestScale && scale < kLargestScale)) return {};
  for (int64_t q = 1; q <= kLargestDenominator; ++q) {
    const int64_t p = std::llround(scale * static_cast<double>(q));
    const double fraction = static_cast<double>(p) / static_cast<double>(q);
    if (static_cast<float>(fraction) == static_cast<float>(scale)) return {p, q};
  }
  int exponent;
  const double mantissa = std::frexp(static_cast<float>(scale), &exponent);
  return {std::llround(std::ldexp(mantissa, kFloatBits)), int64_t{1} << (kFloatBits - exponent)};
}

// floor(d * scale)
Dim ScaledDim(Dim d, const Element& scale) {
  if (scale.exact.is_known()) return FloorDiv(d * scale.exact, 1);
  const Fraction fraction = FractionOf(scale.real);
  return FloorDiv(d * fraction.p, fraction.q);
}

// Axes that scales and sizes speak of: all, unless named.
absl::Status ReadAxes(const OpContext& ctx, int rank, std::vector<int>* axes) {
  const absl::Span<const int64_t> named = ctx.IntsAttribute("axes");
  if (named.empty()) {
    for (int i = 0; i < rank; ++i) axes->push_back(i);
  }
  for (int64_t entry : named) {
    int axis;
    if (auto status = NormalizeAxis(entry, rank, &axis); !status.ok()) return status;
    axes->push_back(axis);
  }
  return absl::OkStatus();
}

// What a Resize has to go by.
struct Resizing {
  Shape x;
  std::vector<int> axes;
  DimVector out;

  explicit Resizing(const Shape& shape) : x(shape), out(shape.dims().begin(), shape.dims().end()) {}
};

absl::Status CheckSize(absl::string_view what, size_t found, size_t expected) {
  if (found == expected) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(what, " has ", found, " entries for ", expected, " axes"));
}

absl::Status ApplyScales(absl::Span<const Element> scales, Resizing* resizing) {
  if (auto s = CheckSize("scales", scales.size(), resizing->axes.size()); !s.ok()) return s;
  for (size_t i = 0; i < scales.size(); ++i) {
    const auto number = AsDouble(scales[i]);
    if (number.has_value() && !(*number > 0)) {
      return absl::InvalidArgumentError("a scale is not positive");
    }
    const int axis = resizing->axes[i];
    resizing->out[axis] = ScaledDim(resizing->x[axis], scales[i]);
  }
  return absl::OkStatus();
}

// Scales over the part of the input that roi = [starts..., ends...] cuts out.
absl::Status ApplyScalesToRegion(const OpContext& ctx, absl::Span<const Element> scales,
                                 Resizing* resizing) {
  constexpr int kRoi = 1;
  const absl::Span<const Element> roi = ctx.InputElements(kRoi);
  if (roi.data() == nullptr) {
    for (int axis : resizing->axes) resizing->out[axis] = Dim();
    return absl::OkStatus();
  }
  if (auto s = CheckSize("roi", roi.size(), 2 * scales.size()); !s.ok()) return s;
  const Folder folder{ctx.pool(), DataType::kFloat};
  std::vector<Element> products;
  for (size_t i = 0; i < scales.size(); ++i) {
    const Element part = FoldSub(folder, roi[i + scales.size()], roi[i]);
    products.push_back(FoldMul(folder, part, scales[i]));
  }
  return ApplyScales(products, resizing);
}

// The output keeps the input's proportions within (or around) the wanted sizes: every axis is
// scaled by the smallest (or largest) of size / dim, and rounded to the nearest.
void KeepAspectRatio(bool not_larger, absl::Span<const Dim> sizes, Resizing* resizing) {
  Dim up, down;  // the fraction up / down is the scale
  for (size_t i = 0; i < sizes.size(); ++i) {
    const Dim size = sizes[i], dim = resizing->x[resizing->axes[i]];
    if (!size.is_integer() || !dim.is_integer() || dim.value() == 0) {
      for (int axis : resizing->axes) resizing->out[axis] = Dim();
      return;
    }
    const bool is_smaller = up.is_known() && ProvablyLess(size * down, up * dim);
    if (!up.is_known() || is_smaller == not_larger) {
      up = size;
      down = dim;
    }
  }
  for (int axis : resizing->axes) {
    resizing->out[axis] = FloorDiv(up * resizing->x[axis] * 2 + down, down * 2);
  }
}

absl::Status ApplySizes(const OpContext& ctx, absl::Span<const Dim> sizes, Resizing* resizing) {
  if (auto s = CheckSize("sizes", sizes.size(), resizing->axes.size()); !s.ok()) return s;
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (ProvablyLess(sizes[i], 0)) return absl::InvalidArgumentError("a size is negative");
    resizing->out[resizing->axes[i]] = sizes[i];
  }
  const absl::string_view policy = ctx.StringAttribute("keep_aspect_ratio_policy", "stretch");
  if (policy != "stretch") KeepAspectRatio(policy == "not_larger", sizes, resizing);
  return absl::OkStatus();
}

bool IsEmpty(const OpContext& ctx, int input) {
  return !ctx.HasInput(input) || IsInteger(ctx.InputShape(input).NumElements(), 0);
}

// Scales or sizes, whichever is not empty; unknown values leave the dims of the axes unknown.
absl::Status ApplyInputs(const OpContext& ctx, int scales, int sizes, Resizing* resizing) {
  DimVector wanted;
  const bool has_sizes = !IsEmpty(ctx, sizes);
  if (has_sizes && ctx.InputDims(sizes, &wanted)) return ApplySizes(ctx, wanted, resizing);
  if (IsEmpty(ctx, scales) && !has_sizes) {
    return absl::InvalidArgumentError("neither scales nor sizes are given");
  }
  if (!has_sizes && ctx.HasElements(scales)) {
    const bool crops =
        ctx.StringAttribute("coordinate_transformation_mode", "") == "tf_crop_and_resize";
    return crops ? ApplyScalesToRegion(ctx, ctx.InputElements(scales), resizing)
                 : ApplyScales(ctx.InputElements(scales), resizing);
  }
  for (int axis : resizing->axes) resizing->out[axis] = Dim();
  return absl::OkStatus();
}

// Input 1 holds the scales up to Resize-10; then roi, scales and sizes follow one another.
template <int kScales, int kSizes>
absl::Status InferResize(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (!x.has_rank()) return absl::OkStatus();
  Resizing resizing(x);
  if (auto s = ReadAxes(ctx, x.rank(), &resizing.axes); !s.ok()) return s;
  if (auto s = ApplyInputs(ctx, kScales, kSizes, &resizing); !s.ok()) return s;
  ctx.SetOutput(0, ctx.InputType(0), resizing.out);
  return absl::OkStatus();
}

// Upsample-7 has the attribute `scales`, Upsample-1 height_scale and width_scale.
absl::Status InferUpsampleByAttribute(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (!x.has_rank()) return absl::OkStatus();
  const Folder folder{ctx.pool(), DataType::kFloat};
  std::vector<Element> scales;
  if (const Attribute* attribute = ctx.FindAttribute("scales")) {
    for (float scale : attribute->floats()) scales.push_back(folder.Real(scale));
  } else {
    scales = {Dim(1), Dim(1), folder.Real(ctx.FloatAttribute("height_scale", 0)),
              folder.Real(ctx.FloatAttribute("width_scale", 0))};
  }
  Resizing resizing(x);
  if (auto s = ReadAxes(ctx, x.rank(), &resizing.axes); !s.ok()) return s;
  if (auto s = ApplyScales(scales, &resizing); !s.ok()) return s;
  ctx.SetOutput(0, ctx.InputType(0), resizing.out);
  return absl::OkStatus();
}

struct Mode {
  absl::string_view name;
  int taps_per_axis;
};
constexpr Mode kModes[] = {{"linear", 2}, {"bilinear", 2}, {"trilinear", 2}, {"cubic", 4}};

// Nearest neighbours are copied. Others are interpolated along the axes that change.
Cost CountResize(const OpContext& ctx) {
  const absl::string_view mode_name = ctx.StringAttribute("mode", "nearest");
  const Shape x = ctx.InputShape(0), y = ctx.OutputShape(0);
  int axes = 0;
  for (int i = 0; i < y.rank(); ++i) axes += !ProvablyEqual(x[i], y[i]);
  for (const Mode& mode : kModes) {
    if (mode.name != mode_name || axes == 0) continue;
    return {.ops = ctx.NumOutputElements(0) * InterpolationOps(mode.taps_per_axis, axes)};
  }
  return Cost{};
}

constexpr OpRule ResizeRow(absl::string_view op_type, int since_version, InferFn infer) {
  return {.op_type = op_type,
          .domain = "",
          .since_version = since_version,
          .infer = infer,
          .cost = CountResize,
          .counting = "nearest: free; else 2 * taps - 1 per output element (bilinear: 7)",
          .not_parameters = Input(1) | Input(2) | Input(3)};
}

constexpr int kNone = std::numeric_limits<int>::max();  // no node has that many inputs

const OpRule kRules[] = {
    ResizeRow("Resize", 10, InferResize<1, kNone>),
    ResizeRow("Resize", 11, InferResize<2, 3>),
    ResizeRow("Upsample", 1, InferUpsampleByAttribute),
    ResizeRow("Upsample", 9, InferResize<1, kNone>),
};

}  // namespace

absl::Span<const OpRule> ResizeRules() { return kRules; }

}  // namespace onnx_macs
