// Every file of tests/golden is a command and all it must do, byte for byte. UPDATE_GOLDEN=1 writes
// the files anew from what the command does now.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/cli/run_command.h"
#include "tests/cli/schema_check.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

namespace fs = std::filesystem;

const char kSource[] = ONNX_MACS_SOURCE_DIR;

// The first line of a golden file is "$ COMMAND"; what follows is made by this.
std::string GoldenText(const std::string& command, const CommandOutcome& outcome) {
  return "$ " + command + "\n--- exit " + std::to_string(outcome.exit_code) + "\n--- stderr\n" +
         outcome.err + "--- stdout\n" + outcome.out;
}

std::vector<std::string> GoldenFiles() {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(std::string(kSource) + "/tests/golden")) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool IsReport(const std::string& text) {
  return text.rfind("{", 0) == 0 && text.find("\"schema\"") != std::string::npos;
}

}  // namespace

TEST_CASE("the command does what the golden files say") {
  const bool update = std::getenv("UPDATE_GOLDEN") != nullptr;
  // Else an update would write down what a shell says about a missing file.
  REQUIRE(CommandRuns());
  const std::vector<std::string> files = GoldenFiles();
  REQUIRE(files.size() > 30);
  for (const std::string& file : files) {
    CAPTURE(file);
    const std::string expected = ReadWholeFile(file);
    REQUIRE(expected.rfind("$ ", 0) == 0);
    const std::string command = expected.substr(2, expected.find('\n') - 2);
    const CommandOutcome outcome = RunCommand(command, std::string(kSource) + "/testdata");
    const std::string actual = GoldenText(command, outcome);
    if (update) {
      WriteWholeFile(file, actual);
    } else {
      CHECK(actual == expected);
    }
    if (IsReport(outcome.out)) CHECK(SchemaErrors(outcome.out) == "");
  }
}

}  // namespace onnx_macs
