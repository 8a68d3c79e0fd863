// [METRIC:][COMPONENT=]GROWTH.
#include "analyzer/limits/gate.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "analyzer/limits/quantity.h"
#include "analyzer/spelling.h"

namespace onnx_macs {
namespace {

using absl::string_view;

absl::Status Refuse(string_view text, string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("'", text, "' ", why));
}

// Takes "params:" from the front. What is no metric belongs to the name of a component.
void TakeMetric(string_view* text, Gate* gate) {
  const size_t colon = text->find(':');
  if (colon == string_view::npos) return;
  for (const MetricRow& row : Metrics()) {
    if (row.prefix.empty() || row.prefix != text->substr(0, colon)) continue;
    gate->metric = row.metric;
    text->remove_prefix(colon + 1);
    return;
  }
}

absl::Status UnknownMetric(string_view text) {
  std::vector<string_view> names;
  for (const MetricRow& row : Metrics()) {
    if (!row.prefix.empty()) names.push_back(row.prefix);
  }
  const string_view name = text.substr(0, text.find(':'));
  return absl::InvalidArgumentError(absl::StrCat("there is no metric '", name, "'",
                                                 DidYouMean(Nearest(name, names)),
                                                 " (metrics: ", absl::StrJoin(names, ", "), ")"));
}

absl::Status ReadGrowth(string_view text, Gate* gate) {
  gate->is_relative = absl::EndsWith(text, "%");
  if (gate->is_relative) {
    const absl::StatusOr<int64_t> percent = ParsePercent(text);
    if (!percent.ok()) return percent.status();
    gate->most = *percent;
    return absl::OkStatus();
  }
  const bool is_bytes = Describe(gate->metric).is_bytes;
  const auto amount = ParseQuantity(text, is_bytes ? QuantityUnit::kBytes : QuantityUnit::kCount);
  if (amount.ok() && *amount > INT64_MAX) return Refuse(text, "is too large");
  if (amount.ok()) gate->most = static_cast<int64_t>(*amount);
  // Bytes were meant where the same is an amount of them.
  if (!amount.ok() && ParseQuantity(text, QuantityUnit::kBytes).ok()) {
    return Refuse(text, absl::StrCat("is in bytes, which a gate on ", Describe(gate->metric).title,
                                     " has none of: write bytes: or memory: before it"));
  }
  const bool is_number = !amount.ok() && text.find_first_of("0123456789") != string_view::npos;
  if (amount.ok() || is_number) return amount.status();
  return Refuse(text, "is neither a percentage nor an amount (2%, 5G)");
}

}  // namespace

absl::StatusOr<Gate> ParseGate(string_view text) {
  Gate gate;
  gate.text = std::string(text);
  string_view rest = text;
  TakeMetric(&rest, &gate);
  // The last "=" ends the name, because a name may hold one.
  const size_t sign = rest.rfind('=');
  const bool has_component = sign != string_view::npos;
  if (!has_component && absl::StrContains(rest, ":")) return UnknownMetric(rest);
  if (has_component && sign == 0) return Refuse(text, "names no component before '='");
  if (has_component) gate.component = std::string(rest.substr(0, sign));
  if (has_component && gate.metric == Metric::kMemory) {
    return Refuse(text, absl::StrCat("limits the memory of '", gate.component,
                                     "', but what is alive at the peak belongs to the whole model, "
                                     "not to a component"));
  }
  const absl::Status growth = ReadGrowth(has_component ? rest.substr(sign + 1) : rest, &gate);
  if (!growth.ok()) return growth;
  return gate;
}

}  // namespace onnx_macs
