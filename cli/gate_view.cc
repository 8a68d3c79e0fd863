// Growth is written so that a breach never looks like what it breaches: percentages are rounded
// away from nothing, and amounts that look the same are written out.
#include "cli/gate_view.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "analyzer/checked_int.h"
#include "cli/number_format.h"
#include "cli/terminal.h"
#include "cli/text.h"

namespace onnx_macs {
namespace {

constexpr int kFormulaColumns = 40;

std::string AmountText(const Amount& amount, bool is_bytes, bool is_bound) {
  const std::string text =
      is_bytes ? FormatByteAmount(amount, is_bound) : FormatAmount(amount, is_bound);
  return Printable(amount.is_formula() ? ShortenFormula(text, kFormulaColumns) : text);
}

std::string ExactText(const Amount& amount, bool is_bytes) {
  return absl::StrCat(FormatExact(amount), is_bytes ? " B" : "");
}

// "+3.00%", "-0.01%", "=": in hundredths of a percent, rounded away from 0.
std::string GrowthText(const GateRow& row) {
  const Amount &before = row.old_amount, &after = row.new_amount;
  if (!before.is_integer() || !after.is_integer()) return "";
  if (before.value() == after.value()) return "=";
  if (row.new_is_absent) return "gone";
  if (before.is_zero()) return "from nothing";
  constexpr absl::int128 kParts = 10000;
  const bool is_more = after.value() > before.value();
  absl::int128 change = after.value() - before.value();
  if (!is_more) change = -change;
  absl::int128 parts = 0;
  if (before.value() < 0 || !MulChecked(change, kParts, &parts)) return "";
  parts = (parts + before.value() - 1) / before.value();
  return absl::StrFormat("%s%s.%02d%%", is_more ? "+" : "-", FormatDigits(parts / 100),
                         static_cast<int>(parts % 100));
}

std::string InBrackets(const std::string& text) {
  return text.empty() ? "" : absl::StrCat(" (", text, ")");
}

struct GateTexts {
  std::string before, after, limit;
};

GateTexts TextsOf(const GateRow& row) {
  const bool is_bytes = Describe(row.gate.metric).is_bytes;
  GateTexts texts;
  texts.before = AmountText(row.old_amount, is_bytes, row.old_is_bound);
  std::tie(texts.after, texts.limit) = Distinguished(row.new_amount, row.limit, is_bytes);
  const bool is_exact = texts.limit != AmountText(row.limit, is_bytes, false);
  if (is_exact) texts.before = ExactText(row.old_amount, is_bytes);
  if (row.new_is_bound) texts.after = absl::StrCat(">= ", texts.after);
  return texts;
}

// "+2%", "+5G": what stands behind the metric and the component, which have columns of their own.
std::string AllowedText(const Gate& gate) {
  const absl::string_view text = gate.text;
  return absl::StrCat("+", Printable(text.substr(text.find_last_of(":=") + 1)));
}

}  // namespace

std::pair<std::string, std::string> Distinguished(const Amount& a, const Amount& b, bool is_bytes) {
  std::pair<std::string, std::string> texts = {AmountText(a, is_bytes, false),
                                               AmountText(b, is_bytes, false)};
  const bool look_alike = texts.first == texts.second && a.is_integer() && b.is_integer();
  if (look_alike && a.value() != b.value()) {
    texts = {ExactText(a, is_bytes), ExactText(b, is_bytes)};
  }
  return texts;
}

std::string GateLine(const GateRow& row) {
  const GateTexts texts = TextsOf(row);
  const std::string what =
      absl::StrCat(Describe(row.gate.metric).title, " of ", Printable(row.what));
  const std::string gate = absl::StrCat(" (--fail-over ", Printable(row.gate.text), ")");
  if (row.verdict == Verdict::kUnknown) {
    return absl::StrCat("cannot tell: ", what, gate, ": ", Printable(row.reason));
  }
  const std::string change = absl::StrCat(row.ok() ? "" : "over budget: ", what, ": ", texts.before,
                                          " -> ", texts.after, InBrackets(GrowthText(row)));
  if (row.limit.is_unknown()) return absl::StrCat(change, gate);
  return absl::StrCat(change, row.ok() ? ", at most " : ", more than ", texts.limit, gate);
}

absl::string_view VerdictText(Verdict verdict) {
  constexpr absl::string_view kTexts[] = {"ok", "OVER", "unknown"};
  return kTexts[static_cast<int>(verdict)];
}

std::string LimitsAnswer(absl::string_view noun, const VerdictCounts& counts) {
  const auto& [all, exceeded, unknown] = counts;
  if (exceeded + unknown == 0) {
    if (all == 1) return absl::StrCat("the ", noun, " holds");
    return absl::StrCat(all == 2 ? "both" : absl::StrCat("all ", all), " ", noun, "s hold");
  }
  const size_t told = exceeded > 0 ? exceeded : unknown;
  const std::string of =
      all == 1 ? absl::StrCat("the ", noun) : absl::StrCat(told, " of ", all, " ", noun, "s");
  if (exceeded == 0) return absl::StrCat(of, " cannot be told to hold");
  const std::string answer = absl::StrCat(of, exceeded == 1 ? " is" : " are", " exceeded");
  if (unknown == 0) return answer;
  return absl::StrCat(answer, ", and ", unknown, " cannot be told to hold");
}

std::string GatesAnswer(absl::Span<const GateRow> rows) {
  return LimitsAnswer("gate", VerdictsOf(rows));
}

Table GatesTable(absl::Span<const GateRow> rows) {
  using Kind = Column::Kind;
  Table table;
  table.columns = {{"gate on", Kind::kName, false},  {"metric", Kind::kText, false},
                   {"allowed", Kind::kAmount, true}, {"old", Kind::kAmount, false},
                   {"new", Kind::kAmount, false},    {"growth", Kind::kAmount, false},
                   {"limit", Kind::kAmount, true},   {"", Kind::kText, false}};
  for (const GateRow& row : rows) {
    const GateTexts texts = TextsOf(row);
    TableRow cells;
    cells.style = row.ok() ? TableRow::Style::kPlain : TableRow::Style::kMore;
    cells.cells = {Printable(row.what),   std::string(Describe(row.gate.metric).title),
                   AllowedText(row.gate), texts.before,
                   texts.after,           GrowthText(row),
                   texts.limit,           std::string(VerdictText(row.verdict))};
    table.rows.push_back(std::move(cells));
  }
  return table;
}

Json GatesJson(absl::Span<const GateRow> rows) {
  Json list = Json::array();
  for (const GateRow& row : rows) {
    Json json = {{"gate", row.gate.text}, {"metric", std::string(Describe(row.gate.metric).key)}};
    if (!row.gate.component.empty()) json["component"] = row.gate.component;
    json["what"] = row.what;
    json["old"] = ToJson(row.old_amount);
    json["new"] = ToJson(row.new_amount);
    json["value"] = ToJson(row.new_amount);
    json["limit"] = ToJson(row.limit);
    json["ok"] = row.ok();
    if (!row.reason.empty()) json["reason"] = row.reason;
    list.push_back(std::move(json));
  }
  return list;
}

bool ReportGates(absl::Span<const GateRow> rows) {
  bool all_hold = true;
  for (const GateRow& row : rows) {
    if (row.ok()) continue;
    all_hold = false;
    Complain(GateLine(row));
  }
  return all_hold;
}

}  // namespace onnx_macs
