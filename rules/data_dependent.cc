// NonZero, Compress, Unique, NonMaxSuppression: how much they give out depends on the data. Where
// the data is followed it is counted; else it is a symbol with a bound.
#include "rules/data_dependent.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "analyzer/inference.h"
#include "analyzer/op_context.h"
#include "rules/axis.h"
#include "rules/element_view.h"
#include "rules/expert_rows.h"
#include "rules/fold.h"
#include "rules/rules.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

// Whether an element is not zero; nothing where that is not known.
std::optional<bool> IsNonZero(const Element& element) {
  if (const auto number = AsDouble(element)) return *number != 0;
  if (element.exact.is_expr() && ProvablyDifferent(element.exact, 0)) return true;
  return std::nullopt;
}

// The positions of elements that are not zero; false where that is not known of every one.
bool FindNonZero(const OpContext& ctx, int input, std::vector<int64_t>* positions) {
  if (!Follows(ctx, input)) return false;
  const absl::Span<const Element> elements = ctx.InputElements(input);
  for (size_t i = 0; i < elements.size(); ++i) {
    const std::optional<bool> nonzero = IsNonZero(elements[i]);
    if (!nonzero) return false;
    if (*nonzero) positions->push_back(static_cast<int64_t>(i));
  }
  return true;
}

// The index along `axis` of the element at a row-major position.
int64_t IndexAlong(absl::Span<const int64_t> dims, size_t axis, int64_t position) {
  for (size_t i = dims.size() - 1; i > axis; --i) position /= dims[i];
  return position % dims[axis];
}

// [rank, n]: a column of indices per element that is not zero.
absl::Status InferNonZero(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  const Dim rank = x.has_rank() ? Dim(x.rank()) : Dim();
  std::vector<int64_t> positions;
  if (!FindNonZero(ctx, 0, &positions)) {
    Dim found = RowsOfExpert(ctx);
    if (!found.is_known()) found = TracedExperts(ctx);
    if (!found.is_known()) found = BoundedSymbol(ctx, "nonzero", 0, x.NumElements());
    ctx.SetOutput(0, DataType::kInt64, {rank, found});
    return absl::OkStatus();
  }
  const int64_t found = static_cast<int64_t>(positions.size());
  ctx.SetOutput(0, DataType::kInt64, {rank, found});
  AxisVector dims;
  if (!PlainDims(x.dims(), &dims) || found * x.rank() > OpContext::kMaxElements) {
    return absl::OkStatus();
  }
  ElementVector elements;
  for (size_t axis = 0; axis < dims.size(); ++axis) {
    for (int64_t position : positions) elements.push_back(Dim(IndexAlong(dims, axis, position)));
  }
  ctx.SetElements(0, elements);
  return absl::OkStatus();
}

// What is kept of a vector whose elements are followed.
void KeepElements(OpContext& ctx, absl::Span<const int64_t> kept) {
  if (!Follows(ctx, 0)) return;
  const absl::Span<const Element> elements = ctx.InputElements(0);
  ElementVector out;
  for (int64_t i : kept) {
    if (i >= static_cast<int64_t>(elements.size())) return;
    out.push_back(elements[i]);
  }
  ctx.SetElements(0, out);
}

// Keeps what the condition says along the axis, or of all elements in a row.
absl::Status InferCompress(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  const bool flattens = ctx.FindAttribute("axis") == nullptr;
  if (!x.has_rank() && !flattens) return absl::OkStatus();
  int axis = 0;
  if (!flattens) {
    if (auto s = NormalizeAxis(ctx.IntAttribute("axis", 0), x.rank(), &axis); !s.ok()) return s;
  }
  std::vector<int64_t> kept;
  const bool known = FindNonZero(ctx, 1, &kept);
  const Dim whole = flattens ? x.NumElements() : x[axis];
  Dim size = static_cast<int64_t>(kept.size());
  if (!known) size = BoundedSymbol(ctx, "compressed", 0, Min(whole, ctx.InputShape(1)[0]));
  if (known && ProvablyLess(whole, size)) {
    return absl::InvalidArgumentError("the condition keeps more than there is");
  }
  if (known) ctx.inference().RequireNotNegative(whole - size);
  DimVector dims = {size};
  if (!flattens) {
    dims.assign(x.dims().begin(), x.dims().end());
    dims[axis] = size;
  }
  ctx.SetOutput(0, ctx.InputType(0), dims);
  if (known && dims.size() == 1) KeepElements(ctx, kept);
  return absl::OkStatus();
}

// The slices of the view along `axis` as rows of numbers; false where one is not known.
bool ReadRows(const ElementView& view, int axis, std::vector<std::vector<double>>* rows) {
  ElementVector elements;
  if (!CopyView(view, &elements) || elements.empty()) return false;
  rows->resize(view.dims[axis]);
  for (size_t i = 0; i < elements.size(); ++i) {
    const auto number = AsDouble(elements[i]);
    if (!number) return false;
    (*rows)[IndexAlong(view.dims, axis, static_cast<int64_t>(i))].push_back(*number);
  }
  return true;
}

