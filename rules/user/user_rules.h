// Rules of one's own, from the text of a JSON file (docs/rules-files.md): they are laid over a rule
// set, for operators that have no rule as for those that have.
#ifndef RULES_USER_USER_RULES_H_
#define RULES_USER_USER_RULES_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "analyzer/rule.h"

namespace onnx_macs {

struct RulesFile;

class UserRules {
 public:
  // Reports call the rules by `name`. Errors begin with the place in the text: "7:15: ...".
  static absl::StatusOr<UserRules> FromJson(std::string name, absl::string_view json);
  UserRules(UserRules&&) noexcept;
  UserRules& operator=(UserRules&&) noexcept;
  ~UserRules();

  // The rows point into this, which must outlive `rules`. Fails where the file relies on what they
  // lack.
  absl::Status AddTo(RuleSet* rules) const;

 private:
  struct Content;
  explicit UserRules(std::unique_ptr<const Content> content);

  std::unique_ptr<const Content> content_;
};

}  // namespace onnx_macs

#endif  // RULES_USER_USER_RULES_H_
