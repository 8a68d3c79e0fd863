// Gates: how much more a revision may cost than the one before it.
#ifndef ANALYZER_LIMITS_GATE_H_
#define ANALYZER_LIMITS_GATE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "analyzer/limits/metric.h"

namespace onnx_macs {

// One --fail-over: "2%", "5G", "params:unet.mid_block=1%".
struct Gate {
  std::string text;  // as it was given
  Metric metric = Metric::kMacs;
  std::string component;  // empty: the whole
  // What it may grow by: an amount, or millionths of the old one.
  bool is_relative = false;
  int64_t most = 0;
};

// The error is half a sentence: "'x' is neither ...".
absl::StatusOr<Gate> ParseGate(absl::string_view text);

}  // namespace onnx_macs

#endif  // ANALYZER_LIMITS_GATE_H_
