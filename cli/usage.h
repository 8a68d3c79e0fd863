// What can only be known to be wrong usage once the models are read.
#ifndef CLI_USAGE_H_
#define CLI_USAGE_H_

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "analyzer/analyze.h"
#include "cli/file_analysis.h"
#include "cli/options.h"
#include "cli/results.h"

namespace onnx_macs {

// An option that bound nothing in any file is an error that lists the names there are.
absl::Status CheckBindings(const BindOptions& options, absl::Span<const BindingUse> uses);
// Lengths for loops of which no file has one that is open.
absl::Status CheckLoopTrips(const ControlFlowOptions& options, absl::Span<const BindingUse> uses);

// --by stage where the files make no pipeline.
absl::Status CheckStages(const ViewOptions& view, const RunAnalyses& run, const Results& results);
// Options about a pipeline where the files make none, or none that has such a stage.
absl::Status CheckPipeline(const PipelineOptions& options, const RunAnalyses& run);

// A --group none of whose groups has a node in any file.
absl::Status CheckGroups(absl::Span<const GroupOption> groups, absl::Span<const BindingUse> uses);

bool HasNode(const Results& results, const std::string& name);
// --explain of a node that no model has.
absl::Status UnknownNode(const Results& results, const std::string& name);

}  // namespace onnx_macs

#endif  // CLI_USAGE_H_
