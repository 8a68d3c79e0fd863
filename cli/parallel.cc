// Threads take the next number until none is left.
#include "cli/parallel.h"

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>
#include <vector>

namespace onnx_macs {

void ForEachInParallel(size_t count, int jobs, absl::FunctionRef<void(size_t)> work) {
  std::atomic<size_t> next = 0;
  const auto take = [&] {
    for (size_t i = next++; i < count; i = next++) work(i);
  };
  const size_t wanted = jobs > 0 ? jobs : std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::thread> helpers;
  try {
    for (size_t i = 1; i < std::min(wanted, count); ++i) helpers.emplace_back(take);
  } catch (const std::system_error&) {
    // The system gives no more threads: those there are do all the work.
  }
  take();
  for (std::thread& helper : helpers) helper.join();
}

}  // namespace onnx_macs
