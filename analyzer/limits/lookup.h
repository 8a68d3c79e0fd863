// What limits call models and their parts: by file, role and module path.
#ifndef ANALYZER_LIMITS_LOOKUP_H_
#define ANALYZER_LIMITS_LOOKUP_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "analyzer/report.h"

namespace onnx_macs {

// "unet" of "sd15/unet.onnx" and of "sd15/unet/model.onnx".
std::string ShortName(absl::string_view file);

// Null where the model has no such module. A prefix that views hide may be left out.
const ComponentRow* FindComponent(const ModelReport& model, absl::string_view path);

struct Part {
  const ModelReport* model;
  const ComponentRow* component;
};

// Every part that `name` can mean: a module path, or one behind the role or the short name of its
// model, or these alone. `aliases` stand for the only model there is.
std::vector<Part> FindParts(absl::Span<const ModelReport> models, absl::string_view name,
                            absl::Span<const std::string> aliases);

// The nearest name of a part, or nothing.
std::string NearestPart(absl::Span<const ModelReport> models, absl::string_view name);

}  // namespace onnx_macs

#endif  // ANALYZER_LIMITS_LOOKUP_H_
