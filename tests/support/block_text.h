// Blocks of a report as text, so that a test can say in one line what it expects.
#ifndef ONNX_MACS_TESTS_SUPPORT_BLOCK_TEXT_H_
#define ONNX_MACS_TESTS_SUPPORT_BLOCK_TEXT_H_

#include <string>

#include "analyzer/report.h"

namespace onnx_macs::testing {

// "attention 3x4 5>7 qk=840 softmax=210 av=840; layer_norm": attentions with heads x head size,
// query > key length and the MACs of their parts.
std::string BlocksText(const ModelReport& report);

// "moe 2/4 of 24 router=96 experts=720 active=816/500 of 900": each of 24 tokens takes 2 of 4
// experts; MACs of parts, then active MACs, active and all parameters.
std::string MixtureText(const BlockRow& block);

// The blocks as a forest: "mlp(geglu(gelu)); layer_norm".
std::string ForestText(const ModelReport& report);

// The report of a model of opset 17 with inputs and nodes in ONNX's text form; other
// domains and opsets as in `imports`.
ModelReport AnalyzeNodes(const std::string& inputs, const std::string& nodes,
                         const std::string& imports = R"("" : 17)");

}  // namespace onnx_macs::testing

#endif  // ONNX_MACS_TESTS_SUPPORT_BLOCK_TEXT_H_
