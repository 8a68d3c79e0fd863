// Text on a terminal: made harmless, measured in columns, shortened and padded.
#ifndef CLI_TEXT_H_
#define CLI_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace onnx_macs {

// Names in models are arbitrary bytes: invalid UTF-8 and control characters become U+FFFD, so that
// no name can steer the terminal or break a line.
std::string Printable(absl::string_view text);

// Valid JSON in which none of those control characters is left that JSON lets stand.
std::string EscapeControls(std::string json);

// Columns that printable text takes.
int DisplayWidth(absl::string_view text);

// At most `width` columns, the middle replaced by "..", because names differ at their ends.
std::string ShortenMiddle(absl::string_view text, int width);

// The same for a line of its own, which may quote names that are as long as the file.
std::string CutLine(absl::string_view line);

// At most `width` columns of a sum of products, ended by " + .." where terms were left out.
std::string ShortenFormula(absl::string_view formula, int width);

// Broken at spaces into lines of at most `width` columns; later lines are indented by two more.
std::string Wrapped(absl::string_view line, int width);

std::string PadRight(absl::string_view text, int width);
std::string PadLeft(absl::string_view text, int width);

}  // namespace onnx_macs

#endif  // CLI_TEXT_H_
