// Schedulers: how often a denoiser is called for a number of steps.
#ifndef ANALYZER_PIPELINE_SCHEDULER_H_
#define ANALYZER_PIPELINE_SCHEDULER_H_

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"

namespace onnx_macs {

// Of steps, evaluations, tokens and images at a time: what is made of a few of them fits 64 bits.
inline constexpr int64_t kMostTimes = int64_t{1} << 40;

struct Scheduler {
  absl::string_view name;        // "pndm"
  absl::string_view class_name;  // of diffusers: "PNDMScheduler"
  // Evaluations are steps * per_step + extra.
  int per_step, extra;

  int64_t Evaluations(int64_t steps) const { return steps * per_step + extra; }
};

// By short name or class name; null where it is not known.
const Scheduler* FindScheduler(absl::string_view name);

// The short names, each once.
std::vector<absl::string_view> SchedulerNames();

}  // namespace onnx_macs

#endif  // ANALYZER_PIPELINE_SCHEDULER_H_
