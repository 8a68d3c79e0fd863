// What the user probably meant: the nearest of the names that exist.
#ifndef ANALYZER_SPELLING_H_
#define ANALYZER_SPELLING_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace onnx_macs {

// Insertions, deletions, substitutions and swaps of neighbours that turn one into the other.
int EditDistance(absl::string_view a, absl::string_view b);

// The nearest name, ignoring case, or empty when none is near enough to be meant.
absl::string_view Nearest(absl::string_view word, absl::Span<const absl::string_view> names);
std::string Nearest(absl::string_view word, absl::Span<const std::string> names);

// A text as it is, or the whole characters of its first `most` bytes and "...".
std::string Clipped(absl::string_view text, size_t most);

// "a, b, c": the first dozen of the names there are, then "...".
std::string Listed(absl::Span<const std::string> names);
// "; did you mean NAME?", or nothing.
std::string DidYouMean(absl::string_view nearest);
// "WHAT; example: EXAMPLE": how every message about wrong usage ends.
std::string WithExample(absl::string_view what, absl::string_view example);

}  // namespace onnx_macs

#endif  // ANALYZER_SPELLING_H_
