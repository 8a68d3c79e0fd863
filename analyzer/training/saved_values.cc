// Values are known by the frame they were made in: those of a loop's body are kept for every round.
#include "analyzer/training/saved_values.h"

#include "analyzer/op_context.h"

namespace onnx_macs {
namespace {

Count Elements(const TensorInfo& info) {
  return info.shape.has_rank() ? Resolve(Product(info.shape.dims())) : Count::Unknown();
}

// Elements of less than a byte are packed.
Count BytesOf(const TensorInfo& info) {
  const int bits = Describe(info.type).bits;
  if (bits % 8 == 0) return Elements(info) * Count(bits / 8);
  return Divide(Elements(info) * Count(bits) + Count(7), 8);
}

}  // namespace

// A captured value is that of the frame around, and a view that of what it shows.
SavedValues::Place SavedValues::Origin(Place place) const {
  const Frame* frame = place.first;
  ValueId id = place.second;
  while (frame->graph->values[id].outer() != kNoValue && frame->outer != nullptr) {
    id = frame->graph->values[id].outer();
    frame = frame->outer;
  }
  const auto it = views_.find({frame, id});
  return it == views_.end() ? Place{frame, id} : it->second;
}

void SavedValues::AddView(const NodeRecord& record) {
  const Callee& callee = record.callee();
  const Node& node = *record.node;
  const bool is_plain = callee.rule != nullptr && callee.rule->source.empty();
  if (!is_plain || node.inputs.empty() || node.outputs.empty()) return;
  const ValueId input = node.inputs[0], output = node.outputs[0];
  if (input == kNoValue || output == kNoValue) return;
  const TensorInfo &from = record.frame->values[input], &to = record.frame->values[output];
  const Count elements = Elements(to);
  if (from.type != to.type || !elements.is_known() || elements != Elements(from)) return;
  views_[{record.frame, output}] = Origin({record.frame, input});
}

void SavedValues::AddReader(const NodeRecord& record) {
  const Saved saves = record.callee().rule->backward.saves;
  if (saves == Saved::kNothing) return;
  const Node& node = *record.node;
  for (const ValueId value : saves == Saved::kInputs ? node.inputs : node.outputs) {
    if (value != kNoValue) Keep(Origin({record.frame, value}));
  }
}

// Constants are part of the model, as weights are.
void SavedValues::Keep(Place place) {
  const auto [frame, id] = place;
  const Value& value = frame->graph->values[id];
  const bool is_constant =
      value.initializer >= 0 ||
      (value.producer() >= 0 && frame->graph->nodes[value.producer()].inputs.empty());
  if (is_constant || !seen_.insert(place).second) return;
  const TensorInfo& info = frame->values[id];
  const Count bytes = Resolve(BytesOf(info) * frame->times);
  if (bytes.is_known()) {
    kept_.push_back({&value, bytes});
  } else {
    has_unknown_ = true;
  }
}

Count SavedValues::Bytes() const {
  CountSum sum;
  for (const Kept& kept : kept_) {
    if (!weights_.contains(kept.value)) sum.Add(kept.bytes);
  }
  return Resolve(sum.Total());
}

}  // namespace onnx_macs
