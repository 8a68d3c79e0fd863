// Reductions over axes. Exporters compute shapes with those over integers, so these fold.
#include "absl/container/inlined_vector.h"
#include "analyzer/op_context.h"
#include "rules/axis.h"
#include "rules/fold.h"
#include "rules/rules.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

enum class AxesKind : uint8_t { kListed, kAll, kNone, kUnknown };

struct Reduction {
  AxesKind kind = AxesKind::kAll;
  std::vector<int64_t> axes;  // kListed
  bool keep_dims = true;
};

// An attribute until opset 12 or 17, then an input: whichever there is.
Reduction ReadReduction(const OpContext& ctx) {
  Reduction reduction;
  reduction.keep_dims = ctx.IntAttribute("keepdims", 1) != 0;
  const absl::Span<const int64_t> axes = ctx.IntsAttribute("axes");
  reduction.axes.assign(axes.begin(), axes.end());
  const bool has_axes = ctx.HasInput(1) && !IsInteger(ctx.InputShape(1).NumElements(), 0);
  if (has_axes && !ctx.InputInts(1, &reduction.axes)) {
    reduction.kind = AxesKind::kUnknown;
  } else if (!reduction.axes.empty()) {
    reduction.kind = AxesKind::kListed;
  } else if (ctx.IntAttribute("noop_with_empty_axes", 0) != 0) {
    reduction.kind = AxesKind::kNone;
  }
  return reduction;
}

using AxisFlags = absl::InlinedVector<bool, 8>;

absl::Status MarkReduced(const Reduction& reduction, int rank, AxisFlags* reduced) {
  reduced->assign(rank, reduction.kind == AxesKind::kAll);
  for (int64_t entry : reduction.axes) {
    int axis;
    if (auto status = NormalizeAxis(entry, rank, &axis); !status.ok()) return status;
    (*reduced)[axis] = true;
  }
  return absl::OkStatus();
}

// Which axes go is not known; with keepdims the rank is.
void SetUnknownAxes(OpContext& ctx, const Reduction& reduction, const Shape& x) {
  if (reduction.keep_dims) {
    ctx.SetOutput(0, ctx.InputType(0), DimVector(x.rank(), Dim()));
  } else if (const Shape axes = ctx.InputShape(1); axes.rank() == 1 && axes[0].is_integer() &&
                                                   axes[0].value() > 0 &&
                                                   axes[0].value() <= x.rank()) {
    ctx.SetOutput(0, ctx.InputType(0), DimVector(x.rank() - axes[0].value(), Dim()));
  } else {
    ctx.SetOutput(0, ctx.InputType(0), Shape());
  }
}

absl::Status InferReduce(OpContext& ctx, AxisFlags* reduced) {
  const Shape x = ctx.InputShape(0);
  if (!x.has_rank()) return absl::OkStatus();
  const Reduction reduction = ReadReduction(ctx);
  if (reduction.kind == AxesKind::kUnknown) {
    SetUnknownAxes(ctx, reduction, x);
    return absl::OkStatus();
  }
  if (auto status = MarkReduced(reduction, x.rank(), reduced); !status.ok()) return status;
  DimVector out;
  for (int i = 0; i < x.rank(); ++i) {
    if (!(*reduced)[i]) out.push_back(x[i]);
    if ((*reduced)[i] && reduction.keep_dims) out.push_back(1);
  }
  ctx.SetOutput(0, ctx.InputType(0), out);
  return absl::OkStatus();
}

absl::Status InferUnfolded(OpContext& ctx) {
  AxisFlags reduced;
  return InferReduce(ctx, &reduced);
}

