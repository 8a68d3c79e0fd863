// A file that is cut while the command reads it: whenever that is, a result or one line comes out.
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/cli/long_chain.h"
#include "tests/cli/run_command.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

TEST_CASE("a file that shrinks while it is read ends in a result or in one line") {
  const std::string bytes = LongChain("Relu");
  const std::string original = std::string(ONNX_MACS_BINARY_DIR) + "/shrinking_test.onnx";
  WriteWholeFile(original, bytes);
  int failed = 0;
  for (int delay_ms = 0; delay_ms < 60; delay_ms += 2) {
    const CommandOutcome outcome =
        RunCommand(absl::StrCat("cp '", original, "' $TMP/f.onnx; onnx-macs $TMP/f.onnx --quiet & ",
                                "sleep 0.0", delay_ms < 10 ? "0" : "", delay_ms,
                                "; truncate -s 70000 $TMP/f.onnx; wait $!"),
                   "/");
    INFO("cut after " << delay_ms << " ms: exit code " << outcome.exit_code << "\n" << outcome.err);
    if (outcome.exit_code == 0) {
      CHECK(outcome.err == "");
      continue;
    }
    ++failed;
    CHECK(outcome.exit_code == 1);
    // It was cut before it was opened, before its end was read, or after that.
    CHECK((absl::StrContains(outcome.err, "truncated: the file ends after 70000 bytes") ||
           absl::StrContains(outcome.err, "became shorter while it was read") ||
           absl::StrContains(outcome.err, "the file was written to while it was read")));
  }
  CHECK(failed > 0);  // At least the first cut comes before the end.
}

}  // namespace
}  // namespace onnx_macs
