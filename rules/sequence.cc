// Operators on sequences of tensors. Of a sequence its length is known and what its tensors have in
// common (where their shapes differ, the dim is unknown); of a short one, each tensor.
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "analyzer/inference.h"
#include "analyzer/op_context.h"
#include "analyzer/sequence_info.h"
#include "rules/axis.h"
#include "rules/broadcast.h"
#include "rules/rules.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

using Items = std::vector<TensorInfo>;

// The type of the tensors in a sequence input; of unknown type and rank where that is not known.
TensorInfo ElementType(const OpContext& ctx, int i) {
  const TensorInfo* type = ctx.Input(i).element_type;
  return type != nullptr ? *type : TensorInfo();
}

void SetSequence(OpContext& ctx, const TensorInfo& element, Dim length) {
  ctx.SetOutput(0, MakeSequence(ctx.inference().arena(), element, length));
}

void SetItems(OpContext& ctx, absl::Span<const TensorInfo> items, const TensorInfo& otherwise) {
  ctx.SetOutput(0, MakeSequence(ctx.inference().arena(), items, otherwise));
}

absl::Status InferSequenceConstruct(OpContext& ctx) {
  if (ctx.num_inputs() == 0) return absl::InvalidArgumentError("there is nothing to make it of");
  Items items;
  for (int i = 0; i < ctx.num_inputs(); ++i) items.push_back(ctx.FullInput(i));
  SetItems(ctx, items, TensorInfo());
  return absl::OkStatus();
}

absl::Status InferSequenceEmpty(OpContext& ctx) {
  TensorInfo element;
  element.type =
      DataTypeFromNumber(ctx.IntAttribute("dtype", static_cast<int64_t>(DataType::kFloat)));
  SetSequence(ctx, element, 0);
  return absl::OkStatus();
}

// A position counted from the front, unless it is not known. `last` is where it may be at most, and
// what is meant where none is given.
absl::Status ReadPosition(const OpContext& ctx, int input, int64_t length, int64_t last,
                          std::optional<int64_t>* position) {
  std::vector<int64_t> given;
  *position = last;
  if (ctx.HasInput(input)) {
    const bool known = ctx.InputInts(input, &given) && given.size() == 1;
    *position =
        known ? std::optional<int64_t>(given[0] < 0 ? given[0] + length : given[0]) : std::nullopt;
  }
  if (!*position || (**position >= 0 && **position <= last)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("position ", given[0], " is outside of the ", length, " values"));
}

absl::Status InferSequenceInsert(OpContext& ctx) {
  const TensorInfo& sequence = ctx.Input(0);
  const TensorInfo added = ctx.FullInput(1);
  Items items;
  std::optional<int64_t> position;
  if (ReadItems(sequence, &items)) {
    const int64_t length = static_cast<int64_t>(items.size());
    if (auto s = ReadPosition(ctx, 2, length, length, &position); !s.ok()) return s;
  }
  if (position) {
    items.insert(items.begin() + *position, added);
    SetItems(ctx, items, added);
    return absl::OkStatus();
  }
  Arena& arena = ctx.inference().arena();
  const bool is_first = IsInteger(sequence.length, 0);
  SetSequence(ctx, is_first ? added : CommonInfo(arena, ElementType(ctx, 0), added),
              sequence.length + 1);
  return absl::OkStatus();
}

absl::Status InferSequenceErase(OpContext& ctx) {
  const TensorInfo& sequence = ctx.Input(0);
  if (ProvablyLess(sequence.length, 1)) return absl::InvalidArgumentError("the sequence is empty");
  Items items;
  std::optional<int64_t> position;
  if (ReadItems(sequence, &items)) {
    const int64_t length = static_cast<int64_t>(items.size());
    if (auto s = ReadPosition(ctx, 1, length, length - 1, &position); !s.ok()) return s;
  }
  if (position) {
    items.erase(items.begin() + *position);
    SetItems(ctx, items, ElementType(ctx, 0));
  } else {
    SetSequence(ctx, ElementType(ctx, 0), sequence.length - 1);
  }
  return absl::OkStatus();
}

absl::Status InferSequenceAt(OpContext& ctx) {
  Items items;
  std::optional<int64_t> position;
  if (ReadItems(ctx.Input(0), &items)) {
    const int64_t length = static_cast<int64_t>(items.size());
    if (auto s = ReadPosition(ctx, 1, length, length - 1, &position); !s.ok()) return s;
  }
  ctx.SetOutput(0, position ? items[*position] : ElementType(ctx, 0));
  return absl::OkStatus();
}

absl::Status InferSequenceLength(OpContext& ctx) {
  ctx.SetOutput(0, DataType::kInt64, absl::Span<const Dim>());
  ctx.SetElements(0, {Element(ctx.Input(0).length)});
  return absl::OkStatus();
}

