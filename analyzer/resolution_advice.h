// When a model cannot take the resolution it was given: which ones it can.
#ifndef ANALYZER_RESOLUTION_ADVICE_H_
#define ANALYZER_RESOLUTION_ADVICE_H_

#include <string>

#include "analyzer/analyze.h"

namespace onnx_macs {

// A sentence, found by inferring the model with symbols for height and width; empty where that says
// nothing. `options.res` is given.
std::string AdviseResolution(const Model& model, const RuleSet& rules, const BindOptions& options);

}  // namespace onnx_macs

#endif  // ANALYZER_RESOLUTION_ADVICE_H_
