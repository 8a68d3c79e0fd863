// Parses an ONNX file with protobuf and does no more: what the speed of the command is held
// against. The file is mapped and nothing is freed, so that it is as quick as such a program can
// be.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

#include "onnx/onnx_pb.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: parse_only FILE\n");
    return 2;
  }
  struct stat info;
  const int file = open(argv[1], O_RDONLY);
  if (file < 0 || fstat(file, &info) != 0) {
    std::perror(argv[1]);
    return 1;
  }
  const auto size = static_cast<size_t>(info.st_size);
  void* bytes = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
  if (bytes == MAP_FAILED) {
    std::perror(argv[1]);
    return 1;
  }
  auto* model = new onnx::ModelProto;
  if (!model->ParseFromArray(bytes, static_cast<int>(size))) {
    std::fprintf(stderr, "%s: protobuf cannot parse it\n", argv[1]);
    return 1;
  }
  std::printf("%d nodes\n", model->graph().node_size());
  std::fflush(stdout);
  _exit(0);
}
