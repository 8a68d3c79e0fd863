// What differs around the nodes: inputs and outputs, types of weights, exporter, opsets, sizes.
#ifndef ANALYZER_DIFF_INTERFACE_DIFF_H_
#define ANALYZER_DIFF_INTERFACE_DIFF_H_

#include <vector>

#include "analyzer/diff/model_diff.h"

namespace onnx_macs {

std::vector<Difference> DiffInterface(const ModelReport& before, const ModelReport& after);
std::vector<WeightTypeDiff> DiffWeightTypes(const ModelReport& before, const ModelReport& after);
std::vector<Difference> DiffSetting(const ModelReport& before, const ModelReport& after);

}  // namespace onnx_macs

#endif  // ANALYZER_DIFF_INTERFACE_DIFF_H_
