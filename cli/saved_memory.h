// What a saved analysis has of memory and of the least time, read back.
#ifndef CLI_SAVED_MEMORY_H_
#define CLI_SAVED_MEMORY_H_

#include "analyzer/report.h"
#include "cli/saved_input.h"

namespace onnx_macs {

// As memory_json.h writes it: MemoryReport, MemoryPlan and the traffic of the whole model.
void ReadMemory(SavedInput& in, ModelReport* report);
// As bound_view.h does.
void ReadBound(SavedInput& in, ModelReport* report);

}  // namespace onnx_macs

#endif  // CLI_SAVED_MEMORY_H_
