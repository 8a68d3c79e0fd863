// Owners: the modules whose weights a node reads. Weights are also followed through operators that
// only rearrange them or take them back from a quantised form.
#ifndef ANALYZER_PATHS_OWNERS_H_
#define ANALYZER_PATHS_OWNERS_H_

#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "analyzer/arena.h"
#include "analyzer/component_tree.h"
#include "analyzer/model.h"
#include "analyzer/paths/dialect.h"

namespace onnx_macs {

// What holds for every graph of a model.
struct OwnerRules {
  OwnerRules(const Model& model, const Dialect& dialect);

  enum class Passing : uint8_t { kNo, kData, kRenamed };  // kRenamed: Identity

  const Dialect& dialect;
  std::vector<Passing> passing;  // by operator id
};

class Owners {
 public:
  // `outer` are those of the graph around it; null for the main graph.
  Owners(const OwnerRules& rules, const Graph& graph, const Owners* outer, ComponentTree& tree,
         Arena& arena);

  // The body of a function reads what the call gives it.
  void SetInputs(const Node& call, const Owners& caller);
  // Once for every node, in order: what it hands on of a weight it reads.
  void Pass(const Node& node) {
    if (rules_.passing[node.op] != OwnerRules::Passing::kNo) PassOn(node);
  }
  // The module that owns the first weight of known owner among the inputs; "" when there is none.
  absl::string_view OfNode(const Node& node) const;
  // The same for one value.
  absl::string_view Of(ValueId value) const {
    const Value& v = graph_.values[value];
    if (v.initializer >= 0) return OfNamed(value);
    if (carried_.empty() && v.outer() == kNoValue) return {};
    return OfCarried(value, v);
  }

 private:
  void PassOn(const Node& node);
  absl::string_view OfNamed(ValueId value) const;
  absl::string_view OfCarried(ValueId value, const Value& v) const;

  const OwnerRules& rules_;
  const Graph& graph_;
  const Owners* const outer_;
  ComponentTree& tree_;
  Arena& arena_;
  // Of values that are neither initializers nor captured: outputs that hand a weight on, and inputs
  // that are weights.
  absl::flat_hash_map<ValueId, absl::string_view> carried_;
};

// Exports without weights make inputs of them: "conv_in.weight", of sizes that are all given.
bool IsWeightInput(const Value& value);

}  // namespace onnx_macs

#endif  // ANALYZER_PATHS_OWNERS_H_
