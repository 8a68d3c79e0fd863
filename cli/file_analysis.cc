// Threads take the next file until none is left.
#include "cli/file_analysis.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

#include "analyzer/loader.h"

namespace onnx_macs {
namespace {

using Clock = std::chrono::steady_clock;

double MillisecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

FileAnalysis AnalyzeFile(const ModelFile& file, const RuleSet& rules,
                         const AnalyzeOptions& options) {
  FileAnalysis analysis;
  analysis.file = file.path;
  analysis.file_error = file.error;
  if (!file.error.empty()) return analysis;
  const Clock::time_point start = Clock::now();
  const auto model = LoadModel(file.path);
  if (!model.ok()) {
    analysis.file_error = std::string(model.status().message());
    return analysis;
  }
  const double load_milliseconds = MillisecondsSince(start);
  analysis.bytes = static_cast<int64_t>((*model)->bytes.view().size());
  auto result = Analyze(**model, rules, options);
  // Zeros were read where the file ended: whatever came of it is not about this file.
  if ((*model)->bytes.has_shrunk()) {
    analysis.file_error = "the file became shorter while it was read";
  } else if (!result.ok()) {
    analysis.usage_error = std::string(result.status().message());
  } else {
    result->report.file = file.path;
    result->times.insert(result->times.begin(), {"load", load_milliseconds});
    analysis.result = *std::move(result);
  }
  return analysis;
}

}  // namespace

std::vector<FileAnalysis> AnalyzeFiles(absl::Span<const ModelFile> files, const RuleSet& rules,
                                       const AnalyzeOptions& options, int jobs) {
  std::vector<FileAnalysis> analyses(files.size());
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    for (size_t i = next++; i < files.size(); i = next++) {
      analyses[i] = AnalyzeFile(files[i], rules, options);
    }
  };
  const size_t wanted = jobs > 0 ? jobs : std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::thread> helpers;
  try {
    for (size_t i = 1; i < std::min(wanted, files.size()); ++i) helpers.emplace_back(work);
  } catch (const std::system_error&) {
    // The system gives no more threads: those there are do all the work.
  }
  work();
  for (std::thread& helper : helpers) helper.join();
  return analyses;
}

}  // namespace onnx_macs
