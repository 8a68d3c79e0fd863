// Values of JSON.
#include "cli/json_text.h"

#include <cstdint>
#include <limits>

#include "cli/number_format.h"
#include "cli/text.h"
#include "cli/version.h"

namespace onnx_macs {

// The library escapes what JSON says must be, and leaves the rest of what steers a terminal.
std::string Dump(const Json& json) {
  return EscapeControls(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

Json ToJson(const Amount& amount) {
  if (!amount.is_integer()) return nullptr;
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  if (amount.value() > kMost || amount.value() < -kMost) return FormatDigits(amount.value());
  return static_cast<int64_t>(amount.value());
}

void AddHead(const std::string& convention, ObjectText* object) {
  object->Add("schema", "onnx-macs/1");
  object->Add("tool", {{"name", "onnx-macs"}, {"version", kVersion}});
  object->Add("convention", convention);
}

}  // namespace onnx_macs
