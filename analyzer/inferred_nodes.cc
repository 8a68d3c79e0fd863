// What a node is, as a number that two models share: made from texts and sizes, never from ids or
// addresses of one of them.
#include "analyzer/inferred_nodes.h"

#include <algorithm>

#include "absl/hash/hash.h"
#include "analyzer/expr_pool.h"
#include "analyzer/report_rows.h"

namespace onnx_macs {
namespace {

// Weights may be stored in attributes: they are not read.
constexpr size_t kMostTensorBytes = 1024;

uint64_t HashTensor(const Tensor& tensor) {
  const uint64_t header = absl::HashOf(tensor.type, absl::MakeConstSpan(tensor.dims));
  return tensor.message.size() > kMostTensorBytes ? header : absl::HashOf(header, tensor.message);
}

// The content of whichever kind it holds; the other readers give nothing.
uint64_t HashAttribute(const Attribute& attribute) {
  uint64_t hash = absl::HashOf(attribute.name, attribute.type, attribute.is_reference,
                               attribute.i(), attribute.f(), attribute.s());
  if (!attribute.ints().empty()) hash = absl::HashOf(hash, attribute.ints());
  if (!attribute.floats().empty()) hash = absl::HashOf(hash, attribute.floats());
  if (!attribute.strings().empty()) hash = absl::HashOf(hash, attribute.strings());
  for (const Tensor& tensor : attribute.tensors()) hash = absl::HashOf(hash, HashTensor(tensor));
  return hash;  // Nodes of graphs are nodes of their own.
}

}  // namespace

InferredNodes::InferredNodes(Inference& inference) : inference_(inference), rows_(inference) {
  for (const Operator& op : inference.model().operators) {
    op_hashes_.push_back(absl::HashOf(op.domain, op.type));
  }
  keys_.reserve(inference.records().size());
  costs_.reserve(inference.records().size());
}

uint64_t InferredNodes::HashOf(Dim dim) {
  if (!dim.is_expr()) return absl::HashOf(dim);
  dim = inference_.pool().Resolve(dim);
  if (!dim.is_expr()) return absl::HashOf(dim);
  const auto [it, is_new] = of_exprs_.try_emplace(dim.expr(), 0);
  if (is_new) it->second = absl::HashOf(ToString(dim));
  return it->second;
}

uint64_t InferredNodes::HashOf(const Count& count) {
  return count.is_integer() ? absl::HashOf(count.value()) : absl::HashOf(ToString(count));
}

uint64_t InferredNodes::HashOf(const TensorInfo& info) {
  uint64_t hash = absl::HashOf(info.kind, info.type, info.shape.rank());
  for (const Dim dim : info.shape.dims()) hash = absl::HashOf(hash, HashOf(dim));
  return hash;
}

uint64_t InferredNodes::HashValues(uint64_t hash, const Frame& frame,
                                   absl::Span<const ValueId> values) {
  for (const ValueId value : values) {
    hash = absl::HashOf(hash, value == kNoValue ? 0 : HashOf(frame.values[value]));
  }
  return hash;
}

void InferredNodes::Add(const NodeCost& cost, ComponentId component) {
  const NodeRecord& record = inference_.records()[keys_.size()];
  const uint64_t op = op_hashes_[record.node->op];
  uint64_t content = absl::HashOf(op, cost.status, HashOf(cost.cost.macs), HashOf(cost.cost.ops));
  for (const Attribute& attribute : record.node->attributes) {
    content = absl::HashOf(content, HashAttribute(attribute));
  }
  content = HashValues(content, *record.frame, record.node->inputs);
  content = HashValues(content, *record.frame, record.node->outputs);
  keys_.push_back({content, op, component, Approximate(cost.cost.macs, kNominalSize),
                   Approximate(cost.cost.ops, kNominalSize)});
  costs_.push_back({cost.cost.macs, cost.cost.ops, cost.status});
}

void InferredNodes::NumberComponents(absl::Span<const ComponentId> order) {
  std::vector<int32_t> row_of(order.size());
  for (size_t row = 0; row < order.size(); ++row) row_of[order[row]] = static_cast<int32_t>(row);
  for (NodeKey& key : keys_) key.component = row_of[key.component];
}

absl::string_view InferredNodes::Name(size_t node) const {
  return inference_.records()[node].node->name;
}

NodeRow InferredNodes::Row(size_t node) const {
  NodeCost cost{.status = costs_[node].status};
  cost.cost.macs = costs_[node].macs;
  cost.cost.ops = costs_[node].ops;
  return rows_.Node(node, cost);
}

}  // namespace onnx_macs
