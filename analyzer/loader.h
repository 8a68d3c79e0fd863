// From bytes to a Model.
#ifndef ANALYZER_LOADER_H_
#define ANALYZER_LOADER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "analyzer/model.h"

namespace onnx_macs {

// Reads an ONNX file, binary or textual (.textproto, .json, .onnxtxt ...), or "-" for standard
// input; pipes are read to their end. The error is one line that says what is wrong and what the
// file seems to be; it does not repeat the path.
absl::StatusOr<std::unique_ptr<Model>> LoadModel(const std::string& path);

// An error where no bytes that could follow these would make them a model or a saved analysis, so
// that a stream which never ends is not waited for. For some kilobytes and more.
absl::Status CheckBeginning(absl::string_view bytes, absl::string_view path);

// The same of a file that was opened.
absl::StatusOr<std::unique_ptr<Model>> LoadModel(FileBytes bytes, const std::string& path);

// Decodes a binary model from memory. External tensors are never looked for.
absl::StatusOr<std::unique_ptr<Model>> LoadModelFromBytes(std::string bytes);

}  // namespace onnx_macs

#endif  // ANALYZER_LOADER_H_
