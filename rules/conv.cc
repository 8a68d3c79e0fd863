// Convolutions: Conv, ConvTranspose, their quantised forms and DeformConv.
#include <limits>

#include "absl/strings/str_cat.h"
#include "analyzer/op_context.h"
#include "rules/resampling.h"
#include "rules/rules.h"
#include "rules/shape_operand.h"
#include "rules/spatial.h"

namespace onnx_macs {
namespace {

// Which inputs are what; the quantised forms put scales and zero points in between.
struct ConvInputs {
  int weight, bias;
};
constexpr ConvInputs kPlain{1, 2};
constexpr int kNoBias = std::numeric_limits<int>::max();  // no node has that many inputs
constexpr ConvInputs kInteger{1, kNoBias};
constexpr ConvInputs kQuantised{3, 8};
constexpr ConvInputs kDeformed{1, 3};

absl::Status ReadGroup(const OpContext& ctx, Dim weight_dim0, int64_t* group) {
  *group = ctx.IntAttribute("group", 1);
  if (*group < 1) return absl::InvalidArgumentError(absl::StrCat("group is ", *group));
  if (weight_dim0.is_integer() && weight_dim0.value() % *group != 0) {
    return absl::InvalidArgumentError(absl::StrCat("the weight's first dim, ", weight_dim0.value(),
                                                   ", is not divisible by group ", *group));
  }
  return absl::OkStatus();
}

absl::Status ChannelsDiffer(Dim found, Dim expected) {
  return absl::InvalidArgumentError(absl::StrCat(
      "input has ", ToString(found), " channels, the weight takes ", ToString(expected)));
}

absl::Status CheckRanks(const Shape& x, const Shape& w) {
  if (x.rank() < 3) return absl::InvalidArgumentError("input has no spatial dims");
  if (x.rank() == w.rank()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("input has ", x.rank(), " dims, the weight ", w.rank()));
}

// X [N, C, D...] with W [M, C/group, K...] gives [N, M, O...].
absl::Status InferConvOf(OpContext& ctx, int weight, DataType type) {
  const Shape x = ctx.InputShape(0), w = ctx.InputShape(weight);
  if (!x.has_rank() || !w.has_rank()) {
    ctx.SetOutput(0, type, Shape());
    return absl::OkStatus();
  }
  if (auto status = CheckRanks(x, w); !status.ok()) return status;
  int64_t group;
  if (auto status = ReadGroup(ctx, w[0], &group); !status.ok()) return status;
  if (!ctx.MustEqual(x[1], w[1] * group)) return ChannelsDiffer(x[1], w[1] * group);
  Window window;
  const int rank = x.rank() - 2;
  if (auto s = ReadWindow(ctx, rank, w.dims().subspan(2), &window); !s.ok()) return s;
  DimVector out = {x[0], w[0]};
  if (auto s = AppendSlidingDims(ctx, window, x.dims().subspan(2), &out); !s.ok()) return s;
  ctx.SetOutput(0, type, out);
  return absl::OkStatus();
}

absl::Status InferConv(OpContext& ctx) { return InferConvOf(ctx, kPlain.weight, ctx.InputType(0)); }
absl::Status InferConvInteger(OpContext& ctx) {
  return InferConvOf(ctx, kInteger.weight, DataType::kInt32);
}
absl::Status InferQLinearConv(OpContext& ctx) {
  constexpr int kOutputZeroPoint = 7;
  return InferConvOf(ctx, kQuantised.weight, ctx.InputType(kOutputZeroPoint));
}

// X [N, C, D...] with W [C, M/group, K...] gives [N, M, O...].
absl::Status InferConvTranspose(OpContext& ctx) {
  const Shape x = ctx.InputShape(0), w = ctx.InputShape(1);
  if (!x.has_rank() || !w.has_rank()) {
    ctx.SetOutput(0, ctx.InputType(0), Shape());
    return absl::OkStatus();
  }
  if (auto status = CheckRanks(x, w); !status.ok()) return status;
  int64_t group;
  if (auto status = ReadGroup(ctx, w[0], &group); !status.ok()) return status;
  if (!ctx.MustEqual(x[1], w[0])) return ChannelsDiffer(x[1], w[0]);
  Window window;
  const int rank = x.rank() - 2;
  if (auto s = ReadWindow(ctx, rank, w.dims().subspan(2), &window); !s.ok()) return s;
  DimVector out = {x[0], w[1] * group};
  if (auto s = CheckSize(out[1], w[1], group); !s.ok()) return s;
  if (auto s = AppendTransposedDims(ctx, window, x.dims().subspan(2), &out); !s.ok()) return s;
  ctx.SetOutput(0, ctx.InputType(0), out);
  return absl::OkStatus();
}

Count Bias(const OpContext& ctx, int input) {
  return ctx.HasInput(input) ? ctx.NumOutputElements(0) : Count(0);
}

// Batch times positions of `shape`, times the whole weight: each position of a group meets that
// group's share of it.
Count PositionsTimesWeight(const OpContext& ctx, const Shape& shape, int weight) {
  if (!shape.has_rank() || shape.rank() < 2) return Count::Unknown();
  return Count(shape[0]) * Product(shape.dims().subspan(2)) * ctx.NumInputElements(weight);
}

template <const ConvInputs& inputs>
Cost CountConv(const OpContext& ctx) {
  return {.macs = PositionsTimesWeight(ctx, ctx.OutputShape(0), inputs.weight),
          .ops = Bias(ctx, inputs.bias)};
}

Cost CountConvTranspose(const OpContext& ctx) {
  return {.macs = PositionsTimesWeight(ctx, ctx.InputShape(0), kPlain.weight),
          .ops = Bias(ctx, kPlain.bias)};
}

// On top of the convolution, every tap is interpolated between the pixels around it.
Cost CountDeformConv(const OpContext& ctx) {
  constexpr int kMask = 4;
  Cost cost = CountConv<kDeformed>(ctx);
  const Shape x = ctx.InputShape(0), w = ctx.InputShape(1), y = ctx.OutputShape(0);
  if (!x.has_rank() || x.rank() < 3 || w.rank() != x.rank() || y.rank() != x.rank()) return cost;
  const Count taps =
      Count(x[0]) * Count(x[1]) * Product(w.dims().subspan(2)) * Product(y.dims().subspan(2));
  cost.ops += taps * (InterpolationOps(2, x.rank() - 2) + (ctx.HasInput(kMask) ? 1 : 0));
  return cost;
}

constexpr char kConv[] =
    "batch * output positions * elements of the weight; the bias is one op per output element";
constexpr char kConvTranspose[] =
    "batch * input positions * elements of the weight; the bias is one op per output element";
constexpr char kDeformConv[] =
    "as Conv; ops: the interpolation of every tap, its mask, and the bias";

const OpRule kRules[] = {
    {.op_type = "Conv",
     .domain = "",
     .since_version = 1,
     .infer = InferConv,
     .cost = CountConv<kPlain>,
     .counting = kConv,
     .contraction_operands = Input(1)},
    {.op_type = "ConvInteger",
     .domain = "",
     .since_version = 10,
     .infer = InferConvInteger,
     .cost = CountConv<kInteger>,
     .counting = kConv,
     .not_parameters = Input(2) | Input(3),
     .contraction_operands = Input(1)},
    {.op_type = "QLinearConv",
     .domain = "",
     .since_version = 10,
     .infer = InferQLinearConv,
     .cost = CountConv<kQuantised>,
     .counting = kConv,
     .not_parameters = Input(1) | Input(2) | Input(4) | Input(5) | Input(6) | Input(7),
     .contraction_operands = Input(3) | Input(8)},
    {.op_type = "ConvTranspose",
     .domain = "",
     .since_version = 1,
     .infer = InferConvTranspose,
     .cost = CountConvTranspose,
     .counting = kConvTranspose,
     .contraction_operands = Input(1)},
    {.op_type = "DeformConv",
     .domain = "",
     .since_version = 19,
     .infer = InferConv,
     .cost = CountDeformConv,
     .counting = kDeformConv,
     .contraction_operands = Input(1)},
};

}  // namespace

absl::Span<const OpRule> ConvRules() { return kRules; }

}  // namespace onnx_macs
