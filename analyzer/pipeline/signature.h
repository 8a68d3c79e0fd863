// Signature: a model seen from outside: what it takes and what it gives. Roles and sizes are told
// from it, without looking at a node.
#ifndef ANALYZER_PIPELINE_SIGNATURE_H_
#define ANALYZER_PIPELINE_SIGNATURE_H_

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "analyzer/declared_type.h"
#include "analyzer/model.h"

namespace onnx_macs {

struct Port {
  absl::string_view name;
  DeclaredType type;

  int rank() const { return type.has_shape ? static_cast<int>(type.dims.size()) : -1; }
  // The declared size of an axis; -1 where it is open or there is no such axis.
  int64_t Size(int axis) const;
  // Whether there is such an axis and the file leaves its size open.
  bool IsOpen(int axis) const;
};

struct Signature {
  std::vector<Port> inputs;  // without those that only restate an initializer
  std::vector<Port> outputs;

  // Null when there is none of that name.
  const Port* Input(absl::string_view name) const;
  const Port* Output(absl::string_view name) const;
};

// Its names are views into the model.
Signature ReadSignature(const Model& model);

}  // namespace onnx_macs

#endif  // ANALYZER_PIPELINE_SIGNATURE_H_
