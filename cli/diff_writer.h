// Every output format of a diff is a function from results to text; none of them computes anything.
#ifndef CLI_DIFF_WRITER_H_
#define CLI_DIFF_WRITER_H_

#include "cli/diff_results.h"
#include "cli/writers.h"

namespace onnx_macs {

// kTable or kMarkdown.
void WriteDiffText(const DiffResults& diff, Format format, const WriteContext& context,
                   TextSink* sink);
void WriteDiffJson(const DiffResults& diff, TextSink* sink);
void WriteDiffCsv(const DiffResults& diff, TextSink* sink);

}  // namespace onnx_macs

#endif  // CLI_DIFF_WRITER_H_
