// Operators that rearrange, repeat or pad whole axes: Transpose, Expand, Tile, Pad, DepthToSpace,
// SpaceToDepth.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "analyzer/op_context.h"
#include "rules/axis.h"
#include "rules/broadcast.h"
#include "rules/element_view.h"
#include "rules/rules.h"
#include "rules/shape_operand.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

// Without `perm` the axes are reversed. TorchScript writes movedim() with axes that count from the
// end.
absl::Status ReadPermutation(const OpContext& ctx, int rank, absl::InlinedVector<int, 6>* perm) {
  const absl::Span<const int64_t> given = ctx.IntsAttribute("perm");
  if (ctx.FindAttribute("perm") == nullptr) {
    for (int axis = rank - 1; axis >= 0; --axis) perm->push_back(axis);
    return absl::OkStatus();
  }
  absl::InlinedVector<bool, 6> seen(rank, false);
  for (int64_t axis : given) {
    if (axis < 0) axis += rank;
    if (axis < 0 || axis >= rank || seen[axis]) break;
    seen[axis] = true;
    perm->push_back(static_cast<int>(axis));
  }
  if (static_cast<int>(perm->size()) != rank || given.size() != perm->size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("perm does not permute the ", rank, " axes of the input"));
  }
  return absl::OkStatus();
}

absl::Status InferTranspose(OpContext& ctx) {
  const Shape shape = ctx.InputShape(0);
  if (!shape.has_rank()) {
    ctx.SetOutput(0, ctx.InputType(0), Shape());
    return absl::OkStatus();
  }
  absl::InlinedVector<int, 6> perm;
  if (auto status = ReadPermutation(ctx, shape.rank(), &perm); !status.ok()) return status;
  DimVector dims;
  for (int axis : perm) dims.push_back(shape[axis]);
  ctx.SetOutput(0, ctx.InputType(0), dims);
  ElementView view;
  if (!ViewInput(ctx, 0, &view)) return absl::OkStatus();
  const ElementView source = view;
  for (size_t i = 0; i < perm.size(); ++i) {
    view.dims[i] = source.dims[perm[i]];
    view.strides[i] = source.strides[perm[i]];
  }
  SetViewedElements(ctx, 0, view);
  return absl::OkStatus();
}

absl::Status InferExpand(OpContext& ctx) {
  const Shape shape = ctx.InputShape(0);
  DimVector target, dims;
  if (!shape.has_rank() || !ReadShapeOperand(ctx, 1, &target)) {
    ctx.SetOutput(0, ctx.InputType(0), Shape());
    return absl::OkStatus();
  }
  if (auto status = BroadcastDims(ctx, shape.dims(), target, &dims); !status.ok()) return status;
  ctx.SetOutput(0, ctx.InputType(0), dims);
  ElementVector elements;
  if (Follows(ctx, 0) && BroadcastElements(ctx, 0, dims, &elements)) ctx.SetElements(0, elements);
  return absl::OkStatus();
}

// How often each axis is repeated: an input, or before opset 6 one axis and its count.
absl::Status ReadRepeats(const OpContext& ctx, int rank, DimVector* repeats) {
  if (ctx.num_inputs() < 3) {
    if (!ReadShapeOperand(ctx, 1, repeats)) repeats->assign(rank, Dim());
    if (static_cast<int>(repeats->size()) == rank) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat(repeats->size(), " repeats for ", rank, " axes"));
  }
  repeats->assign(rank, Dim(1));
  DimVector tiles;
  std::vector<int64_t> axes;
  int axis;
  if (!ctx.InputInts(2, &axes) || axes.size() != 1) {
    repeats->assign(rank, Dim());
    return absl::OkStatus();
  }
  if (auto status = NormalizeAxis(axes[0], rank, &axis); !status.ok()) return status;
  (*repeats)[axis] = ctx.InputDims(1, &tiles) && tiles.size() == 1 ? tiles[0] : Dim();
  return absl::OkStatus();
}

// Every axis becomes two, of which the first repeats.
void TileElements(OpContext& ctx, absl::Span<const Dim> repeats) {
  ElementView view;
  AxisVector times;
  if (!ViewInput(ctx, 0, &view) || !PlainDims(repeats, &times)) return;
  AxisVector dims, strides;
  for (size_t axis = 0; axis < times.size(); ++axis) {
    dims.insert(dims.end(), {times[axis], view.dims[axis]});
    strides.insert(strides.end(), {0, view.strides[axis]});
  }
  view.dims = dims;
  view.strides = strides;
  SetViewedElements(ctx, 0, view);
}

absl::Status InferTile(OpContext& ctx) {
  const Shape shape = ctx.InputShape(0);
  if (!shape.has_rank()) {
    ctx.SetOutput(0, ctx.InputType(0), Shape());
    return absl::OkStatus();
  }
  DimVector repeats, dims;
  if (auto status = ReadRepeats(ctx, shape.rank(), &repeats); !status.ok()) return status;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    dims.push_back(shape[axis] * repeats[axis]);
    if (auto status = CheckSize(dims.back(), shape[axis], repeats[axis]); !status.ok()) {
      return status;
    }
  }
  ctx.SetOutput(0, ctx.InputType(0), dims);
  TileElements(ctx, repeats);
  return absl::OkStatus();
}

