// What the main paths cost in instructions, which no other work on the machine changes. Counts are
// recorded in tests/instructions.txt; UPDATE_GOLDEN=1 writes them anew.
#include "tests/cli/instructions.h"

#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include "tests/cli/run_command.h"
#include "tests/support/catch.h"

// Sanitizers count for themselves.
#if !defined(__SANITIZE_ADDRESS__)

namespace onnx_macs {
namespace {

const char kRecord[] = ONNX_MACS_SOURCE_DIR "/tests/instructions.txt";
const char kModels[] = ONNX_MACS_SOURCE_DIR "/testdata/models";

}  // namespace

TEST_CASE("the main paths take hardly more instructions than is recorded") {
  constexpr double kMostGrowth = 1.05;
  const bool update = std::getenv("UPDATE_GOLDEN") != nullptr;
  std::istringstream record(ReadWholeFile(kRecord));
  std::string line, updated;
  int num_paths = 0;
  while (std::getline(record, line)) {
    const size_t space = line.find(' ');
    REQUIRE(space != std::string::npos);
    const std::string command = line.substr(space + 1);
    CAPTURE(command);
    const int64_t recorded = std::strtoll(line.c_str(), nullptr, 10);
    const int64_t counted = InstructionsOf(command, kModels);
    if (!update) {
      CHECK(static_cast<double>(counted) <= kMostGrowth * static_cast<double>(recorded));
    }
    updated += std::to_string(counted) + " " + command + "\n";
    ++num_paths;
  }
  CHECK(num_paths == 7);
  if (update) WriteWholeFile(kRecord, updated);
}

}  // namespace onnx_macs

#endif  // !defined(__SANITIZE_ADDRESS__)