// The sizes of the pieces along the axis. A scalar is the size of all but the last, which may be
// smaller.
struct Pieces {
  DimVector sizes;   // of each piece, where they are few
  Dim size, length;  // what they have in common, and how many there are
};

Pieces ListPieces(absl::Span<const Dim> sizes) {
  Pieces pieces{DimVector(sizes.begin(), sizes.end()), sizes[0],
                static_cast<int64_t>(sizes.size())};
  for (Dim d : sizes) {
    if (!ProvablyEqual(d, sizes[0])) pieces.size = Dim();
  }
  return pieces;
}

Pieces EqualPieces(Dim whole, Dim size) {
  const Dim length = CeilDiv(whole, size);
  if (length.is_integer() && length.value() > 0 && length.value() <= kMaxItems) {
    DimVector sizes(length.value(), size);
    sizes.back() = whole - size * (length - 1);
    return ListPieces(sizes);
  }
  return {{}, IsInteger(FloorMod(whole, size), 0) ? size : Dim(), length};
}

// Without sizes, pieces of 1.
absl::Status ReadPieces(const OpContext& ctx, Dim whole, Pieces* pieces) {
  DimVector split;
  if (!ctx.HasInput(1)) {
    *pieces = {{}, 1, whole};
  } else if (ctx.InputDims(1, &split) && !split.empty()) {
    const bool is_scalar = ctx.InputShape(1).rank() == 0;
    if (IsInteger(split[0], 0) && is_scalar) {
      return absl::InvalidArgumentError("pieces of size 0 never end");
    }
    *pieces = is_scalar ? EqualPieces(whole, split[0]) : ListPieces(split);
  }
  return absl::OkStatus();
}

absl::Status InferSplitToSequence(OpContext& ctx) {
  const Shape shape = ctx.InputShape(0);
  TensorInfo element;
  element.type = ctx.InputType(0);
  if (!shape.has_rank()) {
    SetSequence(ctx, element, Dim());
    return absl::OkStatus();
  }
  int axis;
  if (auto s = NormalizeAxis(ctx.IntAttribute("axis", 0), shape.rank(), &axis); !s.ok()) return s;
  Pieces pieces;
  if (auto s = ReadPieces(ctx, shape[axis], &pieces); !s.ok()) return s;
  DimVector dims(shape.dims().begin(), shape.dims().end());
  const auto piece = [&](Dim size) {
    dims[axis] = size;
    element.shape = Shape(ctx.CopyDims(dims));
    return element;
  };
  if (!pieces.sizes.empty()) {
    Items items;
    for (Dim size : pieces.sizes) items.push_back(piece(size));
    SetItems(ctx, items, element);
    return absl::OkStatus();
  }
  piece(pieces.size);
  // Of pieces that are not listed, `keepdims` keeps the axis.
  if (!ctx.HasInput(1) && ctx.IntAttribute("keepdims", 1) == 0) {
    dims.erase(dims.begin() + axis);
    element.shape = Shape(ctx.CopyDims(dims));
  }
  SetSequence(ctx, element, pieces.length);
  return absl::OkStatus();
}

// How long the values are together along an axis.
Dim TotalSize(const TensorInfo& sequence, int axis) {
  Items items;
  if (!ReadItems(sequence, &items)) return sequence.element_type->shape[axis] * sequence.length;
  Dim total = 0;
  for (const TensorInfo& item : items) total += item.shape[axis];
  return total;
}

absl::Status InferConcatFromSequence(OpContext& ctx) {
  const TensorInfo element = ElementType(ctx, 0);
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
    dims.insert(dims.begin() + axis, ctx.Input(0).length);
  } else {
    dims[axis] = TotalSize(ctx.Input(0), axis);
  }
  ctx.SetOutput(0, element.type, dims);
  return absl::OkStatus();
}

const OpRule kRules[] = {
    FreeRow("ConcatFromSequence", 11, InferConcatFromSequence),
    ReadingPart(FreeRow("SequenceAt", 11, InferSequenceAt, Input(1))),
    FreeRow("SequenceConstruct", 11, InferSequenceConstruct),
    FreeRow("SequenceEmpty", 11, InferSequenceEmpty),
    FreeRow("SequenceErase", 11, InferSequenceErase, Input(1)),
    FreeRow("SequenceInsert", 11, InferSequenceInsert, Input(2)),
    ReadingPart(FreeRow("SequenceLength", 11, InferSequenceLength)),
    FreeRow("SplitToSequence", 11, InferSplitToSequence, Input(1)),
};

}  // namespace

absl::Span<const OpRule> SequenceRules() { return kRules; }

}  // namespace onnx_macs
