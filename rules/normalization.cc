// Normalisation layers: the output is shaped like the input; some also give out their statistics.
#include "absl/strings/str_cat.h"
#include "analyzer/op_context.h"
#include "rules/axis.h"
#include "rules/rules.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

absl::Status InferSameShape(OpContext& ctx) {
  ctx.SetOutput(0, ctx.InputType(0), ctx.InputShape(0));
  return absl::OkStatus();
}

// Dims of `x` where scale, bias and statistics have one entry per channel.
Dim Channels(const Shape& x) { return x.rank() > 1 ? x[1] : Dim(1); }

absl::Status CheckPerChannel(const OpContext& ctx, const Shape& x, int input) {
  const Shape per_channel = ctx.InputShape(input);
  if (!per_channel.has_rank()) return absl::OkStatus();
  if (per_channel.rank() != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("input ", input, " has ", per_channel.rank(), " dims instead of 1"));
  }
  if (ctx.MustEqual(per_channel[0], Channels(x))) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "input has ", ToString(Channels(x)), " channels, the scale ", ToString(per_channel[0])));
}

// All versions: what they were trained with comes out after Y, one entry per channel each.
absl::Status InferBatchNormalization(OpContext& ctx) {
  constexpr int kScale = 1, kMean = 3;
  const Shape x = ctx.InputShape(0);
  if (!x.has_rank()) {
    ctx.SetOutput(0, ctx.InputType(0), Shape());
    for (int i = 1; i < ctx.num_outputs(); ++i) {
      ctx.SetOutput(i, ctx.InputType(kMean), ctx.InputShape(kMean));
    }
    return absl::OkStatus();
  }
  if (x.rank() == 0) return absl::InvalidArgumentError("input is a scalar");
  if (auto status = CheckPerChannel(ctx, x, kScale); !status.ok()) return status;
  ctx.SetOutput(0, ctx.InputType(0), x);
  for (int i = 1; i < ctx.num_outputs(); ++i) {
    ctx.SetOutput(i, ctx.InputType(kMean), {Channels(x)});
  }
  return absl::OkStatus();
}

absl::Status InferInstanceNormalization(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (!x.has_rank()) return absl::OkStatus();
  if (x.rank() < 2) return absl::InvalidArgumentError("input has no channels");
  if (auto status = CheckPerChannel(ctx, x, 1); !status.ok()) return status;
  return InferSameShape(ctx);
}

// Opset 18 has one scale per group, 21 one per channel.
absl::Status InferGroupNormalization(OpContext& ctx) {
  constexpr int kPerChannelSince = 21;
  const Shape x = ctx.InputShape(0);
  const int64_t groups = ctx.IntAttribute("num_groups", 0);
  if (groups < 1) return absl::InvalidArgumentError(absl::StrCat("num_groups is ", groups));
  if (!x.has_rank()) return absl::OkStatus();
  if (x.rank() < 2) return absl::InvalidArgumentError("input has no channels");
  if (x[1].is_integer() && x[1].value() % groups != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(x[1].value(), " channels are not divisible by num_groups ", groups));
  }
  if (ctx.opset() >= kPerChannelSince) {
    if (auto status = CheckPerChannel(ctx, x, 1); !status.ok()) return status;
  }
  return InferSameShape(ctx);
}

// The statistics keep the dims before `axis`; the others become 1.
absl::Status InferLayerNormalization(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (!x.has_rank()) return absl::OkStatus();
  int axis;
  if (auto s = NormalizeAxis(ctx.IntAttribute("axis", -1), x.rank(), &axis); !s.ok()) return s;
  ctx.SetOutput(0, ctx.InputType(0), x);
  DimVector statistics(x.dims().begin(), x.dims().end());
  for (int i = axis; i < x.rank(); ++i) statistics[i] = 1;
  const DataType type = DataTypeFromNumber(ctx.IntAttribute("stash_type", 1));
  for (int i = 1; i < ctx.num_outputs(); ++i) ctx.SetOutput(i, type, statistics);
  return absl::OkStatus();
}

// The result has the type of the scale.
absl::Status InferRmsNormalization(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (!x.has_rank()) return absl::OkStatus();
  int axis;
  if (auto s = NormalizeAxis(ctx.IntAttribute("axis", -1), x.rank(), &axis); !s.ok()) return s;
  ctx.SetOutput(0, ctx.InputType(1), x);
  return absl::OkStatus();
}

absl::Status InferLpNormalization(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  int axis;
  if (!x.has_rank()) return absl::OkStatus();
  if (auto s = NormalizeAxis(ctx.IntAttribute("axis", -1), x.rank(), &axis); !s.ok()) return s;
  return InferSameShape(ctx);
}

absl::Status InferLrn(OpContext& ctx) {
  const int64_t size = ctx.IntAttribute("size", 0);
  if (size < 1) return absl::InvalidArgumentError(absl::StrCat("size is ", size));
  return InferSameShape(ctx);
}

// x / (bias + alpha/size * sum of squares) ^ beta over `size` channels.
Cost CountLrn(const OpContext& ctx) {
  const Count per_element = Count(2) * Count(ctx.IntAttribute("size", 1)) + Count(4);
  return {.ops = ctx.NumOutputElements(0) * per_element};
}

const OpRule kRules[] = {
    WeightedRow<"BatchNormalization">(1, InferBatchNormalization),
    WeightedRow<"InstanceNormalization">(1, InferInstanceNormalization),
    WeightedRow<"GroupNormalization">(18, InferGroupNormalization),
    WeightedRow<"LayerNormalization">(1, InferLayerNormalization),
    WeightedRow<"RMSNormalization">(23, InferRmsNormalization),
    WeightedRow<"SimplifiedLayerNormalization">(1, InferLayerNormalization),
    WeightedRow<"LpNormalization">(1, InferLpNormalization),
    WeightedRow<"MeanVarianceNormalization">(9, InferSameShape),
    {.op_type = "LRN",
     .domain = "",
     .since_version = 1,
     .infer = InferLrn,
     .cost = CountLrn,
     .counting = "2 * size + 4 per element: squares and their sum, scale, bias, power, divide"},
};

}  // namespace

absl::Span<const OpRule> NormalizationRules() { return kRules; }

}  // namespace onnx_macs
