// Small files beside a model: configurations, of which a few kilobytes are all there is.
#ifndef ANALYZER_SMALL_FILE_H_
#define ANALYZER_SMALL_FILE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace onnx_macs {

// All of a regular file of at most `most_bytes`. Never waits: pipes and devices are refused.
absl::StatusOr<std::string> ReadSmallFile(const std::string& path, int64_t most_bytes);

}  // namespace onnx_macs

#endif  // ANALYZER_SMALL_FILE_H_
