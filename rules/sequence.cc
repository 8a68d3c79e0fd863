// Operators on sequences of tensors. Of a sequence its length is known and what its tensors have in
// common: where their shapes differ, the dim is unknown.
#include "absl/strings/str_cat.h"
#include "analyzer/inference.h"
#include "analyzer/op_context.h"
#include "rules/axis.h"
#include "rules/broadcast.h"
#include "rules/rules.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

// What two tensors of one sequence have in common.
TensorInfo Merge(const OpContext& ctx, const TensorInfo& a, const TensorInfo& b) {
  TensorInfo merged;
  merged.type = a.type != DataType::kUndefined ? a.type : b.type;
  if (!a.shape.has_rank() || a.shape.rank() != b.shape.rank()) return merged;
  DimVector dims(a.shape.dims().begin(), a.shape.dims().end());
  for (int i = 0; i < a.shape.rank(); ++i) {
    if (!ProvablyEqual(dims[i], b.shape[i])) dims[i] = Dim();
  }
  merged.shape = Shape(ctx.CopyDims(dims));
  return merged;
}

TensorInfo TypeOf(const OpContext& ctx, int i) {
  TensorInfo info;
  info.type = ctx.InputType(i);
  info.shape = ctx.InputShape(i);
  return info;
}

// The type of the tensors in a sequence input; of unknown type and rank where that is not known.
TensorInfo ElementType(const OpContext& ctx, int i) {
  const TensorInfo* type = ctx.Input(i).element_type;
  return type != nullptr ? *type : TensorInfo();
}

void SetSequence(OpContext& ctx, const TensorInfo& element, Dim length) {
  TensorInfo sequence;
  sequence.kind = ValueKind::kSequence;
  sequence.element_type = ctx.inference().arena().New(element);
  sequence.length = length;
  ctx.SetOutput(0, sequence);
}

absl::Status InferSequenceConstruct(OpContext& ctx) {
  if (ctx.num_inputs() == 0) return absl::InvalidArgumentError("there is nothing to make it of");
  TensorInfo element = TypeOf(ctx, 0);
  for (int i = 1; i < ctx.num_inputs(); ++i) element = Merge(ctx, element, TypeOf(ctx, i));
  SetSequence(ctx, element, ctx.num_inputs());
  return absl::OkStatus();
}

absl::Status InferSequenceEmpty(OpContext& ctx) {
  TensorInfo element;
  element.type =
      DataTypeFromNumber(ctx.IntAttribute("dtype", static_cast<int64_t>(DataType::kFloat)));
  SetSequence(ctx, element, 0);
  return absl::OkStatus();
}

absl::Status InferSequenceInsert(OpContext& ctx) {
  const Dim length = ctx.Input(0).length;
  const TensorInfo added = TypeOf(ctx, 1);
  const TensorInfo element = IsInteger(length, 0) ? added : Merge(ctx, ElementType(ctx, 0), added);
  SetSequence(ctx, element, length + 1);
  return absl::OkStatus();
}

absl::Status InferSequenceErase(OpContext& ctx) {
  const Dim length = ctx.Input(0).length;
  if (ProvablyLess(length, 1)) return absl::InvalidArgumentError("the sequence is empty");
  SetSequence(ctx, ElementType(ctx, 0), length - 1);
  return absl::OkStatus();
}

absl::Status InferSequenceAt(OpContext& ctx) {
  const TensorInfo element = ElementType(ctx, 0);
  ctx.SetOutput(0, element.type, element.shape);
  return absl::OkStatus();
}

absl::Status InferSequenceLength(OpContext& ctx) {
  ctx.SetOutput(0, DataType::kInt64, absl::Span<const Dim>());
  ctx.SetElements(0, {Element(ctx.Input(0).length)});
  return absl::OkStatus();
}

// What the pieces of a split have in common along the axis, and how many there are. A scalar is the
// size of all but the last, which may be smaller.
struct Pieces {
  Dim size, count;
};

Pieces PiecesOf(Dim whole, absl::Span<const Dim> split, bool is_scalar) {
  if (!is_scalar) {
    Pieces pieces{split[0], Dim(static_cast<int64_t>(split.size()))};
    for (Dim d : split) {
      if (!ProvablyEqual(d, split[0])) pieces.size = Dim();
    }
    return pieces;
  }
  const Dim size = split[0];
  const Dim count = CeilDiv(whole, size);
  if (IsInteger(FloorMod(whole, size), 0)) return {size, count};
  return {IsInteger(count, 1) ? whole : Dim(), count};
}

// Without sizes, pieces of 1, of which `keepdims` keeps the axis.
absl::Status InferSplitToSequence(OpContext& ctx) {
  const Shape shape = ctx.InputShape(0);
  TensorInfo element = TypeOf(ctx, 0);
  Dim length;
  if (shape.has_rank()) {
    int axis;
    if (auto status = NormalizeAxis(ctx.IntAttribute("axis", 0), shape.rank(), &axis);
        !status.ok()) {
      return status;
    }
    DimVector split, dims(shape.dims().begin(), shape.dims().end());
    if (!ctx.HasInput(1)) {
      length = shape[axis];
      dims[axis] = 1;
      if (ctx.IntAttribute("keepdims", 1) == 0) dims.erase(dims.begin() + axis);
    } else if (ctx.InputDims(1, &split) && !split.empty()) {
      if (IsInteger(split[0], 0) && ctx.InputShape(1).rank() == 0) {
        return absl::InvalidArgumentError("pieces of size 0 never end");
      }
      const Pieces pieces = PiecesOf(shape[axis], split, ctx.InputShape(1).rank() == 0);
      dims[axis] = pieces.size;
      length = pieces.count;
    } else {
      dims[axis] = Dim();
    }
    element.shape = Shape(ctx.CopyDims(dims));
  }
  SetSequence(ctx, element, length);
  return absl::OkStatus();
}

absl::Status InferConcatFromSequence(OpContext& ctx) {
  const TensorInfo element = ElementType(ctx, 0);
  const Dim length = ctx.Input(0).length;
  if (!element.shape.has_rank()) {
    ctx.SetOutput(0, element.type, Shape());
    return absl::OkStatus();
  }
  const bool new_axis = ctx.IntAttribute("new_axis", 0) != 0;
  DimVector dims(element.shape.dims().begin(), element.shape.dims().end());
  int axis;
  if (auto status = NormalizeAxis(ctx.IntAttribute("axis", 0),
                                  element.shape.rank() + (new_axis ? 1 : 0), &axis);
      !status.ok()) {
    return status;
  }
  if (new_axis) {
    dims.insert(dims.begin() + axis, length);
  } else {
    dims[axis] *= length;
  }
  ctx.SetOutput(0, element.type, dims);
  return absl::OkStatus();
}

const OpRule kRules[] = {
    FreeRow("ConcatFromSequence", 11, InferConcatFromSequence),
    FreeRow("SequenceAt", 11, InferSequenceAt, Input(1)),
    FreeRow("SequenceConstruct", 11, InferSequenceConstruct),
    FreeRow("SequenceEmpty", 11, InferSequenceEmpty),
    FreeRow("SequenceErase", 11, InferSequenceErase, Input(1)),
    FreeRow("SequenceInsert", 11, InferSequenceInsert, Input(2)),
    FreeRow("SequenceLength", 11, InferSequenceLength),
    FreeRow("SplitToSequence", 11, InferSplitToSequence, Input(1)),
};

}  // namespace

absl::Span<const OpRule> SequenceRules() { return kRules; }

}  // namespace onnx_macs
