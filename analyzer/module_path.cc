// The evidence for module paths, and how conflicts between its kinds are settled.
#include "analyzer/module_path.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace onnx_macs {
namespace {

constexpr absl::string_view kNameScopes = "pkg.torch.onnx.name_scopes";
// What torch puts where a module has no name of its own.
constexpr absl::string_view kNoScope = "_empty_nn_module_stack";

constexpr ComponentId kUnknownComponent = -1;

// Takes the last quoted entry off a Python list of strings. False when there is none.
bool TakeLastEntry(absl::string_view* list, absl::string_view* entry) {
  size_t close = list->size();
  while (close > 0 && (*list)[close - 1] != '\'' && (*list)[close - 1] != '"') --close;
  if (close < 2) return false;
  --close;
  const size_t open = list->rfind((*list)[close], close - 1);
  if (open == absl::string_view::npos) return false;
  *entry = list->substr(open + 1, close - open - 1);
  *list = list->substr(0, open);
  return true;
}

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

// "block.0" for "block" followed by "block.0": the container says its own name twice.
bool Repeats(absl::string_view previous, absl::string_view atom) {
  if (previous.empty() || !absl::ConsumePrefix(&atom, previous) ||
      !absl::ConsumePrefix(&atom, ".")) {
    return false;
  }
  return !atom.empty() &&
         std::all_of(atom.begin(), atom.end(), [](char c) { return IsDigit(c) || c == '.'; });
}

// "act_1" -> "act"; empty when there is no such suffix.
absl::string_view WithoutCallSuffix(absl::string_view atom) {
  size_t digits = atom.size();
  while (digits > 0 && IsDigit(atom[digits - 1])) --digits;
  const bool has_suffix = digits < atom.size() && digits > 1 && atom[digits - 1] == '_';
  return has_suffix ? atom.substr(0, digits - 1) : absl::string_view();
}

// Whether any atom might have such a suffix: few do, and looking is quick.
bool MayHaveCallSuffix(absl::string_view path) {
  for (size_t at = path.find('_'); at != absl::string_view::npos; at = path.find('_', at + 1)) {
    if (at + 1 < path.size() && IsDigit(path[at + 1])) return true;
  }
  return false;
}

// True when the atoms of `path` occur in `owner` in this order and end at the same one: `owner`
// then only adds containers that were never called.
bool IsSubsequence(absl::string_view path, absl::string_view owner) {
  const absl::string_view last = owner.substr(owner.rfind('.') + 1);  // npos + 1 is 0
  if (!absl::EndsWith(path, last)) return false;
  const std::vector<absl::string_view> want = absl::StrSplit(path, '.', absl::SkipEmpty());
  const std::vector<absl::string_view> have = absl::StrSplit(owner, '.', absl::SkipEmpty());
  if (want.size() > have.size() || (!want.empty() && want.back() != have.back())) return false;
  size_t matched = 0;
  for (const absl::string_view atom : have) {
    if (matched < want.size() && want[matched] == atom) ++matched;
  }
  return matched == want.size();
}

// Paths for the nodes of one graph.
class Assigner {
 public:
  Assigner(const Model& model, ComponentTree& tree, Arena& arena)
      : model_(model), tree_(tree), arena_(arena) {}

  std::vector<ComponentId> Run() {
    CollectScopes();
    tree_.Reserve(scopes_.size() + scopes_.size() / 8);
    const Graph& graph = model_.graph;
    std::vector<ComponentId> components(graph.nodes.size(), kUnknownComponent);
    bool all_known = true;
    for (size_t i = 0; i < components.size(); ++i) {
      components[i] = FromEvidence(i);
      all_known = all_known && components[i] != kUnknownComponent;
    }
    if (!all_known) InheritFromConsumers(&components);
    return components;
  }

 private:
  // What the names of nodes say before their last slash.
  struct Scope {
    absl::string_view called;  // as a dotted path
    absl::string_view path;    // the same with repeated calls merged; null until asked for
    ComponentId component = kUnknownComponent;
  };

