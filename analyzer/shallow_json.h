// JSON that programs wrote beside models, as a tree.
#ifndef ANALYZER_SHALLOW_JSON_H_
#define ANALYZER_SHALLOW_JSON_H_

#include <nlohmann/json_fwd.hpp>

#include "absl/strings/string_view.h"

namespace onnx_macs {

// Null where it is none, or nested too deep.
nlohmann::json ParseShallowJson(absl::string_view text);

}  // namespace onnx_macs

#endif  // ANALYZER_SHALLOW_JSON_H_
