// JsonCursor: reads JSON from front to back, straight into what it describes. Parsing alone took a
// library 50 ms for the saved analysis of 10,000 nodes, and 80 ms with its tree; all of it takes 40
// this way, and the memory of a tree several times the size of the file is not needed. After the
// first thing that is wrong nothing is read any more, so that readers need not ask after every
// value.
#ifndef CLI_JSON_CURSOR_H_
#define CLI_JSON_CURSOR_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace onnx_macs {

class JsonCursor {
 public:
  enum class Kind { kNull, kBoolean, kNumber, kString, kArray, kObject, kNothing };

  // The text must outlive the cursor.
  explicit JsonCursor(absl::string_view text) : text_(text) {}

  // What the next value is; nothing where none begins.
  Kind Peek();

  bool ReadNull();  // false, and nothing read, where it is something else
  bool ReadBoolean();
  int64_t ReadInteger();
  double ReadReal();
  std::string ReadString();

  // Calls read(key) for every member, which reads its value or skips it.
  template <typename Read>
  void ReadObject(Read read) {
    if (!Open('{', Kind::kObject)) return;
    std::string key;
    while (NextElement('}') && ReadKey(&key)) {
      key_ = key;
      read(absl::string_view(key));
    }
  }
  // Calls read() for every element, which reads it or skips it.
  template <typename Read>
  void ReadArray(Read read) {
    if (!Open('[', Kind::kArray)) return;
    while (NextElement(']')) read();
  }
  // Whatever the next value is.
  void Skip();
  // Only space may follow.
  void End();

  bool ok() const { return error_.empty(); }
  // "7:15: WHAT", with the line and column of what is wrong.
  absl::Status status() const;
  // Where the value is that comes next.
  size_t Place();
  // The first one counts. `what` is about the value that was begun last, or at the place.
  void Fail(absl::string_view what) { FailAt(start_, what); }
  void FailAt(size_t place, absl::string_view what);
  // The same about a value of the key that was read last: "\"macs\" is WHAT".
  void FailAtKey(absl::string_view what);

 private:
  void SkipSpace() {
    while (at_ < text_.size() && IsSpace(text_[at_])) ++at_;
  }
  static bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
  bool Take(char c);
  bool TakeWord(absl::string_view word);
  bool Open(char bracket, Kind kind);
  // True where another element follows, whose separator is then read.
  bool NextElement(char end);
  bool ReadKey(std::string* key);
  bool ReadText(std::string* text);
  bool ReadEscape(std::string* text);
  bool ReadHex(uint32_t* unit);
  absl::string_view ReadNumber();
  bool SkipPlain();
  void FailKind(Kind wanted);
  void FailSyntax();

  const absl::string_view text_;
  size_t at_ = 0;
  size_t start_ = 0;      // of the value that was begun last
  bool is_first_ = true;  // no element of what was opened last was read
  std::string key_, error_;
};

}  // namespace onnx_macs

#endif  // CLI_JSON_CURSOR_H_
