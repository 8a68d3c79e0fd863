// Side files: what the configurations beside a model say of it. They come from whoever made the
// model, so they are read with as much care as the model is.
#ifndef ANALYZER_PIPELINE_SIDE_FILES_H_
#define ANALYZER_PIPELINE_SIDE_FILES_H_

#include <cstdint>
#include <string>

namespace onnx_macs {

struct SideFacts {
  std::string pipeline_class;          // of model_index.json
  std::string scheduler_class;         // of scheduler/scheduler_config.json
  bool has_runge_kutta_steps = false;  // a PNDM scheduler that was not told to leave them out
  int64_t vae_factor = 0;              // of an autoencoder's config.json
  std::string genai_part;              // of genai_config.json: "decoder", "embedding", ...
};

// Looks beside the model and in the folder above. What is missing or damaged says nothing.
SideFacts ReadSideFiles(const std::string& model_path);

}  // namespace onnx_macs

#endif  // ANALYZER_PIPELINE_SIDE_FILES_H_
