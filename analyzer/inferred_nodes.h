// The nodes of an inference, numbered as they are costed; their rows are written when asked for.
#ifndef ANALYZER_INFERRED_NODES_H_
#define ANALYZER_INFERRED_NODES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "analyzer/component_tree.h"
#include "analyzer/cost_walk.h"
#include "analyzer/inference.h"
#include "analyzer/node_list.h"
#include "analyzer/row_maker.h"

namespace onnx_macs {

class InferredNodes : public NodeList {
 public:
  explicit InferredNodes(Inference& inference);

  // Once for every record, in their order.
  void Add(const NodeCost& cost, ComponentId component);
  // From ids to rows: once the rows of the components are in order.
  void NumberComponents(absl::Span<const ComponentId> order);
  // Rows are read from the inference, so it has to stay.
  void Keep(std::unique_ptr<Inference> inference) { kept_ = std::move(inference); }

  absl::string_view Name(size_t node) const override;
  NodeRow Row(size_t node) const override;

 private:
  struct CostOfNode {
    Count macs, ops;
    NodeStatus status;
  };
  uint64_t HashOf(Dim dim);
  uint64_t HashOf(const Count& count);
  uint64_t HashOf(const TensorInfo& info);
  uint64_t HashValues(uint64_t hash, const Frame& frame, absl::Span<const ValueId> values);

  Inference& inference_;
  std::unique_ptr<Inference> kept_;
  mutable RowMaker rows_;  // knows which texts there already are
  std::vector<CostOfNode> costs_;
  std::vector<uint64_t> op_hashes_;                      // by operator id
  absl::flat_hash_map<const Expr*, uint64_t> of_exprs_;  // of their texts, which two models share
};

}  // namespace onnx_macs

#endif  // ANALYZER_INFERRED_NODES_H_
