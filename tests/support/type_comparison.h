// What running a model gave, held against what was inferred: right, not known in full, or wrong.
#ifndef ONNX_MACS_TESTS_SUPPORT_TYPE_COMPARISON_H_
#define ONNX_MACS_TESTS_SUPPORT_TYPE_COMPARISON_H_

#include <functional>
#include <nlohmann/json.hpp>

#include "analyzer/tensor_info.h"

namespace onnx_macs::testing {

enum class Verdict { kRight, kIncomplete, kWrong };

Verdict Worse(Verdict a, Verdict b);

// `expected` is a type of a manifest, see node_cases.h; `at_point` gives a size under all facts and
// with numbers for its symbols.
Verdict CompareType(const nlohmann::json& expected, const TensorInfo& found,
                    const std::function<Dim(Dim)>& at_point);

}  // namespace onnx_macs::testing

#endif  // ONNX_MACS_TESTS_SUPPORT_TYPE_COMPARISON_H_
