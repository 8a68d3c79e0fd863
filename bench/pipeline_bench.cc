// Load, bind, infer, cost and roll-up in one process, against protobuf parsing the same bytes, and
// against that and ONNX's shape inference behind it. The tables at the end set every ratio beside
// its bar; times are the best of several rounds, in which they take turns.
#include "onnx/shape_inference/implementation.h"
// In front of what is behind it: a macro of the system's has one of its names.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/analyze.h"
#include "analyzer/loader.h"
#include "bench/bench_models.h"
#include "rules/rules.h"

namespace onnx_macs::bench {
namespace {

constexpr int kSyntheticNodes = 84'000;
constexpr double kHeavyBar = 1.0 / 20;
constexpr double kInferBar = 0.5;

void RequireOk(const absl::Status& status, benchmark::State& state) {
  if (!status.ok()) state.SkipWithError(status.ToString().c_str());
}

void AnalyzeLoaded(absl::StatusOr<std::unique_ptr<Model>> model, benchmark::State& state) {
  RequireOk(model.status(), state);
  if (!model.ok()) return;
  AnalyzeOptions options;
  options.bind.res = {512, 512};
  auto result = Analyze(**model, BuiltinRules(), options);
  RequireOk(result.status(), state);
  benchmark::DoNotOptimize(result);
  state.PauseTiming();  // Freeing is left out on both sides.
  result = absl::CancelledError();
  model = absl::CancelledError();
  state.ResumeTiming();
}

void AnalyzeBytes(benchmark::State& state, const std::string& bytes) {
  for (auto _ : state) {
    state.PauseTiming();
    std::string copy = bytes;
    state.ResumeTiming();
    AnalyzeLoaded(LoadModelFromBytes(std::move(copy)), state);
  }
}

void AnalyzeFile(benchmark::State& state, const std::string& path) {
  for (auto _ : state) AnalyzeLoaded(LoadModel(path), state);
}

void ParseArray(benchmark::State& state, const void* bytes, size_t size) {
  for (auto _ : state) {
    auto model = std::make_unique<onnx::ModelProto>();
    if (!model->ParseFromArray(bytes, static_cast<int>(size))) {
      state.SkipWithError("protobuf cannot parse it");
      break;
    }
    benchmark::DoNotOptimize(model);
    state.PauseTiming();
    model.reset();
    state.ResumeTiming();
  }
}

void InferArray(benchmark::State& state, const std::string& bytes) {
  for (auto _ : state) {
    auto model = std::make_unique<onnx::ModelProto>();
    model->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
    onnx::shape_inference::InferShapes(*model);
    benchmark::DoNotOptimize(model);
    state.PauseTiming();
    model.reset();
    state.ResumeTiming();
  }
}

void ParseFile(benchmark::State& state, const std::string& path) {
  const size_t size = std::filesystem::file_size(path);
  const int file = open(path.c_str(), O_RDONLY);
  void* bytes = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
  close(file);
  if (bytes == MAP_FAILED) {
    state.SkipWithError("cannot map the file");
    return;
  }
  ParseArray(state, bytes, size);
  munmap(bytes, size);
}

// Keeps the best CPU time, in milliseconds, of everything that ran.
class BestTimes : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration || run.error_occurred) continue;
      double& best =
          best_.try_emplace(run.run_name.function_name, std::numeric_limits<double>::infinity())
              .first->second;
      best = std::min(best, run.GetAdjustedCPUTime());
    }
  }
  // Infinity where it did not run.
  double operator[](const std::string& name) const {
    const auto found = best_.find(name);
    return found == best_.end() ? std::numeric_limits<double>::infinity() : found->second;
  }

 private:
  std::map<std::string, double> best_;
};

void Register(const std::string& name, std::function<void(benchmark::State&)> run, int rounds) {
  benchmark::RegisterBenchmark(name.c_str(), std::move(run))
      ->Unit(benchmark::kMillisecond)
      ->MinTime(0.1)
      ->Repetitions(rounds)
      ->ReportAggregatesOnly(false);
}

// A model in memory and the pair of benchmarks about it.
struct Loaded {
  Subject subject;
  std::string bytes;
};

void RegisterPair(const Loaded& loaded) {
  const std::string& name = loaded.subject.name;
  Register(
      "parse/" + name,
      [&loaded](benchmark::State& s) { ParseArray(s, loaded.bytes.data(), loaded.bytes.size()); },
      7);
  Register(
      "analyze/" + name, [&loaded](benchmark::State& s) { AnalyzeBytes(s, loaded.bytes); }, 7);
}

// Memory that was used before comes without page faults: every round gets its memory anew, as one
// run of a program does, on both sides.
void ReturnFreedMemory() {
  constexpr int kThreshold = 128 * 1024;
  mallopt(M_MMAP_THRESHOLD, kThreshold);
  mallopt(M_TRIM_THRESHOLD, kThreshold);
}

int Main(int argc, char** argv) {
  ReturnFreedMemory();
  std::vector<Loaded> models;
  models.reserve(16);  // benchmarks refer to them
  for (const Subject& subject : RealModels()) models.push_back({subject, ReadFile(subject.path)});
  models.push_back({{"84,000 nodes, synthetic", "", 1.5}, SyntheticModel(kSyntheticNodes)});
  for (const Loaded& model : models) RegisterPair(model);
  const std::vector<Loaded> real(models.begin(), models.end() - 1);
  for (const Loaded& model : real) {
    Register(
        "infer/" + model.subject.name,
        [&model](benchmark::State& s) { InferArray(s, model.bytes); }, 7);
  }

  const TempFile heavy("onnx-macs-heavy");
  const std::string heavy_name = "1.7 GB of weights inside";
  if (WriteHeavyModel(heavy) > 0) {
    Register(
        "parse/" + heavy_name, [&](benchmark::State& s) { ParseFile(s, heavy.path()); }, 3);
    Register(
        "analyze/" + heavy_name, [&](benchmark::State& s) { AnalyzeFile(s, heavy.path()); }, 3);
    models.push_back({{heavy_name, heavy.path(), kHeavyBar}, ""});
  } else {
    std::fprintf(stderr, "left out: %s (the disk is too full)\n", heavy_name.c_str());
  }

  std::vector<char*> arguments(argv, argv + argc);
  std::string interleave = "--benchmark_enable_random_interleaving=true";
  arguments.insert(arguments.begin() + 1, interleave.data());
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  BestTimes times;
  benchmark::RunSpecifiedBenchmarks(&times);

  PrintHeader("in process, CPU time");
  for (const Loaded& m : models) {
    PrintRow(m.subject.name, times["parse/" + m.subject.name], times["analyze/" + m.subject.name],
             m.subject.bar);
  }
  PrintHeader("beside the parse and ONNX's InferShapes, in process, CPU time", "theirs ms");
  for (const Loaded& m : real) {
    PrintRow(m.subject.name, times["infer/" + m.subject.name], times["analyze/" + m.subject.name],
             kInferBar);
  }
  return 0;
}

}  // namespace
}  // namespace onnx_macs::bench

int main(int argc, char** argv) { return onnx_macs::bench::Main(argc, argv); }
