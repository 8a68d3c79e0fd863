// Two runs held against gates.
#ifndef ANALYZER_LIMITS_JUDGE_GATES_H_
#define ANALYZER_LIMITS_JUDGE_GATES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "analyzer/limits/gate.h"
#include "analyzer/limits/reading.h"

namespace onnx_macs {

// How a limit fared. What cannot be told counts as not held.
enum class Verdict { kHolds, kExceeded, kUnknown };

struct GateRow {
  Gate gate;
  std::string what;  // "mid_block", "Stable Diffusion 1.x", "unet.onnx", "2 files"
  Amount old_amount, new_amount;
  bool old_is_bound = false, new_is_bound = false;    // lower bounds
  bool old_is_absent = false, new_is_absent = false;  // no such component there: nothing
  Amount limit;  // the most it may be; unknown without old_amount
  Verdict verdict = Verdict::kHolds;
  std::string reason;  // of kUnknown, and what to do about it

  bool ok() const { return verdict == Verdict::kHolds; }
};

// A component that has another path in the new run.
struct Renaming {
  std::string old_file, old_path, new_file, new_path;
};

// In the order of the gates. The whole is a pipeline's calls where both runs are one pipeline, else
// one call of each model; parameters and weights are always those of the models. The error is wrong
// usage: a component that neither run has, or several.
absl::StatusOr<std::vector<GateRow>> JudgeGates(absl::Span<const Gate> gates,
                                                const RunView& old_run, const RunView& new_run,
                                                absl::Span<const Renaming> renamings = {});

}  // namespace onnx_macs

#endif  // ANALYZER_LIMITS_JUDGE_GATES_H_
