// --group: components that a user names, given one by one or in a file of them.
#ifndef CLI_GROUP_OPTIONS_H_
#define CLI_GROUP_OPTIONS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "analyzer/module_path.h"

namespace onnx_macs {

// "NAME=REGEX", or "@FILE" with one of those on every line that is neither empty nor begins with #.
// The error is half a sentence about the value.
absl::StatusOr<std::vector<ComponentGroup>> ParseGroups(absl::string_view text);

}  // namespace onnx_macs

#endif  // CLI_GROUP_OPTIONS_H_
