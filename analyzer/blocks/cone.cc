// Searches of cones, breadth first.
#include "analyzer/blocks/cone.h"

#include "absl/algorithm/container.h"
#include "analyzer/blocks/contraction.h"

namespace onnx_macs {

void Cones::Begin(ValueId start, absl::Span<const ValueId> from) {
  ++search_;
  queue_.clear();
  from_ = from;
  Add(start);
}

void Cones::AddInputs(NodeId n) {
  for (const ValueId v : view_.Inputs(n)) Add(v);
}

void Cones::Add(ValueId v) {
  if (v == kNoValue || seen_in_[v] == search_) return;
  const bool is_fixed = view_.MayBeStored(v) || view_.ProducerOp(v) == Op::kShape;
  if (is_fixed && !absl::c_linear_search(from_, v)) return;
  seen_in_[v] = search_;
  queue_.push_back(v);
}

bool Cones::Find(ValueId out, absl::Span<const ValueId> from, std::vector<NodeId>* nodes) {
  nodes->clear();
  Begin(out, from);
  bool reaches = false;
  for (size_t i = 0; i < queue_.size(); ++i) {
    if (absl::c_linear_search(from, queue_[i])) {
      reaches = true;
      continue;
    }
    const NodeId n = view_.Producer(queue_[i]);
    if (n == kNoNode || nodes->size() == kMostNodes) return false;
    nodes->push_back(n);
    AddInputs(n);
  }
  return reaches;
}

NodeId Cones::FindLinear(ValueId below, Dim columns) {
  Begin(below, {});
  for (size_t i = 0; i < queue_.size() && i < kMostNodes; ++i) {
    const NodeId n = view_.Producer(queue_[i]);
    if (n == kNoNode) continue;
    const bool is_linear = LinearInput(view_, n) != kNoValue || view_.IsCall(n);
    if (is_linear && view_.DimOf(view_.Output(n), -1) == columns) return n;
    AddInputs(n);
  }
  return kNoNode;
}

}  // namespace onnx_macs
