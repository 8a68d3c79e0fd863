// Operators that keep the elements and change at most how they are stored: Identity, Cast,
// CastLike, Dropout (as it runs at inference), and the linear quantisers.
#include "absl/strings/ascii.h"
#include "analyzer/op_context.h"
#include "rules/element_view.h"
#include "rules/fold.h"
#include "rules/rules.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

absl::Status InferIdentity(OpContext& ctx) {
  const TensorInfo& input = ctx.Input(0);
  if (input.kind != ValueKind::kTensor) {
    ctx.SetOutput(0, input);
    return absl::OkStatus();
  }
  ctx.SetOutput(0, input.type, ctx.InputShape(0));
  if (Follows(ctx, 0)) ctx.SetElements(0, ctx.InputElements(0));
  return absl::OkStatus();
}

void CastTo(OpContext& ctx, DataType type) {
  ctx.SetOutput(0, type, ctx.InputShape(0));
  if (!Follows(ctx, 0)) return;
  const Folder folder{ctx.pool(), type};
  ElementVector elements;
  for (const Element& x : ctx.InputElements(0)) elements.push_back(FoldCast(folder, x));
  ctx.SetElements(0, elements);
}

// Opset 1 wrote the type as "FLOAT" or "INT64".
DataType TypeNamed(absl::string_view name) {
  for (int number = 0; number <= static_cast<int>(DataType::kInt2); ++number) {
    const DataType type = DataTypeFromNumber(number);
    if (absl::AsciiStrToLower(name) == Describe(type).name) return type;
  }
  return DataType::kUndefined;
}

absl::Status InferCast(OpContext& ctx) {
  const Attribute* to = ctx.FindAttribute("to");
  if (to == nullptr) return absl::InvalidArgumentError("there is no attribute \"to\"");
  CastTo(ctx,
         to->type == AttributeType::kString ? TypeNamed(to->s()) : DataTypeFromNumber(to->i()));
  return absl::OkStatus();
}

absl::Status InferCastLike(OpContext& ctx) {
  CastTo(ctx, ctx.InputType(1));
  return absl::OkStatus();
}

absl::Status InferDropout(OpContext& ctx) {
  const DataType mask = ctx.opset() < 10 ? ctx.InputType(0) : DataType::kBool;
  ctx.SetOutput(1, mask, ctx.InputShape(0));
  return InferIdentity(ctx);
}

// The type named by the attribute (0: none), else that of the given input, else the default.
DataType QuantizedType(const OpContext& ctx, int type_donor, DataType otherwise) {
  const int64_t named = ctx.IntAttribute("output_dtype", 0);
  if (named != 0) return DataTypeFromNumber(named);
  return ctx.HasInput(type_donor) ? ctx.InputType(type_donor) : otherwise;
}

absl::Status InferQuantizeLinear(OpContext& ctx) {
  const DataType zero_point = ctx.InputType(2);
  if (zero_point != DataType::kUndefined && zero_point != QuantizedType(ctx, 2, DataType::kUint8)) {
    return absl::InvalidArgumentError("output_dtype differs from the zero point's type");
  }
  ctx.SetOutput(0, QuantizedType(ctx, 2, DataType::kUint8), ctx.InputShape(0));
  return absl::OkStatus();
}

absl::Status InferDequantizeLinear(OpContext& ctx) {
  ctx.SetOutput(0, QuantizedType(ctx, 1, DataType::kFloat), ctx.InputShape(0));
  return absl::OkStatus();
}

absl::Status InferDynamicQuantizeLinear(OpContext& ctx) {
  ctx.SetOutput(0, DataType::kUint8, ctx.InputShape(0));
  ctx.SetOutput(1, DataType::kFloat, absl::Span<const Dim>());
  ctx.SetOutput(2, DataType::kUint8, absl::Span<const Dim>());
  return absl::OkStatus();
}

constexpr InputMask kScaleAndZeroPoint = Input(1) | Input(2);

constexpr OpRule DequantizeRow() {
  OpRule row = WeightedRow<"DequantizeLinear">(10, InferDequantizeLinear, kScaleAndZeroPoint);
  row.contraction_operands = Input(0);
  return row;
}

const OpRule kRules[] = {
    FreeRow("Cast", 1, InferCast),
    FreeRow("CastLike", 15, InferCastLike, Input(1)),
    DequantizeRow(),
    FreeRow("Dropout", 1, InferDropout, Input(1) | Input(2)),
    WeightedRow<"DynamicQuantizeLinear">(11, InferDynamicQuantizeLinear),
    ViewRow("Identity", 1, InferIdentity),
    WeightedRow<"QuantizeLinear">(10, InferQuantizeLinear, kScaleAndZeroPoint),
};

}  // namespace

absl::Span<const OpRule> CastRules() { return kRules; }

}  // namespace onnx_macs
