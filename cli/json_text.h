// How the JSON of a report is put together. Long lists are written row by row, one to a line,
// because a document tree of a million nodes would take more memory than the analysis.
#ifndef CLI_JSON_TEXT_H_
#define CLI_JSON_TEXT_H_

#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "analyzer/amount.h"

namespace onnx_macs {

using Json = nlohmann::ordered_json;

// On one line; bytes that are no UTF-8 are replaced.
std::string Dump(const Json& json);

// A formula or an unknown is null; what does not fit 64 bits is a string of digits.
Json ToJson(const Amount& amount);

// One object over several lines: scalars and small objects on one line each, lists a row a line.
class ObjectText {
 public:
  ObjectText(int indent, std::string* text) : indent_(indent, ' '), text_(text) {
    absl::StrAppend(text_, "{");
  }

  void Add(absl::string_view key, const Json& value) { absl::StrAppend(Key(key), Dump(value)); }

  // `make` turns an element into an object.
  template <typename List, typename Make>
  void AddList(absl::string_view key, const List& list, Make make) {
    AddRows(key, list, [&](const auto& element) { absl::StrAppend(text_, Dump(make(element))); });
  }

  // `write` appends the text of an element.
  template <typename List, typename Write>
  void AddRows(absl::string_view key, const List& list, Write write) {
    absl::StrAppend(Key(key), "[");
    const char* separator = "\n";
    for (const auto& element : list) {
      absl::StrAppend(text_, separator, indent_, "    ");
      write(element);
      separator = ",\n";
    }
    if (!list.empty()) absl::StrAppend(text_, "\n", indent_, "  ");
    absl::StrAppend(text_, "]");
  }

  // A nested object of many keys, written by `write(ObjectText*)`.
  template <typename Write>
  void AddObject(absl::string_view key, Write write) {
    Key(key);
    ObjectText inner(static_cast<int>(indent_.size()) + 2, text_);
    write(&inner);
    inner.Close();
  }

  void Close() { absl::StrAppend(text_, is_empty_ ? "" : absl::StrCat("\n", indent_), "}"); }

 private:
  std::string* Key(absl::string_view key) {
    absl::StrAppend(text_, is_empty_ ? "\n" : ",\n", indent_, "  ", Dump(Json(std::string(key))),
                    ": ");
    is_empty_ = false;
    return text_;
  }

  const std::string indent_;
  std::string* const text_;
  bool is_empty_ = true;
};

// What every document begins with.
void AddHead(const std::string& convention, ObjectText* object);

}  // namespace onnx_macs

#endif  // CLI_JSON_TEXT_H_
