// Edits of shapes, types and constants.
#include <string>

#include "fuzz/model_edits.h"

namespace onnx_macs::fuzz {
namespace {

// Field numbers of ONNX's messages.
constexpr uint32_t kDimValue = 1, kDimParam = 2;
constexpr uint32_t kElementType = 1, kShape = 2, kShapeDim = 1;
constexpr uint32_t kTensorDims = 1, kTensorType = 2, kTensorName = 8, kRawData = 9;
constexpr uint32_t kFloatData = 4, kInt32Data = 5, kInt64Data = 7;
constexpr uint32_t kInitializer = 5, kInput = 11, kOutput = 12, kValueInfo = 13;
constexpr int kNumTypes = 27;

Field NewDim(ByteSource& choices) {
  Field dim = Message(kShapeDim, Kind::kDim);
  switch (choices.Below(4)) {
    case 0:
      dim.fields.push_back(Integer(kDimValue, 1 + static_cast<int64_t>(choices.Below(8))));
      break;
    case 1:
      dim.fields.push_back(Integer(kDimValue, HostileInteger(choices)));
      break;
    case 2:
      dim.fields.push_back(Text(kDimParam, SizeName(choices)));
      break;
    default:
      break;  // no size and no name
  }
  return dim;
}

// Mostly float and int64, which most operators take.
int64_t ElementType(ByteSource& choices) {
  constexpr int64_t kUsual[] = {1, 1, 7, 7, 6, 9, 10, 3};
  return choices.Flag() ? choices.Pick(kUsual) : static_cast<int64_t>(choices.Below(kNumTypes + 2));
}

void SetDim(ByteSource& choices, Field* model) {
  Field* const dim = PickMessage(choices, model, Kind::kDim);
  if (dim != nullptr) dim->fields = NewDim(choices).fields;
}

void AddDim(ByteSource& choices, Field* model) {
  Field* const shape = PickMessage(choices, model, Kind::kShape);
  if (shape != nullptr && shape->fields.size() < 16) shape->fields.push_back(NewDim(choices));
}

void RemoveDim(ByteSource& choices, Field* model) {
  Field* const shape = PickMessage(choices, model, Kind::kShape);
  if (shape != nullptr && !shape->fields.empty()) shape->fields.pop_back();
}

void SetType(ByteSource& choices, Field* model) {
  Field* const type = PickMessage(choices, model, Kind::kTensorType);
  if (type == nullptr) return;
  Set(type, Integer(kElementType, ElementType(choices)));
  if (choices.Byte() % 8 == 1) Remove(type, kShape);
}

void ReplaceType(ByteSource& choices, Field* model) {
  Field* const info = PickMessage(choices, model, Kind::kValueInfo);
  if (info != nullptr) Set(info, NewType(choices, 2));
}

void SetTensor(ByteSource& choices, Field* model) {
  Field* const tensor = PickMessage(choices, model, Kind::kTensor);
  if (tensor == nullptr) return;
  const std::string name(TextOf(*tensor, kTensorName));
  tensor->fields = NewTensor(choices, 0, name).fields;
}

void SetTensorDim(ByteSource& choices, Field* model) {
  Field* const tensor = PickMessage(choices, model, Kind::kTensor);
  if (tensor == nullptr) return;
  const std::vector<Field*> dims = FieldsOf(tensor, kTensorDims);
  if (!dims.empty())
    *dims[choices.Below(dims.size())] = Integer(kTensorDims, HostileInteger(choices));
}

void SetTensorType(ByteSource& choices, Field* model) {
  Field* const tensor = PickMessage(choices, model, Kind::kTensor);
  if (tensor != nullptr) Set(tensor, Integer(kTensorType, ElementType(choices)));
}

Field* MainGraph(Field* model) { return AllOf(model, Kind::kGraph).front(); }

template <uint32_t kNumber>
void AddValue(ByteSource& choices, Field* model) {
  const std::string name = kNumber == kInput ? NewName(model) : ValueName(choices, model);
  Field info = Message(kNumber, Kind::kValueInfo, {Text(1, name)});
  if (kNumber != kOutput || choices.Flag()) info.fields.push_back(NewType(choices, 2));
  MainGraph(model)->fields.push_back(std::move(info));
}

void AddInitializer(ByteSource& choices, Field* model) {
  MainGraph(model)->fields.push_back(NewTensor(choices, kInitializer, NewName(model)));
}

constexpr Edit kEdits[] = {SetDim,
                           SetDim,
                           AddDim,
                           RemoveDim,
                           SetType,
                           ReplaceType,
                           SetTensor,
                           SetTensorDim,
                           SetTensorType,
                           AddInitializer,
                           AddValue<kInput>,
                           AddValue<kOutput>,
                           AddValue<kValueInfo>};

}  // namespace

absl::Span<const Edit> ValueEdits() { return kEdits; }

Field NewType(ByteSource& choices, uint32_t number) {
  Field tensor = Message(1, Kind::kTensorType, {Integer(kElementType, ElementType(choices))});
  const size_t rank = choices.Below(7);
  if (rank < 6) {
    Field shape = Message(kShape, Kind::kShape);
    for (size_t i = 0; i < rank; ++i) shape.fields.push_back(NewDim(choices));
    tensor.fields.push_back(std::move(shape));
  }
  constexpr uint32_t kSequence = 4, kOptional = 9;
  Field type = Message(1, Kind::kType, {std::move(tensor)});
  for (size_t nesting = choices.Byte() % 8 == 1 ? choices.Below(4) : 0; nesting > 0; --nesting) {
    const uint32_t container = choices.Flag() ? kSequence : kOptional;
    type = Message(1, Kind::kType, {Message(container, Kind::kContainerType, {std::move(type)})});
  }
  type.tag = Message(number, Kind::kType).tag;
  return type;
}

// Integers with values, or a weight without any.
Field NewTensor(ByteSource& choices, uint32_t number, absl::string_view name) {
  Field tensor = Message(number, Kind::kTensor, {Text(kTensorName, name)});
  if (choices.Flag()) {
    for (const int64_t value : HostileIntegers(choices)) {
      tensor.fields.push_back(Integer(kInt64Data, value));
    }
    const auto count = static_cast<int64_t>(FieldsOf(&tensor, kInt64Data).size());
    if (count != 1 || choices.Flag()) tensor.fields.push_back(Integer(kTensorDims, count));
    tensor.fields.push_back(Integer(kTensorType, 7));
    return tensor;
  }
  for (size_t rank = choices.Below(6); rank > 0; --rank) {
    tensor.fields.push_back(Integer(kTensorDims, HostileInteger(choices)));
  }
  tensor.fields.push_back(Integer(kTensorType, ElementType(choices)));
  if (choices.Flag()) tensor.fields.push_back(Float(kFloatData, HostileFloat(choices)));
  if (choices.Flag()) tensor.fields.push_back(Integer(kInt32Data, HostileInteger(choices)));
  if (choices.Flag()) tensor.fields.push_back(Text(kRawData, std::string(8, '\x01')));
  return tensor;
}

}  // namespace onnx_macs::fuzz
