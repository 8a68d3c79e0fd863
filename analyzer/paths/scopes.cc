// Scopes, and what is made of modules that were called twice.
#include "analyzer/paths/scopes.h"

#include <cstring>
#include <string>

#include "absl/strings/str_split.h"
#include "analyzer/paths/holders.h"
#include "analyzer/paths/torchscript.h"

namespace onnx_macs {

void Scopes::Reserve(size_t scopes) {
  scopes_.reserve(scopes);
  by_part_.reserve(scopes);
}

// Nodes of one module follow each other: their names differ only behind the last slash.
inline bool Scopes::IsOfLast(absl::string_view name) const {
  const size_t size = last_part_.size();
  if (last_ == kNoScope || name.size() <= size || name[size] != '/' || name.back() == 'n') {
    return false;
  }
  return std::memcmp(name.data(), last_part_.data(), size) == 0 &&
         std::memchr(name.data() + size + 1, '/', name.size() - size - 1) == nullptr;
}

int32_t Scopes::Find(absl::string_view name) {
  if (IsOfLast(name)) return last_;
  absl::string_view part;
  if (!dialect_.module_part(name, &part)) return kNoScope;
  const auto [it, is_new] = by_part_.emplace(part, static_cast<int32_t>(scopes_.size()));
  if (is_new) scopes_.emplace_back().called = arena_.CopyString(tree_.Shorten(dialect_.path(part)));
  last_part_ = part;
  return last_ = it->second;
}

bool Scopes::Claim(int32_t id, absl::string_view owner) {
  Scope& scope = scopes_[id];
  if (scope.module.data() != nullptr && scope.module == owner) return true;
  if (!dialect_.leaves_out_holders) return false;
  const absl::string_view path = PathOf(scope);
  if (owner != path) {
    if (!LeavesOutHolders(path, owner)) return false;
    leaves_out_holders_ = true;
  }
  if (scope.module.data() != nullptr) {
    scope.is_shared = true;
  } else {
    scope.module = owner;
  }
  return true;
}

void Scopes::Resolve() {
  if (leaves_out_holders_) RestoreHolders(*this, arena_);
}

absl::string_view Scopes::PathOf(Scope& scope) {
  if (scope.path.data() == nullptr) scope.path = MergeRepeatedCalls(scope.called);
  return scope.path;
}

// The second call of a module is exported as "act_1": it is the same module, unless a module of
// that name owns parameters, or none is called without the suffix.
absl::string_view Scopes::MergeRepeatedCalls(absl::string_view path) {
  if (!dialect_.leaves_out_holders || !MayHaveCallSuffix(path)) return path;
  if (called_.empty()) {
    called_.reserve(scopes_.size());
    for (const Scope& scope : scopes_) called_.insert(scope.called);
  }
  std::string result;
  for (const absl::string_view atom : absl::StrSplit(path, '.', absl::SkipEmpty())) {
    const std::string whole = JoinPath(result, atom);
    const absl::string_view base = WithoutCallSuffix(atom);
    const std::string merged = JoinPath(result, base);
    const bool is_repeat = !base.empty() && !known_.Contains(whole) &&
                           (called_.contains(merged) || known_.Contains(merged));
    result = is_repeat ? merged : whole;
  }
  return arena_.CopyString(result);
}

}  // namespace onnx_macs
