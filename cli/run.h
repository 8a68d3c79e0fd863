// The commands behind the options: what is read, what is written, and the exit code.
#ifndef CLI_RUN_H_
#define CLI_RUN_H_

#include <string>

#include "cli/options.h"

namespace onnx_macs {

enum ExitCode { kFine = 0, kFileFailed = 1, kWrongUsage = 2, kNotCounted = 3 };

ExitCode RunAnalysis(const Options& options);
ExitCode RunOps(const Options& options);

// "onnx-macs 0.1.0 (newest opset known: 23)".
std::string VersionText();

// Writes a command's result to where the options say.
ExitCode Deliver(const std::string& text, const Options& options);

}  // namespace onnx_macs

#endif  // CLI_RUN_H_
