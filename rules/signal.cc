// Signals: Fourier transforms, the windows laid over a signal, and mel filter banks.
#include "rules/signal.h"

#include <bit>

#include "absl/strings/str_cat.h"
#include "analyzer/op_context.h"
#include "rules/axis.h"
#include "rules/rules.h"
#include "rules/scalar.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

struct Transform {
  int axis = 0;
  Dim length;
  bool is_real = false;  // real numbers go in or come out
  Dim bins, parts;       // of the output: how many along the axis, 1 or 2 numbers each
};

// The axis moved from an attribute to an input in opset 20, and its default from 1 to -2.
// *known is false where the input is there but its value is not.
absl::Status ReadAxis(const OpContext& ctx, int rank, int* axis, bool* known) {
  constexpr int kAxisInput = 2, kInputSince = 20;
  int64_t given = ctx.IntAttribute("axis", ctx.opset() < kInputSince ? 1 : -2);
  *known = true;
  if (ctx.HasInput(kAxisInput)) {
    const Dim read = ScalarInput(ctx, kAxisInput);
    *known = read.is_integer();
    if (!*known) return absl::OkStatus();
    given = read.value();
  }
  if (auto status = NormalizeAxis(given, rank, axis); !status.ok()) return status;
  if (*axis < rank - 1) return absl::OkStatus();
  return absl::InvalidArgumentError("the axis holds the parts of the numbers");
}

bool IsInverse(const OpContext& ctx) { return ctx.IntAttribute("inverse", 0) != 0; }

// A real signal's transform mirrors itself; `onesided` leaves out the mirrored half.
bool IsOneSided(const OpContext& ctx) { return ctx.IntAttribute("onesided", 0) != 0; }

// How many numbers make one of the output.
int OutputParts(const OpContext& ctx) { return IsOneSided(ctx) && IsInverse(ctx) ? 1 : 2; }

void ReadLengths(const OpContext& ctx, const Shape& x, Transform* t) {
  const bool inverse = IsInverse(ctx), onesided = IsOneSided(ctx);
  const Dim whole = inverse && onesided ? (x[t->axis] - 1) * 2 : x[t->axis];
  t->length = ctx.HasInput(1) ? ScalarInput(ctx, 1) : whole;
  t->bins = onesided && !inverse ? FloorDiv(t->length, 2) + 1 : t->length;
  t->parts = OutputParts(ctx);
  t->is_real = IsInteger(x[-1], 1) || IsInteger(t->parts, 1);
}

absl::Status InferDft(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (!x.has_rank()) return absl::OkStatus();
  if (x.rank() < 2) return absl::InvalidArgumentError("the input has no axis to transform");
  if (IsOneSided(ctx) && IsInteger(x[-1], IsInverse(ctx) ? 1 : 2)) {
    return absl::InvalidArgumentError("a half transform takes reals, its inverse complex numbers");
  }
  Transform t;
  bool known;
  if (auto status = ReadAxis(ctx, x.rank(), &t.axis, &known); !status.ok()) return status;
  DimVector dims(x.dims().begin(), x.dims().end());
  if (!known) {
    // Which axis changes is not known; whether one does is.
    if (IsOneSided(ctx) || ctx.HasInput(1)) dims.assign(x.rank(), Dim());
    dims.back() = OutputParts(ctx);
    ctx.SetOutput(0, ctx.InputType(0), dims);
    return absl::OkStatus();
  }
  ReadLengths(ctx, x, &t);
  if (ProvablyLess(t.length, 1)) return absl::InvalidArgumentError("the transform has no length");
  dims[t.axis] = t.bins;
  dims.back() = t.parts;
  ctx.SetOutput(0, ctx.InputType(0), dims);
  return absl::OkStatus();
}

Cost CountDft(const OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  Transform t;
  bool known = x.rank() >= 2;
  if (!known || !ReadAxis(ctx, x.rank(), &t.axis, &known).ok() || !known) {
    return {.ops = Count::Unknown()};
  }
  ReadLengths(ctx, x, &t);
  Count transforms = 1;
  for (int i = 0; i < x.rank() - 1; ++i) {
    if (i != t.axis) transforms *= Count(x[i]);
  }
  return {.ops = transforms * FourierOps(t.length, t.is_real)};
}

enum StftInput { kSignal, kFrameStep, kWindow, kFrameLength };

