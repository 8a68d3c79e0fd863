// The values of options, from text: sizes, lists of names, NAME=VALUE pairs.
#ifndef CLI_OPTION_VALUES_H_
#define CLI_OPTION_VALUES_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace onnx_macs {

// "512" or "768x512": height and width.
absl::StatusOr<std::pair<int64_t, int64_t>> ParseResolution(absl::string_view text);

// "24GiB", "500MB", "1.5TB": bytes.
absl::StatusOr<int64_t> ParseBytes(absl::string_view text);

// "NAME=VALUE", neither of them empty.
absl::StatusOr<std::pair<std::string, std::string>> ParseAssignment(absl::string_view text);

// "1x3xheightxwidth" or "1,3,height,width": sizes and names of sizes.
absl::StatusOr<std::vector<std::string>> ParseShape(absl::string_view text);

// The index of `text` in `names`; the error lists them and says which is nearest.
absl::StatusOr<int> ParseChoice(absl::string_view text, absl::Span<const absl::string_view> names);

}  // namespace onnx_macs

#endif  // CLI_OPTION_VALUES_H_
