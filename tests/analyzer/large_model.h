// A model with one weight of any size in it, which is a hole of the file and takes no room.
#ifndef TESTS_ANALYZER_LARGE_MODEL_H_
#define TESTS_ANALYZER_LARGE_MODEL_H_

#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <string>

#include "tests/analyzer/proto_builder.h"

namespace onnx_macs::testing {

inline std::string Varint(uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<char>(value | 0x80));
  bytes.push_back(static_cast<char>(value));
  return bytes;
}

// Tag and length of a field that holds messages or bytes.
inline std::string FieldHead(int number, uint64_t size) {
  return Varint(static_cast<uint64_t>(number) << 3 | 2) + Varint(size);
}

inline void WriteAt(int file, uint64_t at, const std::string& bytes) {
  REQUIRE(pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(at)) ==
          static_cast<ssize_t>(bytes.size()));
}

// Bytes of `weight_bytes` as the initializer w, then what is in `rest`.
inline void WriteLargeModel(const std::string& path, uint64_t weight_bytes,
                            const onnx::GraphProto& rest) {
  onnx::TensorProto weight;
  weight.set_name("w");
  weight.set_data_type(onnx::TensorProto::UINT8);
  weight.add_dims(static_cast<int64_t>(weight_bytes));
  const std::string tensor = weight.SerializeAsString() + FieldHead(9, weight_bytes);
  const std::string tail = rest.SerializeAsString();
  const std::string initializer = FieldHead(5, tensor.size() + weight_bytes) + tensor;
  onnx::ModelProto model;
  model.set_ir_version(8);
  const std::string head = model.SerializeAsString() +
                           FieldHead(7, initializer.size() + weight_bytes + tail.size()) +
                           initializer;
  const int file = open(path.c_str(), O_WRONLY | O_CREAT, 0600);
  REQUIRE(file >= 0);
  WriteAt(file, 0, head);
  WriteAt(file, head.size() + weight_bytes, tail);
  close(file);
}

}  // namespace onnx_macs::testing

#endif  // TESTS_ANALYZER_LARGE_MODEL_H_