// How many elements are left, or zero where they are not to be followed: the elements must fill a
// shape of integers.
int64_t NumTargets(const Shape& x, const AxisFlags& reduced, absl::Span<const Element> elements) {
  if (elements.data() == nullptr || static_cast<int>(reduced.size()) != x.rank()) return 0;
  if (x.NumElements() != Dim(static_cast<int64_t>(elements.size()))) return 0;
  Dim targets = 1;
  for (int i = 0; i < x.rank(); ++i) {
    if (!x[i].is_integer()) return 0;
    if (!reduced[i]) targets *= x[i];
  }
  return ProvablyLessEqual(targets, OpContext::kMaxElements) ? targets.value() : 0;
}

// Where an input element ends up: its index with the reduced axes dropped.
class TargetIndex {
 public:
  TargetIndex(const Shape& shape, const AxisFlags& reduced)
      : shape_(shape), index_(shape.rank(), 0), strides_(shape.rank(), 0) {
    int64_t stride = 1;
    for (int i = shape.rank() - 1; i >= 0; --i) {
      if (reduced[i]) continue;
      strides_[i] = stride;
      stride *= shape[i].value();
    }
  }
  int64_t target() const { return target_; }
  void Advance() {
    for (int i = shape_.rank() - 1; i >= 0; --i) {
      target_ += strides_[i];
      if (++index_[i] < shape_[i].value()) return;
      target_ -= index_[i] * strides_[i];
      index_[i] = 0;
    }
  }

 private:
  Shape shape_;
  absl::InlinedVector<int64_t, 8> index_, strides_;
  int64_t target_ = 0;
};

// Combines the elements. What nothing is combined into (an empty maximum) stays `start`.
template <BinaryFold kFold, int kStart, bool kHasStart>
absl::Status InferFolded(OpContext& ctx) {
  AxisFlags reduced;
  if (auto status = InferReduce(ctx, &reduced); !status.ok()) return status;
  const Shape x = ctx.InputShape(0);
  const absl::Span<const Element> elements = ctx.InputElements(0);
  const int64_t targets = NumTargets(x, reduced, elements);
  if (targets == 0) return absl::OkStatus();
  TargetIndex index(x, reduced);
  const Folder folder{ctx.pool(), ctx.InputType(0)};
  ElementVector out(targets, kHasStart ? Element(Dim(kStart)) : Element());
  absl::InlinedVector<bool, 8> begun(targets, kHasStart);
  for (const Element& element : elements) {
    Element& target = out[index.target()];
    target = begun[index.target()] ? kFold(folder, target, element) : element;
    begun[index.target()] = true;
    index.Advance();
  }
  ctx.SetElements(0, out);
  return absl::OkStatus();
}

constexpr ElementWeight kWeight = WeightOf("Reduce");

Cost CountReduce(const OpContext& ctx) {
  if (ReadReduction(ctx).kind == AxesKind::kNone) return Cost{};
  return PerInputElement<kWeight.ops>(ctx);
}

constexpr OpRule ReduceRow(absl::string_view op_type, InferFn infer) {
  return {.op_type = op_type,
          .domain = "",
          .since_version = 1,
          .infer = infer,
          .cost = CountReduce,
          .counting = kWeight.reason,
          .not_parameters = Input(1)};
}

const OpRule kRules[] = {
    ReduceRow("ReduceSum", InferFolded<FoldAdd, 0, true>),
    ReduceRow("ReduceProd", InferFolded<FoldMul, 1, true>),
    ReduceRow("ReduceMax", InferFolded<FoldMax, 0, false>),
    ReduceRow("ReduceMin", InferFolded<FoldMin, 0, false>),
    ReduceRow("ReduceMean", InferUnfolded),
    ReduceRow("ReduceL1", InferUnfolded),
    ReduceRow("ReduceL2", InferUnfolded),
    ReduceRow("ReduceLogSum", InferUnfolded),
    ReduceRow("ReduceLogSumExp", InferUnfolded),
    ReduceRow("ReduceSumSquare", InferUnfolded),
};

}  // namespace

absl::Span<const OpRule> ReduceRules() { return kRules; }

}  // namespace onnx_macs
