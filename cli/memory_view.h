// What is shown of memory: the summary of a model, its batches, and words about peaks and budgets.
#ifndef CLI_MEMORY_VIEW_H_
#define CLI_MEMORY_VIEW_H_

#include <string>
#include <vector>

#include "analyzer/report.h"
#include "cli/table.h"

namespace onnx_macs {

// --by profile: the model in a few lines, and what it takes at several batches.
Table ProfileTable(const ModelReport& model);
Table BatchTable(const ModelReport& model);

// --memory: where the peak is and what is alive there, a line each.
std::vector<std::string> MemoryRemarks(const ModelReport& model);

// With --formula, whole.
std::vector<std::string> MemoryFormulas(const ModelReport& model);

// --memory-budget: "memory budget 24 GiB: batch 37 fits, ...", and what is to be said of it.
std::vector<std::string> BudgetRemarks(const ModelReport& model);

}  // namespace onnx_macs

#endif  // CLI_MEMORY_VIEW_H_
