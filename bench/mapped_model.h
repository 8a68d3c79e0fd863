// An ONNX file mapped and parsed with protobuf, as quickly as that can be: nothing is freed.
#ifndef BENCH_MAPPED_MODEL_H_
#define BENCH_MAPPED_MODEL_H_

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

#include "onnx/onnx_pb.h"

namespace onnx_macs::bench {

// Null, and a line on stderr, where there is none.
inline onnx::ModelProto* ParseMapped(const char* path) {
  struct stat info;
  const int file = open(path, O_RDONLY);
  if (file < 0 || fstat(file, &info) != 0) {
    std::perror(path);
    return nullptr;
  }
  const auto size = static_cast<size_t>(info.st_size);
  void* bytes = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
  if (bytes == MAP_FAILED) {
    std::perror(path);
    return nullptr;
  }
  auto* model = new onnx::ModelProto;
  if (model->ParseFromArray(bytes, static_cast<int>(size))) return model;
  std::fprintf(stderr, "%s: protobuf cannot parse it\n", path);
  return nullptr;
}

}  // namespace onnx_macs::bench

#endif  // BENCH_MAPPED_MODEL_H_
