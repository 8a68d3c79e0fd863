// One row a limit, models first as the budget has them; parts are indented below their model, and a
// name stands in the first row that is about it.
#include "cli/check_view.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "analyzer/checked_int.h"
#include "cli/gate_view.h"
#include "cli/json_text.h"
#include "cli/number_format.h"
#include "cli/text.h"
#include "cli/writers.h"

namespace onnx_macs {
namespace {

using What = LimitRow::What;

constexpr const char* kWhatNames[] = {"model", "component", "operator", "pipeline", "total"};

std::string WhatName(const LimitRow& row) { return kWhatNames[static_cast<int>(row.what)]; }

bool IsPart(const LimitRow& row) {
  return row.what == What::kComponent || row.what == What::kOperator;
}

// "unet.onnx", "mid_block", "Conv", "pipeline".
std::string NameOf(const LimitRow& row) {
  const std::string* const names[] = {&row.model, &row.component, &row.op};
  const size_t what = static_cast<size_t>(row.what);
  return what < std::size(names) ? Printable(*names[what]) : WhatName(row);
}

struct LimitTexts {
  std::string value, limit;
};

LimitTexts TextsOf(const LimitRow& row) {
  auto [value, limit] =
      Distinguished(row.value, Amount::Integer(row.limit), Describe(row.metric).is_bytes);
  return {absl::StrCat(row.is_bound && !row.value.is_unknown() ? ">= " : "", value), limit};
}

// "95.3%" of the limit: never 100 % of one that is exceeded, nor more of one that holds.
std::string ShareText(const LimitRow& row) {
  if (!row.value.is_integer() || row.limit <= 0) return "-";
  constexpr absl::int128 kParts = 1000;
  absl::int128 parts = 0;
  if (!MulChecked(row.value.value(), kParts, &parts)) return "-";
  const bool is_over = row.verdict == Verdict::kExceeded;
  parts = is_over ? (parts + row.limit - 1) / row.limit : parts / row.limit;
  return absl::StrFormat("%s%s.%d%%", row.is_bound ? ">= " : "", FormatDigits(parts / 10),
                         static_cast<int>(parts % 10));
}

Json RowJson(const LimitRow& row) {
  Json json = {{"what", WhatName(row)}};
  if (!row.model.empty()) json["model"] = row.model;
  if (!row.component.empty()) json["component"] = row.component;
  if (!row.op.empty()) json["operator"] = row.op;
  json["metric"] = std::string(Describe(row.metric).key);
  json["limit"] = ToJson(Amount::Integer(row.limit));
  json["value"] = ToJson(row.value);
  if (row.value.is_formula()) json["formula"] = row.value.formula();
  if (row.is_bound) json["lower_bound"] = true;
  json["ok"] = row.ok();
  if (!row.reason.empty()) json["reason"] = row.reason;
  return json;
}

}  // namespace

std::string LimitLine(const LimitRow& row) {
  const LimitTexts texts = TextsOf(row);
  const std::string name =
      IsPart(row) ? absl::StrCat(Printable(row.model), " ", NameOf(row)) : NameOf(row);
  const std::string what =
      absl::StrCat(Describe(row.metric).title, " of ", row.model.empty() ? "the " : "", name);
  if (row.verdict == Verdict::kUnknown) {
    return absl::StrCat("cannot tell: ", what, ", at most ", texts.limit, ": ",
                        Printable(row.reason));
  }
  return absl::StrCat(row.ok() ? "" : "over budget: ", what, ": ", texts.value,
                      row.ok() ? ", at most " : ", more than ", texts.limit);
}

std::string CheckAnswer(const CheckReport& report) {
  const size_t count = report.rows.size();
  if (!report.written.empty() && report.budget.empty()) {
    return absl::StrCat(count, count == 1 ? " limit" : " limits", " written to ",
                        Printable(report.written));
  }
  return LimitsAnswer("limit", VerdictsOf(report.rows));
}

Table CheckTable(const CheckReport& report) {
  using Kind = Column::Kind;
  Table table;
  table.columns = {{"limits of", Kind::kName, false}, {"metric", Kind::kText, false},
                   {"value", Kind::kAmount, false},   {"limit", Kind::kAmount, false},
                   {"of limit", Kind::kAmount, true}, {"", Kind::kText, false}};
  const LimitRow* before = nullptr;
  for (const LimitRow& row : report.rows) {
    const LimitTexts texts = TextsOf(row);
    const bool is_same =
        before != nullptr && before->what == row.what && NameOf(*before) == NameOf(row);
    before = &row;
    TableRow cells;
    cells.indent = IsPart(row) ? 1 : 0;
    cells.style = row.ok() ? TableRow::Style::kPlain : TableRow::Style::kMore;
    cells.cells = {is_same ? "" : NameOf(row),
                   std::string(Describe(row.metric).title),
                   texts.value,
                   texts.limit,
                   ShareText(row),
                   std::string(VerdictText(row.verdict))};
    table.rows.push_back(std::move(cells));
  }
  return table;
}

std::string CheckCsv(const CheckReport& report) {
  std::string text = CsvLine({"what", "model", "component", "operator", "metric", "limit", "value",
                              "lower_bound", "ok", "reason"});
  for (const LimitRow& row : report.rows) {
    text += CsvLine({WhatName(row), row.model, row.component, row.op,
                     std::string(Describe(row.metric).key), FormatDigits(row.limit),
                     FormatExact(row.value), row.is_bound ? "true" : "false",
                     row.ok() ? "true" : "false", row.reason});
  }
  return text;
}

std::string CheckJson(const CheckReport& report) {
  TextSink sink;
  ObjectText json(0, &sink);
  AddHead(report.convention, &json);
  json.Add("files", report.files);
  if (!report.errors.empty()) {
    json.AddList("errors", report.errors, [](const FileError& error) {
      return Json({{"file", error.file}, {"error", error.message}});
    });
  }
  if (!report.budget.empty()) json.Add("budget", report.budget);
  if (!report.written.empty()) json.Add("written", report.written);
  json.Add("notes", report.notes);
  json.AddList("check", report.rows, RowJson);
  json.Close();
  return absl::StrCat(sink.Take(), "\n");
}

}  // namespace onnx_macs
