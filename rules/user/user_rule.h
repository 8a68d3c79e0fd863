// What a rules file says, as plain data.
#ifndef RULES_USER_USER_RULE_H_
#define RULES_USER_USER_RULE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "analyzer/data_type.h"
#include "analyzer/located_json.h"
#include "analyzer/rule.h"
#include "rules/user/formula.h"

namespace onnx_macs {

struct OutputRule {
  bool has_shape = false;
  int shape_of = -1;  // an input whose shape it takes; else the sizes
  std::vector<Formula> sizes;
  int type_of = 0;  // an input whose type it takes, where no type is told
  DataType type = DataType::kUndefined;
};

// One rule: what the row made of it works from.
struct UserRule : RuleData {
  std::string op_type, domain;
  std::optional<int> since_version;  // not told: all versions
  FormulaNames signature;
  std::vector<OutputRule> outputs;
  bool has_shapes = false;
  std::optional<Formula> macs, ops, backward_macs, backward_ops;
  std::string note;
  JsonPlace place;
};

struct KeptOperator {
  std::string op_type, domain;
  JsonPlace place;
};

struct RulesFile {
  std::vector<UserRule> rules;
  bool others_are_free = false;
  std::vector<KeptOperator> keep;  // counted as ever where the others are free
};

// Everything is checked that can be without a model. Errors are "7:15: what is wrong; example: what
// to write".
absl::StatusOr<RulesFile> ReadRulesFile(absl::string_view text);

}  // namespace onnx_macs

#endif  // RULES_USER_USER_RULE_H_
