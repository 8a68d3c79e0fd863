// The grammar of RFC 8259, and where in the text something is wrong.
#include "cli/json_cursor.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace onnx_macs {
namespace {

constexpr size_t kMostNesting = 64;  // of what is skipped; what is read is as deep as its reader

// By JsonCursor::Kind, as messages name them.
constexpr absl::string_view kKinds[] = {"null",     "true or false", "a number", "a string",
                                        "an array", "an object",     "nothing"};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

void AppendUtf8(uint32_t code, std::string* text) {
  const auto add = [&](uint32_t byte) { text->push_back(static_cast<char>(byte)); };
  if (code < 0x80) return add(code);
  if (code < 0x800) {
    add(0xC0 | code >> 6);
  } else {
    if (code < 0x10000) {
      add(0xE0 | code >> 12);
    } else {
      add(0xF0 | code >> 18);
      add(0x80 | (code >> 12 & 0x3F));
    }
    add(0x80 | (code >> 6 & 0x3F));
  }
  add(0x80 | (code & 0x3F));
}

}  // namespace

JsonCursor::Kind JsonCursor::Peek() {
  SkipSpace();
  if (!ok() || at_ == text_.size()) return Kind::kNothing;
  switch (text_[at_]) {
    case 'n':
      return Kind::kNull;
    case 't':
    case 'f':
      return Kind::kBoolean;
    case '"':
      return Kind::kString;
    case '[':
      return Kind::kArray;
    case '{':
      return Kind::kObject;
    default:
      return IsDigit(text_[at_]) || text_[at_] == '-' ? Kind::kNumber : Kind::kNothing;
  }
}

bool JsonCursor::ReadNull() { return Peek() == Kind::kNull && TakeWord("null"); }

bool JsonCursor::ReadBoolean() {
  if (Peek() != Kind::kBoolean) FailKind(Kind::kBoolean);
  const bool value = ok() && text_[at_] == 't';
  TakeWord(value ? "true" : "false");
  return value;
}

int64_t JsonCursor::ReadInteger() {
  const absl::string_view digits = ReadNumber();
  int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (!ok()) return 0;
  if (error == std::errc::result_out_of_range) {
    FailAtKey("a number that is too large");
  } else if (end != digits.data() + digits.size()) {
    FailAtKey("no whole number");
  }
  return ok() ? value : 0;
}

double JsonCursor::ReadReal() {
  const absl::string_view digits = ReadNumber();
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (ok() && error != std::errc()) FailAtKey("a number that is too large or too small");
  return ok() ? value : 0;
}

std::string JsonCursor::ReadString() {
  std::string text;
  if (Peek() != Kind::kString) FailKind(Kind::kString);
  if (!ok() || !ReadText(&text)) text.clear();
  return text;
}

// The digits, sign, point and exponent of a number.
absl::string_view JsonCursor::ReadNumber() {
  if (Peek() != Kind::kNumber) FailKind(Kind::kNumber);
  if (!ok()) return "";
  start_ = at_;
  const auto digits = [this] {
    const size_t begin = at_;
    while (at_ < text_.size() && IsDigit(text_[at_])) ++at_;
    if (at_ == begin) FailSyntax();
    return text_.substr(begin, at_ - begin);
  };
  const auto take = [this](absl::string_view any) {
    const bool is_there = at_ < text_.size() && absl::StrContains(any, text_[at_]);
    at_ += is_there;
    return is_there;
  };
  take("-");
  const absl::string_view whole = digits();
  if (whole.size() > 1 && whole[0] == '0') FailSyntax();
  if (take(".")) digits();
  if (take("eE")) {
    take("+-");
    digits();
  }
  return ok() ? text_.substr(start_, at_ - start_) : "";
}

bool JsonCursor::ReadText(std::string* text) {
  start_ = at_++;
  for (;;) {
    // Most of a file is read here.
    const char* const begin = text_.data() + at_;
    const char* const end = text_.data() + text_.size();
    const char* next = begin;
    while (next != end && *next != '"' && *next != '\\' && static_cast<uint8_t>(*next) >= 0x20)
      ++next;
    text->append(begin, static_cast<size_t>(next - begin));
    at_ += static_cast<size_t>(next - begin);
    if (Take('"')) return true;
    if (!Take('\\')) {
      FailSyntax();
      return false;
    }
    if (!ReadEscape(text)) return false;
  }
}

