// Which exporter wrote a model, and what changed it since: recognised by its names and operators
// more than by what the file says of itself, because every tool that rewrites a file signs it.
#ifndef ANALYZER_PATHS_EXPORTER_H_
#define ANALYZER_PATHS_EXPORTER_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "analyzer/model.h"
#include "analyzer/paths/dialect.h"

namespace onnx_macs {

struct Exporter {
  absl::string_view name;  // "PyTorch (TorchScript)"
  const Dialect* dialect;
  bool has_metadata = false;           // nodes say their module in their metadata
  bool has_inlined_functions = false;  // names hold those of dynamo_export's functions
};

Exporter RecognizeExporter(const Model& model);

// "ONNX Runtime optimizer", "quantiser".
std::vector<std::string> RecognizeTools(const Model& model);

}  // namespace onnx_macs

#endif  // ANALYZER_PATHS_EXPORTER_H_
