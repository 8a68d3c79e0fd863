// --filter: a regular expression over names.
#ifndef CLI_NAME_FILTER_H_
#define CLI_NAME_FILTER_H_

#include <regex.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace onnx_macs {

class NameFilter {
 public:
  NameFilter() = default;  // matches everything
  // POSIX's extended syntax; an empty pattern matches everything. The error is half a sentence.
  static absl::StatusOr<NameFilter> Compile(const std::string& pattern);
  // The same for --filter: the error is a whole message.
  static absl::StatusOr<NameFilter> Make(const std::string& pattern);

  bool is_set() const { return regex_ != nullptr; }
  bool Matches(absl::string_view name) const;

 private:
  std::shared_ptr<const regex_t> regex_;
};

}  // namespace onnx_macs

#endif  // CLI_NAME_FILTER_H_
