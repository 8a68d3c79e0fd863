// Rows of a report as JSON.
#ifndef CLI_JSON_ROWS_H_
#define CLI_JSON_ROWS_H_

#include <string>

#include "absl/types/span.h"
#include "analyzer/report.h"
#include "cli/json_amount.h"
#include "cli/json_text.h"

namespace onnx_macs {

// By NodeRow::Status.
inline constexpr const char* kNodeStatus[] = {"counted", "free", "gap"};

// Appended as text: there may be one for each node and value. With the amounts that are wanted.
void Write(const ComponentRow& component, absl::Span<const NamedAmount> amounts, std::string* text);
void Write(const OpRow& op, absl::Span<const NamedAmount> amounts, std::string* text);
void Write(const NodeRow& node, absl::Span<const NamedAmount> amounts, std::string* text);
void Write(const GapRow& gap, std::string* text);
// But for its name.
void Write(const ValueRow& value, std::string* text);

Json ToJson(const BlockRow& block, absl::Span<const NamedAmount> amounts);
Json ToJson(const ActiveFigures& active);
Json ToJson(const WeightTypeRow& row);

}  // namespace onnx_macs

#endif  // CLI_JSON_ROWS_H_
