// How many instructions a command takes, which no other work on the machine changes.
#ifndef TESTS_CLI_INSTRUCTIONS_H_
#define TESTS_CLI_INSTRUCTIONS_H_

#include <cstdint>
#include <cstdlib>
#include <string>

#include "tests/cli/run_command.h"
#include "tests/support/catch.h"

namespace onnx_macs {

// Valgrind says "Collected : 12345" on standard error.
inline int64_t InstructionsOf(const std::string& command, const std::string& folder) {
  const CommandOutcome outcome =
      RunCommand("valgrind --tool=callgrind --callgrind-out-file=/dev/null " + command, folder);
  CAPTURE(outcome.err);
  REQUIRE(outcome.exit_code == 0);
  const std::string key = "Collected : ";
  const size_t at = outcome.err.find(key);
  REQUIRE(at != std::string::npos);
  return std::strtoll(outcome.err.c_str() + at + key.size(), nullptr, 10);
}

}  // namespace onnx_macs

#endif  // TESTS_CLI_INSTRUCTIONS_H_
