// The events of a JSON parser, whose reading is watched: a value begins where what is neither space
// nor separator follows the last one.
#include "analyzer/located_json.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "analyzer/spelling.h"

namespace onnx_macs {
namespace {

using Kind = LocatedJson::Kind;

constexpr size_t kMostNesting = 32;

// An iterator over the text that tells how far it was read. The parser copies it.
class WatchedIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  WatchedIterator(const char* at, const char** furthest) : at_(at), furthest_(furthest) {}
  reference operator*() const { return *at_; }
  WatchedIterator& operator++() {
    *furthest_ = ++at_;
    return *this;
  }
  WatchedIterator operator++(int) {
    WatchedIterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const WatchedIterator& a, const WatchedIterator& b) {
    return a.at_ == b.at_;
  }

 private:
  const char* at_;
  const char** furthest_;
};

// Builds the tree. Its functions are named as the parser calls them.
class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  Builder(absl::string_view text, const char* const* furthest) : text_(text), furthest_(furthest) {}

  bool null() override { return Add(Kind::kNull) != nullptr; }
  bool boolean(bool value) override {
    return Set(Add(Kind::kBoolean), &LocatedJson::boolean, value);
  }
  bool number_integer(number_integer_t value) override {
    return Set(Add(Kind::kInteger), &LocatedJson::integer, value);
  }
  // Only what does not fit the other one.
  bool number_unsigned(number_unsigned_t value) override {
    if (value <= INT64_MAX) return number_integer(static_cast<int64_t>(value));
    return Fail("the number is too large", PlaceOfNext());
  }
  bool number_float(number_float_t, const string_t& digits) override {
    return Set(Add(Kind::kReal), &LocatedJson::text, digits);
  }
  bool string(string_t& value) override {
    return Set(Add(Kind::kString), &LocatedJson::text, std::move(value));
  }
  bool binary(binary_t&) override { return false; }
  bool start_object(size_t) override { return Open(Kind::kObject); }
  bool start_array(size_t) override { return Open(Kind::kArray); }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }

  bool key(string_t& name) override {
    std::vector<JsonMember>& members = open_.back()->members;
    const JsonPlace start = PlaceOfNext();
    if (!keys_.back().insert(name).second) {
      return Fail(absl::StrCat("\"", name, "\" is there twice"), start);
    }
    members.push_back({std::move(name), start, {}});
    MarkEnd();
    return true;
  }

  bool parse_error(size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    const bool at_end = position > text_.size();
    const size_t offset = position == 0 ? 0 : std::min(position - 1, text_.size());
    return Fail(at_end ? "the text ends too soon" : "this is no JSON", PlaceOf(offset));
  }

  absl::StatusOr<LocatedJson> Take() {
    if (!error_.ok()) return error_;
    return std::move(root_);
  }

 private:
  template <typename Member, typename Value>
  bool Set(LocatedJson* json, Member LocatedJson::*member, Value value) {
    if (json != nullptr) json->*member = std::move(value);
    return json != nullptr;
  }

  JsonPlace PlaceOfNext() {
    size_t at = end_;
    while (at < text_.size() && absl::StrContains(" \t\r\n,:", text_[at])) ++at;
    return PlaceOf(at);
  }

  // Places are asked for in the order of the text, so that each character is counted once.
  JsonPlace PlaceOf(size_t offset) {
    for (; counted_ < offset; ++counted_) {
      const bool is_first_byte = (static_cast<unsigned char>(text_[counted_]) & 0xC0) != 0x80;
      place_.column += is_first_byte;
      if (text_[counted_] == '\n') place_ = {place_.line + 1, 1};
    }
    return place_;
  }

  void MarkEnd() { end_ = static_cast<size_t>(*furthest_ - text_.data()); }

  LocatedJson* Add(Kind kind) {
    LocatedJson* slot = &root_;
    if (!open_.empty()) {
      LocatedJson& parent = *open_.back();
      slot = parent.is(Kind::kObject) ? &parent.members.back().value : &parent.items.emplace_back();
    }
    slot->kind = kind;
    slot->place = PlaceOfNext();
    // A number ends where another character follows, which was read with it and is no value's
    // first.
    MarkEnd();
    return slot;
  }

  bool Open(Kind kind) {
    if (open_.size() == kMostNesting) return Fail("this is nested too deep", PlaceOfNext());
    open_.push_back(Add(kind));
    keys_.emplace_back();
    return true;
  }

  // What is open lies in the last element of what encloses it, which does not move meanwhile.
  bool Close() {
    open_.pop_back();
    keys_.pop_back();
    MarkEnd();
    return true;
  }

  bool Fail(absl::string_view what, const JsonPlace& place) {
    if (error_.ok()) error_ = JsonError(place, what);
    return false;
  }

  const absl::string_view text_;
  const char* const* const furthest_;
  size_t end_ = 0;  // of what was told last
  LocatedJson root_;
  std::vector<LocatedJson*> open_;
  std::vector<absl::flat_hash_set<std::string>> keys_;  // of each of these
  size_t counted_ = 0;                                  // characters before place_
  JsonPlace place_;
  absl::Status error_;
};

}  // namespace

const LocatedJson* LocatedJson::Find(absl::string_view key) const {
  for (const JsonMember& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

absl::string_view KindText(Kind kind) {
  constexpr absl::string_view kTexts[] = {"null",     "true or false", "a whole number", "a number",
                                          "a string", "an array",      "an object"};
  return kTexts[static_cast<int>(kind)];
}

std::string ToString(const JsonPlace& place) { return absl::StrCat(place.line, ":", place.column); }

absl::Status JsonError(const JsonPlace& place, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(ToString(place), ": ", what));
}

absl::StatusOr<LocatedJson> ParseLocatedJson(absl::string_view text) {
  const char* furthest = text.data();
  Builder builder(text, &furthest);
  const WatchedIterator begin(text.data(), &furthest);
  const WatchedIterator end(text.data() + text.size(), &furthest);
  nlohmann::json::sax_parse(begin, end, &builder);
  return builder.Take();
}

namespace json_internal {

absl::Status CheckKeys(const LocatedJson& object, const std::vector<absl::string_view>& names) {
  for (const JsonMember& member : object.members) {
    if (absl::c_linear_search(names, absl::string_view(member.key))) continue;
    const absl::string_view nearest = Nearest(member.key, absl::MakeConstSpan(names));
    return JsonError(member.key_place,
                     absl::StrCat("there is no key \"", member.key, "\"", DidYouMean(nearest),
                                  " (keys: ", absl::StrJoin(names, ", "), ")"));
  }
  return absl::OkStatus();
}

absl::Status WrongKind(const LocatedJson& json, absl::string_view name, Kind wanted) {
  return JsonError(json.place, absl::StrCat("\"", name, "\" is ", KindText(json.kind), ", not ",
                                            KindText(wanted)));
}

absl::Status WithExampleOf(absl::string_view name, absl::string_view example,
                           const absl::Status& status) {
  if (absl::StrContains(status.message(), "; example: ")) return status;
  return absl::InvalidArgumentError(
      WithExample(status.message(), absl::StrCat("\"", name, "\": ", example)));
}

}  // namespace json_internal

}  // namespace onnx_macs
