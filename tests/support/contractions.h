// The operators that have MACs. A node of any other that has some fails every test it is run in
// (tests/support/invariants.h), and a contraction that no sweep is over fails
// tests/rules/contraction_sweeps_test.cc.
#ifndef ONNX_MACS_TESTS_SUPPORT_CONTRACTIONS_H_
#define ONNX_MACS_TESTS_SUPPORT_CONTRACTIONS_H_

#include <set>
#include <string>

namespace onnx_macs::testing {

// "ai.onnx Conv"
std::string OperatorName(const std::string& domain, const std::string& op_type);

const std::set<std::string>& Contractions();
// A softmax counts one MAC per element by definition: nothing is contracted.
const std::set<std::string>& Softmaxes();

}  // namespace onnx_macs::testing

#endif  // ONNX_MACS_TESTS_SUPPORT_CONTRACTIONS_H_
