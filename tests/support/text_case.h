// Whole models as text, for tests of what one node alone cannot show: graphs inside graphs.
#ifndef ONNX_MACS_TESTS_SUPPORT_TEXT_CASE_H_
#define ONNX_MACS_TESTS_SUPPORT_TEXT_CASE_H_

#include <cstdint>
#include <string>

#include "analyzer/analyze.h"

namespace onnx_macs::testing {

// Analyses a model's bytes, or its text in any of ONNX's forms; symbols stay what they are.
ModelReport AnalyzeModel(const std::string& model, AnalyzeOptions options = {});

// The text of a model of opset 17 around "g (float[2] x) => (y) {...}" and whatever follows it.
std::string ModelText(const std::string& graph);

// "f32[2,h]" of the value: "?" for what is not known, "no value" where there is none.
std::string ShapeOf(const ModelReport& report, const std::string& value);

// An amount as text: "12", "2*h", "?".
std::string TextOf(const Amount& amount);

// The row of a node; fails the test when there is none.
const NodeRow& NodeOf(const ModelReport& report, const std::string& name);

}  // namespace onnx_macs::testing

#endif  // ONNX_MACS_TESTS_SUPPORT_TEXT_CASE_H_
