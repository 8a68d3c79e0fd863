// How the JSON of a report is put together. Long lists are written row by row, one to a line,
// because a document tree of a million nodes would take more memory than the analysis.
#ifndef CLI_JSON_TEXT_H_
#define CLI_JSON_TEXT_H_

#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "analyzer/amount.h"
#include "cli/text_sink.h"

namespace onnx_macs {

using Json = nlohmann::ordered_json;

// On one line; bytes that are no UTF-8 are replaced.
std::string Dump(const Json& json);
// The same as Dump() of a string.
void AppendQuoted(absl::string_view text, std::string* json);

// A formula or an unknown is null; what does not fit 64 bits is a string of digits.
Json ToJson(const Amount& amount);

// An object on one line, written as it comes: there are rows for each node, and a tree for each
// row would take ten times as long. No key may come twice.
class RowText {
 public:
  explicit RowText(std::string* text) : text_(text) { text_->push_back('{'); }

  void AddText(absl::string_view key, absl::string_view value) { AppendQuoted(value, Key(key)); }
  template <typename Texts>
  void AddTexts(absl::string_view key, const Texts& texts) {
    std::string* const text = Key(key);
    text->push_back('[');
    for (const auto& each : texts) {
      if (text->back() != '[') text->push_back(',');
      AppendQuoted(each, text);
    }
    text->push_back(']');
  }
  void AddInteger(absl::string_view key, int64_t value) { absl::StrAppend(Key(key), value); }
  void AddAmount(absl::string_view key, const Amount& amount);
  void Add(absl::string_view key, const Json& value) { absl::StrAppend(Key(key), Dump(value)); }
  // Whatever is in the object.
  void AddMembers(const Json& object);
  // For what `Add` functions have no type for: its text is to be appended.
  std::string* Key(absl::string_view key);
  void Close() { text_->push_back('}'); }

 private:
  std::string* const text_;
  bool is_empty_ = true;
};

// One object over several lines: scalars and small objects on one line each, lists a row a line.
class ObjectText {
 public:
  ObjectText(int indent, TextSink* sink) : indent_(indent, ' '), sink_(sink) {
    absl::StrAppend(&sink_->text(), "{");
  }

  void Add(absl::string_view key, const Json& value) { absl::StrAppend(Key(key), Dump(value)); }

  // `write` appends a value on one line.
  template <typename Write>
  void AddRow(absl::string_view key, Write write) {
    write(Key(key));
    sink_->EndRow();
  }

  // `make` turns an element into an object.
  template <typename List, typename Make>
  void AddList(absl::string_view key, const List& list, Make make) {
    AddRows(key, list, [&](const auto& element, std::string* text) {
      absl::StrAppend(text, Dump(make(element)));
    });
  }

  // `write` appends an element on one line.
  template <typename List, typename Write>
  void AddRows(absl::string_view key, const List& list, Write write) {
    AddObjects(key, list, [&](const auto& element) {
      write(element, &sink_->text());
      sink_->EndRow();
    });
  }

  // `write` writes an element to the same sink.
  template <typename List, typename Write>
  void AddObjects(absl::string_view key, const List& list, Write write) {
    absl::StrAppend(Key(key), "[");
    const char* separator = "\n";
    for (const auto& element : list) {
      absl::StrAppend(&sink_->text(), separator, indent_, "    ");
      write(element);
      separator = ",\n";
    }
    if (!list.empty()) absl::StrAppend(&sink_->text(), "\n", indent_, "  ");
    absl::StrAppend(&sink_->text(), "]");
  }

  // A nested object of many keys, written by `write(ObjectText*)`.
  template <typename Write>
  void AddObject(absl::string_view key, Write write) {
    Key(key);
    ObjectText inner(static_cast<int>(indent_.size()) + 2, sink_);
    write(&inner);
    inner.Close();
  }

  void Close() {
    absl::StrAppend(&sink_->text(), is_empty_ ? "" : absl::StrCat("\n", indent_), "}");
  }

 private:
  std::string* Key(absl::string_view key) {
    std::string* const text = &sink_->text();
    absl::StrAppend(text, is_empty_ ? "\n" : ",\n", indent_, "  ");
    AppendQuoted(key, text);
    absl::StrAppend(text, ": ");
    is_empty_ = false;
    return text;
  }

  const std::string indent_;
  TextSink* const sink_;
  bool is_empty_ = true;
};

// What every document begins with.
void AddHead(const std::string& convention, ObjectText* object);

}  // namespace onnx_macs

#endif  // CLI_JSON_TEXT_H_
