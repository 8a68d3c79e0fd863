// Binding: graph inputs and options in, input shapes out. The order is fixed by the command line's
// contract: --input, --dim, --res, --batch, --seq, what is declared, defaults.
#ifndef ANALYZER_BIND_H_
#define ANALYZER_BIND_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "analyzer/analyze.h"
#include "analyzer/declared_type.h"
#include "analyzer/inference.h"

namespace onnx_macs {

// A graph input while it is bound.
struct InputDecl {
  ValueId value;
  absl::string_view name;
  DeclaredType type;
  DimVector dims;  // what the options said; unknown: as declared
};

struct Binding {
  BindingUse use;
  std::vector<std::pair<std::string, int64_t>> bound;  // dim name -> size, in order of appearance
  std::vector<std::string> notes;
  std::vector<std::string> hints;
  std::vector<SweptExtent> swept;
  // A declared static size was overridden: what else the file declares may no longer hold.
  bool overrode_declared = false;
};

// Sets the types and shapes of the frame's inputs. An error is an option that cannot be read.
absl::StatusOr<Binding> BindInputs(const BindOptions& options, Inference& inference, Frame& frame);

}  // namespace onnx_macs

#endif  // ANALYZER_BIND_H_
