// A model of a saved analysis, read back as json_writer.cc writes it.
#ifndef CLI_SAVED_MODEL_H_
#define CLI_SAVED_MODEL_H_

#include "analyzer/report.h"
#include "cli/saved_input.h"

namespace onnx_macs {

// What is there only where it was asked for when the analysis was saved.
struct SavedParts {
  bool nodes = false, explained = false, values = false;
};

struct SavedModel : ModelReport {
  SavedParts parts;
};

void Read(SavedInput& in, SavedModel* model);

}  // namespace onnx_macs

#endif  // CLI_SAVED_MODEL_H_
