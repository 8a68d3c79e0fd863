// Holds a report to what is read back of its JSON.
#ifndef FUZZ_CHECK_SAVED_H_
#define FUZZ_CHECK_SAVED_H_

#include <string>
#include <vector>

#include "analyzer/report.h"

namespace onnx_macs::fuzz {

// Whatever names and numbers a model has, its JSON can be read, and written again as it is. One
// line for each breach.
std::vector<std::string> CheckSaved(const ModelReport& report);

}  // namespace onnx_macs::fuzz

#endif  // FUZZ_CHECK_SAVED_H_
