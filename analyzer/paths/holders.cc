// Two copies of a container are told apart by the order of calls: where `block.0.attn` stands for
// two modules and was called twice, the first call is the first module's.
#include "analyzer/paths/holders.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "analyzer/paths/scopes.h"

namespace onnx_macs {
namespace {

// Takes the last atom off a dotted path.
absl::string_view TakeLast(absl::string_view* path) {
  const size_t dot = path->rfind('.');
  const bool is_only = dot == absl::string_view::npos;
  const absl::string_view last = is_only ? *path : path->substr(dot + 1);
  *path = is_only ? absl::string_view() : path->substr(0, dot);
  return last;
}

class Restorer {
 public:
  Restorer(Scopes& scopes, Arena& arena) : scopes_(scopes), arena_(arena) {}

  void Run() {
    const int32_t size = static_cast<int32_t>(scopes_.size());
    for (int32_t id = 0; id < size; ++id) {
      ++calls_[scopes_.PathOf(scopes_[id])].count;
      Learn(scopes_[id]);
    }
    for (int32_t id = 0; id < size; ++id) {
      Scope& scope = scopes_[id];
      const int32_t call = calls_[scope.path].seen++;
      if (scope.module.data() == nullptr) scope.module = Restore(scope.path, call);
    }
  }

 private:
  struct Calls {
    int32_t count = 0, seen = 0;
  };

  // "block.0.fc" for "down.1.block.0.fc" says as much of "block.0", and so on.
  void Learn(const Scope& scope) {
    if (scope.module.data() == nullptr || scope.is_shared) return;
    absl::string_view path = scope.path, module = scope.module;
    while (!path.empty() && !module.empty()) {
      absl::string_view outer_path = path, outer_module = module;
      if (TakeLast(&outer_path) != TakeLast(&outer_module)) return;
      std::vector<absl::string_view>& modules = modules_[path];
      if (!absl::c_linear_search(modules, module)) modules.push_back(module);
      path = outer_path;
      module = outer_module;
    }
  }

  // Null where the path may stand for more modules than the order of calls can tell apart.
  absl::string_view Restore(absl::string_view path, int32_t call) {
    for (absl::string_view known = path; !known.empty(); TakeLast(&known)) {
      const auto it = modules_.find(known);
      if (it == modules_.end()) continue;
      const int32_t choices = static_cast<int32_t>(it->second.size());
      const int32_t calls = calls_[path].count;
      if (calls % choices != 0) return {};
      const absl::string_view module = it->second[call / (calls / choices)];
      if (module == known) return {};
      return arena_.CopyString(absl::StrCat(module, path.substr(known.size())));
    }
    return {};
  }

  Scopes& scopes_;
  Arena& arena_;
  absl::flat_hash_map<absl::string_view, Calls> calls_;                             // of a path
  absl::flat_hash_map<absl::string_view, std::vector<absl::string_view>> modules_;  // of a path
};

}  // namespace

void RestoreHolders(Scopes& scopes, Arena& arena) { Restorer(scopes, arena).Run(); }

}  // namespace onnx_macs
