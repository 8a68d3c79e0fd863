// How many bytes values take, and how many a node must read and write.
#ifndef ANALYZER_MEMORY_BYTES_H_
#define ANALYZER_MEMORY_BYTES_H_

#include <cstddef>

#include "analyzer/count.h"
#include "analyzer/inference.h"
#include "analyzer/tensor_info.h"

namespace onnx_macs {

// Under all facts; a tensor of narrow elements ends at a whole byte. Unknown where the shape, the
// type or the length of a sequence is.
Count BytesOf(const TensorInfo& info);

// What the node of a record reads, every input once, and what it writes, in all its runs. Views
// and constants move nothing, and of what runs graphs the nodes inside count. What is not known
// is left out.
Count TrafficOf(Inference& inference, size_t record);

}  // namespace onnx_macs

#endif  // ANALYZER_MEMORY_BYTES_H_
