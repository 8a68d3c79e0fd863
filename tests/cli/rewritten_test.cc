// A file that is written anew while the command reads it: the answer is about the old one or the
// new one, or there is one line that says why there is none.
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/analyzer/temp_folder.h"
#include "tests/cli/long_chain.h"
#include "tests/cli/run_command.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

using testing::TempFolder;

// All nodes are of one operator, and so is the row.
bool HasOneRow(const std::string& csv, const std::string& op) {
  const size_t at = csv.find("\nf.onnx," + op + ",,");
  return at != std::string::npos && csv.find('\n', at + 1) == csv.size() - 1 &&
         csv.find(",60000\n", at) == csv.size() - 7;
}

// Relu becomes Tanh by `change`, some time after the command began. What is said of it then, once
// for every time.
void Race(const std::string& change, const std::string& refusal) {
  const TempFolder folder;
  folder.Write("old.onnx", LongChain("Relu"));
  folder.Write("new.onnx", LongChain("Tanh"));
  for (int delay_ms = 0; delay_ms < 60; delay_ms += 2) {
    const CommandOutcome outcome =
        RunCommand(absl::StrCat("cp old.onnx f.onnx; touch -d 2001-01-01 f.onnx; ",
                                "onnx-macs f.onnx --by op --format csv & sleep 0.0",
                                delay_ms < 10 ? "0" : "", delay_ms, "; ", change, "; wait $!"),
                   folder.path());
    INFO(change << " after " << delay_ms << " ms: exit code " << outcome.exit_code << "\n"
                << outcome.err << outcome.out);
    if (outcome.exit_code == 0) {
      CHECK(HasOneRow(outcome.out, "Relu") != HasOneRow(outcome.out, "Tanh"));
      CHECK(outcome.err == "");
    } else {
      CHECK(outcome.exit_code == 1);
      CHECK(outcome.out == "");
      CHECK(outcome.err == refusal);
    }
  }
}

TEST_CASE("a file that another takes the place of is read as one of both") {
  Race("cp new.onnx g; mv g f.onnx", "");
}

TEST_CASE("a file that is written over while it is read ends in one of both, or in one line") {
  Race("dd if=new.onnx of=f.onnx conv=notrunc status=none",
       "onnx-macs: f.onnx: the file was written to while it was read\n");
}

}  // namespace
}  // namespace onnx_macs
