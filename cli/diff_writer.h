// Every output format of a diff is a function from results to text; none of them computes anything.
#ifndef CLI_DIFF_WRITER_H_
#define CLI_DIFF_WRITER_H_

#include <string>

#include "cli/diff_results.h"
#include "cli/writers.h"

namespace onnx_macs {

// kTable or kMarkdown.
std::string WriteDiffText(const DiffResults& diff, Format format, const WriteContext& context);
std::string WriteDiffJson(const DiffResults& diff);
std::string WriteDiffCsv(const DiffResults& diff);

}  // namespace onnx_macs

#endif  // CLI_DIFF_WRITER_H_
