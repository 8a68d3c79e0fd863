// Frame: the values of one graph while it is walked. The main graph has one; a subgraph or function
// body gets one for every time it is entered.
#ifndef ANALYZER_FRAME_H_
#define ANALYZER_FRAME_H_

#include "absl/types/span.h"
#include "analyzer/model.h"
#include "analyzer/rule.h"
#include "analyzer/tensor_info.h"

namespace onnx_macs {

// What an operator stands for under one set of opset imports.
struct Callee {
  const OpRule* rule = nullptr;        // a registered rule goes before a function body
  const Function* function = nullptr;  // the model-local function of that name; null beside a rule
  int64_t opset = 0;
};

struct Frame {
  const Graph* graph = nullptr;
  absl::Span<TensorInfo> values;                // by ValueId
  absl::Span<const OpsetImport> opsets;         // the model's, or those of the function
  absl::Span<const Callee> callees;             // by operator id
  absl::Span<const Attribute> call_attributes;  // what references inside a function refer to
  const Frame* outer = nullptr;                 // of the node that entered this graph
  const Node* entered_by = nullptr;             // null for the main graph
  const Function* function = nullptr;           // whose body it is, if it is one
  Count times = 1;                              // how often its nodes run in one call of the model
  int depth = 0;
  size_t name_bytes = 0;  // of the names of all calls that lead to it
};

}  // namespace onnx_macs

#endif  // ANALYZER_FRAME_H_
