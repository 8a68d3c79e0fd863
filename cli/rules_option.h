// The rules that the options choose: a counting convention, and a file laid over it.
#ifndef CLI_RULES_OPTION_H_
#define CLI_RULES_OPTION_H_

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "analyzer/rule.h"
#include "cli/options.h"
#include "rules/user/user_rules.h"

namespace onnx_macs {

class ChosenRules {
 public:
  explicit ChosenRules(const RuleSet& convention) : rules_(&convention) {}
  ChosenRules(std::unique_ptr<const UserRules> file, std::unique_ptr<const RuleSet> rules)
      : file_(std::move(file)), owned_(std::move(rules)), rules_(owned_.get()) {}

  const RuleSet& rules() const { return *rules_; }

 private:
  std::unique_ptr<const UserRules> file_;  // which the rows point into
  std::unique_ptr<const RuleSet> owned_;
  const RuleSet* rules_;
};

// The error is one line: what, where, and what to type instead.
absl::StatusOr<ChosenRules> ChooseRules(const Options& options);

}  // namespace onnx_macs

#endif  // CLI_RULES_OPTION_H_