  // Nodes of one module follow each other: each distinct prefix of a name is looked at once.
  void CollectScopes() {
    absl::flat_hash_map<absl::string_view, int32_t> by_prefix;
    const std::vector<Node>& nodes = model_.graph.nodes;
    scope_of_node_.resize(nodes.size(), kNoScopeId);
    absl::string_view last_prefix;
    int32_t last_id = kNoScopeId;
    for (size_t i = 0; i < nodes.size(); ++i) {
      const absl::string_view name = nodes[i].name;
      if (name.empty() || name[0] != '/') continue;
      const absl::string_view prefix = name.substr(0, name.rfind('/'));
      if (last_id == kNoScopeId || prefix != last_prefix) {
        const auto [it, is_new] = by_prefix.emplace(prefix, static_cast<int32_t>(scopes_.size()));
        if (is_new) scopes_.push_back({.called = arena_.CopyString(ScopeFromNodeName(name))});
        last_prefix = prefix;
        last_id = it->second;
      }
      scope_of_node_[i] = last_id;
    }
  }

  ComponentId FromEvidence(size_t i) {
    const Node& node = model_.graph.nodes[i];
    absl::string_view scope;
    if (!node.metadata.empty() && ScopeFromNameScopes(Metadata(node, kNameScopes), &scope)) {
      return Intern(scope);
    }
    const absl::string_view owner = ParameterScope(node);
    const int32_t id = scope_of_node_[i];
    if (id == kNoScopeId) return owner.empty() ? kUnknownComponent : Intern(owner);
    // What a parameter said of one node holds for those of its module that follow it.
    if (id == last_scope_ && owner.empty()) return last_component_;
    last_scope_ = id;
    return last_component_ = FromNodeName(scopes_[id], owner);
  }

  // The module that owns the first named parameter among the inputs.
  absl::string_view ParameterScope(const Node& node) const {
    for (const ValueId input : node.inputs) {
      if (input == kNoValue) continue;
      const absl::string_view scope = OwnerOf(input);
      if (!scope.empty()) return scope;
    }
    return {};
  }

  absl::string_view OwnerOf(ValueId value) const {
    const Value& v = model_.graph.values[value];
    if (v.initializer < 0) return {};
    return ScopeFromParameter(v.name);
  }

  ComponentId FromNodeName(Scope& scope, absl::string_view owner) {
    if (scope.component == kUnknownComponent) {
      scope.path = MergeRepeatedCalls(scope.called);
      scope.component = Intern(scope.path);
    }
    if (owner.empty() || owner == scope.path || !IsSubsequence(scope.path, owner)) {
      return scope.component;
    }
    return Intern(owner);
  }

  // The second call of a module is exported as "act_1": it is the same module, unless a module of
  // that name owns parameters, or none is called without the suffix.
  absl::string_view MergeRepeatedCalls(absl::string_view path) {
    if (!MayHaveCallSuffix(path)) return path;
    if (!has_paths_) CollectPaths();
    std::string result;
    for (const absl::string_view atom : absl::StrSplit(path, '.', absl::SkipEmpty())) {
      const std::string whole = Join(result, atom);
      const absl::string_view base = WithoutCallSuffix(atom);
      const std::string merged = Join(result, base);
      const bool is_repeat = !base.empty() && !owners_.contains(whole) &&
                             (called_.contains(merged) || owners_.contains(merged));
      result = is_repeat ? merged : whole;
    }
    return arena_.CopyString(result);
  }

  // Only names that look like repeated calls need to know which paths there are.
  void CollectPaths() {
    has_paths_ = true;
    for (const Scope& scope : scopes_) called_.insert(scope.called);
    for (const Tensor& tensor : model_.graph.initializers) {
      // The module that owns it, with all that enclose it; once one is there, so are the rest.
      absl::string_view owner = ScopeFromParameter(tensor.name);
      while (!owner.empty() && owners_.insert(owner).second) {
        const size_t dot = owner.rfind('.');
        owner = owner.substr(0, dot == absl::string_view::npos ? 0 : dot);
      }
    }
  }