// How many of the slices differ; unknown where their elements are not followed.
Dim CountDistinct(const OpContext& ctx, bool flattens, int axis) {
  ElementView view;
  if (!Follows(ctx, 0) || !ViewInput(ctx, 0, &view)) return Dim();
  if (flattens) {
    ElementVector elements;
    if (!CopyView(view, &elements)) return Dim();
    view = {
        .elements = view.elements, .dims = {static_cast<int64_t>(elements.size())}, .strides = {1}};
  }
  std::vector<std::vector<double>> rows;
  if (!ReadRows(view, axis, &rows)) return Dim();
  std::sort(rows.begin(), rows.end());
  return static_cast<int64_t>(std::unique(rows.begin(), rows.end()) - rows.begin());
}

absl::Status InferUnique(OpContext& ctx) {
  enum OutputIndex { kValues, kIndices, kInverse, kCounts };
  const Shape x = ctx.InputShape(0);
  const bool flattens = ctx.FindAttribute("axis") == nullptr;
  int axis = 0;
  if (!flattens && x.has_rank()) {
    if (auto s = NormalizeAxis(ctx.IntAttribute("axis", 0), x.rank(), &axis); !s.ok()) return s;
  }
  const Dim whole = flattens ? x.NumElements() : x[axis];
  Dim found = x.has_rank() ? CountDistinct(ctx, flattens, axis) : Dim();
  if (!found.is_known()) {
    found = BoundedSymbol(ctx, "unique", ProvablyLess(0, whole) ? 1 : 0, whole);
  }
  if (flattens) {
    ctx.SetOutput(kValues, ctx.InputType(0), {found});
  } else if (x.has_rank()) {
    DimVector dims(x.dims().begin(), x.dims().end());
    dims[axis] = found;
    ctx.SetOutput(kValues, ctx.InputType(0), dims);
  }
  ctx.SetOutput(kIndices, DataType::kInt64, {found});
  ctx.SetOutput(kInverse, DataType::kInt64, {whole});
  ctx.SetOutput(kCounts, DataType::kInt64, {found});
  return absl::OkStatus();
}

enum SuppressionInput { kBoxes, kScores, kMaxPerClass, kIouThreshold, kScoreThreshold };

// How many boxes of one class can be kept: none without the input that says how many.
Dim MaxPerClass(const OpContext& ctx, Dim boxes) {
  if (!ctx.HasInput(kMaxPerClass)) return 0;
  DimVector most;
  if (!ctx.InputDims(kMaxPerClass, &most) || most.size() != 1 || !most[0].is_known()) return boxes;
  return Max(Min(most[0], boxes), 0);
}

// Boxes [B, N, 4] and scores [B, C, N] give [n, 3] indices.
absl::Status InferNonMaxSuppression(OpContext& ctx) {
  const Shape boxes = ctx.InputShape(kBoxes), scores = ctx.InputShape(kScores);
  if ((boxes.has_rank() && boxes.rank() != 3) || (scores.has_rank() && scores.rank() != 3)) {
    return absl::InvalidArgumentError("boxes and scores must have 3 dims");
  }
  if (!ctx.MustEqual(boxes[0], scores[0]) || !ctx.MustEqual(boxes[1], scores[2])) {
    return absl::InvalidArgumentError("boxes and scores differ in number");
  }
  const Dim most = boxes[0] * scores[1] * MaxPerClass(ctx, boxes[1]);
  ctx.SetOutput(0, DataType::kInt64, {BoundedSymbol(ctx, "kept_boxes", 0, most), 3});
  return absl::OkStatus();
}

// Every box is held against every one that may be kept: the overlap takes 4 extrema, 4
// subtractions, 2 clamps, 2 products, 2 sums, a division and a comparison.
Cost CountNonMaxSuppression(const OpContext& ctx) {
  constexpr int kOverlapOps = 16;
  const Shape boxes = ctx.InputShape(kBoxes);
  const Count kept = Count(MaxPerClass(ctx, boxes[1]));
  return {.ops = ctx.NumInputElements(kScores) * (kept * Count(kOverlapOps) + Count(1))};
}

const OpRule kRules[] = {
    ReadingPart(FreeRow("Compress", 9, InferCompress, Input(1))),
    {.op_type = "NonMaxSuppression",
     .domain = "",
     .since_version = 10,
     .infer = InferNonMaxSuppression,
     .cost = CountNonMaxSuppression,
     .counting = "at most: per score, 1 comparison and 16 for each box that may be kept",
     .not_parameters = Input(kMaxPerClass) | Input(kIouThreshold) | Input(kScoreThreshold)},
    WeightedInputRow<"NonZero">(9, InferNonZero),
    WeightedInputRow<"Unique">(11, InferUnique),
};

}  // namespace

Dim BoundedSymbol(const OpContext& ctx, absl::string_view stem, int64_t low, Dim high) {
  if (IsInteger(high, low)) return high;
  Interval interval{low, IntervalOf(high).high};
  interval.high = std::max(interval.high, low);
  const Dim symbol = ctx.pool().FreshSymbol(stem, interval);
  if (high.is_known()) ctx.Note(absl::StrCat(ToString(symbol), " <= ", ToString(high)));
  return symbol;
}

absl::Span<const OpRule> DataDependentRules() { return kRules; }

}  // namespace onnx_macs
