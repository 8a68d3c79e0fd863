// The short textual form in which tests write tensors: "f32[2,h,3]", "i64[2]={1,2}", "seq(f32[?])".
#ifndef ONNX_MACS_TESTS_SUPPORT_VALUE_TEXT_H_
#define ONNX_MACS_TESTS_SUPPORT_VALUE_TEXT_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace onnx_macs::testing {

struct ValueText {
  std::string kind = "tensor";    // "sequence" for seq(...), "optional" for optional(...)
  int type = 0;                   // TensorProto.DataType; 0 when none is named: "[2,3]"
  bool has_rank = false;          // "f32" alone has an unknown rank
  std::vector<std::string> dims;  // "2", "h", "4*h", "?"
  bool is_weight = false;         // "=weights": an initializer whose data is elsewhere
  std::optional<std::vector<std::string>> elements;  // "={1,2}"
};

// A malformed text throws std::invalid_argument: a mistake in a test.
ValueText ParseValueText(absl::string_view text);

// "float32" for "f32": the name that reports use. Empty for no type.
std::string LongTypeName(int type);

// Splits at `separator` outside of (), [], {} and quotes, and strips spaces.
std::vector<std::string> SplitOutside(absl::string_view text, char separator);

}  // namespace onnx_macs::testing

#endif  // ONNX_MACS_TESTS_SUPPORT_VALUE_TEXT_H_
