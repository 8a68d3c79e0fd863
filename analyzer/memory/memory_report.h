// What a model needs of memory, as plain data.
#ifndef ANALYZER_MEMORY_MEMORY_REPORT_H_
#define ANALYZER_MEMORY_MEMORY_REPORT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/amount.h"

namespace onnx_macs {

struct AliveTensor {
  std::string name, type;  // "conv_in", "float32[1, 320, 64, 64]"
  Amount bytes;
};

// The totals of traffic are Figures like others.
struct MemoryReport {
  Amount peak_activation_bytes;
  // In another order of the nodes; none where no better one was found.
  std::optional<Amount> reordered_peak_bytes;
  // Where the peak is; of a formula, where it is with every symbol taken as 64.
  std::string peak_node;
  std::vector<AliveTensor> alive_at_peak;  // the largest ones, largest first
  int64_t num_alive_at_peak = 0;           // all of them
  int64_t unknown_tensors = 0;             // activations of unknown size: the peak is a lower bound
  std::vector<std::string> notes;
};

}  // namespace onnx_macs

#endif  // ANALYZER_MEMORY_MEMORY_REPORT_H_
