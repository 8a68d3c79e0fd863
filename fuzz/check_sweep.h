// Holds what is computed with symbols to what is computed with numbers in their place.
#ifndef FUZZ_CHECK_SWEEP_H_
#define FUZZ_CHECK_SWEEP_H_

#include <string>
#include <vector>

#include "analyzer/analyze.h"

namespace onnx_macs::fuzz {

// Wherever the conditions of its formulas hold, a sweep of one size says what an analysis at the
// point says. `open` are names of dims that could be swept. One line for each breach.
std::vector<std::string> CheckSweep(const Model& model, const RuleSet& rules,
                                    const AnalyzeOptions& options,
                                    const std::vector<std::string>& open);

}  // namespace onnx_macs::fuzz

#endif  // FUZZ_CHECK_SWEEP_H_
