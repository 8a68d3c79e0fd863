// What only models can answer, asked of saved analyses.
#ifndef CLI_SAVED_USAGE_H_
#define CLI_SAVED_USAGE_H_

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "cli/file_analysis.h"
#include "cli/options.h"

namespace onnx_macs {

// Options that a saved analysis cannot follow: those that choose sizes where there is nothing else,
// another convention, a view of what was not saved. The error is wrong usage.
absl::Status CheckSaved(const Options& options, absl::Span<const FileAnalysis> files);

// The file of rules that the figures are by: the one that is given or, where every file is a saved
// analysis, the one that they were made with.
std::string RulesOf(const Options& options, absl::Span<const FileAnalysis> files);

}  // namespace onnx_macs

#endif  // CLI_SAVED_USAGE_H_
