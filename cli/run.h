// The commands behind the options: what is read, what is written, and the exit code.
#ifndef CLI_RUN_H_
#define CLI_RUN_H_

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "analyzer/rule.h"
#include "analyzer/sweep/swept.h"
#include "cli/model_files.h"
#include "cli/options.h"
#include "cli/results.h"
#include "cli/text_sink.h"

namespace onnx_macs {

// Where several hold: 2 before 1 before 4 before 3.
enum ExitCode { kFine = 0, kFileFailed = 1, kWrongUsage = 2, kNotCounted = 3, kOverBudget = 4 };

// The whole command, but for the signals and streams of its process.
ExitCode Run(int argc, const char* const* argv);

ExitCode RunAnalysis(const Options& options);
ExitCode RunDiff(const Options& options);
ExitCode RunSweep(const Options& options);
ExitCode RunCheck(const Options& options);
ExitCode RunOps(const Options& options);

// "onnx-macs 0.1.0 (newest opset known: 23)".
std::string VersionText();

// The nodes of a model, and the model that they are read from.
struct KeptNodes {
  std::unique_ptr<const Model> model;
  std::unique_ptr<const NodeList> nodes;
};

struct CheckedRun {
  Results results;
  std::vector<KeptNodes> nodes;  // as Results::models; without any unless asked for
  std::vector<Validity> validities;
  std::string stats;  // with --stats
};

// Analyses the files and says on standard error which could not be. The error is wrong usage.
absl::StatusOr<CheckedRun> AnalyzeChecked(const Options& options, const RuleSet& rules,
                                          absl::Span<const ModelFile> files);
// The same for several sets of files at once, each by itself; an option has to be of use in one.
using Side = std::vector<ModelFile>;
absl::StatusOr<std::vector<CheckedRun>> AnalyzeSides(const Options& options, const RuleSet& rules,
                                                     absl::Span<const Side> sides);

// The files that the arguments stand for; an error where the output would overwrite one.
absl::StatusOr<std::vector<ModelFile>> FilesToRead(const Options& options,
                                                   const std::vector<std::string>& arguments);

// --stats: what each file took, then the whole since `start`.
void ShowStats(std::string stats, std::chrono::steady_clock::time_point start);

// Complains of wrong usage.
ExitCode Refuse(absl::string_view message);

// Writes a command's result to where the options say: what `write` writes, or one text.
ExitCode Deliver(absl::FunctionRef<void(TextSink*)> write, const Options& options);
ExitCode Deliver(absl::string_view text, const Options& options);

}  // namespace onnx_macs

#endif  // CLI_RUN_H_
