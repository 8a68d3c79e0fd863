// Operators that make tensors out of nothing or out of a size: Constant, ConstantOfShape, Range,
// EyeLike, OneHot.
#include <algorithm>
#include <cmath>
#include <type_traits>

#include "absl/strings/str_cat.h"
#include "analyzer/inference.h"
#include "analyzer/op_context.h"
#include "analyzer/tensor_data.h"
#include "rules/axis.h"
#include "rules/element_view.h"
#include "rules/fold.h"
#include "rules/rules.h"
#include "rules/shape_operand.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

// Floating-point constants beyond this are weights: no graph computes a shape with them.
constexpr int64_t kMaxFollowedFloats = 64;

int64_t MaxFollowed(DataType type) {
  return IsFloating(type) ? kMaxFollowedFloats : OpContext::kMaxElements;
}

bool ReadTensorElements(const OpContext& ctx, const Tensor& tensor, ElementVector* elements) {
  int64_t size = 1;
  const int64_t limit = MaxFollowed(tensor.type);
  for (int64_t d : tensor.dims) {
    if (d < 0 || d > limit) return false;
    size *= d;
    if (size > limit) return false;
  }
  return !tensor.is_sparse && ReadElements(tensor, ctx.inference().model().folder, ctx.pool(),
                                           OpContext::kMaxElements, elements);
}

absl::Status SetTensor(OpContext& ctx, const Attribute& attribute) {
  if (attribute.tensors().empty()) return absl::InvalidArgumentError("the constant has no value");
  const Tensor& tensor = attribute.tensors().front();
  DimVector dims;
  for (int64_t d : tensor.dims) dims.push_back(d < 0 ? Dim() : Dim(d));
  ctx.SetOutput(0, tensor.type, dims);
  ElementVector elements;
  if (ReadTensorElements(ctx, tensor, &elements)) ctx.SetElements(0, elements);
  return absl::OkStatus();
}

void SetScalar(OpContext& ctx, DataType type, Element element) {
  ctx.SetOutput(0, type, absl::Span<const Dim>());
  ctx.SetElements(0, {element});
}

template <typename T>
void SetVector(OpContext& ctx, DataType type, absl::Span<const T> values) {
  ctx.SetOutput(0, type, {Dim(static_cast<int64_t>(values.size()))});
  if (values.size() > OpContext::kMaxElements) return;
  const Folder folder{ctx.pool(), type};
  ElementVector elements;
  for (T value : values) {
    if constexpr (std::is_same_v<T, int64_t>) {
      elements.push_back(ctx.pool().Integer(value));
    } else {
      elements.push_back(folder.Real(value));
    }
  }
  ctx.SetElements(0, elements);
}

absl::Status SetFloat(OpContext& ctx, const Attribute& a) {
  SetScalar(ctx, DataType::kFloat, Folder{ctx.pool(), DataType::kFloat}.Real(a.f()));
  return absl::OkStatus();
}

absl::Status SetInt(OpContext& ctx, const Attribute& a) {
  SetScalar(ctx, DataType::kInt64, ctx.pool().Integer(a.i()));
  return absl::OkStatus();
}

absl::Status SetFloats(OpContext& ctx, const Attribute& a) {
  SetVector(ctx, DataType::kFloat, a.floats());
  return absl::OkStatus();
}

absl::Status SetInts(OpContext& ctx, const Attribute& a) {
  SetVector(ctx, DataType::kInt64, a.ints());
  return absl::OkStatus();
}

absl::Status SetString(OpContext& ctx, const Attribute&) {
  ctx.SetOutput(0, DataType::kString, absl::Span<const Dim>());
  return absl::OkStatus();
}

absl::Status SetStrings(OpContext& ctx, const Attribute& a) {
  ctx.SetOutput(0, DataType::kString, {Dim(static_cast<int64_t>(a.strings().size()))});
  return absl::OkStatus();
}

struct ConstantForm {
  absl::string_view attribute;
  absl::Status (*set)(OpContext& ctx, const Attribute& attribute);
};

constexpr ConstantForm kConstantForms[] = {
    {"value", SetTensor},        {"sparse_value", SetTensor},   {"value_int", SetInt},
    {"value_ints", SetInts},     {"value_float", SetFloat},     {"value_floats", SetFloats},
    {"value_string", SetString}, {"value_strings", SetStrings},
};

absl::Status InferConstant(OpContext& ctx) {
  for (const ConstantForm& form : kConstantForms) {
    const Attribute* attribute = ctx.FindAttribute(form.attribute);
    if (attribute != nullptr) return form.set(ctx, *attribute);
  }
  return absl::InvalidArgumentError("the constant has no value");
}

// What ConstantOfShape fills with: a one-element tensor, float 0 unless given.
void ReadFill(const OpContext& ctx, DataType* type, Element* fill) {
  const Attribute* value = ctx.FindAttribute("value");
  *type = DataType::kFloat;
  *fill = Dim(0);
  if (value == nullptr || value->tensors().empty()) return;
  *type = value->tensors().front().type;
  ElementVector elements;
  const bool read = ReadTensorElements(ctx, value->tensors().front(), &elements);
  *fill = read && !elements.empty() ? elements.front() : Element();
}

