// Cones: what computes a value out of others. Searches end after a fixed number of nodes, however
// many of them there are in a graph.
#ifndef ANALYZER_BLOCKS_CONE_H_
#define ANALYZER_BLOCKS_CONE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "analyzer/blocks/graph_view.h"

namespace onnx_macs {

class Cones {
 public:
  explicit Cones(const GraphView& view) : view_(view), seen_in_(view.num_values()) {}

  // The nodes that compute `out` out of `from` and of what is stored; what only a size is read of
  // does not matter. False when there are too many, when anything else goes in, or nothing of
  // `from`.
  bool Find(ValueId out, absl::Span<const ValueId> from, std::vector<NodeId>* nodes);
  // The nearest product with a weight (or call, which may hold one) above a value that gives this
  // many columns; kNoNode when there is none.
  NodeId FindLinear(ValueId below, Dim columns);

 private:
  static constexpr size_t kMostNodes = 96;

  void Begin(ValueId start, absl::Span<const ValueId> from);
  void AddInputs(NodeId n);
  // Notes a value once per search, unless it is stored or a size.
  void Add(ValueId v);

  const GraphView& view_;
  std::vector<uint32_t> seen_in_;  // by value: the last search that met it
  uint32_t search_ = 0;
  std::vector<ValueId> queue_;
  absl::Span<const ValueId> from_;
};

}  // namespace onnx_macs

#endif  // ANALYZER_BLOCKS_CONE_H_
