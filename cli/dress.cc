#include "cli/dress.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/text.h"

namespace onnx_macs {
namespace {

// A gap's line begins with spaces; a remark's first word says what it is.
std::string TextRemark(const std::string& line, const TextStyle& style) {
  const std::string cut = CutLine(line);
  const std::string text = style.wrap ? Wrapped(cut, style.width) : cut;
  const size_t colon = text.find(": ");
  const bool has_kind = colon != std::string::npos && colon < 12 && text[0] != ' ';
  if (!has_kind) return absl::StrCat(text, "\n");
  return absl::StrCat(Bold(text.substr(0, colon + 1), style), text.substr(colon + 1), "\n");
}

// The file, and behind it or below it the rest.
std::string TextTitle(const std::string& file, const std::string& all, const TextStyle& style) {
  const std::string rest = CutLine(all);
  const bool fits = DisplayWidth(file) + 2 + DisplayWidth(rest) <= style.width;
  if (fits || !style.wrap) {
    return absl::StrCat(Bold(file, style), "  ", Faint(rest, style), "\n");
  }
  const std::string below = Wrapped(absl::StrCat("  ", rest), style.width);
  return absl::StrCat(Bold(file, style), "\n", Faint(below, style), "\n");
}

constexpr Dress kText = {
    .title = TextTitle,
    .table = RenderText,
    .remark = TextRemark,
    .formula = [](const std::string& line) { return absl::StrCat(line, "\n"); },
};

constexpr Dress kMarkdown = {
    .title =
        [](const std::string& file, const std::string& rest, const TextStyle&) {
          return absl::StrCat("### ", MarkdownText(file), "\n\n", MarkdownText(CutLine(rest)),
                              "\n\n");
        },
    .table = [](const Table& table, const TextStyle&,
                TextSink* sink) { RenderMarkdown(table, sink); },
    .remark =
        [](const std::string& line, const TextStyle&) {
          const bool nested = absl::StartsWith(line, " ");
          return absl::StrCat(nested ? "  - " : "- ",
                              MarkdownText(CutLine(absl::StripLeadingAsciiWhitespace(line))), "\n");
        },
    .formula = [](const std::string& line) { return absl::StrCat("- `", line, "`\n"); },
};

}  // namespace

const Dress& DressOf(Format format) { return format == Format::kMarkdown ? kMarkdown : kText; }

}  // namespace onnx_macs
