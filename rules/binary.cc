// Operators of two tensors, element by element: arithmetic, comparisons, logic.
#include "absl/strings/str_cat.h"
#include "analyzer/expr_pool.h"
#include "analyzer/op_context.h"
#include "rules/broadcast.h"
#include "rules/element_view.h"
#include "rules/fold.h"
#include "rules/rules.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

// What the result is made of: the first operand's type, or truth values.
enum class ResultType { kOperand, kBool };

DataType OperandType(const OpContext& ctx) {
  return ctx.InputType(0) != DataType::kUndefined ? ctx.InputType(0) : ctx.InputType(1);
}

bool MayOverflow(BinaryFold fold) { return fold == FoldAdd || fold == FoldSub || fold == FoldMul; }

bool IsNumber(const Element& x) { return x.exact.is_known() && ConstantTerm(x.exact) == x.exact; }

template <BinaryFold kFold>
void FoldBinary(OpContext& ctx, absl::Span<const Dim> dims) {
  if (!FollowsAll(ctx, 2)) return;
  ElementVector a, b;
  if (!BroadcastElements(ctx, 0, dims, &a) || !BroadcastElements(ctx, 1, dims, &b)) return;
  const Folder folder{ctx.pool(), OperandType(ctx)};
  // Other integers wrap around on purpose; sizes do not.
  const bool checked = folder.type == DataType::kInt64 && MayOverflow(kFold);
  bool fits = true;
  for (size_t i = 0; i < a.size(); ++i) {
    const bool known = checked && IsNumber(a[i]) && IsNumber(b[i]);
    a[i] = kFold(folder, a[i], b[i]);
    fits = fits && (!known || a[i].is_known());
  }
  if (!fits) ctx.Warn("a result is too large for an int64");
  ctx.SetElements(0, a);
}

// Bit patterns: no graph computes a shape with them.
absl::Status InferBitwise(OpContext& ctx) {
  DimVector dims;
  bool known;
  return InferBroadcast(ctx, OperandType(ctx), &dims, &known);
}

template <BinaryFold kFold, ResultType kResult>
absl::Status InferBinary(OpContext& ctx) {
  const DataType type = kResult == ResultType::kBool ? DataType::kBool : OperandType(ctx);
  DimVector dims;
  bool known;
  if (auto status = InferBroadcast(ctx, type, &dims, &known); !status.ok()) return status;
  if (known) FoldBinary<kFold>(ctx, dims);
  return absl::OkStatus();
}

// Before opset 7 the second operand is stretched to the first where `broadcast` says so, aligned at
// `axis`; without it the shapes are equal, which newer broadcasting covers.
template <BinaryFold kFold, ResultType kResult>
absl::Status InferLegacyBinary(OpContext& ctx) {
  if (ctx.IntAttribute("broadcast", 0) == 0) return InferBinary<kFold, kResult>(ctx);
  const DataType type = kResult == ResultType::kBool ? DataType::kBool : OperandType(ctx);
  ctx.SetOutput(0, type, ctx.InputShape(0));
  return absl::OkStatus();
}

template <BinaryFold kFold>
constexpr InferFn kArithmetic = InferBinary<kFold, ResultType::kOperand>;
template <BinaryFold kFold>
constexpr InferFn kLegacyArithmetic = InferLegacyBinary<kFold, ResultType::kOperand>;
template <BinaryFold kFold>
constexpr InferFn kComparison = InferBinary<kFold, ResultType::kBool>;
template <BinaryFold kFold>
constexpr InferFn kLegacyComparison = InferLegacyBinary<kFold, ResultType::kBool>;

absl::Status InferMod(OpContext& ctx) {
  return ctx.IntAttribute("fmod", 0) != 0 ? kArithmetic<FoldTruncatedMod>(ctx)
                                          : kArithmetic<FoldFloorMod>(ctx);
}

const OpRule kRules[] = {
    WeightedRow<"Add">(1, kLegacyArithmetic<FoldAdd>),
    WeightedRow<"Add">(7, kArithmetic<FoldAdd>),
    WeightedRow<"And">(1, kLegacyComparison<FoldAnd>),
    WeightedRow<"And">(7, kComparison<FoldAnd>),
    WeightedRow<"BitShift">(11, InferBitwise),
    WeightedRow<"BitwiseAnd">(18, InferBitwise),
    WeightedRow<"BitwiseOr">(18, InferBitwise),
    WeightedRow<"BitwiseXor">(18, InferBitwise),
    WeightedRow<"Div">(1, kLegacyArithmetic<FoldDiv>),
    WeightedRow<"Div">(7, kArithmetic<FoldDiv>),
    WeightedRow<"Equal">(1, kLegacyComparison<FoldEqual>),
    WeightedRow<"Equal">(7, kComparison<FoldEqual>),
    WeightedRow<"Greater">(1, kLegacyComparison<FoldGreater>),
    WeightedRow<"Greater">(7, kComparison<FoldGreater>),
    WeightedRow<"GreaterOrEqual">(12, kComparison<FoldGreaterOrEqual>),
    WeightedRow<"Less">(1, kLegacyComparison<FoldLess>),
    WeightedRow<"Less">(7, kComparison<FoldLess>),
    WeightedRow<"LessOrEqual">(12, kComparison<FoldLessOrEqual>),
    WeightedRow<"Mod">(10, InferMod),
    WeightedRow<"Mul">(1, kLegacyArithmetic<FoldMul>),
    WeightedRow<"Mul">(7, kArithmetic<FoldMul>),
    WeightedRow<"Or">(1, kLegacyComparison<FoldOr>),
    WeightedRow<"Or">(7, kComparison<FoldOr>),
    WeightedRow<"Pow">(1, kLegacyArithmetic<FoldPow>),
    WeightedRow<"Pow">(7, kArithmetic<FoldPow>),
    WeightedRow<"Sub">(1, kLegacyArithmetic<FoldSub>),
    WeightedRow<"Sub">(7, kArithmetic<FoldSub>),
    WeightedRow<"Xor">(1, kLegacyComparison<FoldXor>),
    WeightedRow<"Xor">(7, kComparison<FoldXor>),
};

}  // namespace

absl::Span<const OpRule> BinaryRules() { return kRules; }

}  // namespace onnx_macs
