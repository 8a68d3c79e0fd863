// The command as a whole, from its start to its end, against parse_only, which only parses the same
// file: wall-clock time, and the command's peak memory beside its limit.
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
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

constexpr int kRounds = 21, kHeavyRounds = 3;
constexpr int kSyntheticNodes = 84'000;
constexpr double kHeavyBar = 1.0 / 20;

// The best of several runs.
struct Usage {
  double milliseconds = std::numeric_limits<double>::infinity();
  double peak_megabytes = 0;
};

// Runs a program with its output thrown away; false when it fails.
bool RunOnce(const std::vector<std::string>& command, Usage* usage) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  int status = -1;
  struct rusage used = {};
  const auto start = std::chrono::steady_clock::now();
  const bool ran =
      posix_spawn(&child, arguments[0], &actions, nullptr, arguments.data(), environ) == 0 &&
      wait4(child, &status, 0, &used) == child && status == 0;
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  posix_spawn_file_actions_destroy(&actions);
  usage->milliseconds = std::min(usage->milliseconds, took.count());
  usage->peak_megabytes = static_cast<double>(used.ru_maxrss) * 1024 / kMega;
  return ran;
}

struct Outcome {
  Subject subject;
  Usage parse, ours;
};

// The two take turns, so that a busy machine slows both.
bool Measure(Outcome* outcome, int rounds) {
  const std::string& path = outcome->subject.path;
  std::vector<std::string> command{ONNX_MACS_BINARY, path, "--quiet"};
  if (outcome->subject.has_open_size) command.insert(command.end(), {"--res", "512"});
  for (int i = 0; i < rounds; ++i) {
    if (!RunOnce({ONNX_MACS_PARSE_ONLY, path}, &outcome->parse) ||
        !RunOnce(command, &outcome->ours)) {
      std::fprintf(stderr, "%s: a program failed\n", path.c_str());
      return false;
    }
  }
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
                o.ours.peak_megabytes, limit, o.ours.peak_megabytes <= limit ? "ok" : "MISSED");
  }
}

int Main() {
  std::vector<Outcome> outcomes;
  for (const Subject& subject : RealModels()) outcomes.push_back({subject, {}, {}});
  TempFile synthetic("onnx-macs-synthetic");
  synthetic.Write(SyntheticModel(kSyntheticNodes));
  outcomes.push_back({{"84,000 nodes, synthetic", synthetic.path(), 1.5}, {}, {}});
  const TempFile heavy("onnx-macs-heavy");
  if (const int64_t weights = WriteHeavyModel(heavy); weights > 0) {
    outcomes.push_back(
        {{"1.7 GB of weights inside", heavy.path(), kHeavyBar, false, weights}, {}, {}});
  }
  for (Outcome& outcome : outcomes) {
    if (!Measure(&outcome, outcome.subject.weight_bytes > 0 ? kHeavyRounds : kRounds)) return 1;
  }
  PrintHeader("whole process, wall clock", "ours ms");
  for (const Outcome& o : outcomes) {
    PrintRow(o.subject.name, o.parse.milliseconds, o.ours.milliseconds, o.subject.bar);
  }
  PrintMemory(outcomes);
  return 0;
}

}  // namespace
}  // namespace onnx_macs::bench

int main() { return onnx_macs::bench::Main(); }
