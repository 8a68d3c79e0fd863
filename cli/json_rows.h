// Rows of a report as JSON.
#ifndef CLI_JSON_ROWS_H_
#define CLI_JSON_ROWS_H_

#include "absl/types/span.h"
#include "analyzer/report.h"
#include "cli/json_amount.h"
#include "cli/json_text.h"

namespace onnx_macs {

// By NodeRow::Status.
inline constexpr const char* kNodeStatus[] = {"counted", "free", "gap"};

// With the amounts that are wanted of it.
Json ToJson(const ComponentRow& component, absl::Span<const NamedAmount> amounts);
Json ToJson(const OpRow& op, absl::Span<const NamedAmount> amounts);
Json ToJson(const NodeRow& node, absl::Span<const NamedAmount> amounts);
Json ToJson(const BlockRow& block, absl::Span<const NamedAmount> amounts);

Json ToJson(const ActiveFigures& active);
Json ToJson(const WeightTypeRow& row);
Json ToJson(const GapRow& gap);
// But for its name.
Json ToJson(const ValueRow& value);

}  // namespace onnx_macs

#endif  // CLI_JSON_ROWS_H_