  static std::string Join(absl::string_view parent, absl::string_view atom) {
    return parent.empty() ? std::string(atom) : absl::StrCat(parent, ".", atom);
  }

  // Nodes of one module follow each other.
  ComponentId Intern(absl::string_view path) {
    if (path == last_interned_path_) return last_interned_;
    last_interned_path_ = path;
    return last_interned_ = tree_.Intern(path);
  }

  // A node without evidence belongs where all that read it belong.
  void InheritFromConsumers(std::vector<ComponentId>* components) {
    const Graph& graph = model_.graph;
    std::vector<ComponentId> wanted(graph.values.size(), kUnknownComponent);
    for (size_t i = components->size(); i-- > 0;) {
      const Node& node = graph.nodes[i];
      ComponentId& component = (*components)[i];
      if (component == kUnknownComponent) {
        for (const ValueId output : node.outputs) {
          if (output != kNoValue) component = Common(component, wanted[output]);
        }
      }
      for (const ValueId input : node.inputs) {
        if (input == kNoValue) continue;
        const int32_t producer = graph.values[input].producer;
        if (producer < 0 || (*components)[producer] != kUnknownComponent) continue;
        wanted[input] = Common(wanted[input], component);
      }
    }
    for (ComponentId& component : *components) component = std::max(component, kRootComponent);
  }

  ComponentId Common(ComponentId a, ComponentId b) const {
    if (a == kUnknownComponent) return b;
    return b == kUnknownComponent ? a : tree_.CommonAncestor(a, b);
  }

  const Model& model_;
  ComponentTree& tree_;
  Arena& arena_;
  static constexpr int32_t kNoScopeId = -1;
  std::vector<Scope> scopes_;
  std::vector<int32_t> scope_of_node_;
  int32_t last_scope_ = kNoScopeId;
  ComponentId last_component_ = kRootComponent;
  bool has_paths_ = false;
  absl::flat_hash_set<absl::string_view> called_;  // paths by the names of nodes
  absl::flat_hash_set<absl::string_view> owners_;  // paths that own a parameter or enclose an owner
  absl::string_view last_interned_path_;
  ComponentId last_interned_ = kRootComponent;
};

}  // namespace

bool ScopeFromNameScopes(absl::string_view list, absl::string_view* scope) {
  absl::string_view entry;
  if (!TakeLastEntry(&list, &entry)) return false;  // the call itself
  do {
    if (!TakeLastEntry(&list, scope)) return false;
  } while (absl::StartsWith(*scope, kNoScope));
  return true;
}

std::string ScopeFromNodeName(absl::string_view name) {
  const size_t end = name.rfind('/');
  if (end == absl::string_view::npos) return "";
  std::string path;
  size_t last = 0;  // where the last atom begins in `path`
  for (const absl::string_view atom : absl::StrSplit(name.substr(0, end), '/', absl::SkipEmpty())) {
    if (Repeats(absl::string_view(path).substr(last), atom)) {
      path.resize(last);
    } else if (!path.empty()) {
      path.push_back('.');
      last = path.size();
    }
    path.append(atom.data(), atom.size());
  }
  return path;
}

absl::string_view ScopeFromParameter(absl::string_view name) {
  const size_t dot = name.rfind('.');
  if (dot == absl::string_view::npos || absl::StrContains(name, ':') ||
      absl::StrContains(name, '/')) {
    return {};
  }
  return name.substr(0, dot);
}

std::vector<ComponentId> AssignComponents(const Model& model, ComponentTree& tree, Arena& arena) {
  return Assigner(model, tree, arena).Run();
}

}  // namespace onnx_macs
