// Gates and how they fared, in words, columns and JSON.
#ifndef CLI_GATE_VIEW_H_
#define CLI_GATE_VIEW_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "analyzer/limits/judge_gates.h"
#include "cli/json_text.h"
#include "cli/table.h"

namespace onnx_macs {

// "over budget: MACs of mid_block: 6.050 G -> 6.231 G (+3.00%), more than 6.111 G (--fail-over
// mid_block=1%)".
std::string GateLine(const GateRow& row);

// "both gates hold", "1 of 3 gates is exceeded": the answer in short.
std::string GatesAnswer(absl::Span<const GateRow> rows);
Table GatesTable(absl::Span<const GateRow> rows);
Json GatesJson(absl::Span<const GateRow> rows);

// Says on standard error which do not hold; whether all do.
bool ReportGates(absl::Span<const GateRow> rows);

// Of how many limits how many do not hold.
struct VerdictCounts {
  size_t all = 0, exceeded = 0, unknown = 0;
};
template <typename Rows>
VerdictCounts VerdictsOf(const Rows& rows) {
  VerdictCounts counts;
  for (const auto& row : rows) {
    ++counts.all;
    counts.exceeded += row.verdict == Verdict::kExceeded;
    counts.unknown += row.verdict == Verdict::kUnknown;
  }
  return counts;
}
// "all 6 limits hold", "2 of 6 limits are exceeded", for the noun "limit".
std::string LimitsAnswer(absl::string_view noun, const VerdictCounts& counts);

// "ok", "OVER" or "unknown".
absl::string_view VerdictText(Verdict verdict);

// Both in SI units, or with every digit where they would look the same but are not.
std::pair<std::string, std::string> Distinguished(const Amount& a, const Amount& b, bool is_bytes);

}  // namespace onnx_macs

#endif  // CLI_GATE_VIEW_H_
