// UTF-8, as far as a table needs it.
#include "cli/text.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace onnx_macs {
namespace {

constexpr absl::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

struct CodePoint {
  uint32_t value = 0;
  int length = 1;  // in bytes
  bool valid = false;
};

// What a first byte says: how many bytes follow, and the least value that needs so many.
struct LeadByte {
  uint8_t mask, bits;
  int length;
  uint32_t least;
};
constexpr LeadByte kLeadBytes[] = {
    {0xE0, 0xC0, 2, 0x80}, {0xF0, 0xE0, 3, 0x800}, {0xF8, 0xF0, 4, 0x10000}};

CodePoint Decode(absl::string_view text) {
  const auto byte = [&](int i) { return static_cast<uint8_t>(text[i]); };
  if (byte(0) < 0x80) return {byte(0), 1, true};  // nearly always
  for (const LeadByte& lead : kLeadBytes) {
    if ((byte(0) & lead.mask) != lead.bits) continue;
    if (static_cast<int>(text.size()) < lead.length) return {};
    uint32_t value = byte(0) & static_cast<uint8_t>(~lead.mask);
    for (int i = 1; i < lead.length; ++i) {
      if ((byte(i) & 0xC0) != 0x80) return {};
      value = value << 6 | (byte(i) & 0x3F);
    }
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < lead.least || value > 0x10FFFF || surrogate) return {};
    return {value, lead.length, true};
  }
  return {};
}

struct Range {
  uint32_t first, last;
};

// C0, delete, C1, and the marks that turn the direction of writing.
constexpr Range kControls[] = {{0x0, 0x1F}, {0x7F, 0x9F}, {0x2028, 0x202E}, {0x2066, 0x2069}};
constexpr Range kNoColumn[] = {{0x300, 0x36F}, {0x200B, 0x200F}, {0xFE00, 0xFE0F}};
constexpr Range kTwoColumns[] = {{0x1100, 0x115F}, {0x2E80, 0xA4CF},   {0xAC00, 0xD7A3},
                                 {0xF900, 0xFAFF}, {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
                                 {0xFFE0, 0xFFE6}, {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD}};

template <size_t N>
bool In(const Range (&ranges)[N], uint32_t value) {
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [&](const Range& r) { return value >= r.first && value <= r.last; });
}

int Columns(uint32_t value) {
  if (value < 0x300) return 1;
  return In(kNoColumn, value) ? 0 : In(kTwoColumns, value) ? 2 : 1;
}

// Characters of ASCII that are shown, each a byte and a column: nearly all texts are nothing else.
bool IsPlain(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

// How many bytes of the beginning fit `width` columns.
size_t Prefix(absl::string_view text, int width) {
  if (IsPlain(text)) return std::min(text.size(), static_cast<size_t>(std::max(width, 0)));
  size_t end = 0;
  while (end < text.size()) {
    const CodePoint c = Decode(text.substr(end));
    width -= Columns(c.value);
    if (width < 0) break;
    end += c.length;
  }
  return end;
}

}  // namespace

std::string Printable(absl::string_view text) {
  if (IsPlain(text)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const CodePoint c = Decode(text);
    const bool harmless = c.valid && !In(kControls, c.value);
    absl::StrAppend(&out, harmless ? text.substr(0, c.length) : kReplacement);
    text.remove_prefix(c.length);
  }
  return out;
}

std::string EscapeControls(std::string json) {
  // Few names have any of the bytes that these characters begin with.
  const auto may_begin_one = [](char c) { return c == '\x7F' || c == '\xC2' || c == '\xE2'; };
  if (std::none_of(json.begin(), json.end(), may_begin_one)) return json;
  std::string out;
  for (absl::string_view text = json; !text.empty();) {
    const CodePoint c = Decode(text);
    const bool harmless = !c.valid || c.value < ' ' || !In(kControls, c.value);
    if (harmless) {
      absl::StrAppend(&out, text.substr(0, c.length));
    } else {
      absl::StrAppend(&out, "\\u", absl::Hex(c.value, absl::kZeroPad4));
    }
    text.remove_prefix(c.length);
  }
  return out;
}

int DisplayWidth(absl::string_view text) {
  if (IsPlain(text)) return static_cast<int>(text.size());
  int width = 0;
  while (!text.empty()) {
    const CodePoint c = Decode(text);
    width += Columns(c.value);
    text.remove_prefix(c.length);
  }
  return width;
}

std::string ShortenMiddle(absl::string_view text, int width) {
  const int columns = DisplayWidth(text);
  if (columns <= width) return std::string(text);
  if (width < 4) return std::string(text.substr(0, Prefix(text, std::max(width, 0))));
  const int tail = (width - 2) * 3 / 5;
  const size_t head = Prefix(text, width - 2 - tail);
  absl::string_view end = text.substr(Prefix(text, columns - tail));
  while (DisplayWidth(end) > tail) end.remove_prefix(Decode(end).length);
  return absl::StrCat(text.substr(0, head), "..", end);
}

std::string CutLine(absl::string_view line) {
  constexpr int kLongestLine = 2000;
  return ShortenMiddle(line, kLongestLine);
}

std::string ShortenFormula(absl::string_view formula, int width) {
  constexpr absl::string_view kMore = " + ..";
  if (DisplayWidth(formula) <= width) return std::string(formula);
  size_t cut = 0;
  int depth = 0;
  const size_t room = Prefix(formula, width - static_cast<int>(kMore.size()));
  for (size_t i = 0; i + 2 < formula.size() && i <= room; ++i) {
    depth += formula[i] == '(' ? 1 : formula[i] == ')' ? -1 : 0;
    const absl::string_view here = formula.substr(i, 3);
    if (depth == 0 && (here == " + " || here == " - ")) cut = i;
  }
  if (cut == 0) {
    absl::string_view head = formula.substr(0, Prefix(formula, width - 2));
    while (absl::EndsWith(head, " ") || absl::EndsWith(head, "+")) head.remove_suffix(1);
    return absl::StrCat(head, "..");
  }
  return absl::StrCat(formula.substr(0, cut), kMore);
}

std::string Wrapped(absl::string_view line, int width) {
  const size_t indent = std::min(line.find_first_not_of(' '), line.size());
  std::string text(line.substr(0, indent));
  int used = static_cast<int>(indent);
  bool is_first = true;
  for (absl::string_view word : absl::StrSplit(line.substr(indent), ' ')) {
    const int columns = DisplayWidth(word);
    if (!is_first && used + 1 + columns > width) {
      absl::StrAppend(&text, "\n", std::string(indent + 2, ' '), word);
      used = static_cast<int>(indent) + 2 + columns;
    } else {
      absl::StrAppend(&text, is_first ? "" : " ", word);
      used += (is_first ? 0 : 1) + columns;
    }
    is_first = false;
  }
  return text;
}

std::string PadRight(absl::string_view text, int width) {
  return absl::StrCat(text, std::string(std::max(0, width - DisplayWidth(text)), ' '));
}

std::string PadLeft(absl::string_view text, int width) {
  return absl::StrCat(std::string(std::max(0, width - DisplayWidth(text)), ' '), text);
}

}  // namespace onnx_macs
