// Classical machine learning (ai.onnx.ml): features in, features out. The models themselves
// (linear, support vectors, trees) are in ml_models.cc.
#include "rules/ml.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "analyzer/inference.h"
#include "analyzer/op_context.h"
#include "analyzer/tensor_data.h"
#include "rules/rules.h"
#include "rules/weights.h"

namespace onnx_macs {
namespace {

absl::Status InferSameShape(OpContext& ctx) {
  ctx.SetOutput(0, ctx.InputType(0), ctx.InputShape(0));
  return absl::OkStatus();
}

absl::Status InferToFloat(OpContext& ctx) {
  ctx.SetOutput(0, DataType::kFloat, ctx.InputShape(0));
  return absl::OkStatus();
}

// [..., D] gives [..., as many as are picked]; a vector becomes a row.
absl::Status InferArrayFeatureExtractor(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  if (!x.has_rank()) return absl::OkStatus();
  if (x.rank() == 0) return absl::InvalidArgumentError("input is a scalar");
  DimVector dims(x.dims().begin(), x.dims().end());
  if (dims.size() == 1) dims.insert(dims.begin(), 1);
  dims.back() = ctx.InputShape(1).NumElements();
  ctx.SetOutput(0, ctx.InputType(0), dims);
  return absl::OkStatus();
}

struct TypeName {
  absl::string_view name;
  DataType type;
};
constexpr TypeName kCastTypes[] = {
    {"TO_FLOAT", DataType::kFloat},
    {"TO_STRING", DataType::kString},
    {"TO_INT64", DataType::kInt64},
};

// A map's values in a row: as many as there are, or with a key up to max_map for each.
absl::Status InferCastMap(OpContext& ctx) {
  const absl::string_view name = ctx.StringAttribute("cast_to", "TO_FLOAT");
  const bool sparse = ctx.StringAttribute("map_form", "DENSE") == "SPARSE";
  const Dim size = sparse ? Dim(ctx.IntAttribute("max_map", 1)) : ctx.Input(0).length;
  for (const TypeName& row : kCastTypes) {
    if (row.name != name) continue;
    ctx.SetOutput(0, row.type, {1, size});
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat("cast_to is '", name, "'"));
}

DataType SwapNameAndNumber(DataType type) {
  if (type == DataType::kUndefined) return type;
  return type == DataType::kString ? DataType::kInt64 : DataType::kString;
}

absl::Status InferCategoryMapper(OpContext& ctx) {
  const int64_t numbers = AttributeSize(ctx, "cats_int64s");
  const int64_t names = AttributeSize(ctx, "cats_strings");
  if (numbers == 0 || numbers != names) {
    return absl::InvalidArgumentError(absl::StrCat(numbers, " numbers for ", names, " names"));
  }
  ctx.SetOutput(0, SwapNameAndNumber(ctx.InputType(0)), ctx.InputShape(0));
  return absl::OkStatus();
}

// One value per word of the vocabulary.
absl::Status InferDictVectorizer(OpContext& ctx) {
  const int64_t words =
      std::max(AttributeSize(ctx, "string_vocabulary"), AttributeSize(ctx, "int64_vocabulary"));
  const TensorInfo* value = ctx.Input(0).element_type;
  ctx.SetOutput(0, value != nullptr ? value->type : DataType::kUndefined, {1, words});
  return absl::OkStatus();
}

absl::Status InferFeatureVectorizer(OpContext& ctx) {
  Dim features = 0;
  for (int64_t size : ctx.IntsAttribute("inputdimensions")) {
    if (size < 0) return absl::InvalidArgumentError("inputdimensions has a negative entry");
    features += size;
  }
  if (ctx.FindAttribute("inputdimensions") == nullptr) features = Dim();
  ctx.SetOutput(0, DataType::kFloat, {NumRows(ctx.InputShape(0)), features});
  return absl::OkStatus();
}

struct LabelValues {
  absl::string_view attribute;
  DataType type;
};
constexpr LabelValues kLabelValues[] = {
    {"values_floats", DataType::kFloat},
    {"values_int64s", DataType::kInt64},
    {"values_strings", DataType::kString},
};

// The type of what labels are turned into; opset 1 turned names into numbers and back.
DataType LabelType(const OpContext& ctx) {
  for (absl::string_view name : {"values_tensor", "default_tensor"}) {
    const Attribute* attribute = ctx.FindAttribute(name);
    if (attribute != nullptr && !attribute->tensors().empty()) return attribute->tensors()[0].type;
  }
  for (const LabelValues& row : kLabelValues) {
    if (ctx.FindAttribute(row.attribute) != nullptr) return row.type;
  }
  return SwapNameAndNumber(ctx.InputType(0));
}

// What unknown labels become: one value of the type that known ones become.
absl::Status CheckDefaultLabel(const OpContext& ctx) {
  const Attribute* otherwise = ctx.FindAttribute("default_tensor");
  if (otherwise == nullptr || otherwise->tensors().empty()) return absl::OkStatus();
  const Tensor& tensor = otherwise->tensors()[0];
  if (tensor.type != LabelType(ctx)) {
    return absl::InvalidArgumentError("default_tensor is of another type than the values");
  }
  if (NumElements(tensor) == 1) return absl::OkStatus();
  return absl::InvalidArgumentError("default_tensor is not one value");
}

absl::Status InferLabelEncoder(OpContext& ctx) {
  if (auto status = CheckDefaultLabel(ctx); !status.ok()) return status;
  ctx.SetOutput(0, LabelType(ctx), ctx.InputShape(0));
  return absl::OkStatus();
}

absl::Status InferOneHotEncoder(OpContext& ctx) {
  const Shape x = ctx.InputShape(0);
  const int64_t numbers = AttributeSize(ctx, "cats_int64s");
  const int64_t names = AttributeSize(ctx, "cats_strings");
  if ((numbers == 0) == (names == 0)) {
    return absl::InvalidArgumentError("one of cats_int64s and cats_strings must be given");
  }
  if (!x.has_rank()) return absl::OkStatus();
  DimVector dims(x.dims().begin(), x.dims().end());
  dims.push_back(numbers + names);
  ctx.SetOutput(0, DataType::kFloat, dims);
  return absl::OkStatus();
}

// A map from label to probability for every row.
absl::Status InferZipMap(OpContext& ctx) {
  Arena& arena = ctx.inference().arena();
  TensorInfo value, map, sequence;
  value.type = DataType::kFloat;
  value.shape = Shape(ctx.CopyDims({}));
  map.kind = ValueKind::kMap;
  map.type = LabelsType(ctx, "classlabels_int64s");
  map.length = ctx.InputShape(0)[-1];
  map.element_type = arena.New(value);
  sequence.kind = ValueKind::kSequence;
  sequence.element_type = arena.New(map);
  sequence.length = NumRows(ctx.InputShape(0));
  ctx.SetOutput(0, sequence);
  return absl::OkStatus();
}

template <OpName kOp>
constexpr OpRule FeatureRow(InferFn infer) {
  return WeightedRow<kOp>(1, infer, 0, kMlDomain);
}

constexpr OpRule FreeFeatureRow(absl::string_view op_type, InferFn infer,
                                InputMask not_parameters = 0) {
  OpRule row = FreeRow(op_type, 1, infer, not_parameters);
  row.domain = kMlDomain;
  return row;
}

const OpRule kRules[] = {
    FreeFeatureRow("ArrayFeatureExtractor", InferArrayFeatureExtractor, Input(1)),
    FeatureRow<"Binarizer">(InferSameShape),
    FreeFeatureRow("CastMap", InferCastMap),
    FreeFeatureRow("CategoryMapper", InferCategoryMapper),
    FreeFeatureRow("DictVectorizer", InferDictVectorizer),
    FreeFeatureRow("FeatureVectorizer", InferFeatureVectorizer),
    FeatureRow<"Imputer">(InferSameShape),
    FreeFeatureRow("LabelEncoder", InferLabelEncoder),
    FeatureRow<"Normalizer">(InferToFloat),
    FeatureRow<"OneHotEncoder">(InferOneHotEncoder),
    FeatureRow<"Scaler">(InferToFloat),
    FreeFeatureRow("ZipMap", InferZipMap),
};

}  // namespace

int64_t AttributeSize(const OpContext& ctx, absl::string_view name) {
  const Attribute* attribute = ctx.FindAttribute(name);
  if (attribute == nullptr) return 0;
  if (!attribute->tensors().empty()) return NumElements(attribute->tensors()[0]).value_or(0);
  return static_cast<int64_t>(attribute->ints().size() + attribute->floats().size() +
                              attribute->strings().size());
}

DataType LabelsType(const OpContext& ctx, absl::string_view numbers) {
  return ctx.FindAttribute(numbers) != nullptr ? DataType::kInt64 : DataType::kString;
}

Dim NumRows(const Shape& x) { return x.rank() == 1 ? Dim(1) : x[0]; }

absl::Span<const OpRule> MlFeatureRules() { return kRules; }

}  // namespace onnx_macs
