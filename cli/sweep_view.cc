// One row a point. Growth is over the row before, where that is the point before on the last axis.
#include "cli/sweep_view.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "cli/json_text.h"
#include "cli/number_format.h"
#include "cli/text.h"
#include "cli/version.h"
#include "cli/writers.h"

namespace onnx_macs {
namespace {

// "x2.25"; nothing where the row before is another series, or one of the two is no number.
std::string Growth(const SweepReport& report, size_t row) {
  if (row == 0) return "";
  const SweepRow &now = report.rows[row], &before = report.rows[row - 1];
  for (size_t i = 0; i + 1 < report.axes.size(); ++i) {
    if (now.point[i].size != before.point[i].size || now.point[i].width != before.point[i].width) {
      return "";
    }
  }
  const Amount &a = before.amounts[0], &b = now.amounts[0];
  const bool comparable = a.is_integer() && b.is_integer() && !a.is_zero() && !now.is_lower_bound &&
                          !before.is_lower_bound;
  return comparable ? absl::StrFormat("x%.2f", b.approximate() / a.approximate()) : "";
}

std::string OrderText(const std::string& axis, int power) {
  if (power < 0) return absl::StrCat("no power of ", axis);
  if (power == 0) return "O(1)";
  return power == 1 ? absl::StrCat("O(", axis, ")") : absl::StrCat("O(", axis, "^", power, ")");
}

// "res: MACs O(res^4), FLOPs O(res^4), activations O(res^2)".
std::string OrdersText(const SweepReport& report, size_t axis) {
  const std::string name = Printable(report.axes[axis].name);
  std::vector<std::string> texts;
  for (const SweepOrder& order : report.orders) {
    if (order.axis != axis) continue;
    texts.push_back(
        absl::StrCat(report.columns[order.column].header, " ", OrderText(name, order.power)));
  }
  return absl::StrCat("order in ", name, ": ", absl::StrJoin(texts, ", "));
}

Json PointJson(const SweepReport& report, const SweepRow& row) {
  Json point = Json::object();
  for (size_t i = 0; i < report.axes.size(); ++i) {
    const AxisValue value = row.point[i];
    const std::string& name = report.axes[i].name;
    const bool is_square =
        report.axes[i].kind != SweepAxis::Kind::kRes || value.size == value.width;
    point[name] = is_square ? Json(value.size) : Json(ToString(report.axes[i], value));
  }
  return point;
}

Json RowJson(const SweepReport& report, const SweepRow& row) {
  Json json = {{"point", PointJson(report, row)}};
  Json formulas = Json::object();
  for (size_t i = 0; i < report.columns.size(); ++i) {
    json[report.columns[i].key] = ToJson(row.amounts[i]);
    if (row.amounts[i].is_formula()) formulas[report.columns[i].key] = FormatExact(row.amounts[i]);
  }
  if (!formulas.empty()) json["formula"] = std::move(formulas);
  json["lower_bound"] = row.is_lower_bound;
  if (row.is_anew) json["analysed_anew"] = true;
  if (!row.remark.empty()) json["remark"] = row.remark;
  return json;
}

Json OrdersJson(const SweepReport& report) {
  Json orders = Json::object();
  for (const SweepOrder& order : report.orders) {
    orders[report.axes[order.axis].name][report.columns[order.column].key] =
        order.power < 0 ? Json(nullptr) : Json(order.power);
  }
  return orders;
}

}  // namespace

Table SweepTable(const SweepReport& report) {
  Table table;
  for (const SweepAxis& axis : report.axes) {
    table.columns.push_back({Printable(axis.name), Column::Kind::kAmount, false});
  }
  for (const SweepColumn& column : report.columns) {
    if (column.header[0] == '\0') continue;
    table.columns.push_back({column.header, Column::Kind::kAmount, false});
    const bool is_first = &column == &report.columns[0];
    if (is_first) table.columns.push_back({"growth", Column::Kind::kAmount, false});
  }
  for (size_t i = 0; i < report.rows.size(); ++i) {
    const SweepRow& row = report.rows[i];
    TableRow cells;
    for (size_t axis = 0; axis < report.axes.size(); ++axis) {
      cells.cells.push_back(ToString(report.axes[axis], row.point[axis]));
    }
    for (size_t column = 0; column < report.columns.size(); ++column) {
      if (report.columns[column].header[0] == '\0') continue;
      const auto format = report.columns[column].is_bytes ? FormatByteAmount : FormatAmount;
      cells.cells.push_back(format(row.amounts[column], row.is_lower_bound));
      if (column == 0) cells.cells.push_back(Growth(report, i));
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

std::vector<std::string> SweepRemarks(const SweepReport& report) {
  std::vector<std::string> remarks;
  for (size_t axis = 0; axis < report.axes.size() && !report.orders.empty(); ++axis) {
    remarks.push_back(OrdersText(report, axis));
  }
  for (const std::string& note : report.notes) {
    remarks.push_back(absl::StrCat("note: ", Printable(note)));
  }
  return remarks;
}

std::string SweepCsv(const SweepReport& report) {
  std::vector<std::string> header;
  for (const SweepAxis& axis : report.axes) header.push_back(axis.name);
  for (const SweepColumn& column : report.columns) header.emplace_back(column.key);
  for (const char* name : {"lower_bound", "analysed_anew"}) header.emplace_back(name);
  std::string text = CsvLine(header);
  for (const SweepRow& row : report.rows) {
    std::vector<std::string> cells;
    for (size_t i = 0; i < report.axes.size(); ++i) {
      cells.push_back(ToString(report.axes[i], row.point[i]));
    }
    for (const Amount& amount : row.amounts) cells.push_back(FormatExact(amount));
    cells.emplace_back(row.is_lower_bound ? "true" : "false");
    cells.emplace_back(row.is_anew ? "true" : "false");
    text += CsvLine(cells);
  }
  return text;
}

std::string SweepJson(const SweepReport& report) {
  Json json = {{"schema", "onnx-macs/1"},
               {"tool", {{"name", "onnx-macs"}, {"version", kVersion}}},
               {"convention", report.convention},
               {"files", report.files},
               {"what", report.what},
               {"order", OrdersJson(report)},
               {"notes", report.notes},
               {"sweep", Json::array()}};
  std::string text = Dump(json);
  // A row a line, as everywhere; a document of a million rows would take too much memory.
  text.resize(text.size() - 2);
  const char* separator = "\n";
  for (const SweepRow& row : report.rows) {
    absl::StrAppend(&text, separator, "    ", Dump(RowJson(report, row)));
    separator = ",\n";
  }
  return absl::StrCat(text, "\n]}\n");
}

}  // namespace onnx_macs