bool JsonCursor::ReadEscape(std::string* text) {
  constexpr absl::string_view kNames = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
  const char name = at_ < text_.size() ? text_[at_] : '\0';
  const size_t known = name == '\0' ? absl::string_view::npos : kNames.find(name);
  if (known != absl::string_view::npos) {
    ++at_;
    text->push_back(kMeanings[known]);
    return true;
  }
  uint32_t code = 0;
  if (!Take('u') || !ReadHex(&code)) {
    FailSyntax();
    return false;
  }
  const bool is_high = code >= 0xD800 && code < 0xDC00;
  if (is_high) {
    uint32_t low = 0;
    const bool is_pair = TakeWord("\\u") && ReadHex(&low) && low >= 0xDC00 && low < 0xE000;
    if (is_pair) code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  }
  if (code >= 0xD800 && code < 0xE000) {
    FailSyntax();
    return false;
  }
  AppendUtf8(code, text);
  return true;
}

bool JsonCursor::ReadHex(uint32_t* unit) {
  const absl::string_view digits = text_.substr(std::min(at_, text_.size()), 4);
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), *unit, 16);
  if (error != std::errc() || digits.size() < 4 || end != digits.data() + 4) return false;
  at_ += 4;
  return true;
}

bool JsonCursor::Take(char c) {
  const bool is_there = at_ < text_.size() && text_[at_] == c;
  at_ += is_there;
  return is_there;
}

bool JsonCursor::TakeWord(absl::string_view word) {
  if (!ok()) return false;
  start_ = at_;
  if (!absl::StartsWith(text_.substr(at_), word)) {
    FailSyntax();
    return false;
  }
  at_ += word.size();
  return true;
}

bool JsonCursor::Open(char bracket, Kind kind) {
  if (Peek() != kind) FailKind(kind);
  if (!ok()) return false;
  start_ = at_;
  is_first_ = true;
  return Take(bracket);
}

bool JsonCursor::NextElement(char end) {
  const bool is_first = is_first_;
  is_first_ = false;
  SkipSpace();
  if (!ok() || Take(end)) return false;
  if (!is_first && !Take(',')) FailSyntax();
  return ok();
}

bool JsonCursor::ReadKey(std::string* key) {
  key->clear();
  if (Peek() != Kind::kString || !ReadText(key)) {
    FailSyntax();
    return false;
  }
  SkipSpace();
  if (!Take(':')) FailSyntax();
  return ok();
}

// A value that holds no others.
bool JsonCursor::SkipPlain() {
  switch (Peek()) {
    case Kind::kNull:
      return ReadNull();
    case Kind::kBoolean:
      ReadBoolean();
      return ok();
    case Kind::kNumber:
      ReadReal();
      return ok();
    case Kind::kString:
      ReadString();
      return ok();
    default:
      FailSyntax();
      return false;
  }
}

void JsonCursor::Skip() {
  std::vector<char> open;  // the brackets that close what is open
  std::string key;
  do {
    const Kind kind = Peek();
    const bool is_object = kind == Kind::kObject;
    if (is_object || kind == Kind::kArray) {
      if (open.size() == kMostNesting) return Fail("this is nested too deep");
      Open(is_object ? '{' : '[', kind);
      open.push_back(is_object ? '}' : ']');
    } else if (!SkipPlain()) {
      return;
    }
    // To the next value, out of what ends before it.
    while (!open.empty() && !NextElement(open.back())) {
      if (!ok()) return;
      open.pop_back();
    }
    if (!open.empty() && open.back() == '}' && !ReadKey(&key)) return;
  } while (!open.empty());
}

void JsonCursor::End() {
  SkipSpace();
  if (ok() && at_ < text_.size()) FailSyntax();
}

void JsonCursor::FailKind(Kind wanted) {
  const Kind found = Peek();
  start_ = at_;
  if (found == Kind::kNothing) return FailSyntax();
  FailAtKey(
      absl::StrCat(kKinds[static_cast<int>(found)], ", not ", kKinds[static_cast<int>(wanted)]));
}

void JsonCursor::FailSyntax() {
  start_ = std::min(at_, text_.size());
  Fail(start_ == text_.size() ? "the text ends too soon" : "this is no JSON");
}

void JsonCursor::FailAtKey(absl::string_view what) {
  Fail(absl::StrCat("\"", key_, "\" is ", what));
}

// Columns are characters of UTF-8.
void JsonCursor::FailAt(size_t place, absl::string_view what) {
  if (!ok()) return;
  const absl::string_view before = text_.substr(0, place);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const size_t line_start = before.rfind('\n') + 1;  // 0 in the first line
  int64_t column = 1;
  for (const char c : before.substr(line_start)) column += (static_cast<uint8_t>(c) & 0xC0) != 0x80;
  error_ = absl::StrCat(lines + 1, ":", column, ": ", what);
}

size_t JsonCursor::Place() {
  SkipSpace();
  return at_;
}

absl::Status JsonCursor::status() const {
  return ok() ? absl::OkStatus() : absl::InvalidArgumentError(error_);
}

}  // namespace onnx_macs
