// `onnx-macs ops`: what the tool knows, straight from the rules it counts by.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "cli/dress.h"
#include "cli/name_filter.h"
#include "cli/rules_option.h"
#include "cli/run.h"
#include "cli/terminal.h"
#include "cli/version.h"
#include "cli/writers.h"
#include "rules/rules.h"

namespace onnx_macs {
namespace {

constexpr int kUnlimitedWidth = 1000;

std::string DomainName(absl::string_view domain) {
  return domain.empty() ? "ai.onnx" : std::string(domain);
}

std::string CountingText(const OpRule& rule) {
  if (!rule.counting.empty()) return std::string(rule.counting);
  return rule.cost == ZeroCost ? "free" : "";
}

Table OpsTable(absl::Span<const OpRule* const> rules) {
  Table table;
  table.columns = {{"operator", Column::Kind::kName, false},
                   {"domain", Column::Kind::kText, false},
                   {"since", Column::Kind::kAmount, false},
                   {"counted as", Column::Kind::kText, false}};
  for (const OpRule* rule : rules) {
    TableRow row;
    row.cells = {std::string(rule->op_type), DomainName(rule->domain),
                 absl::StrCat(rule->since_version), CountingText(*rule)};
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::string OpsCsv(absl::Span<const OpRule* const> rules) {
  std::string text = CsvLine({"op", "domain", "since_version", "counting"});
  for (const OpRule* rule : rules) {
    text += CsvLine({std::string(rule->op_type), std::string(rule->domain),
                     absl::StrCat(rule->since_version), CountingText(*rule)});
  }
  return text;
}

std::string WriteOps(absl::Span<const OpRule* const> rules, const Options& options) {
  if (options.format == Format::kJson) return WriteOpsJson(rules, options.convention);
  if (options.format == Format::kCsv) return OpsCsv(rules);
  TextStyle style = ChooseStyle(options.color, !options.output.empty());
  if (!style.wrap) style.width = kUnlimitedWidth;  // No terminal asks for shortened sentences.
  TextSink sink;
  DressOf(options.format).table(OpsTable(rules), style, &sink);
  return sink.Take();
}

}  // namespace

ExitCode RunOps(const Options& options) {
  const absl::StatusOr<ChosenRules> rules = ChooseRules(options);
  const absl::StatusOr<NameFilter> filter = NameFilter::Make(options.view.filter);
  if (!rules.ok()) return Refuse(rules.status().message());
  if (!filter.ok()) return Refuse(filter.status().message());
  std::vector<const OpRule*> rows = rules->rules().All();
  rows.erase(std::remove_if(
                 rows.begin(), rows.end(),
                 [&](const OpRule* rule) { return !filter->Matches(std::string(rule->op_type)); }),
             rows.end());
  return Deliver(WriteOps(rows, options), options);
}

std::string VersionText() {
  int newest = 0;
  for (const OpRule* rule : BuiltinRules().All()) {
    if (rule->domain.empty()) newest = std::max(newest, rule->since_version);
  }
  return absl::StrCat("onnx-macs ", kVersion, " (newest opset known: ", newest, ")\n");
}

}  // namespace onnx_macs
