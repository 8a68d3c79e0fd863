// Registration and lookup of rules.
#include "analyzer/rule.h"

#include <algorithm>
#include <tuple>

namespace onnx_macs {

Cost ZeroCost(const OpContext&) { return {}; }

void RuleSet::Add(absl::Span<const OpRule> rules) {
  for (const OpRule& rule : rules) {
    has_sources_ |= !rule.source.empty();
    std::vector<OpRule>& versions = rules_[{rule.domain, rule.op_type}];
    const auto at = std::lower_bound(
        versions.begin(), versions.end(), rule.since_version,
        [](const OpRule& row, int version) { return row.since_version < version; });
    if (at != versions.end() && at->since_version == rule.since_version) {
      *at = rule;
    } else {
      versions.insert(at, rule);
    }
  }
}

void RuleSet::Override(absl::Span<const CostOverride> costs) {
  for (const CostOverride& row : costs) {
    const auto it = rules_.find({row.domain, row.op_type});
    if (it == rules_.end()) continue;
    for (OpRule& rule : it->second) {
      rule.cost = row.cost;
      rule.counting = row.counting;
    }
  }
}

void RuleSet::SetBackward(absl::Span<const BackwardRow> rows) {
  for (const BackwardRow& row : rows) {
    const auto it = rules_.find({row.domain, row.op_type});
    if (it == rules_.end()) continue;
    for (OpRule& rule : it->second) rule.backward = row.backward;
  }
}

const OpRule* RuleSet::Find(absl::string_view domain, absl::string_view op_type,
                            int64_t opset) const {
  const auto it = rules_.find({domain, op_type});
  if (it == rules_.end()) return nullptr;
  const OpRule* best = &it->second.front();
  for (const OpRule& rule : it->second) {
    if (rule.since_version <= opset) best = &rule;
  }
  return best;
}

std::vector<const OpRule*> RuleSet::All() const {
  std::vector<const OpRule*> all;
  for (const auto& [key, versions] : rules_) {
    for (const OpRule& rule : versions) all.push_back(&rule);
  }
  std::sort(all.begin(), all.end(), [](const OpRule* a, const OpRule* b) {
    return std::tie(a->domain, a->op_type, a->since_version) <
           std::tie(b->domain, b->op_type, b->since_version);
  });
  return all;
}

}  // namespace onnx_macs
