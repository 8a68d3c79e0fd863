// What holds after every analysis of every model: checked wherever a test makes a report.
#ifndef ONNX_MACS_TESTS_SUPPORT_INVARIANTS_H_
#define ONNX_MACS_TESTS_SUPPORT_INVARIANTS_H_

#include "analyzer/report.h"

namespace onnx_macs::testing {

// The root is the sum of the nodes, each tree adds up, and counted + free + gaps = all nodes. What
// concerns single nodes is checked only where the report has node rows, and blocks where there are
// any. MACs come from contractions and softmaxes alone (contractions.h).
void CheckInvariants(const ModelReport& report);

// Two analyses of one model that differ in what they tell: no number is changed by that.
void CheckSameTotals(const ModelReport& a, const ModelReport& b);

}  // namespace onnx_macs::testing

#endif  // ONNX_MACS_TESTS_SUPPORT_INVARIANTS_H_
