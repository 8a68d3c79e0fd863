// Models of many gigabytes: holes of files, which take no room, and must take no time or memory.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/analyzer/large_model.h"
#include "tests/analyzer/temp_folder.h"
#include "tests/cli/child_usage.h"
#include "tests/cli/run_command.h"
#include "tests/support/catch.h"
#include "tests/support/open_watch.h"

namespace onnx_macs {
namespace {

using testing::AddInput;
using testing::AddNode;
using testing::AddWeight;
using testing::kInstrumented;
using testing::OpenWatch;
using testing::TempFolder;

// x[2,3] MatMul w2[3,5]: 30 MACs. What no node reads is no parameter, so that something reads w.
onnx::GraphProto SmallGraph() {
  onnx::GraphProto graph;
  AddInput(&graph, "x");
  AddWeight(&graph, "w2", {3, 5})->set_raw_data(std::string(60, '\0'));
  AddNode(&graph, "MatMul", {"x", "w2"}, {"y"}, "after");
  AddNode(&graph, "Identity", {"w"}, {"z"});
  return graph;
}

struct LargeRow {
  uint64_t weight_bytes;
  std::string params;
};

TEST_CASE("weights inside: 2 GB and 4 GB are no limits, and holes are free") {
  const LargeRow kRows[] = {{2'147'483'648, "2147483663"},
                            {3'000'000'000, "3000000015"},
                            {4'294'967'296, "4294967311"},
                            {40'000'000'000, "40000000015"}};
  const TempFolder folder;
  for (const auto& [weight_bytes, params] : kRows) {
    INFO(weight_bytes);
    testing::WriteLargeModel(folder / "m.onnx", weight_bytes, SmallGraph());
    struct stat file;
    REQUIRE(stat((folder / "m.onnx").c_str(), &file) == 0);
    REQUIRE(file.st_blocks < 1024);
    for (const std::string command : {"onnx-macs m.onnx", "onnx-macs - < m.onnx"}) {
      const double before = SecondsOfChildren();
      const CommandOutcome outcome =
          RunCommand(command + " --by file --format csv --stats", folder.path());
      CHECK(outcome.exit_code == 0);
      CHECK(outcome.out.find(absl::StrCat(",30,0,60,", params, ",")) != std::string::npos);
      CHECK((SecondsOfChildren() - before) / kInstrumented < 1);
      if (kInstrumented == 1) CHECK(PeakMegabytes(outcome.err) < 50);
    }
    REQUIRE(unlink((folder / "m.onnx").c_str()) == 0);
  }
}

void AddPlace(onnx::TensorProto* tensor, const std::string& location, const std::string& offset) {
  tensor->set_data_location(onnx::TensorProto::EXTERNAL);
  for (const auto& [key, value] :
       {std::pair<std::string, std::string>{"location", location}, {"offset", offset}}) {
    auto* const entry = tensor->add_external_data();
    entry->set_key(key);
    entry->set_value(value);
  }
}

// x[2,4] MatMul w[4, 2'500'000'000]: 20 G MACs, and 40 GB of weights in another file.
std::string ModelWithWeightsBeside() {
  onnx::ModelProto model = testing::EmptyModel();
  onnx::GraphProto* const graph = model.mutable_graph();
  AddInput(graph, "x", {2, 4});
  AddPlace(AddWeight(graph, "w", {4, 2'500'000'000}), "w.bin", "0");
  AddNode(graph, "MatMul", {"x", "w"}, {"y"});
  return model.SerializeAsString();
}

TEST_CASE("weights beside: 40 GB that are there, missing or no file make no difference") {
  const TempFolder folder;
  folder.Write("m.onnx", ModelWithWeightsBeside());
  const auto run = [&](const std::string& format) {
    return RunCommand("onnx-macs m.onnx --strict --format " + format, folder.path());
  };
  for (const std::string format : {"table", "json", "csv", "markdown"}) {
    const CommandOutcome missing = run(format);
    CHECK(missing.exit_code == 0);
    CHECK(missing.err == "");
    REQUIRE(mkfifo((folder / "w.bin").c_str(), 0600) == 0);
    const CommandOutcome pipe = run(format);
    REQUIRE(unlink((folder / "w.bin").c_str()) == 0);
    folder.Write("w.bin", "");
    std::filesystem::resize_file(folder / "w.bin", 40'000'000'000);
    OpenWatch watch(folder / "w.bin");
    const CommandOutcome whole = run(format);
    CHECK_FALSE(watch.WasOpened());
    REQUIRE(unlink((folder / "w.bin").c_str()) == 0);
    CHECK(pipe.out == missing.out);
    CHECK(whole.out == missing.out);
    CHECK(whole.exit_code + pipe.exit_code == 0);
  }
  const CommandOutcome csv = RunCommand("onnx-macs m.onnx --by file --format csv", folder.path());
  CHECK(csv.out.find(",20000000000,0,40000000000,10000000000,40000000000,") != std::string::npos);
}

TEST_CASE("a shape beside, behind 5 GB of weights, is read where it lies") {
  onnx::ModelProto model = testing::EmptyModel();
  onnx::GraphProto* const graph = model.mutable_graph();
  AddInput(graph, "x", {6, 4});
  onnx::TensorProto* const shape = AddWeight(graph, "shape", {2});
  shape->set_data_type(onnx::TensorProto::INT64);
  AddPlace(shape, "w.bin", "5368709120");
  AddWeight(graph, "w", {8, 5})->set_raw_data(std::string(160, '\0'));
  AddNode(graph, "Reshape", {"x", "shape"}, {"r"});
  AddNode(graph, "MatMul", {"r", "w"}, {"y"});
  const TempFolder folder;
  folder.Write("m.onnx", model.SerializeAsString());
  const int file = open((folder / "w.bin").c_str(), O_WRONLY | O_CREAT, 0600);
  REQUIRE(file >= 0);
  const int64_t sizes[] = {3, 8};
  testing::WriteAt(file, 5'368'709'120, std::string(reinterpret_cast<const char*>(sizes), 16));
  close(file);
  const CommandOutcome csv = RunCommand("onnx-macs m.onnx --by file --format csv", folder.path());
  CHECK(csv.out.find("m.onnx,model,120,") != std::string::npos);
}

}  // namespace
}  // namespace onnx_macs
