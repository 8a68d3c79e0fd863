// --stats: where the time went, for whoever tunes or doubts the tool.
#ifndef CLI_STATS_WRITER_H_
#define CLI_STATS_WRITER_H_

#include <chrono>
#include <string>

#include "absl/types/span.h"
#include "cli/file_analysis.h"

namespace onnx_macs {

// "unet.onnx: load 0.8 ms, bind 0.1 ms, ...": a line per file that was analysed.
std::string StatsText(absl::Span<const FileAnalysis> analyses);

// "in all 5.2 ms, at most 12.3 MB of memory".
std::string SumText(double milliseconds, int64_t peak_bytes);

}  // namespace onnx_macs

#endif  // CLI_STATS_WRITER_H_
