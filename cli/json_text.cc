// Values of JSON.
#include "cli/json_text.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "cli/number_format.h"
#include "cli/text.h"
#include "cli/version.h"

namespace onnx_macs {
namespace {

// As a number of JSON, which readers take for 64 bits.
std::optional<int64_t> NumberOf(const Amount& amount) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  const absl::int128 value = amount.value();
  if (!amount.is_integer() || value > kMost || value < -kMost) return std::nullopt;
  return static_cast<int64_t>(value);
}

}  // namespace

// The library escapes what JSON says must be, and leaves the rest of what steers a terminal.
std::string Dump(const Json& json) {
  return EscapeControls(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

void AppendQuoted(absl::string_view text, std::string* json) {
  // Nearly all names are written as they are.
  const auto is_plain = [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; };
  if (std::all_of(text.begin(), text.end(), is_plain)) {
    absl::StrAppend(json, "\"", text, "\"");
  } else {
    json->append(Dump(Json(text)));
  }
}

std::string* RowText::Key(absl::string_view key) {
  if (!is_empty_) text_->push_back(',');
  is_empty_ = false;
  AppendQuoted(key, text_);
  text_->push_back(':');
  return text_;
}

void RowText::AddAmount(absl::string_view key, const Amount& amount) {
  if (const std::optional<int64_t> number = NumberOf(amount)) {
    AddInteger(key, *number);
  } else {
    Add(key, ToJson(amount));
  }
}

void RowText::AddMembers(const Json& object) {
  for (const auto& [key, value] : object.items()) Add(key, value);
}

Json ToJson(const Amount& amount) {
  if (const std::optional<int64_t> number = NumberOf(amount)) return *number;
  return amount.is_integer() ? Json(FormatDigits(amount.value())) : Json(nullptr);
}

void AddHead(const std::string& convention, ObjectText* object) {
  object->Add("schema", "onnx-macs/1");
  object->Add("tool", {{"name", "onnx-macs"}, {"version", kVersion}});
  object->Add("convention", convention);
}

}  // namespace onnx_macs
