// Work that is done side by side.
#ifndef CLI_PARALLEL_H_
#define CLI_PARALLEL_H_

#include <cstddef>

#include "absl/functional/function_ref.h"

namespace onnx_macs {

// Calls `work` with every number below `count`, on up to `jobs` threads; with jobs == 0 on as many
// as the machine has.
void ForEachInParallel(size_t count, int jobs, absl::FunctionRef<void(size_t)> work);

}  // namespace onnx_macs

#endif  // CLI_PARALLEL_H_
