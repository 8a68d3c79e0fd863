// The command as a whole, from its start to its end, against parse_only, which only parses the same
// file: wall-clock time, and the command's peak memory beside its limit. Further tables are about
// ONNX's shape inference, the start alone, growth and diff.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <string>
#include <vector>

#include "bench/bench_models.h"

extern char** environ;

namespace onnx_macs::bench {
namespace {

constexpr int kRounds = 41, kHeavyRounds = 3;
constexpr int kSyntheticNodes = 84'000;
constexpr double kHeavyBar = 1.0 / 20;

using Command = std::vector<std::string>;

// Runs a program with its output thrown away and keeps the best time; false when it fails.
bool RunOnce(const Command& command, double* best_ms) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  int status = -1;
  const auto start = std::chrono::steady_clock::now();
  const bool ran =
      posix_spawn(&child, arguments[0], &actions, nullptr, arguments.data(), environ) == 0 &&
      waitpid(child, &status, 0) == child && status == 0;
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  posix_spawn_file_actions_destroy(&actions);
  *best_ms = std::min(*best_ms, took.count());
  return ran;
}

// What the command says of itself, from the kernel's VmHWM. The usage that wait4 reports would do
// for large programs only: it starts from the memory of this one.
double PeakMegabytes(const Command& command) {
  constexpr double kUnknown = std::numeric_limits<double>::infinity();
  std::string line, stats;
  for (const std::string& word : command) line += "'" + word + "' ";
  FILE* pipe = popen((line + "--stats 2>&1 >/dev/null").c_str(), "r");
  if (pipe == nullptr) return kUnknown;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) {
    stats.push_back(static_cast<char>(c));
  }
  pclose(pipe);
  const std::string key = "at most ";
  const size_t at = stats.rfind(key);
  if (at == std::string::npos) return kUnknown;
  char* unit = nullptr;
  const double size = std::strtod(stats.c_str() + at + key.size(), &unit);
  return std::string(unit).compare(0, 3, " GB") == 0 ? size * 1000 : size;
}

struct Outcome {
  Subject subject;
  double parse_ms = std::numeric_limits<double>::infinity();
  double ours_ms = std::numeric_limits<double>::infinity();
  double peak_megabytes = 0;
};

// The two take turns, so that a busy machine slows both.
bool Measure(Outcome* outcome, int rounds) {
  const std::string& path = outcome->subject.path;
  Command command{ONNX_MACS_BINARY, path, "--quiet"};
  if (outcome->subject.has_open_size) command.insert(command.end(), {"--res", "512"});
  for (int i = 0; i < rounds; ++i) {
    if (!RunOnce({ONNX_MACS_PARSE_ONLY, path}, &outcome->parse_ms) ||
        !RunOnce(command, &outcome->ours_ms)) {
      std::fprintf(stderr, "%s: a program failed\n", path.c_str());
      return false;
    }
  }
  outcome->peak_megabytes = PeakMegabytes(command);
  return true;
}

void PrintMemory(const std::vector<Outcome>& outcomes) {
  std::printf("\npeak memory of the command\n%-28s %11s %11s %7s\n", "model", "graph MB", "peak MB",
              "limit");
  for (const Outcome& o : outcomes) {
    const auto bytes = static_cast<double>(std::filesystem::file_size(o.subject.path));
    const double graph = (bytes - static_cast<double>(o.subject.weight_bytes)) / kMega;
    const double limit = 4 * graph + 10;
    std::printf("%-28s %11.2f %11.2f %7.1f   4 x graph + 10 %s\n", o.subject.name.c_str(), graph,
                o.peak_megabytes, limit, o.peak_megabytes <= limit ? "ok" : "MISSED");
  }
}

// Linear cost is still dearer per node where caches no longer hold the graph; start-up is left out.
bool PrintGrowth() {
  constexpr int kSizes[] = {10'000, 100'000, 1'000'000};
  constexpr int kGrowthRounds = 7;
  constexpr double kGrowthBar = 2.0;
  std::printf("\ngrowth, whole process without start-up\n%-28s %11s %11s %7s   %s\n", "nodes",
              "ours ms", "ns/node", "ratio", "bar");
  double start_ms = std::numeric_limits<double>::infinity(), base = 0;
  for (const int nodes : kSizes) {
    TempFile file("onnx-macs-growth");
    file.Write(SyntheticModel(nodes));
    double best_ms = std::numeric_limits<double>::infinity();
    for (int i = 0; i < kGrowthRounds; ++i) {
      if (!RunOnce({ONNX_MACS_BINARY, "--version"}, &start_ms) ||
          !RunOnce({ONNX_MACS_BINARY, file.path(), "--quiet"}, &best_ms)) {
        return false;
      }
    }
    const double per_node = (best_ms - start_ms) / nodes;
    if (base == 0) base = per_node;
    std::printf("%-28d %11.2f %11.0f %7.3f   at most %-6.4g %s\n", nodes, best_ms, per_node * kMega,
                per_node / base, kGrowthBar, per_node <= kGrowthBar * base ? "ok" : "MISSED");
  }
  return true;
}

