// One table of the amounts serves every row that has them.
#include "cli/json_amount.h"

#include <utility>

#include "cli/number_format.h"

namespace onnx_macs {
namespace {

constexpr NamedAmount kAmounts[] = {{"macs", &Figures::macs},
                                    {"ops", &Figures::ops},
                                    {"flops", &Figures::flops},
                                    {"params", &Figures::params},
                                    {"weight_bytes", &Figures::weight_bytes}};
constexpr size_t kOpAmounts = 3;

}  // namespace

absl::Span<const NamedAmount> AllAmounts() { return kAmounts; }
absl::Span<const NamedAmount> OpAmounts() { return absl::MakeSpan(kAmounts, kOpAmounts); }

void AddAmount(const char* key, const Amount& amount, Json* row) {
  (*row)[key] = ToJson(amount);
  if (amount.is_formula()) (*row)["formula"][key] = amount.formula();
}

Json FormulasOf(const Figures& figures, absl::Span<const NamedAmount> amounts, bool every) {
  Json formulas = Json::object();
  for (const NamedAmount& named : amounts) {
    const Amount& amount = figures.*named.amount;
    const bool symbolic = amount.is_formula();
    const bool known = !amount.is_unknown();
    if (symbolic || (every && known)) formulas[named.key] = FormatExact(amount);
  }
  return formulas;
}

void AddFigures(const Figures& figures, Json* row, absl::Span<const NamedAmount> amounts) {
  for (const NamedAmount& named : amounts) (*row)[named.key] = ToJson(figures.*named.amount);
  Json formulas = FormulasOf(figures, amounts, false);
  if (!formulas.empty()) (*row)["formula"] = std::move(formulas);
}

void AddFigures(const Figures& figures, absl::Span<const NamedAmount> amounts, RowText* row) {
  for (const NamedAmount& named : amounts) row->AddAmount(named.key, figures.*named.amount);
  const Json formulas = FormulasOf(figures, amounts, false);
  if (!formulas.empty()) row->Add("formula", formulas);
}

}  // namespace onnx_macs
