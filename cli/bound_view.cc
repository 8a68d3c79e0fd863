// Seconds in the unit that suits them.
#include "cli/bound_view.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/number_format.h"
#include "cli/text.h"

namespace onnx_macs {
namespace {

constexpr size_t kMostComponents = 10;
constexpr int kDeepest = 2;

// Three digits, whatever the size.
std::string ThreeDigits(double value) {
  if (value < 9.995) return absl::StrFormat("%.2f", value);
  return value < 99.95 ? absl::StrFormat("%.1f", value) : absl::StrFormat("%.0f", value);
}

std::string TimeText(double seconds) {
  constexpr std::pair<double, const char*> kUnits[] = {
      {1, "s"}, {1e-3, "ms"}, {1e-6, "us"}, {1e-9, "ns"}};
  for (const auto& [unit, name] : kUnits) {
    if (seconds >= unit) return absl::StrCat(ThreeDigits(seconds / unit), " ", name);
  }
  return seconds > 0 ? "<1 ns" : "0";
}

const char* Binds(const BoundTimes& times) {
  return times.compute_bound_seconds * 2 >= times.seconds ? "compute" : "memory";
}

std::string RateText(double per_second) {
  return per_second >= 1000 ? FormatSi(absl::int128(static_cast<int64_t>(per_second)))
                            : ThreeDigits(per_second);
}

Json ToJson(const BoundTimes& times) {
  return {{"seconds", times.seconds},
          {"compute_seconds", times.compute_seconds},
          {"memory_seconds", times.memory_seconds},
          {"binds", Binds(times)}};
}

Json ToJson(const BatchBound& row) {
  return {{"batch", row.batch},
          {"seconds", row.seconds},
          {"per_second", row.per_second()},
          {"utilisation", row.utilisation},
          {"total_bytes", row.total_bytes},
          {"fits", row.fits}};
}

}  // namespace

Table BoundTable(const ModelReport& model, const ViewOptions& view) {
  using Kind = Column::Kind;
  const TimeBound& bound = *model.bound;
  Table table;
  table.columns = {{"component", Kind::kName, false}, {"time at least", Kind::kAmount, false},
                   {"share", Kind::kAmount, false},   {"compute", Kind::kAmount, true},
                   {"memory", Kind::kAmount, true},   {"binds", Kind::kText, false}};
  std::vector<const BoundRow*> rows;
  for (size_t i = 1; i < bound.components.size(); ++i) {
    if (model.components[i].depth <= view.depth.value_or(kDeepest)) {
      rows.push_back(&bound.components[i]);
    }
  }
  std::stable_sort(rows.begin(), rows.end(), [](const BoundRow* a, const BoundRow* b) {
    return a->times.seconds > b->times.seconds;
  });
  rows.resize(std::min<size_t>(rows.size(), view.top.value_or(kMostComponents)));
  const auto add = [&](const std::string& name, const BoundTimes& times, TableRow::Style style) {
    TableRow row;
    row.style = style;
    row.cells = {name,
                 TimeText(times.seconds),
                 FormatShare(times.seconds, bound.whole.seconds),
                 TimeText(times.compute_seconds),
                 TimeText(times.memory_seconds),
                 Binds(times)};
    table.rows.push_back(std::move(row));
  };
  for (const BoundRow* row : rows) {
    add(Printable(row->path), row->times, TableRow::Style::kPlain);
  }
  add("total", bound.whole, TableRow::Style::kTotal);
  return table;
}

Table BatchBoundTable(const ModelReport& model) {
  using Kind = Column::Kind;
  Table table;
  table.columns = {{"batch", Kind::kName, false},
                   {"time at least", Kind::kAmount, false},
                   {"a second at most", Kind::kAmount, false},
                   {"utilisation at most", Kind::kAmount, true},
                   {"memory", Kind::kAmount, false}};
  for (const BatchBound& batch : model.bound->batches) {
    TableRow row;
    row.cells = {absl::StrCat(batch.batch), TimeText(batch.seconds), RateText(batch.per_second()),
                 FormatShare(batch.utilisation, 1),
                 absl::StrCat(FormatBytes(absl::int128(static_cast<int64_t>(batch.total_bytes))),
                              batch.fits ? "" : " (too much)")};
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::vector<std::string> BoundRemarks(const ModelReport& model) {
  const TimeBound& bound = *model.bound;
  std::vector<std::string> remarks;
  remarks.push_back(absl::StrCat("bound: on ", Printable(bound.device), " (",
                                 Printable(bound.source),
                                 ") one call, node by node as the file has them, takes ",
                                 TimeText(bound.whole.seconds), " or more; this is no prediction"));
  if (bound.recommended_batch > 0) {
    remarks.push_back(absl::StrCat("recommended: batch ", bound.recommended_batch,
                                   ": twice that brings less than 5 % more a second or leaves less "
                                   "than a fifth of the memory free"));
  }
  if (bound.unknown_nodes > 0) {
    remarks.push_back(absl::StrCat("note: ", bound.unknown_nodes,
                                   " nodes have no number and are left out of the bound"));
  }
  return remarks;
}

Json BoundToJson(const TimeBound& bound) {
  Json json = {{"device", bound.device}, {"source", bound.source}};
  json.update(ToJson(bound.whole));
  json["components"] = Json::array();
  for (const BoundRow& row : bound.components) {
    Json component = {{"path", row.path.view()}};
    component.update(ToJson(row.times));
    json["components"].push_back(std::move(component));
  }
  json["batches"] = Json::array();
  for (const BatchBound& row : bound.batches) json["batches"].push_back(ToJson(row));
  json["recommended_batch"] =
      bound.recommended_batch > 0 ? Json(bound.recommended_batch) : Json(nullptr);
  json["unknown_nodes"] = bound.unknown_nodes;
  return json;
}

}  // namespace onnx_macs