// All begins, then all ends: `pads` as attribute (opset 1 calls it `paddings`) or input.
bool ReadPads(const OpContext& ctx, DimVector* pads) {
  if (ctx.HasInput(1)) return ctx.InputDims(1, pads);
  for (absl::string_view name : {"pads", "paddings"}) {
    if (ctx.FindAttribute(name) == nullptr) continue;
    const absl::Span<const int64_t> ints = ctx.IntsAttribute(name);
    for (int64_t pad : ints) pads->push_back(ctx.pool().Integer(pad));
    return true;
  }
  return false;
}

// Which axes the pads are for: all of them unless the fourth input says otherwise.
absl::Status ReadPadAxes(const OpContext& ctx, int rank, bool* known,
                         absl::InlinedVector<int, 6>* axes) {
  std::vector<int64_t> given;
  *known = true;
  if (!ctx.HasInput(3)) {
    for (int axis = 0; axis < rank; ++axis) axes->push_back(axis);
  } else if (!ctx.InputInts(3, &given)) {
    *known = false;
  }
  for (int64_t a : given) {
    int axis;
    if (auto status = NormalizeAxis(a, rank, &axis); !status.ok()) return status;
    axes->push_back(axis);
  }
  return absl::OkStatus();
}

absl::Status InferPad(OpContext& ctx) {
  const Shape shape = ctx.InputShape(0);
  DimVector pads;
  if (!shape.has_rank()) {
    ctx.SetOutput(0, ctx.InputType(0), Shape());
    return absl::OkStatus();
  }
  absl::InlinedVector<int, 6> axes;
  bool known;
  if (auto status = ReadPadAxes(ctx, shape.rank(), &known, &axes); !status.ok()) return status;
  if (!known || !ReadPads(ctx, &pads)) {
    ctx.SetOutput(0, ctx.InputType(0), DimVector(shape.rank()));
    return absl::OkStatus();
  }
  if (pads.size() != 2 * axes.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat(pads.size(), " pads for ", axes.size(), " axes"));
  }
  DimVector dims(shape.dims().begin(), shape.dims().end());
  for (size_t i = 0; i < axes.size(); ++i) {
    Dim& d = dims[axes[i]];
    const Dim begin = pads[i], end = pads[axes.size() + i], padding = begin + end;
    if (auto status = CheckSize(padding, begin, end); !status.ok()) return status;
    const Dim padded = d + padding;
    if (auto status = CheckSize(padded, d, padding); !status.ok()) return status;
    d = padded;
    if (d.is_integer() && d.value() < 0) {
      return absl::InvalidArgumentError("more is cut off than there is");
    }
  }
  ctx.SetOutput(0, ctx.InputType(0), dims);
  return absl::OkStatus();
}

// [N, C, H, W]: what C loses, H and W gain (`to_space`), or the other way round.
absl::Status MoveBlocks(OpContext& ctx, bool to_space) {
  const Shape shape = ctx.InputShape(0);
  const int64_t block = ctx.IntAttribute("blocksize", 0);
  constexpr int64_t kMaxBlock = 1 << 20;
  if (block <= 0 || block > kMaxBlock) return absl::InvalidArgumentError("blocksize is no size");
  if (!shape.has_rank()) {
    ctx.SetOutput(0, ctx.InputType(0), DimVector(4));
    return absl::OkStatus();
  }
  if (shape.rank() != 4) return absl::InvalidArgumentError("the input is not 4-D");
  const Dim c = shape[1], h = shape[2], w = shape[3];
  if (to_space) {
    const auto channels = DivideEvenly(ctx, c, block * block);
    if (!channels.ok()) return channels.status();
    ctx.SetOutput(0, ctx.InputType(0), {shape[0], *channels, h * block, w * block});
    return absl::OkStatus();
  }
  const auto rows = DivideEvenly(ctx, h, block), columns = DivideEvenly(ctx, w, block);
  if (!rows.ok()) return rows.status();
  if (!columns.ok()) return columns.status();
  ctx.SetOutput(0, ctx.InputType(0), {shape[0], c * (block * block), *rows, *columns});
  return absl::OkStatus();
}

absl::Status InferDepthToSpace(OpContext& ctx) { return MoveBlocks(ctx, true); }
absl::Status InferSpaceToDepth(OpContext& ctx) { return MoveBlocks(ctx, false); }

const OpRule kRules[] = {
    FreeRow("DepthToSpace", 1, InferDepthToSpace),
    FreeRow("Expand", 8, InferExpand, Input(1)),
    FreeRow("Pad", 1, InferPad, Input(1) | Input(2) | Input(3)),
    FreeRow("SpaceToDepth", 1, InferSpaceToDepth),
    FreeRow("Tile", 1, InferTile, Input(1) | Input(2)),
    FreeRow("Transpose", 1, InferTranspose),
};

}  // namespace

absl::Span<const OpRule> LayoutRules() { return kRules; }

}  // namespace onnx_macs
