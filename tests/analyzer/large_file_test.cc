// A file of more than 4 GiB, where lengths of 32 bits would wrap. It is a hole but for a few bytes.
#include "analyzer/loader.h"
#include "tests/analyzer/large_model.h"
#include "tests/analyzer/temp_folder.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {
namespace {

TEST_CASE("large file: a weight of 5 GiB inside is passed over, and what follows it is read") {
  onnx::GraphProto rest;
  AddInput(&rest, "x");
  AddOutput(&rest, "y");
  AddNode(&rest, "Relu", {"x"}, {"y"}, "after");
  const TempFolder folder;
  WriteLargeModel(folder / "large.onnx", 5'368'709'120, rest);
  const auto loaded = LoadModel(folder / "large.onnx");
  INFO(loaded.status().ToString());
  REQUIRE(loaded.ok());
  REQUIRE((*loaded)->graph.nodes.size() == 1);
  CHECK((*loaded)->graph.nodes[0].name == "after");
  REQUIRE((*loaded)->graph.initializers.size() == 1);
  CHECK((*loaded)->graph.initializers[0].dims[0] == 5'368'709'120);
}

}  // namespace
}  // namespace onnx_macs::testing
