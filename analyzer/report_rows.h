// How counts and names become parts of the plain rows of a Report.
#ifndef ANALYZER_REPORT_ROWS_H_
#define ANALYZER_REPORT_ROWS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "analyzer/amount_maker.h"
#include "analyzer/cost_walk.h"
#include "analyzer/inference.h"
#include "analyzer/report.h"

namespace onnx_macs {

// "tensor", "sequence" ...
absl::string_view KindName(ValueKind kind);
// The node's own name, or "#17" by its place in the walk.
std::string NodeName(const NodeRecord& record, size_t index);
// "[1, height, 64]"; "?" for what is unknown.
std::string ShapeText(const ValueRow& value);
// How deep a component lies: 0 for "", the whole model.
int DepthOf(absl::string_view path);
// The prefix of a wrapper that holds everything ("vae."); empty where there is none.
std::string DisplayPrefix(absl::Span<const ComponentRow> components);

}  // namespace onnx_macs

#endif  // ANALYZER_REPORT_ROWS_H_
