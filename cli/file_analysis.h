// Analyses files side by side, and what they cost together.
#ifndef CLI_FILE_ANALYSIS_H_
#define CLI_FILE_ANALYSIS_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/analyze.h"
#include "analyzer/pipeline/pipeline_report.h"
#include "cli/model_files.h"
#include "cli/saved_analysis.h"

namespace onnx_macs {

// One of the four is there: a result, what was saved of earlier ones, why the file has none, or why
// the options make no sense.
struct FileAnalysis {
  std::string file;
  std::unique_ptr<const Model> model;  // kept where AnalyzeOptions::node_list
  std::optional<AnalysisResult> result;
  std::shared_ptr<SavedAnalysis> saved;
  std::string file_error;
  std::string usage_error;
  int64_t bytes = 0;
};

struct RunAnalyses {
  std::vector<FileAnalysis> files;  // in the order given, whatever finishes first
  std::vector<PipelineReport> pipelines;
  std::string pipeline_refusal;          // why there is none, where that can be said
  std::vector<bool> used_times;          // by PipelineOptions::times
  std::vector<std::string> known_names;  // that --times could have named
  std::vector<Validity> validities;      // of every formula that there is
};

// What options are judged by, of one part of a run.
void AddUse(const RunAnalyses& part, RunAnalyses* run);

// Every folder that is a pipeline's is one by itself; all other files may be one together. With
// jobs == 0 as many at once as the machine has threads.
RunAnalyses AnalyzeFiles(absl::Span<const ModelFile> files, const RuleSet& rules,
                         const AnalyzeOptions& options, const PipelineOptions& pipeline, int jobs);

// How messages name a file.
std::string NameOf(const FileAnalysis& analysis);

}  // namespace onnx_macs

#endif  // CLI_FILE_ANALYSIS_H_
