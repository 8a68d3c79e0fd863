// What a report says about rules that are not built in.
#ifndef ANALYZER_RULE_SOURCES_H_
#define ANALYZER_RULE_SOURCES_H_

#include <string>
#include <vector>

#include "analyzer/inference.h"

namespace onnx_macs {

// "counted by rules.json: bk::BKCore (4 nodes), MatMul (9 nodes)"; which nodes are free because a
// file says so; or that the rules are about nothing in the model.
std::vector<std::string> DescribeSources(const Inference& inference);

}  // namespace onnx_macs

#endif  // ANALYZER_RULE_SOURCES_H_
