// Any bytes given to the loader: a model or an error. What a model has is then read as the analysis
// would read it.
#include <cstddef>
#include <cstdint>
#include <string>

#include "analyzer/declared_type.h"
#include "analyzer/expr_pool.h"
#include "analyzer/loader.h"
#include "analyzer/tensor_data.h"

namespace onnx_macs {
namespace {

void Visit(const Graph& graph, ExprPool& pool) {
  constexpr int64_t kMaxElements = 4096;
  DeclaredType type;
  ElementVector elements;
  for (const Value& value : graph.values) ReadDeclaredType(value.declared_type, &type);
  for (const Tensor& tensor : graph.initializers) {
    ReadElements(tensor, "", pool, kMaxElements, &elements);
  }
  for (const Node& node : graph.nodes) {
    Metadata(node, "key");
    for (const Attribute& attribute : node.attributes) {
      for (const Tensor& tensor : attribute.tensors()) {
        ReadElements(tensor, "", pool, kMaxElements, &elements);
      }
    }
  }
}

}  // namespace
}  // namespace onnx_macs

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace onnx_macs;
  const auto model = LoadModelFromBytes(std::string(reinterpret_cast<const char*>(data), size));
  if (!model.ok()) return 0;
  ExprPool pool;
  Visit((*model)->graph, pool);
  for (const auto& graph : (*model)->subgraphs) Visit(*graph, pool);
  for (const auto& function : (*model)->functions) Visit(function->body, pool);
  return 0;
}
