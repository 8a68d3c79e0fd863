// The components of the nodes of one graph, and of one entering of it where it is a subgraph or the
// body of a function: asks the kinds of evidence in their order.
#ifndef ANALYZER_PATHS_FRAME_PATHS_H_
#define ANALYZER_PATHS_FRAME_PATHS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "analyzer/component_tree.h"
#include "analyzer/frame.h"
#include "analyzer/paths/evidence.h"
#include "analyzer/paths/exporter.h"
#include "analyzer/paths/known_modules.h"
#include "analyzer/paths/owners.h"
#include "analyzer/paths/scopes.h"

namespace onnx_macs {

// What all graphs of a model share.
struct PathModel {
  PathModel(const Model& model, ComponentTree& tree, Arena& arena);

  const Model& model;
  ComponentTree& tree;
  Arena& arena;
  const Exporter exporter;
  const OwnerRules owner_rules;
  KnownModules known;
};

class FramePaths {
 public:
  // `outer` are those of the frame that entered this one; null for the main graph.
  FramePaths(PathModel& shared, const Frame& frame, const FramePaths* outer);

  ComponentId component(size_t node) const { return components_[node]; }
  Evidence evidence(size_t node) const { return evidence_[node]; }
  // By node; for a caller that needs nothing else of this.
  std::vector<ComponentId> TakeComponents() { return std::move(components_); }
  std::vector<Evidence> TakeEvidence() { return std::move(evidence_); }

 private:
  void EnterFrom(const FramePaths& outer);
  void CollectScopes();
  void ClaimScopes();
  void PlaceByEvidence();
  bool PlaceAsBefore(size_t node);
  absl::string_view TellingName(size_t node);
  bool Place(size_t node);
  bool PlaceByMetadata(size_t node);
  bool PlaceCall(size_t node);
  absl::string_view WeightsOf(const Node& node) const;
  void PlaceByScope(size_t node, Scope& scope);
  bool PlaceByInlinedName(size_t node);
  void InheritFromConsumers();
  void InheritFromProducers();
  void InheritFromCall();

  bool IsCall(const Node& node) const {
    return !shared_.model.functions.empty() && frame_.callees[node.op].function != nullptr;
  }
  bool IsKnown(size_t node) const { return components_[node] != kUnknownComponent; }
  bool IsSealed(size_t node) const;
  bool Put(size_t node, ComponentId component, Evidence evidence);
  ComponentId Common(ComponentId a, ComponentId b) const;
  // The component of a whole path, and of one that may be within the module of the call.
  ComponentId Intern(absl::string_view path);
  ComponentId InternWithin(absl::string_view path);
  ComponentId InternText(absl::string_view path);  // one that does not last

  PathModel& shared_;
  const Frame& frame_;
  const Graph& graph_;
  std::string base_;  // the module whose body this is
  ComponentId enclosing_ = kRootComponent;
  Owners owners_;
  Scopes scopes_;
  std::vector<int32_t> scope_of_node_;
  std::vector<ComponentId> components_;
  std::vector<Evidence> evidence_;
  absl::flat_hash_map<absl::string_view, int> calls_;  // of functions that give their name
  absl::string_view last_path_;
  ComponentId last_interned_ = kRootComponent;
};

}  // namespace onnx_macs

#endif  // ANALYZER_PATHS_FRAME_PATHS_H_
