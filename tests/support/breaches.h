// What must hold in every report, whatever was analysed: sums are sums, every node is counted, free
// or a gap. Knows no test framework, because fuzzing holds reports to the same.
#ifndef ONNX_MACS_TESTS_SUPPORT_BREACHES_H_
#define ONNX_MACS_TESTS_SUPPORT_BREACHES_H_

#include <string>
#include <vector>

#include "analyzer/report.h"

namespace onnx_macs::testing {

// What does not hold, one line each; empty where all is well.
std::vector<std::string> FindBreaches(const ModelReport& report);

}  // namespace onnx_macs::testing

#endif  // ONNX_MACS_TESTS_SUPPORT_BREACHES_H_
