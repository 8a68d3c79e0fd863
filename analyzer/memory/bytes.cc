// Bytes of values and of what moves between nodes.
#include "analyzer/memory/bytes.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "analyzer/op_context.h"
#include "analyzer/sequence_info.h"

namespace onnx_macs {
namespace {

Count BytesOfElements(const Count& elements, int bits) {
  if (bits == 0) return Count::Unknown();
  // Odd files have such sizes.
  if (elements.is_integer() && elements.value() < 0) return Count::Unknown();
  if (bits % 8 == 0) return Resolve(elements * Count(bits / 8));
  return Divide(Resolve(elements * Count(bits)) + Count(7), 8);
}

Count BytesOfSequence(const TensorInfo& info) {
  std::vector<TensorInfo> items;
  if (!ReadItems(info, &items)) {
    if (info.element_type == nullptr) return Count::Unknown();
    return Resolve(Count(info.length) * BytesOf(*info.element_type));
  }
  CountSum sum;
  for (const TensorInfo& item : items) sum.Add(BytesOf(item));
  return sum.Total();
}

bool RunsGraphs(const Node& node) {
  return std::any_of(node.attributes.begin(), node.attributes.end(), [](const Attribute& a) {
    return a.type == AttributeType::kGraph || a.type == AttributeType::kGraphs;
  });
}

Count KnownOr0(const Count& count) { return count.is_known() ? count : Count(0); }

// Of an input of which no more elements are read than written.
Count BytesOfPart(const OpContext& node, int input) {
  const Count elements = node.NumOutputElements(0);
  return BytesOfElements(elements, Describe(node.InputType(input)).bits);
}

// A value that is read twice comes from memory once.
Count BytesRead(const OpContext& node, InputMask in_part) {
  const absl::Span<const ValueId> inputs = node.node().inputs;
  absl::InlinedVector<std::pair<ValueId, int>, 8> reads;  // with the place among the inputs
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i] != kNoValue) reads.emplace_back(inputs[i], static_cast<int>(i));
  }
  std::sort(reads.begin(), reads.end());
  CountSum sum;
  ValueId last = kNoValue;
  for (const auto& [id, input] : reads) {
    if (id == last) continue;
    last = id;
    const bool is_part = input < 64 && (in_part >> input & 1) != 0;
    sum.Add(KnownOr0(is_part ? BytesOfPart(node, input) : BytesOf(node.Input(input))));
  }
  return sum.Total();
}

Count BytesWritten(const NodeRecord& record) {
  CountSum sum;
  for (const ValueId id : record.node->outputs) {
    if (id != kNoValue) sum.Add(KnownOr0(BytesOf(record.frame->values[id])));
  }
  return sum.Total();
}

}  // namespace

Count BytesOf(const TensorInfo& info) {
  switch (info.kind) {
    case ValueKind::kTensor:
      if (!info.shape.has_rank()) return Count::Unknown();
      return BytesOfElements(Product(info.shape.dims()), Describe(info.type).bits);
    case ValueKind::kSequence:
      return BytesOfSequence(info);
    case ValueKind::kOptional:
      return info.element_type == nullptr ? Count::Unknown() : BytesOf(*info.element_type);
    default:
      return Count::Unknown();
  }
}

Count TrafficOf(Inference& inference, size_t index) {
  const NodeRecord& record = inference.records()[index];
  const Callee& callee = record.callee();
  if (callee.function != nullptr) return 0;
  const OpRule* const rule = callee.rule;
  if (rule != nullptr && rule->storage != Storage::kOwn) return 0;
  if (rule != nullptr && rule->cost == ZeroCost && RunsGraphs(*record.node)) return 0;
  const OpContext node(inference, *record.frame, *record.node, callee.opset);
  const Count bytes =
      BytesRead(node, rule == nullptr ? 0 : rule->read_in_part) + BytesWritten(record);
  return Resolve(bytes * record.frame->times);
}

}  // namespace onnx_macs
