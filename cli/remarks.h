// What is said around a table in words: where the model comes from, what was bound and assumed, and
// what was not counted.
#ifndef CLI_REMARKS_H_
#define CLI_REMARKS_H_

#include <string>
#include <vector>

#include "analyzer/report.h"
#include "cli/options.h"

namespace onnx_macs {

// "pytorch 2.8.0, opset 17, 4976 nodes".
std::string Origin(const ModelReport& model);

// "batch_size=1 height=64 width=64"; empty when nothing was bound.
std::string Bindings(const ModelReport& model);

// One remark per line: assumptions, notes, hints, and gaps; a few of each unless --strict.
// With --quiet only what a formula assumes.
std::vector<std::string> Remarks(const ModelReport& model, const ViewOptions& options);

// --formula: the whole formulas, each on a line of its own that can be copied.
std::vector<std::string> Formulas(const ModelReport& model);

// "2 files: 1.7 T MACs, ...", for more than one model.
std::string GrandTotal(const std::vector<ModelReport>& models, const Figures& total,
                       bool is_lower_bound);

}  // namespace onnx_macs

#endif  // CLI_REMARKS_H_
