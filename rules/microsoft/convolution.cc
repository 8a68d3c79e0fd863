// Convolutions with a residual and an activation fused in, with channels last, quantised, or with
// pads that are an input.
#include "absl/strings/str_cat.h"
#include "rules/microsoft/activations.h"
#include "rules/microsoft/as_onnx.h"
#include "rules/microsoft/microsoft.h"
#include "rules/microsoft/rows.h"
#include "rules/spatial.h"

namespace onnx_macs {
namespace {

bool IsChannelsLast(const OpContext& ctx) { return ctx.IntAttribute("channels_last", 0) != 0; }

// A residual is added before the activation.
Cost WithFused(const OpContext& ctx, Cost cost) {
  constexpr int kResidual = 3;
  if (ctx.HasInput(kResidual)) cost.ops += ctx.NumOutputElements(0);
  cost.ops += FusedActivation(ctx);
  return cost;
}

Cost CountFusedConv(const OpContext& ctx) { return WithFused(ctx, CountAsOnnx(ctx, "Conv")); }

Cost CountNhwcFusedConv(const OpContext& ctx) {
  return WithFused(ctx, CountAsOnnxChannelsLast(ctx, "Conv"));
}

// The weight is ONNX's [M, C/group, K...] in the documentation and [M, K..., C/group] as exported:
// whichever fits the channels of the input.
absl::Status InferNhwcConv(OpContext& ctx) {
  const Shape x = ctx.InputShape(0), w = ctx.InputShape(1);
  const Dim channels_of_weight = w[1] * ctx.IntAttribute("group", 1);
  const bool is_onnx = x[-1].is_known() && x[-1] == channels_of_weight;
  return InferAsOnnxChannelsLast(ctx, "Conv", is_onnx ? Input(0) : Input(0) | Input(1));
}

absl::Status InferQLinearConv(OpContext& ctx) {
  return IsChannelsLast(ctx) ? InferAsOnnxChannelsLast(ctx, "QLinearConv")
                             : InferAsOnnx(ctx, "QLinearConv");
}

Cost CountQLinearConv(const OpContext& ctx) {
  return IsChannelsLast(ctx) ? CountAsOnnxChannelsLast(ctx, "QLinearConv")
                             : CountAsOnnx(ctx, "QLinearConv");
}

// Transposed convolutions, X [N, C, D...] with W [C, M/group, K...]: which inputs are what.
struct Transposed {
  int weight, bias, pads, type_donor;
};
constexpr int kNone = 63;  // no node of these has that many inputs
constexpr Transposed kDynamicPads{1, 3, 2, 0};
constexpr Transposed kQuantised{3, 8, kNone, 7};

// What comes in two halves, begins and ends. Unknown pads make the size unknown.
bool ReadPads(const OpContext& ctx, int input, Window* window) {
  std::vector<int64_t> pads;
  constexpr int64_t kLargest = (int64_t{1} << 31) - 1;
  const size_t rank = window->axes.size();
  if (!ctx.InputInts(input, &pads) || pads.size() != 2 * rank) return false;
  for (size_t i = 0; i < rank; ++i) {
    if (std::min(pads[i], pads[i + rank]) < 0 || std::max(pads[i], pads[i + rank]) > kLargest) {
      return false;
    }
    window->axes[i].pad_begin = pads[i];
    window->axes[i].pad_end = pads[i + rank];
  }
  return true;
}

absl::Status AppendSpatial(const OpContext& ctx, const Transposed& form, const Shape& w,
                           absl::Span<const Dim> spatial, DimVector* out) {
  Window window;
  const int rank = static_cast<int>(spatial.size());
  if (auto s = ReadWindow(ctx, rank, w.dims().subspan(2), &window); !s.ok()) return s;
  if (!ctx.HasInput(form.pads) || ReadPads(ctx, form.pads, &window)) {
    return AppendTransposedDims(ctx, window, spatial, out);
  }
  out->insert(out->end(), spatial.size(), Dim());
  return absl::OkStatus();
}

template <const Transposed& form>
absl::Status InferTransposed(OpContext& ctx) {
  const Shape x = ctx.InputShape(0), w = ctx.InputShape(form.weight);
  if (!x.has_rank() || !w.has_rank()) return absl::OkStatus();
  if (x.rank() < 3) return absl::InvalidArgumentError("input has no spatial dims");
  if (x.rank() != w.rank()) {
    return absl::InvalidArgumentError(
        absl::StrCat("input has ", x.rank(), " dims, the weight ", w.rank()));
  }
  const int64_t group = ctx.IntAttribute("group", 1);
  if (group < 1) return absl::InvalidArgumentError(absl::StrCat("group is ", group));
  if (!ctx.MustEqual(x[1], w[0])) {
    return absl::InvalidArgumentError("input and weight have different channels");
  }
  DimVector out = {x[0], w[1] * group};
  if (auto s = AppendSpatial(ctx, form, w, x.dims().subspan(2), &out); !s.ok()) return s;
  ctx.SetOutput(0, ctx.InputType(form.type_donor), out);
  return absl::OkStatus();
}

// Every input position meets the whole weight.
template <const Transposed& form>
Cost CountTransposed(const OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (x.rank() < 3) return {.macs = Count::Unknown(), .ops = Count::Unknown()};
  return {.macs = Count(x[0]) * Product(x.dims().subspan(2)) * ctx.NumInputElements(form.weight),
          .ops = ctx.HasInput(form.bias) ? ctx.NumOutputElements(0) : Count(0)};
}

constexpr char kConv[] =
    "batch * output positions * elements of the weight; bias, residual and activation per output "
    "element";
constexpr char kTransposed[] =
    "batch * input positions * elements of the weight; the bias is one op per output element";
constexpr InputMask kScales = Input(1) | Input(2) | Input(4) | Input(5) | Input(6) | Input(7);

const OpRule kRules[] = {
    CountedRow("FusedConv", InferAs<"Conv">, CountFusedConv, kConv, 0, Input(1)),
    CountedRow("NhwcConv", InferNhwcConv, CountNhwcFusedConv, kConv, 0, Input(1)),
    CountedRow("NhwcFusedConv", InferChannelsLastAs<"Conv">, CountNhwcFusedConv, kConv, 0,
               Input(1)),
    CountedRow("QLinearConv", InferQLinearConv, CountQLinearConv, kConv, kScales,
               Input(3) | Input(8)),
    CountedRow("ConvTransposeWithDynamicPads", InferTransposed<kDynamicPads>,
               CountTransposed<kDynamicPads>, kTransposed, Input(2), Input(1)),
    CountedRow("QLinearConvTranspose", InferTransposed<kQuantised>, CountTransposed<kQuantised>,
               kTransposed, kScales, Input(3) | Input(8)),
};

}  // namespace

absl::Span<const OpRule> MicrosoftConvRules() { return kRules; }

}  // namespace onnx_macs