Dim FrameLength(const OpContext& ctx) {
  if (ctx.HasInput(kFrameLength)) return ScalarInput(ctx, kFrameLength);
  return ctx.InputShape(kWindow)[0];
}

// [batch, length, parts] gives [batch, frames, bins, 2].
absl::Status InferStft(OpContext& ctx) {
  const Shape x = ctx.InputShape(kSignal);
  if (x.has_rank() && x.rank() != 3 && x.rank() != 2) {
    return absl::InvalidArgumentError(absl::StrCat("the signal has ", x.rank(), " dims"));
  }
  const Dim frame = FrameLength(ctx), step = ScalarInput(ctx, kFrameStep);
  if (ctx.HasInput(kWindow) && !ctx.MustEqual(ctx.InputShape(kWindow)[0], frame)) {
    return absl::InvalidArgumentError("the window has another length than a frame");
  }
  if (ProvablyLess(step, 1)) return absl::InvalidArgumentError("frame_step is no step");
  const Dim frames = FloorDiv(x[1] - frame, step) + 1;
  if (ProvablyLess(frames, 1)) {
    return absl::InvalidArgumentError("a frame is longer than the signal");
  }
  const bool onesided = ctx.IntAttribute("onesided", 1) != 0;
  const Dim bins = onesided ? FloorDiv(frame, 2) + 1 : frame;
  ctx.SetOutput(0, ctx.InputType(kSignal), {x[0], frames, bins, 2});
  return absl::OkStatus();
}

Cost CountStft(const OpContext& ctx) {
  const Shape x = ctx.InputShape(kSignal), y = ctx.OutputShape(0);
  const Dim frame = FrameLength(ctx);
  const bool is_real = x.rank() == 2 || IsInteger(x[-1], 1);
  Count ops = FourierOps(frame, is_real);
  if (ctx.HasInput(kWindow)) ops += Count(frame) * (is_real ? Count(1) : Count(2));
  return {.ops = Count(y[0]) * Count(y[1]) * ops};
}

absl::Status InferWindow(OpContext& ctx) {
  const Dim size = ScalarInput(ctx, 0);
  if (ProvablyLess(size, 0)) return absl::InvalidArgumentError("the size is negative");
  ctx.SetOutput(0, DataTypeFromNumber(ctx.IntAttribute("output_datatype", 1)), {size});
  return absl::OkStatus();
}

absl::Status InferMelWeightMatrix(OpContext& ctx) {
  const Dim bins = ScalarInput(ctx, 0), length = ScalarInput(ctx, 1);
  if (ProvablyLess(bins, 0) || ProvablyLess(length, 0)) {
    return absl::InvalidArgumentError("a size is negative");
  }
  ctx.SetOutput(0, DataTypeFromNumber(ctx.IntAttribute("output_datatype", 1)),
                {FloorDiv(length, 2) + 1, bins});
  return absl::OkStatus();
}

// What fills a tensor has inputs that say how large it is.
template <OpName kOp>
constexpr OpRule FillRow(InferFn infer) {
  return WeightedRow<kOp>(17, infer, Input(0) | Input(1) | Input(2) | Input(3) | Input(4));
}

const OpRule kRules[] = {
    {.op_type = "DFT",
     .domain = "",
     .since_version = 17,
     .infer = InferDft,
     .cost = CountDft,
     .counting = "per transform of n: 5 * n * ceil(log2(n)), half of that for real numbers",
     .not_parameters = Input(1) | Input(2)},
    {.op_type = "STFT",
     .domain = "",
     .since_version = 17,
     .infer = InferStft,
     .cost = CountStft,
     .counting = "per frame of n: the window, and as DFT",
     .not_parameters = Input(kFrameStep) | Input(kFrameLength)},
    FillRow<"BlackmanWindow">(InferWindow),
    FillRow<"HammingWindow">(InferWindow),
    FillRow<"HannWindow">(InferWindow),
    FillRow<"MelWeightMatrix">(InferMelWeightMatrix),
};

}  // namespace

Count FourierOps(Dim length, bool is_real) {
  constexpr int kComplexOps = 5;
  if (!length.is_integer() || length.value() < 1) return Count::Unknown();
  const int steps = std::bit_width(static_cast<uint64_t>(length.value() - 1));
  const Count ops = Count(length) * Count(kComplexOps * steps);
  return is_real ? Divide(ops, 2) : ops;
}

absl::Span<const OpRule> SignalRules() { return kRules; }

}  // namespace onnx_macs
