// Gates and how they fared, in words, columns and JSON.
#ifndef CLI_GATE_VIEW_H_
#define CLI_GATE_VIEW_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "analyzer/limits/judge_gates.h"
#include "cli/json_text.h"
#include "cli/table.h"

namespace onnx_macs {

// "MACs of mid_block: 6.050 G -> 6.231 G (+3.00%), more than 6.111 G (--fail-over mid_block=1%)".
std::string GateLine(const GateRow& row);

// "both gates hold", "1 of 3 gates is exceeded": the answer in short.
std::string GatesAnswer(absl::Span<const GateRow> rows);
Table GatesTable(absl::Span<const GateRow> rows);
Json GatesJson(absl::Span<const GateRow> rows);

// Says on standard error which do not hold; whether all do.
bool ReportGates(absl::Span<const GateRow> rows);

// "all 6 limits hold", "2 of 6 limits are exceeded", "... cannot be told" for what is counted.
std::string LimitsAnswer(absl::string_view noun, size_t all, size_t exceeded, size_t unknown);

// "ok", "OVER" or "cannot tell".
absl::string_view VerdictText(Verdict verdict);

// Both in SI units, or with every digit where they would look the same but are not.
std::pair<std::string, std::string> Distinguished(const Amount& a, const Amount& b, bool is_bytes);

}  // namespace onnx_macs

#endif  // CLI_GATE_VIEW_H_
