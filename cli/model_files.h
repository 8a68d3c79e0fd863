// Which files the arguments stand for.
#ifndef CLI_MODEL_FILES_H_
#define CLI_MODEL_FILES_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "cli/results.h"

namespace onnx_macs {

// A file to analyse, or why an argument stands for none.
struct ModelFile {
  std::string path;
  std::string error;  // empty when there is a file
  // The folder given that holds it, where that is a whole pipeline's; else empty.
  std::string pipeline_folder;
};

// Files as they are; a folder as every model file below it, by path; "-" as standard input.
std::vector<ModelFile> ExpandArguments(absl::Span<const std::string> arguments);

}  // namespace onnx_macs

#endif  // CLI_MODEL_FILES_H_
