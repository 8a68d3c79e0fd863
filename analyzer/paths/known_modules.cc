// Modules from the names of weights.
#include "analyzer/paths/known_modules.h"

#include <vector>

#include "absl/strings/str_replace.h"
#include "analyzer/component_tree.h"
#include "analyzer/paths/owners.h"

namespace onnx_macs {

bool KnownModules::Contains(absl::string_view path) {
  Collect();
  return paths_.contains(path);
}

void KnownModules::Collect() {
  if (is_collected_) return;
  is_collected_ = true;
  paths_.reserve(model_.graph.initializers.size());
  CollectFrom(model_.graph);
  for (const auto& graph : model_.subgraphs) CollectFrom(*graph);
  for (const ValueId input : model_.graph.inputs) {
    const Value& value = model_.graph.values[input];
    if (IsWeightInput(value)) AddWithHolders(dialect_.owner(value.name, arena_));
  }
}

void KnownModules::CollectFrom(const Graph& graph) {
  for (const Tensor& tensor : graph.initializers) {
    AddWithHolders(dialect_.owner(tensor.name, arena_));
  }
}

// Once one is there, so are all that hold it.
void KnownModules::AddWithHolders(absl::string_view owner) {
  owner = Shortened(owner);
  while (!owner.empty() && paths_.insert(owner).second) {
    const size_t dot = owner.rfind('.');
    owner = owner.substr(0, dot == absl::string_view::npos ? 0 : dot);
  }
}

void KnownModules::Join() {
  Collect();
  if (!joined_.empty()) return;
  for (const absl::string_view path : paths_) {
    const auto [it, is_new] = joined_.emplace(absl::StrReplaceAll(path, {{".", "_"}}), path);
    // The same text for two paths: either would do, but always the same one.
    if (!is_new && path < it->second) it->second = path;
    first_words_.insert(path.substr(0, path.find_first_of("._")));
  }
}

absl::string_view KnownModules::FindJoined(absl::string_view text) {
  // Longer names than any exporter writes would take long to search.
  constexpr size_t kMaxWords = 64;
  Join();
  std::vector<size_t> starts{0};
  for (size_t at = text.find('_'); at != absl::string_view::npos; at = text.find('_', at + 1)) {
    starts.push_back(at + 1);
  }
  starts.push_back(text.size() + 1);
  if (starts.size() > kMaxWords) return {};
  absl::string_view best;
  size_t best_size = 0;
  for (size_t i = 0; i + 1 < starts.size(); ++i) {
    if (!first_words_.contains(text.substr(starts[i], starts[i + 1] - starts[i] - 1))) continue;
    for (size_t j = starts.size() - 1; j > i; --j) {
      const size_t size = starts[j] - starts[i] - 1;
      if (size <= best_size) break;
      const auto it = joined_.find(text.substr(starts[i], size));
      if (it == joined_.end()) continue;
      best = it->second;
      best_size = size;
    }
  }
  return best;
}

}  // namespace onnx_macs
