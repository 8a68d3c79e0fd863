// docs/limits.md names a constant and its value for every limit: each must stand so in the code.
#include <regex>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/cli/run_command.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

TEST_CASE("docs/limits.md says what the code does") {
  const std::string root = absl::StrCat(ONNX_MACS_SOURCE_DIR, "/");
  const std::string page = ReadWholeFile(root + "docs/limits.md");
  // `analyzer/expand.cc`: `kMaxDepth = 100`
  const std::regex place("`([a-z_/]+\\.(?:cc|h))`: `(k[A-Za-z]+ = [^`]+)`");
  int found = 0;
  for (std::sregex_iterator it(page.begin(), page.end(), place), end; it != end; ++it, ++found) {
    CAPTURE((*it)[0].str());
    CHECK(absl::StrContains(ReadWholeFile(root + (*it)[1].str()), (*it)[2].str() + ";"));
  }
  CHECK(found > 40);
}

}  // namespace
}  // namespace onnx_macs
