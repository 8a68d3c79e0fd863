// Parses an ONNX file and infers its shapes with ONNX's own code, which is what others begin with.
#include <exception>

#include "bench/mapped_model.h"
#include "onnx/shape_inference/implementation.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: infer_only FILE\n");
    return 2;
  }
  onnx::ModelProto* model = onnx_macs::bench::ParseMapped(argv[1]);
  if (model == nullptr) return 1;
  try {
    onnx::shape_inference::InferShapes(*model);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", argv[1], error.what());
    return 1;
  }
  std::printf("%d values with a type\n", model->graph().value_info_size());
  std::fflush(stdout);
  _exit(0);
}
