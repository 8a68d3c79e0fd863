// --convention and --rules.
#include "cli/rules_option.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "analyzer/small_file.h"
#include "analyzer/spelling.h"
#include "cli/option_values.h"
#include "cli/text.h"
#include "rules/rules.h"

namespace onnx_macs {
namespace {

constexpr absl::string_view kConventions[] = {"default", "contractions"};
constexpr int64_t kMostBytes = 1 << 20;

absl::Status UnknownConvention(const std::string& name) {
  const absl::Status status = ParseChoice(name, kConventions).status();
  return absl::InvalidArgumentError(WithExample(absl::StrCat("--convention: ", status.message()),
                                                "onnx-macs model.onnx --convention contractions"));
}

// "--rules FILE:7:15: what is wrong", as compilers write places.
absl::Status BadRules(const std::string& file, const absl::Status& status) {
  return absl::InvalidArgumentError(
      Printable(absl::StrCat("--rules ", file, ":", status.message())));
}

absl::Status UnreadableRules(const std::string& file, const absl::Status& status) {
  return absl::InvalidArgumentError(
      WithExample(Printable(absl::StrCat("--rules: ", file, ": ", status.message())),
                  "onnx-macs model.onnx --rules rules.json (docs/rules-files.md)"));
}

}  // namespace

absl::StatusOr<ChosenRules> ChooseRules(const Options& options) {
  const RuleSet* convention = RulesForConvention(options.convention);
  if (convention == nullptr) return UnknownConvention(options.convention);
  if (options.rules.empty()) return ChosenRules(*convention);
  const absl::StatusOr<std::string> text = ReadSmallFile(options.rules, kMostBytes);
  if (!text.ok()) return UnreadableRules(options.rules, text.status());
  absl::StatusOr<UserRules> file = UserRules::FromJson(options.rules, *text);
  if (!file.ok()) return BadRules(options.rules, file.status());
  auto owned_file = std::make_unique<const UserRules>(*std::move(file));
  auto rules = std::make_unique<RuleSet>(*convention);
  const absl::Status added = owned_file->AddTo(rules.get());
  if (!added.ok()) return BadRules(options.rules, added);
  return ChosenRules(std::move(owned_file), std::move(rules));
}

}  // namespace onnx_macs
