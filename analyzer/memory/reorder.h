// Other orders of the steps of a program, which may need less memory.
#ifndef ANALYZER_MEMORY_REORDER_H_
#define ANALYZER_MEMORY_REORDER_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "analyzer/memory/program.h"

namespace onnx_macs {

// Both are orders in which every step follows what it needs. `bytes` are the sizes of buffers.

// Of the steps that can be done next, always the one after which least is alive.
std::vector<uint32_t> FrugalOrder(const Program& program, absl::Span<const double> bytes);

// Depth first from the end: before a step what it needs, the branch that is hungriest first.
std::vector<uint32_t> DepthFirstOrder(const Program& program, absl::Span<const double> bytes);

}  // namespace onnx_macs

#endif  // ANALYZER_MEMORY_REORDER_H_
