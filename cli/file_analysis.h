// Analyses files side by side.
#ifndef CLI_FILE_ANALYSIS_H_
#define CLI_FILE_ANALYSIS_H_

#include <optional>
#include <string>
#include <vector>

#include "analyzer/analyze.h"
#include "cli/model_files.h"

namespace onnx_macs {

// One of the three is there: a result, why the file has none, or why the options make no sense.
struct FileAnalysis {
  std::string file;
  std::optional<AnalysisResult> result;
  std::string file_error;
  std::string usage_error;
  int64_t bytes = 0;
};

// In the order of `files`, whatever finishes first. With jobs == 0 as many at once as the machine
// has threads.
std::vector<FileAnalysis> AnalyzeFiles(absl::Span<const ModelFile> files, const RuleSet& rules,
                                       const AnalyzeOptions& options, int jobs);

}  // namespace onnx_macs

#endif  // CLI_FILE_ANALYSIS_H_
