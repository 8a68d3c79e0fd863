// Scopes: the module parts of the names in one graph, each looked at once however many nodes have
// it, and corrected by the weights that nodes of the scope read.
#ifndef ANALYZER_PATHS_SCOPES_H_
#define ANALYZER_PATHS_SCOPES_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "analyzer/arena.h"
#include "analyzer/component_tree.h"
#include "analyzer/paths/dialect.h"
#include "analyzer/paths/known_modules.h"

namespace onnx_macs {

inline constexpr ComponentId kUnknownComponent = -1;
inline constexpr int32_t kNoScope = -1;

struct Scope {
  absl::string_view called;  // the name's part as a dotted path
  absl::string_view path{};  // the same with repeated calls merged; null until asked for
  absl::string_view
      module;  // what weights and neighbouring scopes say; null where they say nothing
  bool is_corrected = false;  // `component` is not that of `path`
  bool is_shared = false;     // weights of different modules are read under this one name
  ComponentId component = kUnknownComponent;
};

class Scopes {
 public:
  Scopes(const Dialect& dialect, KnownModules& known, ComponentTree& tree, Arena& arena)
      : dialect_(dialect), known_(known), tree_(tree), arena_(arena) {}

  // For about that many.
  void Reserve(size_t scopes);
  // The scope of a name, or kNoScope where it says none.
  int32_t Find(absl::string_view name);
  // A node of the scope reads a weight of `owner`. False when that cannot be the scope's module.
  bool Claim(int32_t id, absl::string_view owner);
  // Once every claim was made: the modules of scopes that read no weights, where the names of
  // others leave out containers.
  void Resolve();

  Scope& operator[](int32_t id) { return scopes_[id]; }
  size_t size() const { return scopes_.size(); }
  // With repeated calls merged.
  absl::string_view PathOf(Scope& scope);
  absl::string_view ModuleOf(Scope& scope) {
    return scope.module.data() == nullptr ? PathOf(scope) : scope.module;
  }

 private:
  bool IsOfLast(absl::string_view name) const;
  absl::string_view MergeRepeatedCalls(absl::string_view path);

  const Dialect& dialect_;
  KnownModules& known_;
  ComponentTree& tree_;
  Arena& arena_;
  std::vector<Scope> scopes_;
  absl::flat_hash_map<absl::string_view, int32_t> by_part_;
  absl::string_view last_part_;
  int32_t last_ = kNoScope;
  bool leaves_out_holders_ = false;
  absl::flat_hash_set<absl::string_view> called_;  // filled when first asked
};

}  // namespace onnx_macs

#endif  // ANALYZER_PATHS_SCOPES_H_
