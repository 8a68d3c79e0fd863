// The C library's regular expressions: no exceptions, and far less code than the standard
// library's.
#include "cli/name_filter.h"

#include "absl/strings/str_cat.h"
#include "analyzer/spelling.h"
#include "cli/text.h"

namespace onnx_macs {

absl::StatusOr<NameFilter> NameFilter::Compile(const std::string& pattern) {
  NameFilter filter;
  if (pattern.empty()) return filter;
  auto compiled = std::make_unique<regex_t>();
  if (const int error = regcomp(compiled.get(), pattern.c_str(), REG_EXTENDED | REG_NOSUB)) {
    char reason[128];
    regerror(error, compiled.get(), reason, sizeof(reason));
    return absl::InvalidArgumentError(
        absl::StrCat("'", Printable(pattern), "' is no regular expression (", reason, ")"));
  }
  filter.regex_ = std::shared_ptr<const regex_t>(compiled.release(), [](const regex_t* regex) {
    regfree(const_cast<regex_t*>(regex));
    delete regex;
  });
  return filter;
}

absl::StatusOr<NameFilter> NameFilter::Make(const std::string& pattern) {
  auto filter = Compile(pattern);
  if (filter.ok()) return filter;
  return absl::InvalidArgumentError(
      WithExample(absl::StrCat("--filter: ", filter.status().message()), "--filter 'attn[12]'"));
}

bool NameFilter::Matches(absl::string_view name) const {
  return regex_ == nullptr || regexec(regex_.get(), std::string(name).c_str(), 0, nullptr, 0) == 0;
}

}  // namespace onnx_macs
