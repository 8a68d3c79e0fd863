// From costs of nodes to a Report: each cost is added once to its component and its operator.
#ifndef ANALYZER_ROLL_UP_H_
#define ANALYZER_ROLL_UP_H_

#include "analyzer/analyze.h"
#include "analyzer/bind.h"
#include "analyzer/cost_walk.h"
#include "analyzer/inference.h"
#include "analyzer/report.h"

namespace onnx_macs {

ModelReport RollUp(Inference& inference, const Binding& binding, const CostResult& costs,
                   const AnalyzeOptions& options);

}  // namespace onnx_macs

#endif  // ANALYZER_ROLL_UP_H_
