// Operators that read or write at indices: Gather, GatherElements, GatherND, ScatterElements,
// ScatterND.
#include "absl/strings/str_cat.h"
#include "analyzer/op_context.h"
#include "rules/axis.h"
#include "rules/broadcast.h"
#include "rules/element_view.h"
#include "rules/rules.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

// An index that is known and lies on the axis; -1 for any other.
int64_t PlainIndex(const Element& index, int64_t size) {
  if (!index.exact.is_integer()) return -1;
  const int64_t i = index.exact.value() < 0 ? index.exact.value() + size : index.exact.value();
  return i >= 0 && i < size ? i : -1;
}

// Only where the data's elements are followed, which those of an embedding never are.
void GatherFollowed(OpContext& ctx, int axis) {
  ElementView data;
  if (!ctx.Input(0).has_elements() && !ctx.Input(1).has_elements() &&
      !ctx.Input(1).has_unread_data) {
    return;
  }
  if (!ViewInput(ctx, 0, &data) || !ctx.HasElements(1)) return;
  int64_t outer = 1, inner = 1;
  for (int i = 0; i < axis; ++i) outer *= data.dims[i];
  for (size_t i = axis + 1; i < data.dims.size(); ++i) inner *= data.dims[i];
  const int64_t size = data.dims[axis];
  const absl::Span<const Element> indices = ctx.InputElements(1);
  const int64_t count = static_cast<int64_t>(indices.size());
  if (outer * inner * count > OpContext::kMaxElements) return;
  ElementVector elements;
  for (int64_t o = 0; o < outer; ++o) {
    for (const Element& index : indices) {
      const int64_t i = PlainIndex(index, size);
      for (int64_t k = 0; k < inner; ++k) {
        elements.push_back(i < 0 ? Element() : data.elements[(o * size + i) * inner + k]);
      }
    }
  }
  ctx.SetElements(0, elements);
}

// The indices' shape takes the place of the axis.
absl::Status InferGather(OpContext& ctx) {
  const Shape data = ctx.InputShape(0), indices = ctx.InputShape(1);
  if (!data.has_rank() || !indices.has_rank()) {
    ctx.SetOutput(0, ctx.InputType(0), Shape());
    return absl::OkStatus();
  }
  int axis;
  if (auto status = NormalizeAxis(ctx.IntAttribute("axis", 0), data.rank(), &axis); !status.ok()) {
    return status;
  }
  DimVector dims;
  for (int i = 0; i < data.rank(); ++i) {
    if (i == axis) {
      dims.insert(dims.end(), indices.dims().begin(), indices.dims().end());
    } else {
      dims.push_back(data[i]);
    }
  }
  ctx.SetOutput(0, ctx.InputType(0), dims);
  GatherFollowed(ctx, axis);
  return absl::OkStatus();
}

absl::Status InferGatherElements(OpContext& ctx) {
  ctx.SetOutput(0, ctx.InputType(0), ctx.InputShape(1));
  return absl::OkStatus();
}

// batch_dims axes go together; the last axis of the indices addresses as many of the next ones.
absl::Status InferGatherND(OpContext& ctx) {
  const Shape data = ctx.InputShape(0), indices = ctx.InputShape(1);
  const int64_t batch = ctx.IntAttribute("batch_dims", 0);
  const Dim depth = indices[-1];
  if (!data.has_rank() || !indices.has_rank() || !depth.is_integer()) {
    ctx.SetOutput(0, ctx.InputType(0), Shape());
    return absl::OkStatus();
  }
  if (batch < 0 || batch >= indices.rank() || depth.value() < 1 ||
      depth.value() > data.rank() - batch) {
    return absl::InvalidArgumentError("the indices address more axes than there are");
  }
  DimVector dims;
  for (int i = 0; i + 1 < indices.rank(); ++i) {
    if (i < batch && !ctx.MustEqual(indices[i], data[i])) {
      return absl::InvalidArgumentError(absl::StrCat("batch axis ", i, " differs"));
    }
    dims.push_back(indices[i]);
  }
  for (int64_t i = batch + depth.value(); i < data.rank(); ++i) {
    dims.push_back(data[static_cast<int>(i)]);
  }
  ctx.SetOutput(0, ctx.InputType(0), dims);
  return absl::OkStatus();
}

absl::Status InferScatter(OpContext& ctx) {
  ctx.SetOutput(0, ctx.InputType(0), ctx.InputShape(0));
  return absl::OkStatus();
}

// Writing is free; a reduction is one operation for every update.
Cost CountScatter(const OpContext& ctx) {
  if (ctx.StringAttribute("reduction", "none") == "none") return {};
  return {.ops = ctx.NumInputElements(2) * Count(WeightOf("ScatterReduce").ops)};
}

constexpr OpRule ScatterRow(absl::string_view op_type, int since_version) {
  return {.op_type = op_type,
          .domain = "",
          .since_version = since_version,
          .infer = InferScatter,
          .cost = CountScatter,
          .counting = WeightOf("ScatterReduce").reason,
          .not_parameters = Input(0)};  // zeros, or what is overwritten
}

const OpRule kRules[] = {
    ReadingPart(WeightedRow<"Gather">(1, InferGather)),
    ReadingPart(FreeRow("GatherElements", 11, InferGatherElements)),
    ReadingPart(FreeRow("GatherND", 11, InferGatherND)),
    FreeRow("Scatter", 9, InferScatter),
    ScatterRow("ScatterElements", 11),
    ScatterRow("ScatterND", 11),
};

}  // namespace

absl::Span<const OpRule> GatherRules() { return kRules; }

}  // namespace onnx_macs
