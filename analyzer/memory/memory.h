// The memory of a model: what is alive when, from what was inferred.
#ifndef ANALYZER_MEMORY_MEMORY_H_
#define ANALYZER_MEMORY_MEMORY_H_

#include "analyzer/inference.h"
#include "analyzer/memory/memory_report.h"

namespace onnx_macs {

// Once all nodes are inferred. Traffic is not part of it: it is told node by node (bytes.h).
MemoryReport ReportMemory(Inference& inference);

}  // namespace onnx_macs

#endif  // ANALYZER_MEMORY_MEMORY_H_
