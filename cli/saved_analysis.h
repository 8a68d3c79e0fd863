// A saved analysis: what `--format json` wrote, read back, so that a baseline need not keep its
// models.
#ifndef CLI_SAVED_ANALYSIS_H_
#define CLI_SAVED_ANALYSIS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/results.h"
#include "cli/saved_model.h"

namespace onnx_macs {

struct SavedAnalysis {
  Results results;
  std::vector<SavedParts> parts;  // by model
};

// Whether a file is JSON of ours, of whatever kind and version.
bool IsSavedAnalysis(absl::string_view text);

// The error is a line about the file: where in it something is wrong, and what.
absl::StatusOr<SavedAnalysis> ReadSavedAnalysis(absl::string_view text);

}  // namespace onnx_macs

#endif  // CLI_SAVED_ANALYSIS_H_
