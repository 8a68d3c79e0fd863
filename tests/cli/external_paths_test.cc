// Where tensors of a stranger's model say that their data lies. The model's result depends on such
// a tensor, and the system is asked whether the file was opened.
#include <filesystem>
#include <string>

#include "tests/analyzer/proto_builder.h"
#include "tests/analyzer/temp_folder.h"
#include "tests/cli/run_command.h"
#include "tests/support/catch.h"
#include "tests/support/open_watch.h"

namespace onnx_macs {
namespace {

namespace fs = std::filesystem;
using testing::AddInput;
using testing::AddNode;
using testing::AddWeight;
using testing::OpenWatch;
using testing::TempFolder;

// x[6,4] reshaped to what `location` holds, MatMul w[8,5].
std::string ModelReading(const std::string& location) {
  onnx::ModelProto model = testing::EmptyModel();
  onnx::GraphProto* const graph = model.mutable_graph();
  AddInput(graph, "x", {6, 4});
  onnx::TensorProto* const shape = AddWeight(graph, "shape", {2});
  shape->set_data_type(onnx::TensorProto::INT64);
  shape->set_data_location(onnx::TensorProto::EXTERNAL);
  auto* const entry = shape->add_external_data();
  entry->set_key("location");
  entry->set_value(location);
  AddWeight(graph, "w", {8, 5})->set_raw_data(std::string(160, '\0'));
  AddNode(graph, "Reshape", {"x", "shape"}, {"r"});
  AddNode(graph, "MatMul", {"r", "w"}, {"y"});
  return model.SerializeAsString();
}

std::string ShapeBytes() {
  const int64_t sizes[] = {3, 8};
  return std::string(reinterpret_cast<const char*>(sizes), sizeof(sizes));
}

// 3*8*5 MACs where the shape was read.
bool IsRead(const CommandOutcome& outcome) {
  return outcome.exit_code == 0 && outcome.out.find("model,120,") != std::string::npos;
}

CommandOutcome Analyze(const std::string& model, const std::string& folder) {
  return RunCommand("onnx-macs " + model + " --by file --format csv --strict", folder);
}

TEST_CASE("data beside the model is read, from wherever the command runs") {
  const TempFolder folder;
  fs::create_directory(folder / "m");
  fs::create_directory(folder / "m/data");
  folder.Write("m/shape.bin", ShapeBytes());
  folder.Write("m/data/shape.bin", ShapeBytes());
  for (const std::string location :
       {"shape.bin", "./shape.bin", "data/shape.bin", "data//./shape.bin"}) {
    INFO(location);
    folder.Write("m/model.onnx", ModelReading(location));
    CHECK(IsRead(Analyze("m/model.onnx", folder.path())));
    CHECK(IsRead(Analyze("model.onnx", folder / "m")));
    CHECK(IsRead(Analyze("'" + (folder / "m/model.onnx") + "'", "/")));
  }
}

TEST_CASE("data outside the model's folder is never opened") {
  const TempFolder folder;
  fs::create_directory(folder / "m");
  fs::create_directory(folder / "m/data");
  fs::create_directory(folder / "out");
  folder.Write("out/shape.bin", ShapeBytes());
  folder.Write("m/twin.bin", ShapeBytes());
  fs::create_symlink("../out/shape.bin", folder / "m/link.bin");
  fs::create_symlink(folder / "out/shape.bin", folder / "m/absolute_link.bin");
  fs::create_symlink("link.bin", folder / "m/link_to_link.bin");
  fs::create_directory_symlink("../out", folder / "m/linked");
  fs::create_hard_link(folder / "out/shape.bin", folder / "m/second_name.bin");
  OpenWatch watch(folder / "out/shape.bin");
  const std::string locations[] = {folder / "out/shape.bin",
                                   "//" + (folder / "out/shape.bin"),
                                   "file://" + (folder / "out/shape.bin"),
                                   "../out/shape.bin",
                                   "data/../../out/shape.bin",
                                   "./../out/shape.bin",
                                   "..//out/shape.bin",
                                   "link.bin",
                                   "absolute_link.bin",
                                   "link_to_link.bin",
                                   "linked/shape.bin",
                                   "data/../linked/shape.bin",
                                   "linked/../linked/shape.bin",
                                   std::string("../out/shape.bin\0", 17),
                                   std::string("\0", 1) + (folder / "out/shape.bin")};
  for (const std::string& location : locations) {
    INFO(location);
    folder.Write("m/model.onnx", ModelReading(location));
    for (const std::string& where : {folder / "m", folder.path(), std::string("/")}) {
      const std::string model = fs::relative(folder / "m/model.onnx", where).string();
      const CommandOutcome outcome = Analyze(model, where);
      CHECK_FALSE(watch.WasOpened());
      CHECK(outcome.exit_code == 3);  // --strict: the product was not counted.
      CHECK_FALSE(IsRead(outcome));
    }
  }
  // A file with a second name is opened to see that it has one, and not read.
  folder.Write("m/model.onnx", ModelReading("second_name.bin"));
  CHECK(Analyze("model.onnx", folder / "m").exit_code == 3);
}

TEST_CASE("a link to a model does not widen its folder") {
  const TempFolder folder;
  fs::create_directory(folder / "store");
  fs::create_directory(folder / "m");
  folder.Write("store/model.onnx", ModelReading("shape.bin"));
  folder.Write("store/shape.bin", ShapeBytes());
  fs::create_symlink("../store/model.onnx", folder / "m/model.onnx");
  CHECK(IsRead(Analyze("store/model.onnx", folder.path())));
  // Data lies beside the name that was given.
  CHECK(Analyze("m/model.onnx", folder.path()).exit_code == 3);
}

TEST_CASE("a name with a NUL in it is not cut there") {
  const TempFolder folder;
  folder.Write("shape.bin", ShapeBytes());
  folder.Write("model.onnx", ModelReading(std::string("shape.bin\0x", 11)));
  OpenWatch watch(folder / "shape.bin");
  CHECK(Analyze("model.onnx", folder.path()).exit_code == 3);
  CHECK_FALSE(watch.WasOpened());
}

TEST_CASE("what comes through a pipe has no folder") {
  const TempFolder folder;
  folder.Write("shape.bin", ShapeBytes());
  folder.Write("model.onnx", ModelReading("shape.bin"));
  OpenWatch watch(folder / "shape.bin");
  CHECK(Analyze("- < model.onnx", folder.path()).exit_code == 3);
  CHECK_FALSE(watch.WasOpened());
}

}  // namespace
}  // namespace onnx_macs
