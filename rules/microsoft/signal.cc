// Fourier transforms: com.microsoft's real ones, and the experimental forms of what ONNX has had
// since opset 17.
#include "absl/strings/str_cat.h"
#include "rules/microsoft/as_onnx.h"
#include "rules/microsoft/microsoft.h"
#include "rules/microsoft/rows.h"

namespace onnx_macs {
namespace {

constexpr absl::string_view kExperimental = "com.microsoft.experimental";

absl::Status CheckSignalDims(const OpContext& ctx) {
  const int64_t dims = ctx.IntAttribute("signal_ndim", 1);
  if (dims >= 1 && dims <= 3) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("signal_ndim is ", dims));
}

// n real values become n/2 + 1 pairs.
absl::Status InferRfft(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (auto status = CheckSignalDims(ctx); !status.ok()) return status;
  if (!x.has_rank()) return absl::OkStatus();
  if (x.rank() < 1) return absl::InvalidArgumentError("input is a scalar");
  DimVector dims(x.dims().begin(), x.dims().end());
  dims.back() = FloorDiv(dims.back(), 2) + 1;
  dims.push_back(2);
  ctx.SetOutput(0, ctx.InputType(0), dims);
  return absl::OkStatus();
}

// The way back: n is taken to be even.
absl::Status InferIrfft(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (auto status = CheckSignalDims(ctx); !status.ok()) return status;
  if (!x.has_rank()) return absl::OkStatus();
  if (x.rank() < 2 || !ctx.MustEqual(x[-1], 2)) {
    return absl::InvalidArgumentError("the input is not made of pairs");
  }
  DimVector dims(x.dims().begin(), x.dims().end() - 1);
  dims.back() = (dims.back() - 1) * 2;
  ctx.SetOutput(0, ctx.InputType(0), dims);
  return absl::OkStatus();
}

// The stages of a fast transform: log2(n), rounded up. Only a number has one.
Count Stages(Dim n) {
  if (!n.is_integer() || n.value() < 0) return Count::Unknown();
  int64_t stages = 0;
  while (stages < 62 && (int64_t{1} << stages) < n.value()) ++stages;
  return stages;
}

// 5 n log2(n) of a complex transform, half of it for a real signal. `real` has the real side's
// shape; a transform over several dims goes along each.
Cost CountTransform(const OpContext& ctx, const Shape& real, const Count& elements) {
  const int64_t dims = ctx.IntAttribute("signal_ndim", 1);
  Count stages = 0;
  for (int64_t i = 1; i <= dims && i <= real.rank(); ++i)
    stages += Stages(real[-static_cast<int>(i)]);
  const Count doubled = Count(5) * elements * stages;
  return {.ops = doubled.is_integer() ? Divide(doubled, 2) : Count::Unknown()};
}

Cost CountRfft(const OpContext& ctx) {
  return CountTransform(ctx, ctx.InputShape(0), ctx.NumInputElements(0));
}

Cost CountIrfft(const OpContext& ctx) {
  return CountTransform(ctx, ctx.OutputShape(0), ctx.NumOutputElements(0));
}

// The inverse has no attribute for it and always gives pairs.
absl::Status InferInverse(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (!x.has_rank()) return absl::OkStatus();
  if (x.rank() < 2) return absl::InvalidArgumentError("the input is not made of pairs");
  DimVector dims(x.dims().begin(), x.dims().end());
  dims.back() = 2;
  ctx.SetOutput(0, ctx.InputType(0), dims);
  return absl::OkStatus();
}

Cost CountInverse(const OpContext& ctx) {
  const Shape y = ctx.OutputShape(0);
  const int axis = static_cast<int>(std::clamp<int64_t>(ctx.IntAttribute("axis", 1), -64, 64));
  const Count doubled = Count(5) * ctx.NumOutputElements(0) * Stages(y[axis]);
  return {.ops = doubled.is_integer() ? Divide(doubled, 2) : Count::Unknown()};
}

constexpr int kFirstOpset = 17;

template <OpName kOp>
constexpr OpRule ExperimentalRow(absl::string_view op_type, InputMask not_parameters) {
  OpRule row = CountedRow(op_type, InferAs<kOp, kFirstOpset>, CountAs<kOp, kFirstOpset>,
                          "as the operator of ONNX 17", not_parameters);
  row.domain = kExperimental;
  return row;
}

constexpr OpRule InverseRow() {
  OpRule row = CountedRow("IDFT", InferInverse, CountInverse, "5 n log2(n) per complex signal of n",
                          Input(1));
  row.domain = kExperimental;
  return row;
}

const OpRule kRules[] = {
    CountedRow("Rfft", InferRfft, CountRfft, "2.5 n log2(n) per signal of n"),
    CountedRow("Irfft", InferIrfft, CountIrfft, "2.5 n log2(n) per signal of n"),
    ExperimentalRow<"DFT">("DFT", Input(1)),
    InverseRow(),
    ExperimentalRow<"STFT">("STFT", Input(1) | Input(3)),
    ExperimentalRow<"HannWindow">("HannWindow", Input(0)),
    ExperimentalRow<"HammingWindow">("HammingWindow", Input(0)),
    ExperimentalRow<"BlackmanWindow">("BlackmanWindow", Input(0)),
    ExperimentalRow<"MelWeightMatrix">("MelWeightMatrix",
                                       Input(0) | Input(1) | Input(2) | Input(3) | Input(4)),
};

}  // namespace

absl::Span<const OpRule> MicrosoftSignalRules() { return kRules; }

}  // namespace onnx_macs
