// Optional values. Of one that the graph makes it is known whether it holds something: its length
// is then 1 or 0.
#include "analyzer/inference.h"
#include "analyzer/op_context.h"
#include "rules/rules.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

absl::Status InferOptional(OpContext& ctx) {
  TensorInfo optional;
  optional.kind = ValueKind::kOptional;
  optional.length = ctx.HasInput(0) ? 1 : 0;
  if (ctx.HasInput(0)) {
    optional.element_type = ctx.inference().arena().New(ctx.FullInput(0));
  } else if (const Attribute* type = ctx.FindAttribute("type"); type != nullptr) {
    DeclaredType declared;
    if (!ReadDeclaredType(type->s(), &declared)) {
      return absl::InvalidArgumentError("its type is damaged");
    }
    optional.element_type = ctx.inference().arena().New(ctx.inference().FromDeclared(declared));
  }
  ctx.SetOutput(0, optional);
  return absl::OkStatus();
}

// Since opset 18 what is no optional is given through.
absl::Status InferOptionalGetElement(OpContext& ctx) {
  const TensorInfo& x = ctx.Input(0);
  if (x.kind != ValueKind::kOptional) {
    ctx.SetOutput(0, ctx.FullInput(0));
    return absl::OkStatus();
  }
  if (IsInteger(x.length, 0)) return absl::InvalidArgumentError("the optional is empty");
  if (x.element_type != nullptr) ctx.SetOutput(0, *x.element_type);
  return absl::OkStatus();
}

absl::Status InferOptionalHasElement(OpContext& ctx) {
  const TensorInfo& x = ctx.Input(0);
  ctx.SetOutput(0, DataType::kBool, absl::Span<const Dim>());
  Dim has_element = ctx.HasInput(0) ? 1 : 0;
  if (x.kind == ValueKind::kOptional) has_element = x.length;
  ctx.SetElements(0, {Element(has_element)});
  return absl::OkStatus();
}

const OpRule kRules[] = {
    ViewRow("Optional", 15, InferOptional),
    ViewRow("OptionalGetElement", 15, InferOptionalGetElement),
    FreeRow("OptionalHasElement", 15, InferOptionalHasElement),
};

}  // namespace

absl::Span<const OpRule> OptionalRules() { return kRules; }

}  // namespace onnx_macs
