// Parses an ONNX file with protobuf and does no more: what the speed of the command is held
// against.
#include "bench/mapped_model.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: parse_only FILE\n");
    return 2;
  }
  const onnx::ModelProto* model = onnx_macs::bench::ParseMapped(argv[1]);
  if (model == nullptr) return 1;
  std::printf("%d nodes\n", model->graph().node_size());
  std::fflush(stdout);
  _exit(0);
}
