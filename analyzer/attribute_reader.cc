// AttributeProto: the value is chosen by `type`, or in files of IR version 1, which have none, by
// what is there.
#include "analyzer/attribute_reader.h"

#include <array>

#include "absl/types/span.h"
#include "analyzer/tensor_reader.h"
#include "analyzer/wire.h"

namespace onnx_macs {
namespace {

// Field numbers of AttributeProto.
enum : uint32_t {
  kName = 1,
  kF = 2,
  kI = 3,
  kS = 4,
  kT = 5,
  kG = 6,
  kFloats = 7,
  kInts = 8,
  kStrings = 9,
  kTensors = 10,
  kGraphs = 11,
  kTp = 14,
  kTypeProtos = 15,
  kType = 20,
  kRefAttrName = 21,
  kSparseTensor = 22,
  kSparseTensors = 23,
};

// Which type a field is the value of, by its number.
constexpr std::array<AttributeType, 24> kTypeOfField = [] {
  std::array<AttributeType, 24> types = {};
  types[kF] = AttributeType::kFloat;
  types[kI] = AttributeType::kInt;
  types[kS] = AttributeType::kString;
  types[kT] = AttributeType::kTensor;
  types[kG] = AttributeType::kGraph;
  types[kFloats] = AttributeType::kFloats;
  types[kInts] = AttributeType::kInts;
  types[kStrings] = AttributeType::kStrings;
  types[kTensors] = AttributeType::kTensors;
  types[kGraphs] = AttributeType::kGraphs;
  types[kTp] = AttributeType::kTypeProto;
  types[kTypeProtos] = AttributeType::kTypeProtos;
  types[kSparseTensor] = AttributeType::kSparseTensor;
  types[kSparseTensors] = AttributeType::kSparseTensors;
  return types;
}();

AttributeType TypeOfTag(uint32_t tag) {
  const uint32_t number = tag >> 3;
  return number < kTypeOfField.size() ? kTypeOfField[number] : AttributeType::kUndefined;
}

AttributeType TypeFromNumber(int64_t number) {
  const bool is_known = number > 0 && number <= static_cast<int64_t>(AttributeType::kTypeProtos);
  return is_known ? static_cast<AttributeType>(number) : AttributeType::kUndefined;
}

// What one pass over the fields collects; lists go to the decoder's buffers.
struct Fields {
  AttributeType found = AttributeType::kUndefined;
  float f = 0;
  int64_t i = 0;
  absl::string_view s;
  absl::string_view message;  // t, g, tp or sparse_tensor: the last one there
  uint32_t message_tag = 0;
  int messages = 0;
  absl::string_view reference;
};

// Elements of lists, and what has been added to the format since.
bool ReadListField(Decoder& decoder, const WireReader& reader, Fields* fields) {
  Decoder::Buffers& buffers = decoder.buffers;
  const AttributeType before = fields->found;
  fields->found = TypeOfTag(reader.tag());
  switch (reader.tag()) {
    case Fixed32Field(kFloats):
      buffers.floats.push_back(reader.float32());
      return true;
    case BytesField(kFloats): {
      const WireError error = AppendPackedFloats(reader.bytes(), &buffers.floats);
      return error == WireError::kNone || decoder.Corrupt(reader.field(), error, "an attribute");
    }
    case VarintField(kInts):
    case BytesField(kInts):
      return decoder.AppendVarints(reader, "an attribute", &buffers.ints);
    case BytesField(kStrings):
    case BytesField(kTypeProtos):
      buffers.strings.push_back(reader.bytes());
      return true;
    case BytesField(kGraphs):
      buffers.graphs.push_back(reader.bytes());
      return true;
    case BytesField(kTensors):
      return ReadTensor(decoder, reader.bytes(), &buffers.tensors.emplace_back());
    case BytesField(kSparseTensors):
      return ReadSparseTensor(decoder, reader.bytes(), &buffers.tensors.emplace_back());
    default:
      fields->found = before;
      return true;
  }
}

bool ReadFields(Decoder& decoder, absl::string_view message, Attribute* attribute, Fields* fields) {
  WireReader reader(message);
  while (reader.Next()) {
    switch (reader.tag()) {
      case BytesField(kName):
        attribute->name = reader.bytes();
        break;
      case Fixed32Field(kF):
        fields->f = reader.float32();
        fields->found = AttributeType::kFloat;
        break;
      case VarintField(kI):
        fields->i = reader.integer();
        fields->found = AttributeType::kInt;
        break;
      case BytesField(kS):
        fields->s = reader.bytes();
        fields->found = AttributeType::kString;
        break;
      case BytesField(kT):
      case BytesField(kG):
      case BytesField(kTp):
      case BytesField(kSparseTensor):
        fields->message = reader.bytes();
        fields->message_tag = reader.tag();
        ++fields->messages;
        fields->found = TypeOfTag(reader.tag());
        break;
      case VarintField(kType):
        attribute->type = TypeFromNumber(reader.integer());
        break;
      case BytesField(kRefAttrName):
        fields->reference = reader.bytes();
        break;
      default:
        if (!ReadListField(decoder, reader, fields)) return false;
    }
  }
  return decoder.Finish(reader, "an attribute");
}

// Several messages in one attribute: those of its type belong together.
void MergeMessages(Decoder& decoder, absl::string_view message, AttributeType type,
                   Fields* fields) {
  for (uint32_t number : {kT, kG, kTp, kSparseTensor}) {
    if (kTypeOfField[number] != type) continue;
    fields->message = decoder.Merged(message, BytesField(number));
    fields->message_tag = BytesField(number);
  }
}

template <typename T>
void SetList(Decoder& decoder, const std::vector<T>& values, Attribute* attribute) {
  attribute->SetList(absl::Span<const T>(decoder.arena().Copy(absl::MakeConstSpan(values))));
}

bool SetOneTensor(Decoder& decoder, absl::string_view message, Attribute* attribute) {
  const absl::Span<Tensor> tensor = decoder.arena().NewArray<Tensor>(1);
  const bool is_sparse = attribute->type == AttributeType::kSparseTensor;
  attribute->SetList(absl::Span<const Tensor>(tensor));
  return is_sparse ? ReadSparseTensor(decoder, message, &tensor[0])
                   : ReadTensor(decoder, message, &tensor[0]);
}

bool SetGraphs(Decoder& decoder, absl::Span<const absl::string_view> messages, Attribute* attribute,
               std::vector<PendingGraph>* pending) {
  const auto slots = decoder.arena().NewArray<const Graph*>(messages.size());
  attribute->SetList(absl::Span<const Graph* const>(slots));
  for (size_t i = 0; i < messages.size(); ++i) pending->push_back({&slots[i], messages[i]});
  return decoder.Spend(4 * messages.size());
}

bool SetValue(Decoder& decoder, const Fields& fields, Attribute* attribute,
              std::vector<PendingGraph>* pending) {
  Decoder::Buffers& buffers = decoder.buffers;
  const bool has_message = TypeOfTag(fields.message_tag) == attribute->type;
  const absl::string_view message = has_message ? fields.message : absl::string_view();
  switch (attribute->type) {
    case AttributeType::kFloat:
      attribute->SetFloat(fields.f);
      return true;
    case AttributeType::kInt:
      attribute->SetInt(fields.i);
      return true;
    case AttributeType::kString:
      attribute->SetString(fields.s);
      return true;
    case AttributeType::kTypeProto:
      attribute->SetString(message);
      return true;
    case AttributeType::kTensor:
    case AttributeType::kSparseTensor:
      return !has_message || SetOneTensor(decoder, message, attribute);
    case AttributeType::kGraph:
      return !has_message || SetGraphs(decoder, {&message, 1}, attribute, pending);
    case AttributeType::kFloats:
      SetList(decoder, buffers.floats, attribute);
      return true;
    case AttributeType::kInts:
      SetList(decoder, buffers.ints, attribute);
      return true;
    case AttributeType::kStrings:
    case AttributeType::kTypeProtos:
      SetList(decoder, buffers.strings, attribute);
      return true;
    case AttributeType::kTensors:
    case AttributeType::kSparseTensors:
      SetList(decoder, buffers.tensors, attribute);
      return true;
    case AttributeType::kGraphs:
      return SetGraphs(decoder, buffers.graphs, attribute, pending);
    case AttributeType::kUndefined:
      return true;
  }
  return true;
}

}  // namespace

bool ReadAttribute(Decoder& decoder, absl::string_view message, Attribute* attribute,
                   std::vector<PendingGraph>* graphs) {
  Decoder::Buffers& buffers = decoder.buffers;
  buffers.ints.clear();
  buffers.floats.clear();
  buffers.strings.clear();
  buffers.tensors.clear();
  buffers.graphs.clear();
  Fields fields;
  if (!ReadFields(decoder, message, attribute, &fields)) return false;
  if (!fields.reference.empty()) {
    attribute->is_reference = true;
    attribute->SetString(fields.reference);
    return true;
  }
  if (attribute->type == AttributeType::kUndefined) attribute->type = fields.found;
  if (fields.messages > 1) MergeMessages(decoder, message, attribute->type, &fields);
  return SetValue(decoder, fields, attribute, graphs);
}

}  // namespace onnx_macs
