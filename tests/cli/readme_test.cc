// The commands in README.md do what README.md shows, and docs/operators.md is what `ops` says. A
// block that begins with "$ onnx-macs" is a command, run in testdata/models/torchscript, and its
// output. UPDATE_GOLDEN=1 writes them anew.
#include <cstdlib>
#include <string>

#include "tests/cli/run_command.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

constexpr char kBegin[] = "```console\n$ onnx-macs";
constexpr char kEnd[] = "```\n";

// The README with every block's output replaced by what the command says now.
std::string Rerun(const std::string& readme, int* blocks) {
  std::string text;
  size_t at = 0;
  const std::string folder = std::string(ONNX_MACS_SOURCE_DIR) + "/testdata/models/torchscript";
  for (size_t begin = readme.find(kBegin); begin != std::string::npos;
       begin = readme.find(kBegin, at)) {
    const size_t command_begin = readme.find("$ ", begin) + 2;
    const size_t command_end = readme.find('\n', command_begin);
    const std::string command = readme.substr(command_begin, command_end - command_begin);
    const CommandOutcome outcome = RunCommand(command, folder);
    text += readme.substr(at, command_end + 1 - at) + outcome.err + outcome.out;
    at = readme.find(kEnd, command_end);
    if (at == std::string::npos) return "a block of README.md has no end";
    ++*blocks;
  }
  return text + readme.substr(at);
}

}  // namespace

TEST_CASE("README.md shows what its commands do") {
  REQUIRE(CommandRuns());
  const std::string path = std::string(ONNX_MACS_SOURCE_DIR) + "/README.md";
  const std::string readme = ReadWholeFile(path);
  int blocks = 0;
  const std::string rerun = Rerun(readme, &blocks);
  CHECK(blocks >= 4);
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    WriteWholeFile(path, rerun);
  } else {
    CHECK(rerun == readme);
  }
}

TEST_CASE("docs/operators.md is the table that the command prints") {
  REQUIRE(CommandRuns());
  const std::string path = std::string(ONNX_MACS_SOURCE_DIR) + "/docs/operators.md";
  const std::string document = ReadWholeFile(path);
  const CommandOutcome outcome = RunCommand("onnx-macs ops --format markdown", "/");
  REQUIRE(outcome.exit_code == 0);
  // A reader's introduction stands before the table and is left alone.
  const size_t table = document.find("| operator");
  REQUIRE(table != std::string::npos);
  const std::string rewritten = document.substr(0, table) + outcome.out;
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    WriteWholeFile(path, rewritten);
  } else {
    CHECK(rewritten == document);
  }
}

}  // namespace onnx_macs
