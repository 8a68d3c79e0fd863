// Nodes by the rule that counted them.
#include "analyzer/rule_sources.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace onnx_macs {
namespace {

constexpr size_t kMostNamed = 5;

std::string Nodes(int64_t count) { return absl::StrCat(count, count == 1 ? " node" : " nodes"); }

// What one file did.
struct Effect {
  std::vector<std::pair<std::string, int64_t>> counted;  // operators
  int64_t freed_nodes = 0, freed_operators = 0;
};

std::string CountedText(absl::string_view source, const Effect& effect) {
  std::vector<std::string> names;
  for (size_t i = 0; i < std::min(effect.counted.size(), kMostNamed); ++i) {
    const auto& [op, nodes] = effect.counted[i];
    names.push_back(absl::StrCat(op, " (", Nodes(nodes), ")"));
  }
  if (effect.counted.size() > kMostNamed) {
    names.push_back(absl::StrCat(effect.counted.size() - kMostNamed, " other operators"));
  }
  return absl::StrCat("counted by ", source, ": ", absl::StrJoin(names, ", "));
}

std::string FreedText(absl::string_view source, const Effect& effect) {
  return absl::StrCat(Nodes(effect.freed_nodes), " of ", effect.freed_operators,
                      effect.freed_operators == 1 ? " other operator" : " other operators",
                      effect.freed_nodes == 1 ? " is" : " are", " free because ", source,
                      " says so");
}

std::string OperatorText(const Operator& op) {
  return op.domain.empty() ? std::string(op.type) : absl::StrCat(op.domain, "::", op.type);
}

}  // namespace

std::vector<std::string> DescribeSources(const Inference& inference) {
  std::map<std::pair<const OpRule*, int32_t>, int64_t> nodes;  // by rule and operator
  for (const NodeRecord& record : inference.records()) {
    const OpRule* rule = record.callee().rule;
    if (rule != nullptr && !rule->source.empty()) ++nodes[{rule, record.node->op}];
  }
  if (nodes.empty()) return {"--rules: no rule of the file is about an operator of this model"};
  std::map<absl::string_view, Effect> effects;
  for (const auto& [key, count] : nodes) {
    const auto& [rule, op] = key;
    Effect& effect = effects[rule->source];
    const bool is_freed = rule->cost == ZeroCost && rule->data == nullptr;
    effect.freed_nodes += is_freed ? count : 0;
    effect.freed_operators += is_freed;
    if (!is_freed) {
      effect.counted.emplace_back(OperatorText(inference.model().operators[op]), count);
    }
  }
  for (auto& [source, effect] : effects) absl::c_sort(effect.counted);
  std::vector<std::string> notes;
  for (const auto& [source, effect] : effects) {
    if (!effect.counted.empty()) notes.push_back(CountedText(source, effect));
    if (effect.freed_nodes > 0) notes.push_back(FreedText(source, effect));
  }
  return notes;
}

}  // namespace onnx_macs
