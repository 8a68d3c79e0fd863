// Lines for standard error; times come from the analysis.
#include "cli/stats_writer.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "cli/number_format.h"
#include "cli/text.h"

namespace onnx_macs {

namespace {

// "paths: PyTorch (TorchScript); 4211 node_names, 285 consumers".
std::string PathsText(const PathSources& paths) {
  std::vector<std::string> from{paths.exporter};
  from.insert(from.end(), paths.tools.begin(), paths.tools.end());
  const auto append = [](std::string* out, const std::pair<std::string, int64_t>& evidence) {
    absl::StrAppend(out, evidence.second, " by ", evidence.first);
  };
  return absl::StrCat("  paths: ", absl::StrJoin(from, ", "),
                      "; nodes placed: ", absl::StrJoin(paths.evidence, ", ", append), "\n");
}

}  // namespace

std::string StatsText(absl::Span<const FileAnalysis> analyses) {
  std::string text;
  for (const FileAnalysis& analysis : analyses) {
    if (!analysis.result) continue;
    double sum = 0;
    std::string stages;
    for (const StageTime& time : analysis.result->times) {
      absl::StrAppendFormat(&stages, "%s %.2f ms, ", time.stage, time.milliseconds);
      sum += time.milliseconds;
    }
    absl::StrAppend(&text, Printable(analysis.file), ": ", stages,
                    absl::StrFormat("together %.2f ms; ", sum), FormatBytes(analysis.bytes),
                    " of file, ", analysis.result->report.figures.nodes, " nodes\n",
                    PathsText(analysis.result->report.paths));
  }
  return text;
}

std::string SumText(double milliseconds, int64_t peak_bytes) {
  std::string text = absl::StrFormat("in all %.2f ms", milliseconds);
  if (peak_bytes > 0) absl::StrAppend(&text, ", at most ", FormatBytes(peak_bytes), " of memory");
  return absl::StrCat(text, "\n");
}

}  // namespace onnx_macs
