// A shell in a folder of its own.
#include "tests/cli/run_command.h"

#include <stdlib.h>
#include <sys/wait.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace onnx_macs {
namespace {

namespace fs = std::filesystem;

std::string Quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string FreshFolder() {
  std::string name = (fs::temp_directory_path() / "onnx-macs-test-XXXXXX").string();
  return mkdtemp(name.data()) == nullptr ? "" : name;
}

}  // namespace

std::string ReadWholeFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void WriteWholeFile(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

CommandOutcome RunCommand(const std::string& command, const std::string& folder) {
  CommandOutcome outcome;
  const std::string scratch = FreshFolder();
  if (scratch.empty()) return outcome;
  const std::string binaries = fs::path(ONNX_MACS_BINARY).parent_path().string();
  fs::create_directory(scratch + "/tmp");
  const std::string line =
      "cd " + Quoted(folder) + " && env -i LC_ALL=C TMP=" + Quoted(scratch + "/tmp") +
      " PATH=" + Quoted(binaries + ":/usr/bin:/bin") + " sh -c " + Quoted(command) + " >" +
      Quoted(scratch + "/out") + " 2>" + Quoted(scratch + "/err") + " </dev/null";
  const int status = std::system(line.c_str());
  if (WIFEXITED(status)) outcome.exit_code = WEXITSTATUS(status);
  outcome.out = ReadWholeFile(scratch + "/out");
  outcome.err = ReadWholeFile(scratch + "/err");
  fs::remove_all(scratch);
  return outcome;
}

bool CommandRuns() {
  const CommandOutcome outcome = RunCommand("onnx-macs --version", "/");
  return outcome.exit_code == 0 && outcome.out.rfind("onnx-macs ", 0) == 0;
}

}  // namespace onnx_macs
