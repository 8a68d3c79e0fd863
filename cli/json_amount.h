// The amounts of a row of JSON, each under its name; null, and a formula beside it.
#ifndef CLI_JSON_AMOUNT_H_
#define CLI_JSON_AMOUNT_H_

#include "absl/types/span.h"
#include "analyzer/report.h"
#include "cli/json_text.h"

namespace onnx_macs {

struct NamedAmount {
  const char* key;
  Amount Figures::*amount;
};
// "macs", "ops", "flops", "params", "weight_bytes"; and the first three of them.
absl::Span<const NamedAmount> AllAmounts();
absl::Span<const NamedAmount> OpAmounts();

// The amount, and under "formula" what it is where it is no number.
void AddAmount(const char* key, const Amount& amount, Json* row);

// The formulas of those amounts that are no numbers; of all of them where `every` is set.
Json FormulasOf(const Figures& figures, absl::Span<const NamedAmount> amounts, bool every);

void AddFigures(const Figures& figures, Json* row,
                absl::Span<const NamedAmount> amounts = AllAmounts());
void AddFigures(const Figures& figures, absl::Span<const NamedAmount> amounts, RowText* row);

}  // namespace onnx_macs

#endif  // CLI_JSON_AMOUNT_H_
