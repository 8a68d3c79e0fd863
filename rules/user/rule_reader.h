// One rule of a rules file, from its object.
#ifndef RULES_USER_RULE_READER_H_
#define RULES_USER_RULE_READER_H_

#include "absl/status/status.h"
#include "analyzer/located_json.h"
#include "rules/user/user_rule.h"

namespace onnx_macs {

absl::Status ReadRule(const LocatedJson& json, UserRule* rule);

}  // namespace onnx_macs

#endif  // RULES_USER_RULE_READER_H_
