// Turns the text of a model into its bytes, by a module that is loaded when the first text is met.
#ifndef ANALYZER_TEXT_MODEL_H_
#define ANALYZER_TEXT_MODEL_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "analyzer/file_kind.h"

namespace onnx_macs {

struct TextModel {
  std::string bytes;
  std::string note;  // what was left out; may be empty
};

absl::StatusOr<TextModel> ReadTextModel(absl::string_view text, TextFormat format);

}  // namespace onnx_macs

#endif  // ANALYZER_TEXT_MODEL_H_
