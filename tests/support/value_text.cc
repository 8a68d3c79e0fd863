// The parser of value_text.h.
#include "tests/support/value_text.h"

#include <stdexcept>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "analyzer/data_type.h"

namespace onnx_macs::testing {
namespace {

struct ShortName {
  absl::string_view name;
  int type;
};

constexpr ShortName kShortNames[] = {
    {"f32", 1},         {"u8", 2},    {"i8", 3},        {"u16", 4},         {"i16", 5},
    {"i32", 6},         {"i64", 7},   {"str", 8},       {"string", 8},      {"bool", 9},
    {"f16", 10},        {"f64", 11},  {"u32", 12},      {"u64", 13},        {"c64", 14},
    {"c128", 15},       {"bf16", 16}, {"f8e4m3fn", 17}, {"f8e4m3fnuz", 18}, {"f8e5m2", 19},
    {"f8e5m2fnuz", 20}, {"u4", 21},   {"i4", 22},       {"f4e2m1", 23},     {"f8e8m0", 24},
    {"u2", 25},         {"i2", 26},
};

int TypeOf(absl::string_view name) {
  if (name.empty()) return 0;
  for (const ShortName& row : kShortNames) {
    if (row.name == name) return row.type;
  }
  throw std::invalid_argument(absl::StrCat("no such element type: ", name));
}

void StripOuter(absl::string_view* text, absl::string_view prefix, absl::string_view suffix) {
  if (!absl::ConsumePrefix(text, prefix) || !absl::ConsumeSuffix(text, suffix)) {
    throw std::invalid_argument(absl::StrCat("expected ", prefix, "...", suffix, " in ", *text));
  }
}

void ParseData(absl::string_view text, ValueText* value) {
  if (text == "weights") {
    value->is_weight = true;
    return;
  }
  StripOuter(&text, "{", "}");
  value->elements = SplitOutside(text, ',');
}

}  // namespace

std::string LongTypeName(int type) {
  return type == 0 ? "" : std::string(Describe(static_cast<DataType>(type)).name);
}

std::vector<std::string> SplitOutside(absl::string_view text, char separator) {
  std::vector<std::string> parts;
  if (absl::StripAsciiWhitespace(text).empty()) return parts;
  int depth = 0;
  bool quoted = false;
  size_t start = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : separator;
    if (c == '"') quoted = !quoted;
    if (!quoted && absl::StrContains("([{", c)) ++depth;
    if (!quoted && absl::StrContains(")]}", c)) --depth;
    if (c != separator || (i < text.size() && (depth > 0 || quoted))) continue;
    parts.emplace_back(absl::StripAsciiWhitespace(text.substr(start, i - start)));
    start = i + 1;
  }
  return parts;
}

ValueText ParseValueText(absl::string_view text) {
  ValueText value;
  for (const auto& [prefix, kind] :
       {std::pair<absl::string_view, absl::string_view>{"seq(", "sequence"},
        {"optional(", "optional"}}) {
    if (!absl::StartsWith(text, prefix)) continue;
    StripOuter(&text, prefix, ")");
    value = ParseValueText(text);
    value.kind = std::string(kind);
    return value;
  }
  const size_t equals = text.find('=');
  if (equals != absl::string_view::npos) ParseData(text.substr(equals + 1), &value);
  absl::string_view type = text.substr(0, equals);
  const size_t bracket = type.find('[');
  if (bracket != absl::string_view::npos) {
    absl::string_view dims = type.substr(bracket);
    StripOuter(&dims, "[", "]");
    value.has_rank = true;
    value.dims = SplitOutside(dims, ',');
  }
  value.type = TypeOf(type.substr(0, bracket));
  return value;
}

}  // namespace onnx_macs::testing
