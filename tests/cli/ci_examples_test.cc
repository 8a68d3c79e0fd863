// Every command that the examples for CI have run is one that a golden file runs: it is found there
// as it stands in the example.
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tests/cli/run_command.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

namespace fs = std::filesystem;

std::string Source(absl::string_view path) { return absl::StrCat(ONNX_MACS_SOURCE_DIR, "/", path); }

// What stands behind "run:" or "entry:", and the items of "script:" and its like.
std::vector<std::string> CommandsOf(const std::string& yaml) {
  std::vector<std::string> commands;
  bool in_script = false;
  for (absl::string_view line : absl::StrSplit(yaml, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    const bool is_item = absl::ConsumePrefix(&line, "- ");
    const bool is_command =
        absl::ConsumePrefix(&line, "run: ") || absl::ConsumePrefix(&line, "entry: ");
    if (is_command || (in_script && is_item)) {
      commands.emplace_back(line);
    } else {
      in_script = absl::StrContains(line, "script:");
    }
  }
  return commands;
}

std::vector<std::string> GoldenCommands() {
  std::vector<std::string> commands;
  for (const auto& entry : fs::directory_iterator(Source("tests/golden"))) {
    if (!absl::StartsWith(entry.path().filename().string(), "ci_")) continue;
    const std::string text = ReadWholeFile(entry.path().string());
    commands.push_back(text.substr(0, text.find('\n')));
  }
  return commands;
}

TEST_CASE("what the examples for CI run is run by golden files") {
  const std::vector<std::string> golden = GoldenCommands();
  const std::pair<const char*, size_t> files[] = {
      {"examples/ci/github.yml", 2}, {"examples/ci/gitlab.yml", 5}, {".pre-commit-hooks.yaml", 1}};
  for (const auto& [file, count] : files) {
    const std::vector<std::string> commands = CommandsOf(ReadWholeFile(Source(file)));
    CHECK(commands.size() == count);
    for (const std::string& command : commands) {
      CAPTURE(file, command);
      CHECK(std::any_of(golden.begin(), golden.end(),
                        [&](const std::string& line) { return absl::StrContains(line, command); }));
    }
  }
}

}  // namespace
}  // namespace onnx_macs
