// Ten thousand files on one command line: they must not add up to open files, memory or time.
#include <unistd.h>

#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/analyzer/proto_builder.h"
#include "tests/analyzer/temp_folder.h"
#include "tests/cli/child_usage.h"
#include "tests/cli/run_command.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

namespace fs = std::filesystem;
using testing::kInstrumented;
using testing::TempFolder;

constexpr int kFiles = 10'000;

// x[2,3] MatMul w[3,5], of 100 kB, so that it is mapped and not read.
std::string MappedModel() {
  onnx::ModelProto model = testing::EmptyModel();
  onnx::GraphProto* const graph = model.mutable_graph();
  testing::AddInput(graph, "x");
  testing::AddWeight(graph, "w", {3, 5})->set_raw_data(std::string(60, '\0'));
  testing::AddNode(graph, "MatMul", {"x", "w"}, {"y"});
  model.set_doc_string(std::string(100'000, 'x'));
  return model.SerializeAsString();
}

// 10,000 names of one file, but every hundredth is that of an empty one when `some_fail`.
void MakeFiles(const TempFolder& folder, const std::string& below, bool some_fail) {
  fs::create_directory(folder / below);
  folder.Write("model", MappedModel());
  folder.Write("empty", "");
  for (int i = 0; i < kFiles; ++i) {
    const std::string from = folder / (some_fail && i % 100 == 99 ? "empty" : "model");
    const std::string to = folder / absl::StrCat(below, "/", 10'000 + i, ".onnx");
    REQUIRE(link(from.c_str(), to.c_str()) == 0);
  }
}

size_t NumLines(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

TEST_CASE("many files: 10,000 names on one command line, with 64 files open at most") {
  const TempFolder folder;
  MakeFiles(folder, "d", /*some_fail=*/false);
  for (const std::string files : {"$(ls)", "."}) {
    const double before = SecondsOfChildren();
    const CommandOutcome outcome =
        RunCommand("ulimit -n 64; onnx-macs --by file --format csv --stats " + files, folder / "d");
    CHECK(outcome.exit_code == 0);
    CHECK(NumLines(outcome.out) == kFiles + 1);
    CHECK(outcome.out.find("19999.onnx,model,30,") != std::string::npos);
    CHECK(outcome.err.find("onnx-macs:") == std::string::npos);
    CHECK((SecondsOfChildren() - before) / kInstrumented < 10);
    if (kInstrumented == 1) CHECK(PeakMegabytes(outcome.err) < 200);
  }
}

TEST_CASE("many files: those that fail have a line each, and the others their rows") {
  const TempFolder folder;
  MakeFiles(folder, "d", /*some_fail=*/true);
  struct FormatRow {
    std::string format;
    size_t least_lines;
  };
  for (const auto& [format, least_lines] :
       {FormatRow{"table", 9'900}, {"json", 9'900}, {"csv", 9'901}, {"markdown", 9'900}}) {
    INFO(format);
    const CommandOutcome outcome =
        RunCommand("ulimit -n 64; onnx-macs --by file $(ls) --format " + format, folder / "d");
    CHECK(outcome.exit_code == 1);
    CHECK(NumLines(outcome.err) == 100);
    CHECK(outcome.err.find("onnx-macs: 10099.onnx: the file is empty\n") == 0);
    CHECK(NumLines(outcome.out) >= least_lines);
  }
}

TEST_CASE("many files: two folders of 1,000 are compared with 64 files open at most") {
  const TempFolder folder;
  fs::create_directory(folder / "old");
  fs::create_directory(folder / "new");
  folder.Write("model", MappedModel());
  for (int i = 0; i < 1'000; ++i) {
    for (const std::string side : {"old/", "new/"}) {
      const std::string to = folder / absl::StrCat(side, i, ".onnx");
      REQUIRE(link((folder / "model").c_str(), to.c_str()) == 0);
    }
  }
  const CommandOutcome outcome = RunCommand(
      "ulimit -n 64; onnx-macs diff old new --format csv | grep -c 'onnx,'", folder.path());
  CHECK(outcome.err == "");
  CHECK(std::stoi(outcome.out) >= 1'000);
}

}  // namespace
}  // namespace onnx_macs
