// Reading declared inputs and outputs.
#include "analyzer/pipeline/signature.h"

#include <algorithm>

namespace onnx_macs {
namespace {

const Port* Find(const std::vector<Port>& ports, absl::string_view name) {
  const auto it = std::find_if(ports.begin(), ports.end(),
                               [name](const Port& port) { return port.name == name; });
  return it == ports.end() ? nullptr : &*it;
}

Port ReadPort(const Value& value) {
  Port port{.name = value.name, .type = {}};
  ReadDeclaredType(value.declared_type, &port.type);
  return port;
}

}  // namespace

int64_t Port::Size(int axis) const {
  if (axis < 0 || axis >= rank() || type.dims[axis].kind != DeclaredDim::Kind::kValue) return -1;
  return type.dims[axis].value;
}

bool Port::IsOpen(int axis) const {
  return axis >= 0 && axis < rank() && type.dims[axis].kind != DeclaredDim::Kind::kValue;
}

const Port* Signature::Input(absl::string_view name) const { return Find(inputs, name); }

const Port* Signature::Output(absl::string_view name) const { return Find(outputs, name); }

Signature ReadSignature(const Model& model) {
  Signature signature;
  const Graph& graph = model.graph;
  for (const ValueId id : graph.inputs) {
    if (graph.values[id].initializer < 0) signature.inputs.push_back(ReadPort(graph.values[id]));
  }
  for (const ValueId id : graph.outputs) signature.outputs.push_back(ReadPort(graph.values[id]));
  return signature;
}

}  // namespace onnx_macs
