// Hints: what the files beside a model tell of its sizes: what a person who deploys it would give
// it. Everything that options say goes before them.
#ifndef ANALYZER_PIPELINE_HINTS_H_
#define ANALYZER_PIPELINE_HINTS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace onnx_macs {

// A size for an axis that the file leaves open.
struct PlannedSize {
  std::string input;
  int axis = 0;
  std::string size;  // an integer, or an expression of names
};

struct PipelineHints {
  // Pixels along one side of a latent, and where that was read; 0: not known.
  int64_t vae_factor = 0;
  std::string vae_factor_source;
  // Resolutions are rounded up to this.
  int64_t pixel_multiple = 1;
  // Tokens of text that it reads, and what has that many; 0: not known.
  int64_t text_tokens = 0;
  std::string text_source;
  // Images of one call for each that is asked for: 2 where guidance doubles the batch.
  int64_t batch_factor = 1;
  // The phase of a language model.
  std::vector<PlannedSize> sizes;
  std::vector<std::pair<std::string, std::string>> values;  // input -> value
};

}  // namespace onnx_macs

#endif  // ANALYZER_PIPELINE_HINTS_H_