absl::Status InferConstantOfShape(OpContext& ctx) {
  DataType type;
  Element fill;
  DimVector dims;
  ReadFill(ctx, &type, &fill);
  const DataType sizes = ctx.InputType(0);
  if (sizes != DataType::kInt64 && sizes != DataType::kUndefined) {
    ctx.Warn(absl::StrCat("sizes are int64, not ", Describe(sizes).name));
  }
  if (!ReadShapeOperand(ctx, 0, &dims)) {
    ctx.SetOutput(0, type, Shape());
    return absl::OkStatus();
  }
  for (Dim d : dims) {
    if (d.is_integer() && d.value() < 0) return absl::InvalidArgumentError("a size is negative");
  }
  ctx.SetOutput(0, type, dims);
  const Dim size = Shape(dims).NumElements();
  if (size.is_integer() && size.value() <= MaxFollowed(type) &&
      ctx.inference().MayFollow(static_cast<size_t>(size.value()))) {
    ctx.SetElements(0, ElementVector(size.value(), fill));
  }
  return absl::OkStatus();
}

// max(ceil((limit - start) / delta), 0), exact where the three are.
Dim RangeLength(const Element& start, const Element& limit, const Element& delta) {
  const auto a = AsDouble(start), b = AsDouble(limit), step = AsDouble(delta);
  const bool all_integers =
      start.exact.is_integer() && limit.exact.is_integer() && delta.exact.is_integer();
  if (a && b && step && !all_integers) {
    const double length = std::ceil((*b - *a) / *step);
    if (!(std::abs(length) < 1e15)) return Dim();
    return Dim(std::max<int64_t>(0, static_cast<int64_t>(length)));
  }
  if (IsInteger(delta.exact, 0)) return Dim();
  return Max(CeilDiv(limit.exact - start.exact, delta.exact), 0);
}

absl::Status InferRange(OpContext& ctx) {
  if (!FollowsAll(ctx, 3)) {
    ctx.SetOutput(0, ctx.InputType(0), {Dim()});
    return absl::OkStatus();
  }
  Element bounds[3];
  for (int i = 0; i < 3; ++i) {
    const absl::Span<const Element> elements = ctx.InputElements(i);
    if (elements.size() != 1) return absl::InvalidArgumentError("a bound is not a scalar");
    bounds[i] = elements[0];
  }
  if (IsInteger(bounds[2].exact, 0)) return absl::InvalidArgumentError("the step is 0");
  const Dim length = RangeLength(bounds[0], bounds[1], bounds[2]);
  ctx.SetOutput(0, ctx.InputType(0), {length});
  const bool is_followed = length.is_integer() && length.value() <= OpContext::kMaxElements &&
                           ctx.inference().MayFollow(static_cast<size_t>(length.value()));
  if (!is_followed) return absl::OkStatus();
  const Folder folder{ctx.pool(), ctx.InputType(0)};
  ElementVector elements;
  for (int64_t i = 0; i < length.value(); ++i) {
    elements.push_back(FoldAdd(folder, bounds[0], FoldMul(folder, Dim(i), bounds[2])));
  }
  ctx.SetElements(0, elements);
  return absl::OkStatus();
}

absl::Status InferEyeLike(OpContext& ctx) {
  const int64_t named = ctx.IntAttribute("dtype", 0);
  ctx.SetOutput(0, named != 0 ? DataTypeFromNumber(named) : ctx.InputType(0), ctx.InputShape(0));
  return absl::OkStatus();
}

// The indices' shape with the depth put in at `axis`.
absl::Status InferOneHot(OpContext& ctx) {
  constexpr int kNegativeIndicesSince = 11;
  const Shape shape = ctx.InputShape(0);
  if (!shape.has_rank()) {
    ctx.SetOutput(0, ctx.InputType(2), Shape());
    return absl::OkStatus();
  }
  int axis;
  if (auto status = NormalizeAxis(ctx.IntAttribute("axis", -1), shape.rank() + 1, &axis);
      !status.ok()) {
    return status;
  }
  if (ctx.opset() < kNegativeIndicesSince && Follows(ctx, 0)) {
    for (const Element& index : ctx.InputElements(0)) {
      if (ProvablyLess(index.exact, 0)) {
        return absl::InvalidArgumentError("an index is negative");
      }
    }
  }
  DimVector depth, dims(shape.dims().begin(), shape.dims().end());
  const bool known = ctx.InputDims(1, &depth) && depth.size() == 1;
  if (known && ProvablyLess(depth[0], 0)) {
    return absl::InvalidArgumentError("the depth is negative");
  }
  dims.insert(dims.begin() + axis, known ? depth[0] : Dim());
  ctx.SetOutput(0, ctx.InputType(2), dims);
  return absl::OkStatus();
}

constexpr OpRule ConstantRow() {
  OpRule row = FreeRow("Constant", 1, InferConstant);
  row.storage = Storage::kFile;
  return row;
}

const OpRule kRules[] = {
    ConstantRow(),
    FreeRow("ConstantOfShape", 9, InferConstantOfShape, Input(0)),
    FreeRow("EyeLike", 9, InferEyeLike, Input(0)),
    FreeRow("OneHot", 9, InferOneHot, Input(1) | Input(2)),
    FreeRow("Range", 11, InferRange, Input(0) | Input(1) | Input(2)),
};

}  // namespace

absl::Span<const OpRule> ConstantRules() { return kRules; }

}  // namespace onnx_macs
