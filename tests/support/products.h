// Products of activations: what only attention computes, found without looking at blocks.
#ifndef ONNX_MACS_TESTS_SUPPORT_PRODUCTS_H_
#define ONNX_MACS_TESTS_SUPPORT_PRODUCTS_H_

#include <cstdint>
#include <string>

#include "analyzer/report.h"

namespace onnx_macs::testing {

// The MACs of all products whose operands are both computed from what goes into the model, read off
// its file by ONNX's own library; `report` has its node rows. A fused attention has its products in
// the parts of its row. Only of models whose branches multiply nothing.
int64_t ProductsOfActivations(const std::string& file, const ModelReport& report);

}  // namespace onnx_macs::testing

#endif  // ONNX_MACS_TESTS_SUPPORT_PRODUCTS_H_
