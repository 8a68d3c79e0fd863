// onnx-macs: from the command line to an exit code.
#include "analyzer/system.h"
#include "cli/options.h"
#include "cli/run.h"
#include "cli/terminal.h"

namespace onnx_macs {
namespace {

ExitCode Run(const Options& options) {
  switch (options.command) {
    case Command::kHelp:
      return Deliver(HelpText(), options);
    case Command::kVersion:
      return Deliver(VersionText(), options);
    case Command::kOps:
      return RunOps(options);
    case Command::kDiff:
      return RunDiff(options);
    case Command::kSweep:
      return RunSweep(options);
    case Command::kCheck:
      return RunCheck(options);
    case Command::kAnalyze:
      break;
  }
  return RunAnalysis(options);
}

int Main(int argc, const char* const* argv) {
  PrepareStreams();
  SurviveShrinkingFiles();
  const absl::StatusOr<Options> options = ParseOptions(argc, argv);
  if (options.ok()) return Run(*options);
  Complain(options.status().message());
  return kWrongUsage;
}

}  // namespace
}  // namespace onnx_macs

int main(int argc, char** argv) { return onnx_macs::Main(argc, argv); }
