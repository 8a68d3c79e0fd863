// Errors here are half a sentence, "is not ...": the caller puts the option before and an example
// behind.
#include "cli/option_values.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "analyzer/limits/quantity.h"
#include "analyzer/spelling.h"
#include "cli/text.h"

namespace onnx_macs {
namespace {

absl::Status Refuse(absl::string_view text, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("'", Printable(text), "' ", why));
}

// An x inside one of these belongs to the name: "1xtext_lenx768" has three dims.
constexpr absl::string_view kWordsWithX[] = {"text", "max", "index", "pixel", "voxel", "box",
                                             "mix",  "fix", "aux",   "proxy", "axis",  "axes"};

// Marks every x that belongs to a word with NUL, which no argument can hold.
std::string HideWords(absl::string_view text) {
  std::string hidden = absl::AsciiStrToLower(text);
  for (absl::string_view word : kWordsWithX) {
    for (size_t at = hidden.find(word.data(), 0, word.size()); at != std::string::npos;
         at = hidden.find(word.data(), at + 1, word.size())) {
      hidden[at + word.find('x')] = '\0';
    }
  }
  return hidden;
}

// Splits at commas where there are any, else at every x that is no part of a known word.
std::vector<std::string> SplitShape(absl::string_view text) {
  if (text.find(',') != absl::string_view::npos) return absl::StrSplit(text, ',');
  const std::string hidden = HideWords(text);
  std::vector<std::string> dims(1);
  for (size_t i = 0; i < text.size(); ++i) {
    if (hidden[i] == 'x') {
      dims.emplace_back();
    } else {
      dims.back().push_back(text[i]);
    }
  }
  return dims;
}

}  // namespace

absl::StatusOr<std::pair<int64_t, int64_t>> ParseResolution(absl::string_view text) {
  const std::vector<absl::string_view> sides = absl::StrSplit(text, absl::ByAnyChar("xX"));
  if (sides.size() > 2) return Refuse(text, "is neither a size nor HEIGHTxWIDTH");
  const auto height = ParseWhole(sides.front(), 1);
  const auto width = ParseWhole(sides.back(), 1);
  if (!height.ok() || !width.ok()) return Refuse(text, "is neither a size nor HEIGHTxWIDTH");
  return std::make_pair(*height, *width);
}

absl::StatusOr<int64_t> ParseBytes(absl::string_view text) {
  constexpr std::pair<absl::string_view, int64_t> kUnits[] = {{"KiB", int64_t{1} << 10},
                                                              {"MiB", int64_t{1} << 20},
                                                              {"GiB", int64_t{1} << 30},
                                                              {"TiB", int64_t{1} << 40},
                                                              {"kB", 1'000},
                                                              {"KB", 1'000},
                                                              {"MB", 1'000'000},
                                                              {"GB", 1'000'000'000},
                                                              {"TB", 1'000'000'000'000}};
  constexpr double kMost = 1e18;
  for (const auto& [unit, bytes] : kUnits) {
    absl::string_view number = text;
    double value;
    if (!absl::ConsumeSuffix(&number, unit)) continue;
    const bool is_plain = number.find_first_not_of("0123456789.") == absl::string_view::npos;
    if (!is_plain || !absl::SimpleAtod(number, &value)) break;
    const double all = value * static_cast<double>(bytes);
    if (all < 1 || all > kMost) break;
    return static_cast<int64_t>(all);
  }
  return Refuse(text, "is no number of bytes with its unit (KiB, MiB, GiB, TiB, kB, MB, GB, TB)");
}

absl::StatusOr<std::pair<std::string, std::string>> ParseAssignment(absl::string_view text) {
  const size_t sign = text.find('=');
  if (sign == absl::string_view::npos || sign == 0 || sign + 1 == text.size()) {
    return Refuse(text, "is not NAME=VALUE");
  }
  return std::make_pair(std::string(text.substr(0, sign)), std::string(text.substr(sign + 1)));
}

absl::StatusOr<std::vector<std::string>> ParseShape(absl::string_view text) {
  std::vector<std::string> dims = SplitShape(text);
  for (std::string& dim : dims) {
    absl::StripAsciiWhitespace(&dim);
    if (dim.empty() || dim[0] == '-') {
      return Refuse(text, "is not a shape (write sizes or names with x or commas between)");
    }
  }
  return dims;
}

absl::StatusOr<int> ParseChoice(absl::string_view text, absl::Span<const absl::string_view> names) {
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i] == text) return static_cast<int>(i);
  }
  return Refuse(text, absl::StrCat("is not one of ", absl::StrJoin(names, ", "),
                                   DidYouMean(Nearest(text, names))));
}

}  // namespace onnx_macs
