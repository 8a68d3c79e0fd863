// Pages whose text is written by hand and whose tables are made here: each stands between
// "<!-- NAME -->" and "<!-- end -->". UPDATE_GOLDEN=1 writes them anew.
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "analyzer/bound/device.h"
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

void CheckPage(const std::string& name,
               const std::vector<std::pair<std::string, std::string>>& tables) {
  const std::string path = absl::StrCat(ONNX_MACS_SOURCE_DIR, "/docs/", name);
  const std::string page = ReadWholeFile(path);
  std::string rewritten = page;
  for (const auto& [mark, table] : tables) rewritten = Replace(rewritten, mark, table);
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    WriteWholeFile(path, rewritten);
  } else {
    CHECK(rewritten == page);
  }
}

std::string DevicesTable() {
  const DataType types[] = {DataType::kDouble,   DataType::kFloat,        DataType::kFloat16,
                            DataType::kBfloat16, DataType::kFloat8E4M3FN, DataType::kInt8};
  std::string table =
      "| name | device | float64 | float32 | float16 | bfloat16 | float8 | int8 | GB/s | GB | from "
      "|\n| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n";
  for (const Device& device : KnownDevices()) {
    absl::StrAppend(&table, "| `", device.name, "` | ", device.title, " |");
    for (const DataType type : types) {
      std::string cell;
      for (const Device::Rate& rate : device.rates) {
        if (rate.type == type) cell = absl::StrFormat("%g", rate.flops / 1e12);
      }
      absl::StrAppend(&table, " ", cell, " |");
    }
    absl::StrAppend(&table, absl::StrFormat(" %g | %g | %s |\n", device.bytes_per_second / 1e9,
                                            device.memory_bytes / 1e9, device.source));
  }
  return table;
}

TEST_CASE("docs/accuracy.md says what the exports say, and they what PyTorch says") {
  const Layouts layouts;
  std::string unexplained;
  const std::string pytorch = PyTorchTable(layouts, &unexplained);
  CHECK(unexplained == "");
  CheckPage("accuracy.md", {{"pytorch", pytorch},
                            {"published", PublishedTable(layouts)},
                            {"earlier", EarlierTable(layouts)},
                            {"shares", ShareTable(layouts)}});
}

TEST_CASE("docs/devices.md lists every device that is known") {
  CheckPage("devices.md", {{"devices", DevicesTable()}});
}

}  // namespace
}  // namespace onnx_macs
