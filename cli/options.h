// What the command line asks for, as plain data.
#ifndef CLI_OPTIONS_H_
#define CLI_OPTIONS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "analyzer/analyze.h"
#include "analyzer/limits/gate.h"
#include "analyzer/pipeline/plan.h"
#include "analyzer/sweep/axis.h"

namespace onnx_macs {

enum class Command { kAnalyze, kDiff, kSweep, kCheck, kOps, kHelp, kVersion };
enum class Format { kTable, kJson, kCsv, kMarkdown };
enum class ColorMode { kAuto, kAlways, kNever };
enum class Grouping { kComponent, kOp, kNode, kFile, kBlock, kStage };
enum class SortKey { kMacs, kOps, kParams, kBytes, kName };

// What is shown of a report, never what is computed.
struct ViewOptions {
  std::vector<Grouping> by = {Grouping::kComponent};  // the first first; the rest drill down
  SortKey sort = SortKey::kMacs;
  bool fold = true;
  std::optional<int> depth, top;
  std::string filter;  // a POSIX extended regular expression
  std::string explain;
  bool formula = false, nodes = false, shapes = false, strict = false, quiet = false;
  bool profile = false;  // --by profile; `by` is then what its bottlenecks are grouped by
  bool memory = false;
};

// One --group; several groups where it names a file.
struct GroupOption {
  std::string text;
  size_t end = 0;  // of its groups in AnalyzeOptions::groups; they begin where the last one's end
};

struct Options {
  Command command = Command::kAnalyze;
  std::vector<std::string> files;
  AnalyzeOptions analyze;
  PipelineOptions pipeline;
  std::vector<SweepAxis> over;               // of a sweep
  std::vector<Gate> gates;                   // of a diff
  std::string budget, write_budget;          // files; empty: none
  std::optional<int64_t> margin;             // of a written budget, in millionths
  std::shared_ptr<const Device> own_device;  // where --device names a file
  std::vector<GroupOption> groups;
  std::string convention = "default";
  std::string rules;           // a file; empty: none
  int64_t training_steps = 1;  // where AnalyzeOptions::training
  ViewOptions view;
  Format format = Format::kTable;
  std::string output;  // empty: standard output
  ColorMode color = ColorMode::kAuto;
  bool stats = false;
  int jobs = 0;  // 0: as many as the machine has threads
};

absl::string_view GroupingName(Grouping grouping);

// The error is one line: what, where, and what to type instead.
absl::StatusOr<Options> ParseOptions(int argc, const char* const* argv);

std::string HelpText();

}  // namespace onnx_macs

#endif  // CLI_OPTIONS_H_
