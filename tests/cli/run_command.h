// Runs the built command as a shell would, and tells everything it did.
#ifndef ONNX_MACS_TESTS_CLI_RUN_COMMAND_H_
#define ONNX_MACS_TESTS_CLI_RUN_COMMAND_H_

#include <string>

namespace onnx_macs {

struct CommandOutcome {
  std::string out, err;
  int exit_code = -1;
};

// The command line is given to sh in `folder`, with onnx-macs in the path, a plain environment and
// a fresh folder for files of its own as $TMP.
CommandOutcome RunCommand(const std::string& command, const std::string& folder);

// Whether there is a command that runs at all.
bool CommandRuns();

std::string ReadWholeFile(const std::string& path);
void WriteWholeFile(const std::string& path, const std::string& text);

}  // namespace onnx_macs

#endif  // ONNX_MACS_TESTS_CLI_RUN_COMMAND_H_
