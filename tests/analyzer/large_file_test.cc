// A file of more than 4 GiB, where lengths of 32 bits would wrap. It is a hole but for a few bytes.
#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "analyzer/loader.h"
#include "tests/analyzer/proto_builder.h"
#include "tests/analyzer/temp_folder.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {
namespace {

std::string Varint(uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<char>(value | 0x80));
  bytes.push_back(static_cast<char>(value));
  return bytes;
}

// Tag and length of a field that holds messages or bytes.
std::string FieldHead(int number, uint64_t size) {
  return Varint(static_cast<uint64_t>(number) << 3 | 2) + Varint(size);
}

void WriteAt(int file, uint64_t at, const std::string& bytes) {
  REQUIRE(pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(at)) ==
          static_cast<ssize_t>(bytes.size()));
}

TEST_CASE("large file: a weight of 5 GiB inside is passed over, and what follows it is read") {
  constexpr uint64_t kWeightBytes = 5'368'709'120;
  onnx::TensorProto weight;
  weight.set_name("w");
  weight.set_data_type(onnx::TensorProto::UINT8);
  weight.add_dims(static_cast<int64_t>(kWeightBytes));
  const std::string tensor = weight.SerializeAsString() + FieldHead(9, kWeightBytes);
  onnx::GraphProto rest;
  AddInput(&rest, "x");
  AddOutput(&rest, "y");
  AddNode(&rest, "Relu", {"x"}, {"y"}, "after");
  const std::string tail = rest.SerializeAsString();
  const std::string initializer = FieldHead(5, tensor.size() + kWeightBytes) + tensor;
  onnx::ModelProto model;
  model.set_ir_version(8);
  const std::string head = model.SerializeAsString() +
                           FieldHead(7, initializer.size() + kWeightBytes + tail.size()) +
                           initializer;

  const TempFolder folder;
  const int file = open((folder / "large.onnx").c_str(), O_WRONLY | O_CREAT, 0600);
  REQUIRE(file >= 0);
  WriteAt(file, 0, head);
  WriteAt(file, head.size() + kWeightBytes, tail);
  close(file);
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
