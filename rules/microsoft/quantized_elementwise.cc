// Element-wise operators on quantised tensors: they dequantise, compute and quantise again.
#include "absl/strings/str_cat.h"
#include "rules/axis.h"
#include "rules/broadcast.h"
#include "rules/microsoft/as_onnx.h"
#include "rules/microsoft/microsoft.h"
#include "rules/microsoft/rows.h"

namespace onnx_macs {
namespace {

constexpr int kDequantise = WeightOf("DequantizeLinear").ops;
constexpr int kQuantise = WeightOf("QuantizeLinear").ops;
constexpr ElementWeight kSoftmax = WeightOf("Softmax");

absl::Status BroadcastOf(OpContext& ctx, absl::Span<const int> operands, DataType type) {
  DimVector dims;
  for (int operand : operands) {
    const Shape shape = ctx.InputShape(operand);
    if (!shape.has_rank()) {
      ctx.SetOutput(0, type, Shape());
      return absl::OkStatus();
    }
    if (auto s = BroadcastDims(ctx, dims, shape.dims(), &dims); !s.ok()) return s;
  }
  ctx.SetOutput(0, type, dims);
  return absl::OkStatus();
}

// Operands lie at 0 and 3, each with its scale and zero point behind it.
constexpr int kA = 0, kB = 3;

absl::Status InferBinary(OpContext& ctx) { return BroadcastOf(ctx, {kA, kB}, ctx.InputType(kA)); }

Cost CountBinary(const OpContext& ctx) {
  const Count operands = ctx.NumInputElements(kA) + ctx.NumInputElements(kB);
  return {.ops = operands * Count(kDequantise) + ctx.NumOutputElements(0) * Count(1 + kQuantise)};
}

absl::Status InferMulInteger(OpContext& ctx) { return BroadcastOf(ctx, {0, 2}, DataType::kInt32); }

// A condition, then two operands with their scales and zero points.
constexpr int kX = 1, kY = 4;

absl::Status InferWhere(OpContext& ctx) { return BroadcastOf(ctx, {0, kX, kY}, ctx.InputType(kX)); }

Cost CountWhere(const OpContext& ctx) {
  const Count operands = ctx.NumInputElements(kX) + ctx.NumInputElements(kY);
  return {.ops = operands * Count(kDequantise) +
                 ctx.NumOutputElements(0) * Count(WeightOf("Where").ops + kQuantise)};
}

Cost CountSoftmax(const OpContext& ctx) {
  const Count elements = ctx.NumOutputElements(0);
  return {.macs = elements, .ops = elements * Count(kDequantise + kSoftmax.ops + kQuantise)};
}

Cost CountSoftmaxOps(const OpContext& ctx) {
  constexpr int kOpsPerMac = 2;
  return {.ops = ctx.NumOutputElements(0) *
                 Count(kDequantise + kSoftmax.ops + kOpsPerMac + kQuantise)};
}

// Axes are an attribute here; none means all.
absl::Status ReduceAxes(OpContext& ctx, DataType type) {
  const Shape x = ctx.InputShape(0);
  if (!x.has_rank()) return absl::OkStatus();
  const absl::Span<const int64_t> axes = ctx.IntsAttribute("axes");
  absl::InlinedVector<bool, 8> reduced(x.rank(), axes.empty());
  for (int64_t entry : axes) {
    int axis;
    if (auto s = NormalizeAxis(entry, x.rank(), &axis); !s.ok()) return s;
    reduced[axis] = true;
  }
  DimVector out;
  const bool keeps = ctx.IntAttribute("keepdims", 1) != 0;
  for (int i = 0; i < x.rank(); ++i) {
    if (!reduced[i]) out.push_back(x[i]);
    if (reduced[i] && keeps) out.push_back(1);
  }
  ctx.SetOutput(0, type, out);
  return absl::OkStatus();
}

absl::Status InferReduceMean(OpContext& ctx) { return ReduceAxes(ctx, ctx.InputType(0)); }

absl::Status InferReduceSum(OpContext& ctx) {
  const bool is_unsigned = ctx.InputType(0) == DataType::kUint8;
  return ReduceAxes(ctx, is_unsigned ? DataType::kUint32 : DataType::kInt32);
}

Cost CountReduceMean(const OpContext& ctx) {
  return {.ops = ctx.NumInputElements(0) * Count(kDequantise + 1) +
                 ctx.NumOutputElements(0) * Count(kQuantise)};
}

// The scale and zero point of the output, then tensors with theirs: 2, 5, 8, ...
absl::Status InferConcat(OpContext& ctx) {
  constexpr int kFirst = 2, kStep = 3;
  const Shape first = ctx.InputShape(kFirst);
  if (!first.has_rank()) return absl::OkStatus();
  int axis;
  if (auto s = NormalizeAxis(ctx.IntAttribute("axis", 0), first.rank(), &axis); !s.ok()) return s;
  DimVector dims(first.dims().begin(), first.dims().end());
  for (int i = kFirst + kStep; i < ctx.num_inputs(); i += kStep) {
    const Shape shape = ctx.InputShape(i);
    if (shape.has_rank() && shape.rank() != first.rank()) {
      return absl::InvalidArgumentError("the operands have different ranks");
    }
    for (int k = 0; k < first.rank(); ++k) {
      if (k != axis && !ctx.MustEqual(dims[k], shape[k])) {
        return absl::InvalidArgumentError(absl::StrCat("axis ", k, " differs"));
      }
    }
    dims[axis] += shape[axis];
  }
  ctx.SetOutput(0, ctx.InputType(kFirst), dims);
  return absl::OkStatus();
}

absl::Status InferQuantizeWithOrder(OpContext& ctx) {
  ctx.SetOutput(0, DataType::kInt8, ctx.InputShape(0));
  return absl::OkStatus();
}

absl::Status InferDequantizeWithOrder(OpContext& ctx) {
  ctx.SetOutput(0, DataTypeFromNumber(ctx.IntAttribute("to", 1)), ctx.InputShape(0));
  return absl::OkStatus();
}

// Blocks of floats that share an exponent: how many bytes they take, their format says.
absl::Status InferQuantizeBlocks(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  const Dim rank = x.has_rank() ? Dim(x.rank()) : Dim();
  ctx.SetOutput(0, DataType::kUint8, {Dim()});
  ctx.SetOutput(1, DataType::kInt64, {rank});
  ctx.SetOutput(2, DataType::kInt64, {rank});
  if (!x.has_rank()) return absl::OkStatus();
  ElementVector dims(x.dims().begin(), x.dims().end());
  ctx.SetElements(1, dims);
  return absl::OkStatus();
}

absl::Status InferDequantizeBlocks(OpContext& ctx) {
  DimVector dims;
  const DataType type = DataTypeFromNumber(ctx.IntAttribute("dtype", 1));
  if (ctx.InputDims(1, &dims)) {
    ctx.SetOutput(0, type, dims);
  } else {
    ctx.SetOutput(0, type, Shape());
  }
  return absl::OkStatus();
}

template <OpName kOp>
constexpr OpRule UnaryRow(absl::string_view op_type, absl::string_view counting) {
  return PerElementRow<kDequantise + WeightOf(kOp.view()).ops + kQuantise>(
      op_type, InferLike<0>, counting, Input(1) | Input(2) | Input(3) | Input(4));
}

constexpr InputMask kUnaryScales = Input(1) | Input(2) | Input(3) | Input(4);
constexpr InputMask kBinaryScales = Input(1) | Input(2) | Input(4) | Input(5) | Input(6) | Input(7);
constexpr InputMask kWhereScales =
    Input(0) | Input(2) | Input(3) | Input(5) | Input(6) | Input(7) | Input(8);
// Bits 0, 1 and those of every scale and zero point after a tensor.
constexpr InputMask kConcatScales = ~InputMask{0x4924924924924924};

constexpr ElementWeight kReduce = WeightOf("Reduce");

const OpRule kRules[] = {
    CountedRow("QLinearAdd", InferBinary, CountBinary,
               "2 per element of an operand, 4 per output element", kBinaryScales),
    CountedRow("QLinearMul", InferBinary, CountBinary,
               "2 per element of an operand, 4 per output element", kBinaryScales),
    WeightedRow<"MulInteger">(1, InferMulInteger, Input(1) | Input(3), kMicrosoft),
    UnaryRow<"LeakyRelu">("QLinearLeakyRelu", "7 per element: dequantise, LeakyRelu, quantise"),
    UnaryRow<"Sigmoid">("QLinearSigmoid", "9 per element: dequantise, Sigmoid, quantise"),
    CountedRow("QLinearSoftmax", InferLike<0>, CountSoftmax,
               "1 MAC and 8 per element: dequantise, Softmax, quantise", kUnaryScales),
    CountedRow("QLinearWhere", InferWhere, CountWhere,
               "2 per element of an operand, 4 per output element", kWhereScales),
    CountedRow("QLinearReduceMean", InferReduceMean, CountReduceMean,
               "3 per input element, 3 per output element", kUnaryScales),
    CountedRow("ReduceSumInteger", InferReduceSum, PerInputElement<kReduce.ops>, kReduce.reason),
    PerElementRow<kDequantise + kQuantise>("QLinearConcat", InferConcat,
                                           "5 per element: dequantise, quantise", kConcatScales),
    CountedRow("QuantizeLinear", InferAs<"QuantizeLinear">, PerOutputElement<kQuantise>,
               WeightOf("QuantizeLinear").reason, Input(1) | Input(2)),
    CountedRow("DequantizeLinear", InferAs<"DequantizeLinear">, PerOutputElement<kDequantise>,
               WeightOf("DequantizeLinear").reason, Input(1) | Input(2), Input(0)),
    PerElementRow<kQuantise>("QuantizeWithOrder", InferQuantizeWithOrder,
                             WeightOf("QuantizeLinear").reason, Input(1)),
    PerElementRow<kDequantise>("DequantizeWithOrder", InferDequantizeWithOrder,
                               WeightOf("DequantizeLinear").reason, Input(1)),
    CountedRow("QuantizeBFP", InferQuantizeBlocks, PerInputElement<kQuantise>,
               "3 per input element"),
    PerElementRow<kDequantise>("DequantizeBFP", InferDequantizeBlocks, "2 per output element",
                               Input(1) | Input(2)),
};

const CostOverride kContractions[] = {
    {.op_type = "QLinearSoftmax",
     .domain = kMicrosoft,
     .cost = CountSoftmaxOps,
     .counting = "10 ops per element, no MACs"},
};

}  // namespace

absl::Span<const OpRule> QuantizedElementwiseRules() { return kRules; }
absl::Span<const CostOverride> QuantizedElementwiseContractions() { return kContractions; }

}  // namespace onnx_macs
