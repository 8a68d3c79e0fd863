// docs/accuracy.md says what the exports in testdata say. Its text is written by hand, its tables are
// made here: each stands between "<!-- NAME -->" and "<!-- end -->". UPDATE_GOLDEN=1 writes them anew.
#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/cli/accuracy_tables.h"
#include "tests/cli/run_command.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

// The page with the text behind a mark replaced.
std::string Replace(const std::string& page, const std::string& name, const std::string& table) {
  const std::string mark = absl::StrCat("<!-- ", name, " -->\n");
  const size_t begin = page.find(mark);
  INFO(mark);
  REQUIRE(begin != std::string::npos);
  const size_t end = page.find("<!-- end -->", begin);
  REQUIRE(end != std::string::npos);
  return absl::StrCat(page.substr(0, begin + mark.size()), "\n", table, "\n", page.substr(end));
}

TEST_CASE("docs/accuracy.md says what the exports say, and they what PyTorch says") {
  const std::string path = std::string(ONNX_MACS_SOURCE_DIR) + "/docs/accuracy.md";
  const std::string page = ReadWholeFile(path);
  const Layouts layouts;
  std::string unexplained;
  std::string rewritten = Replace(page, "pytorch", PyTorchTable(layouts, &unexplained));
  CHECK(unexplained == "");
  rewritten = Replace(rewritten, "published", PublishedTable(layouts));
  rewritten = Replace(rewritten, "earlier", EarlierTable(layouts));
  rewritten = Replace(rewritten, "shares", ShareTable(layouts));
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    WriteWholeFile(path, rewritten);
  } else {
    CHECK(rewritten == page);
  }
}

}  // namespace
}  // namespace onnx_macs
