// The modules that are known to exist because they own weights, or hold modules that do.
#ifndef ANALYZER_PATHS_KNOWN_MODULES_H_
#define ANALYZER_PATHS_KNOWN_MODULES_H_

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "analyzer/arena.h"
#include "analyzer/model.h"
#include "analyzer/paths/dialect.h"

namespace onnx_macs {

// Made when it is first asked: only some names need to know.
class KnownModules {
 public:
  KnownModules(const Model& model, const Dialect& dialect, Arena& arena)
      : model_(model), dialect_(dialect), arena_(arena) {}

  bool Contains(absl::string_view path);
  // The longest path that a text holds with underscores in place of dots; "" when there is none.
  absl::string_view FindJoined(absl::string_view text);

 private:
  void Collect();
  void CollectFrom(const Graph& graph);
  void AddWithHolders(absl::string_view owner);
  void Join();

  const Model& model_;
  const Dialect& dialect_;
  Arena& arena_;
  bool is_collected_ = false;
  absl::flat_hash_set<absl::string_view> paths_;
  absl::flat_hash_map<std::string, absl::string_view> joined_;
  absl::flat_hash_set<absl::string_view> first_words_;  // of what is joined
};

}  // namespace onnx_macs

#endif  // ANALYZER_PATHS_KNOWN_MODULES_H_
