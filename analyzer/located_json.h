// JSON that a person wrote: every value knows where it stands, so that a complaint about it can
// say.
#ifndef ANALYZER_LOCATED_JSON_H_
#define ANALYZER_LOCATED_JSON_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace onnx_macs {

struct JsonMember;

// Counted from 1; a column is a character of UTF-8.
struct JsonPlace {
  int64_t line = 1, column = 1;
};

struct LocatedJson {
  enum class Kind { kNull, kBoolean, kInteger, kReal, kString, kArray, kObject };
  Kind kind = Kind::kNull;
  JsonPlace place;  // of its first character
  bool boolean = false;
  int64_t integer = 0;
  std::string text;                 // of a string; of a number as it is written
  std::vector<LocatedJson> items;   // of an array
  std::vector<JsonMember> members;  // of an object, in the order of the text

  bool is(Kind wanted) const { return kind == wanted; }
  // Null where there is none, or this is no object.
  const LocatedJson* Find(absl::string_view key) const;
};

struct JsonMember {
  std::string key;
  JsonPlace key_place;
  LocatedJson value;
};

// "a number", "an array": how messages name it.
absl::string_view KindText(LocatedJson::Kind kind);

std::string ToString(const JsonPlace& place);  // "7:15"
// "7:15: WHAT".
absl::Status JsonError(const JsonPlace& place, absl::string_view what);

// Deep nesting is refused, as are numbers that do not fit and a key that an object has twice.
absl::StatusOr<LocatedJson> ParseLocatedJson(absl::string_view text);

// What an object may hold: a table of these is the order in which its keys are read.
template <typename Target>
struct JsonKey {
  absl::string_view name;
  LocatedJson::Kind kind;
  absl::Status (*read)(const LocatedJson& json, Target* target);
  absl::string_view example;    // of the value
  bool may_be_integer = false;  // instead of what it usually is
};

namespace json_internal {
absl::Status CheckKeys(const LocatedJson& object, const std::vector<absl::string_view>& names);
absl::Status WrongKind(const LocatedJson& json, absl::string_view name, LocatedJson::Kind wanted);
absl::Status WithExampleOf(absl::string_view name, absl::string_view example,
                           const absl::Status& status);
}  // namespace json_internal

// Reads all keys of an object. Errors end with an example of what the key may hold.
template <typename Target>
absl::Status ReadKeys(const LocatedJson& object, absl::Span<const JsonKey<Target>> keys,
                      Target* target) {
  std::vector<absl::string_view> names;
  for (const JsonKey<Target>& key : keys) names.push_back(key.name);
  if (absl::Status known = json_internal::CheckKeys(object, names); !known.ok()) return known;
  for (const JsonKey<Target>& key : keys) {
    const LocatedJson* json = object.Find(key.name);
    if (json == nullptr) continue;
    const bool fits =
        json->is(key.kind) || (key.may_be_integer && json->is(LocatedJson::Kind::kInteger));
    const absl::Status status =
        fits ? key.read(*json, target) : json_internal::WrongKind(*json, key.name, key.kind);
    if (!status.ok()) return json_internal::WithExampleOf(key.name, key.example, status);
  }
  return absl::OkStatus();
}

}  // namespace onnx_macs

#endif  // ANALYZER_LOCATED_JSON_H_
