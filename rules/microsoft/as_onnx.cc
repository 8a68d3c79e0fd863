// Runs ONNX's own rules under another name or layout.
#include "rules/microsoft/as_onnx.h"

#include <memory>

#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "analyzer/frame.h"
#include "rules/rules.h"

namespace onnx_macs {
namespace {

// ONNX's rule of that name, or com.microsoft's for what ONNX lacks.
const OpRule* RuleOf(absl::string_view op_type, int64_t opset) {
  const OpRule* rule = BuiltinRules().Find("", op_type, opset);
  return rule != nullptr ? rule : BuiltinRules().Find("com.microsoft", op_type, 1);
}

OpContext InVersion(const OpContext& ctx, int64_t opset) {
  return OpContext(ctx.inference(), ctx.frame(), ctx.node(), opset);
}

// [N, D..., C] as [N, C, D...].
Shape ChannelsFirst(const OpContext& ctx, const Shape& shape) {
  if (shape.rank() < 3) return shape;
  DimVector dims(shape.dims().begin(), shape.dims().end());
  dims.insert(dims.begin() + 1, dims.back());
  dims.pop_back();
  return Shape(ctx.CopyDims(dims));
}

Shape ChannelsLast(const OpContext& ctx, const Shape& shape) {
  if (shape.rank() < 3) return shape;
  DimVector dims(shape.dims().begin(), shape.dims().end());
  dims.push_back(dims[1]);
  dims.erase(dims.begin() + 1);
  return Shape(ctx.CopyDims(dims));
}

// For as long as it lives, a value looks as if its channels came second.
class ChannelsFirstView {
 public:
  ChannelsFirstView(const OpContext& ctx, absl::Span<const ValueId> values, size_t i) {
    if (values.size() <= i || values[i] == kNoValue) return;
    info_ = &ctx.frame().values[values[i]];
    shape_ = info_->shape;
    info_->shape = ChannelsFirst(ctx, shape_);
  }
  ~ChannelsFirstView() {
    if (info_ != nullptr) info_->shape = shape_;
  }
  ChannelsFirstView(const ChannelsFirstView&) = delete;
  ChannelsFirstView& operator=(const ChannelsFirstView&) = delete;

 private:
  TensorInfo* info_ = nullptr;
  Shape shape_;
};

}  // namespace

absl::Status InferAsOnnx(OpContext& ctx, absl::string_view op_type, int64_t opset) {
  const OpRule* rule = RuleOf(op_type, opset);
  if (rule == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("no rule for ai.onnx.", op_type));
  }
  OpContext versioned = InVersion(ctx, opset);
  return rule->infer(versioned);
}

Cost CountAsOnnx(const OpContext& ctx, absl::string_view op_type, int64_t opset) {
  const OpRule* rule = RuleOf(op_type, opset);
  if (rule == nullptr) return {.macs = Count::Unknown(), .ops = Count::Unknown()};
  return rule->cost(InVersion(ctx, opset));
}

absl::Status InferAsOnnxChannelsLast(OpContext& ctx, absl::string_view op_type, InputMask inputs) {
  absl::InlinedVector<std::unique_ptr<ChannelsFirstView>, 2> views;
  for (size_t i = 0; i < ctx.node().inputs.size(); ++i) {
    if (i >= 64 || (inputs & Input(static_cast<int>(i))) == 0) continue;
    views.push_back(std::make_unique<ChannelsFirstView>(ctx, ctx.node().inputs, i));
  }
  if (auto status = InferAsOnnx(ctx, op_type); !status.ok()) return status;
  // Outputs of a lower rank are statistics, one entry per channel.
  for (int i = 0; i < ctx.num_outputs(); ++i) {
    if (!ctx.HasOutput(i)) continue;
    TensorInfo& output = ctx.frame().values[ctx.node().outputs[i]];
    output.shape = ChannelsLast(ctx, output.shape);
  }
  return absl::OkStatus();
}

Cost CountAsOnnxChannelsLast(const OpContext& ctx, absl::string_view op_type) {
  const ChannelsFirstView input(ctx, ctx.node().inputs, 0), output(ctx, ctx.node().outputs, 0);
  return CountAsOnnx(ctx, op_type);
}

}  // namespace onnx_macs
