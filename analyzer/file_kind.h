// What a file seems to be that is not a model, and what to do about it.
#ifndef ANALYZER_FILE_KIND_H_
#define ANALYZER_FILE_KIND_H_

#include "absl/strings/string_view.h"

namespace onnx_macs {

// A sentence about a file that begins like some other well-known kind; empty when it does not.
// No model begins like any of them.
absl::string_view ForeignKind(absl::string_view bytes);

// A sentence about bytes that were tried and are no model, from their fields, their text and the
// name of their file ("" when there is none); empty when there is nothing to say.
absl::string_view GuessKind(absl::string_view bytes, absl::string_view path);

// Without control characters other than those that end lines, which no serialised model is.
bool IsAllText(absl::string_view bytes);

// How the text of a model is written.
enum class TextFormat { kNone, kTextProto, kJson, kOnnxText };

// By the file's extension, else by how the text begins.
TextFormat TextFormatOf(absl::string_view bytes, absl::string_view path);

}  // namespace onnx_macs

#endif  // ANALYZER_FILE_KIND_H_
