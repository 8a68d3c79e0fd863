// One writer for each type of attribute, in a table.
#include "analyzer/attribute_text.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "analyzer/declared_rows.h"

namespace onnx_macs {
namespace {

using absl::string_view;

constexpr size_t kMostElements = 16;
constexpr size_t kMostText = 80;    // bytes of a string
constexpr size_t kLongLine = 2000;  // no further attribute is begun behind that

// The shortest digits that read back as the same float, told from an integer by a point.
void AppendFloat(float value, std::string* text) {
  char digits[32];
  const std::to_chars_result end = std::to_chars(digits, digits + sizeof(digits), value);
  const string_view shortest(digits, static_cast<size_t>(end.ptr - digits));
  const bool is_plain = shortest.find_first_of(".en") == string_view::npos;
  absl::StrAppend(text, shortest, is_plain ? ".0" : "");
}

void AppendInt(int64_t value, std::string* text) { absl::StrAppend(text, value); }

// Cut before a character, not within one.
void AppendString(string_view value, std::string* text) {
  size_t end = std::min(value.size(), kMostText);
  const auto is_within = [&](size_t i) { return (static_cast<uint8_t>(value[i]) & 0xC0) == 0x80; };
  while (end < value.size() && end > kMostText - 3 && is_within(end)) --end;
  absl::StrAppend(text, "\"", absl::Utf8SafeCEscape(value.substr(0, end)), "\"");
  if (end < value.size()) absl::StrAppend(text, " [", value.size() - end, " more bytes]");
}

// `append` writes an element.
template <typename Element, typename Append>
void AppendList(absl::Span<const Element> list, Append append, std::string* text) {
  absl::StrAppend(text, "[");
  for (size_t i = 0; i < std::min(list.size(), kMostElements); ++i) {
    if (i > 0) absl::StrAppend(text, ", ");
    append(list[i], text);
  }
  if (list.size() > kMostElements) {
    absl::StrAppend(text, ", ", list.size() - kMostElements, " more");
  }
  absl::StrAppend(text, "]");
}

void AppendTensor(const Tensor& tensor, std::string* text) {
  absl::StrAppend(text, tensor.is_sparse ? "sparse " : "", Describe(tensor.type).name);
  AppendList(absl::Span<const int64_t>(tensor.dims), AppendInt, text);
}

void AppendGraph(const Graph* graph, std::string* text) {
  const size_t nodes = graph->nodes.size();
  absl::StrAppend(text, "graph of ", nodes, nodes == 1 ? " node" : " nodes");
}

void AppendType(string_view message, std::string* text) {
  DeclaredType type;
  absl::StrAppend(text, ReadDeclaredType(message, &type) ? TypeText(type) : "?");
}

using Writer = void (*)(const Attribute& attribute, std::string* text);

void WriteTensors(const Attribute& a, std::string* text) {
  AppendList(a.tensors(), AppendTensor, text);
}

// By AttributeType.
constexpr Writer kWriters[] = {
    [](const Attribute&, std::string* text) { absl::StrAppend(text, "?"); },
    [](const Attribute& a, std::string* text) { AppendFloat(a.f(), text); },
    [](const Attribute& a, std::string* text) { AppendInt(a.i(), text); },
    [](const Attribute& a, std::string* text) { AppendString(a.s(), text); },
    [](const Attribute& a, std::string* text) {
      if (!a.tensors().empty()) AppendTensor(a.tensors()[0], text);
    },
    [](const Attribute& a, std::string* text) {
      if (!a.graphs().empty()) AppendGraph(a.graphs()[0], text);
    },
    [](const Attribute& a, std::string* text) { AppendList(a.floats(), AppendFloat, text); },
    [](const Attribute& a, std::string* text) { AppendList(a.ints(), AppendInt, text); },
    [](const Attribute& a, std::string* text) { AppendList(a.strings(), AppendString, text); },
    WriteTensors,
    [](const Attribute& a, std::string* text) { AppendList(a.graphs(), AppendGraph, text); },
    WriteTensors,
    WriteTensors,
    [](const Attribute& a, std::string* text) { AppendType(a.s(), text); },
    [](const Attribute& a, std::string* text) { AppendList(a.strings(), AppendType, text); },
};

}  // namespace

std::string AttributesText(absl::Span<const Attribute> attributes) {
  std::string text;
  for (size_t i = 0; i < attributes.size(); ++i) {
    const Attribute& attribute = attributes[i];
    if (i > 0) absl::StrAppend(&text, ", ");
    if (text.size() > kLongLine) {
      absl::StrAppend(&text, attributes.size() - i, " more");
      break;
    }
    absl::StrAppend(&text, attribute.name, "=");
    if (attribute.is_reference) {
      absl::StrAppend(&text, "@", attribute.s());
    } else {
      kWriters[static_cast<size_t>(attribute.type)](attribute, &text);
    }
  }
  return text;
}

}  // namespace onnx_macs