// Where every shape has to be folded, against what others begin with: the parse and ONNX's shape
// inference, which leaves most of them open.
bool PrintInference() {
  constexpr double kInferBar = 0.5;
  for (const Subject& subject : RealModels()) {
    if (!subject.has_open_size) continue;
    double infer_ms = std::numeric_limits<double>::infinity(), ours_ms = infer_ms;
    for (int i = 0; i < kRounds; ++i) {
      if (!RunOnce({ONNX_MACS_INFER_ONLY, subject.path}, &infer_ms) ||
          !RunOnce({ONNX_MACS_BINARY, subject.path, "--quiet", "--res", "512"}, &ours_ms)) {
        return false;
      }
    }
    PrintHeader("beside the parse and ONNX's InferShapes, whole process", "theirs ms");
    PrintRow(subject.name, infer_ms, ours_ms, kInferBar);
  }
  return true;
}

bool PrintStart() {
  constexpr double kStartBarMs = 2;
  double nothing_ms = std::numeric_limits<double>::infinity(), version_ms = nothing_ms;
  for (int i = 0; i < 5 * kRounds; ++i) {
    if (!RunOnce({ONNX_MACS_NOTHING}, &nothing_ms) ||
        !RunOnce({ONNX_MACS_BINARY, "--version"}, &version_ms)) {
      return false;
    }
  }
  std::printf(
      "\nstart: --version %.2f ms, a program that does nothing %.2f ms: %.2f ms more, at most "
      "%.0f %s\n",
      version_ms, nothing_ms, version_ms - nothing_ms, kStartBarMs,
      version_ms - nothing_ms <= kStartBarMs ? "ok" : "MISSED");
  return true;
}

// Against the same two files analysed by one command.
bool PrintDiff() {
  constexpr int kNodes = 10'000;
  constexpr double kDiffBar = 1.2;
  TempFile before("onnx-macs-old"), after("onnx-macs-new");
  before.Write(SyntheticModel(kNodes));
  after.Write(SyntheticModel(kNodes + 10));
  double both_ms = std::numeric_limits<double>::infinity(), diff_ms = both_ms;
  for (int i = 0; i < kRounds; ++i) {
    if (!RunOnce({ONNX_MACS_BINARY, before.path(), after.path(), "--quiet"}, &both_ms) ||
        !RunOnce({ONNX_MACS_BINARY, "diff", before.path(), after.path()}, &diff_ms)) {
      return false;
    }
  }
  std::printf("\ndiff, whole process\n%-28s %11s %11s %7s   %s\n", "", "both ms", "diff ms",
              "ratio", "bar");
  std::printf("%-28s %11.2f %11.2f %7.3f   at most %-6.4g %s\n", "10,000 and 10,010 nodes", both_ms,
              diff_ms, diff_ms / both_ms, kDiffBar,
              diff_ms <= kDiffBar * both_ms ? "ok" : "MISSED");
  return true;
}

int Main() {
  std::vector<Outcome> outcomes;
  for (const Subject& subject : RealModels()) outcomes.push_back({.subject = subject});
  TempFile synthetic("onnx-macs-synthetic");
  synthetic.Write(SyntheticModel(kSyntheticNodes));
  outcomes.push_back({.subject = {"84,000 nodes, synthetic", synthetic.path(), 1.5}});
  const TempFile heavy("onnx-macs-heavy");
  if (const int64_t weights = WriteHeavyModel(heavy); weights > 0) {
    outcomes.push_back(
        {.subject = {"1.7 GB of weights inside", heavy.path(), kHeavyBar, false, weights}});
  }
  for (Outcome& outcome : outcomes) {
    if (!Measure(&outcome, outcome.subject.weight_bytes > 0 ? kHeavyRounds : kRounds)) return 1;
  }
  PrintHeader("whole process, wall clock");
  for (const Outcome& o : outcomes) {
    PrintRow(o.subject.name, o.parse_ms, o.ours_ms, o.subject.bar);
  }
  PrintMemory(outcomes);
  return PrintInference() && PrintStart() && PrintGrowth() && PrintDiff() ? 0 : 1;
}

}  // namespace
}  // namespace onnx_macs::bench

int main() { return onnx_macs::bench::Main(); }
