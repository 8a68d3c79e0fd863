// What a file declares about its values, as rows of a report: names stay names, whatever was bound.
#ifndef ANALYZER_DECLARED_ROWS_H_
#define ANALYZER_DECLARED_ROWS_H_

#include <string>
#include <vector>

#include "analyzer/declared_type.h"
#include "analyzer/model.h"
#include "analyzer/report.h"

namespace onnx_macs {

// "float32[batch, 3]", "sequence(float32[...])", "map(int64, float32[])".
std::string TypeText(const DeclaredType& type);

// The inputs that are no initializers, and the outputs.
std::vector<ValueRow> DeclaredInputs(const Graph& graph);
std::vector<ValueRow> DeclaredOutputs(const Graph& graph);

}  // namespace onnx_macs

#endif  // ANALYZER_DECLARED_ROWS_H_
