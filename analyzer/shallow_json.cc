// Nesting is looked at first: a callback of the parser that did would have it go through all that
// encloses an object when that ends, which takes the square of their number.
#include "analyzer/shallow_json.h"

#include <cstddef>
#include <nlohmann/json.hpp>

namespace onnx_macs {
namespace {

constexpr int kMostNesting = 32;

bool IsTooDeep(absl::string_view json) {
  bool in_string = false;
  int depth = 0;
  for (size_t i = 0; i < json.size() && depth <= kMostNesting; ++i) {
    const char c = json[i];
    if (c == '"') in_string = !in_string;
    if (in_string) {
      i += c == '\\';
    } else {
      depth += (c == '[' || c == '{') - (c == ']' || c == '}');
    }
  }
  return depth > kMostNesting;
}

}  // namespace

nlohmann::json ParseShallowJson(absl::string_view text) {
  if (IsTooDeep(text)) return nullptr;
  nlohmann::json json =
      nlohmann::json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) json = nullptr;
  return json;
}

}  // namespace onnx_macs
