// The order in which evidence is asked: see evidence.h.
#include "analyzer/paths/frame_paths.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "analyzer/paths/dynamo.h"
#include "analyzer/paths/functions.h"
#include "analyzer/paths/quantizers.h"
#include "analyzer/paths/torchscript.h"

namespace onnx_macs {
namespace {

bool IsWithin(absl::string_view path, absl::string_view base) {
  if (!absl::StartsWith(path, base)) return false;
  return base.empty() || path.size() == base.size() || path[base.size()] == '.';
}

}  // namespace

PathModel::PathModel(const Model& of, ComponentTree& components, Arena& memory)
    : model(of),
      tree(components),
      arena(memory),
      exporter(RecognizeExporter(of)),
      owner_rules(of, *exporter.dialect),
      known(of, *exporter.dialect, memory) {}

FramePaths::FramePaths(PathModel& shared, const Frame& frame, const FramePaths* outer)
    : shared_(shared),
      frame_(frame),
      graph_(*frame.graph),
      owners_(shared.owner_rules, graph_, outer == nullptr ? nullptr : &outer->owners_, shared.tree,
              shared.arena),
      scopes_(*shared.exporter.dialect, shared.known, shared.tree, shared.arena),
      scope_of_node_(graph_.nodes.size(), kNoScope),
      components_(graph_.nodes.size(), kUnknownComponent),
      evidence_(graph_.nodes.size(), Evidence::kNodeName) {
  if (outer != nullptr) EnterFrom(*outer);
  CollectScopes();
  ClaimScopes();
  scopes_.Resolve();
  PlaceByEvidence();
}

// Names in the body of a function are within the module of the call; those in subgraphs are whole.
void FramePaths::EnterFrom(const FramePaths& outer) {
  const size_t call = frame_.entered_by - outer.graph_.nodes.data();
  enclosing_ = outer.components_[call];
  base_ = outer.base_;
  if (frame_.function == nullptr) return;
  base_ = std::string(shared_.tree[enclosing_].path);
  owners_.SetInputs(*frame_.entered_by, outer.owners_);
}

void FramePaths::CollectScopes() {
  constexpr size_t kNodesPerScope = 8;  // in most models, or more
  const bool has_metadata = shared_.exporter.has_metadata;
  if (!has_metadata) scopes_.Reserve(graph_.nodes.size() / kNodesPerScope);
  for (size_t i = 0; i < graph_.nodes.size(); ++i) {
    const Node& node = graph_.nodes[i];
    if (has_metadata && !node.metadata.empty()) continue;
    int32_t& scope = scope_of_node_[i];
    scope = scopes_.Find(TellingName(i));
    if (scope != kNoScope || node.outputs.empty() || node.outputs[0] == kNoValue) continue;
    scope = scopes_.Find(graph_.values[node.outputs[0]].name);
    evidence_[i] = Evidence::kOutputName;
  }
}

absl::string_view FramePaths::TellingName(size_t i) {
  const Node& node = graph_.nodes[i];
  const auto is_after_node = shared_.exporter.dialect->is_named_after_node;
  if (is_after_node == nullptr) return node.name;
  for (const ValueId input : node.inputs) {
    if (input == kNoValue || !is_after_node(graph_.values[input].name)) continue;
    evidence_[i] = Evidence::kWeights;
    return graph_.values[input].name;
  }
  return node.name;
}

void FramePaths::ClaimScopes() {
  const bool has_metadata = shared_.exporter.has_metadata;
  for (size_t i = 0; i < graph_.nodes.size(); ++i) {
    const Node& node = graph_.nodes[i];
    if (has_metadata && !node.metadata.empty()) continue;
    owners_.Pass(node);
    if (scope_of_node_[i] == kNoScope || IsCall(node)) continue;
    const absl::string_view owner = owners_.OfNode(node);
    if (!owner.empty()) scopes_.Claim(scope_of_node_[i], owner);
  }
}

void FramePaths::PlaceByEvidence() {
  shared_.tree.Reserve(shared_.tree.size() + scopes_.size() + scopes_.size() / 8);
  bool all_known = true;
  for (size_t i = 0; i < graph_.nodes.size(); ++i) {
    all_known = (PlaceAsBefore(i) || Place(i)) && all_known;
  }
  if (all_known) return;
  InheritFromConsumers();
  if (std::find(components_.begin(), components_.end(), kUnknownComponent) == components_.end()) {
    return;
  }
  InheritFromProducers();
  InheritFromCall();
}

// Most nodes are of a scope of which another was placed.
inline bool FramePaths::PlaceAsBefore(size_t i) {
  if (scope_of_node_[i] == kNoScope) return false;
  const Scope& scope = scopes_[scope_of_node_[i]];
  if (scope.component == kUnknownComponent || scope.is_shared) return false;
  if (IsCall(graph_.nodes[i])) return false;
  components_[i] = scope.component;
  if (scope.is_corrected) evidence_[i] = Evidence::kWeights;
  return true;
}

bool FramePaths::Place(size_t i) {
  const Node& node = graph_.nodes[i];
  if (PlaceByMetadata(i)) return true;
  if (IsCall(node) && PlaceCall(i)) return true;
  if (scope_of_node_[i] != kNoScope) {
    PlaceByScope(i, scopes_[scope_of_node_[i]]);
    return true;
  }
  const absl::string_view owner = owners_.OfNode(node);
  if (!owner.empty()) return Put(i, Intern(owner), Evidence::kWeights);
  return shared_.exporter.has_inlined_functions && PlaceByInlinedName(i);
}

bool FramePaths::PlaceByMetadata(size_t i) {
  absl::string_view scope;
  return shared_.exporter.has_metadata && ScopeFromMetadata(graph_.nodes[i], &scope) &&
         Put(i, InternWithin(scope), Evidence::kMetadata);
}

bool FramePaths::PlaceCall(size_t i) {
  const Node& node = graph_.nodes[i];
  const Operator& op = shared_.model.operators[node.op];
  const int32_t scope = scope_of_node_[i];
  const absl::string_view path = scope == kNoScope ? "" : scopes_.PathOf(scopes_[scope]);
  std::string module;
  switch (ModuleOfCall({op.domain, op.type, path, WeightsOf(node), base_}, &module)) {
    case CallEvidence::kNone:
      return false;
    case CallEvidence::kWeights:
      return Put(i, InternText(module), Evidence::kWeights);
    case CallEvidence::kFunction:
      break;
  }
  // Each call of a function is a module of its own.
  const int call = calls_[op.type]++;
  if (call > 0) absl::StrAppend(&module, "_", call);
  return Put(i, InternText(module), Evidence::kFunction);
}

absl::string_view FramePaths::WeightsOf(const Node& node) const {
  absl::string_view common;
  for (const ValueId input : node.inputs) {
    if (input == kNoValue) continue;
    const absl::string_view owner = owners_.Of(input);
    if (owner.empty()) continue;
    common = CommonModule(common, owner);
    if (common.empty()) break;
  }
  return common;
}

void FramePaths::PlaceByScope(size_t i, Scope& scope) {
  if (scope.is_shared) {
    // What a weight said of one node holds for those of its module that follow it.
    const absl::string_view owner = owners_.OfNode(graph_.nodes[i]);
    if (!owner.empty() && LeavesOutHolders(scope.path, owner)) scope.component = Intern(owner);
  }
  if (scope.component == kUnknownComponent) {
    const absl::string_view module = scopes_.ModuleOf(scope);
    scope.is_corrected = module != scopes_.PathOf(scope);
    scope.component = scope.is_corrected ? Intern(module) : InternWithin(module);
  }
  components_[i] = scope.component;
  if (scope.is_corrected) evidence_[i] = Evidence::kWeights;
}

// dynamo_export's functions, once they are inlined, leave their names in those of nodes.
bool FramePaths::PlaceByInlinedName(size_t i) {
  const Node& node = graph_.nodes[i];
  const bool has_output = !node.outputs.empty() && node.outputs[0] != kNoValue;
  for (const absl::string_view name :
       {node.name, has_output ? graph_.values[node.outputs[0]].name : absl::string_view()}) {
    if (!absl::StrContains(name, "_inlfunc_")) continue;
    const absl::string_view module = shared_.known.FindJoined(name);
    if (!module.empty()) return Put(i, Intern(module), Evidence::kFunction);
  }
  return false;
}

// A node without evidence belongs where all that read it belong.
void FramePaths::InheritFromConsumers() {
  std::vector<ComponentId> wanted(graph_.values.size(), kUnknownComponent);
  for (size_t i = components_.size(); i-- > 0;) {
    const Node& node = graph_.nodes[i];
    if (!IsKnown(i)) {
      ComponentId common = kUnknownComponent;
      for (const ValueId output : node.outputs) {
        if (output != kNoValue) common = Common(common, wanted[output]);
      }
      Put(i, common, Evidence::kConsumers);
    }
    if (IsSealed(i)) continue;
    for (const ValueId input : node.inputs) {
      if (input == kNoValue) continue;
      const int32_t producer = graph_.values[input].producer();
      if (producer < 0 || IsKnown(producer)) continue;
      wanted[input] = Common(wanted[input], components_[i]);
    }
  }
}

void FramePaths::InheritFromProducers() {
  for (size_t i = 0; i < components_.size(); ++i) {
    if (IsKnown(i)) continue;
    ComponentId common = kUnknownComponent;
    for (const ValueId input : graph_.nodes[i].inputs) {
      if (input == kNoValue) continue;
      const int32_t producer = graph_.values[input].producer();
      if (producer >= 0 && !IsSealed(producer)) common = Common(common, components_[producer]);
    }
    Put(i, common, Evidence::kProducers);
  }
}

// A function that is a module holds what is in its body, and nothing around the call.
bool FramePaths::IsSealed(size_t i) const {
  return evidence_[i] == Evidence::kFunction && IsCall(graph_.nodes[i]);
}

void FramePaths::InheritFromCall() {
  const bool is_main = frame_.entered_by == nullptr;
  for (size_t i = 0; i < components_.size(); ++i) {
    if (!IsKnown(i)) Put(i, enclosing_, is_main ? Evidence::kNone : Evidence::kEnclosing);
  }
}

bool FramePaths::Put(size_t node, ComponentId component, Evidence evidence) {
  components_[node] = component;
  evidence_[node] = evidence;
  return true;
}

ComponentId FramePaths::Common(ComponentId a, ComponentId b) const {
  if (a == kUnknownComponent) return b;
  return b == kUnknownComponent ? a : shared_.tree.CommonAncestor(a, b);
}

// Nodes of one module follow each other.
ComponentId FramePaths::Intern(absl::string_view path) {
  if (path == last_path_) return last_interned_;
  last_path_ = path;
  return last_interned_ = shared_.tree.Intern(LayerOf(path));
}

ComponentId FramePaths::InternWithin(absl::string_view path) {
  if (base_.empty() || IsWithin(path, base_)) return Intern(path);
  return InternText(JoinPath(base_, path));
}

// Kept only where it is new: the calls of a function may be many.
ComponentId FramePaths::InternText(absl::string_view path) {
  path = shared_.tree.Shorten(path);
  const ComponentId known = shared_.tree.Find(LayerOf(path));
  if (known != kRootComponent) return known;
  if (shared_.tree.is_full()) return shared_.tree.Intern(LayerOf(path));
  return Intern(shared_.arena.CopyString(path));
}

}  // namespace onnx_macs
