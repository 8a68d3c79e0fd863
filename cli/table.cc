// Column widths: what must be there comes first, then optional columns, then bars.
#include "cli/table.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "cli/text.h"

namespace onnx_macs {
namespace {

constexpr int kGap = 2;
constexpr int kWidestNeededName = 44;  // optional columns give way to names up to this width
constexpr int kLeastName = 16;
constexpr int kLeastBar = 8, kMostBar = 24;

struct Layout {
  std::vector<int> widths;  // 0: the column is left out
  int bar = 0;
};

int NaturalWidth(const Table& table, size_t column) {
  int width = DisplayWidth(table.columns[column].header);
  for (const TableRow& row : table.rows) {
    const int indent = column == 0 ? 2 * row.indent : 0;
    width = std::max(width, indent + DisplayWidth(row.cells[column]));
  }
  return width;
}

int TotalWidth(const std::vector<int>& widths) {
  int total = -kGap;
  for (const int width : widths) total += width > 0 ? width + kGap : 0;
  return total;
}

// Shrinks `*width` by what `widths` is too wide, but not below `least`.
void Shrink(const std::vector<int>& widths, int room, int least, int* width) {
  const int excess = TotalWidth(widths) - room;
  if (excess > 0) *width = std::max(std::min(*width, least), *width - excess);
}

Layout MakeLayout(const Table& table, const TextStyle& style) {
  Layout layout;
  std::vector<int>& widths = layout.widths;
  for (size_t i = 0; i < table.columns.size(); ++i) widths.push_back(NaturalWidth(table, i));
  const int name = widths[0];
  widths[0] = std::min(name, kWidestNeededName);
  // Formulas give way to everything else; texts share what is left.
  for (size_t i = 1; i < widths.size(); ++i) {
    if (table.columns[i].kind == Column::Kind::kAmount) {
      widths[i] = std::min(widths[i], std::max(18, style.width * 2 / 5));
    }
  }
  for (size_t i = widths.size(); i-- > 1 && TotalWidth(widths) > style.width;) {
    if (table.columns[i].optional) widths[i] = 0;
  }
  for (size_t i = widths.size(); i-- > 1;) {
    if (table.columns[i].kind == Column::Kind::kText) {
      Shrink(widths, style.width, 12, &widths[i]);
    }
  }
  widths[0] = name;
  Shrink(widths, style.width, kLeastName, &widths[0]);
  for (size_t i = widths.size(); i-- > 0;) Shrink(widths, style.width, 8, &widths[i]);
  const int left = style.width - TotalWidth(widths) - kGap;
  if (style.bars && left >= kLeastBar) layout.bar = std::min(left, kMostBar);
  return layout;
}

constexpr absl::string_view kBold = "1", kFaint = "2", kRed = "31", kGreen = "32", kCyan = "36";

std::string Colored(absl::string_view text, absl::string_view code, const TextStyle& style) {
  if (!style.color || text.empty()) return std::string(text);
  return absl::StrCat("\x1b[", code, "m", text, "\x1b[0m");
}

std::string Bar(double share, int width, const TextStyle& style) {
  constexpr absl::string_view kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const int eighths = static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * width * 8));
  std::string bar;
  for (int i = 0; i < eighths / 8; ++i) absl::StrAppend(&bar, "█");
  absl::StrAppend(&bar, kEighths[eighths % 8]);
  return Colored(bar, kCyan, style);
}

std::string CellText(const std::string& cell, Column::Kind kind, int width) {
  switch (kind) {
    case Column::Kind::kName:
      return PadRight(ShortenMiddle(cell, width), width);
    case Column::Kind::kText:
      return PadRight(ShortenMiddle(cell, width), width);
    case Column::Kind::kAmount:
      return PadLeft(ShortenFormula(cell, width), width);
  }
  return cell;
}

std::string Line(const std::vector<std::string>& cells, int indent, const Table& table,
                 const Layout& layout) {
  std::string line;
  line.reserve(2 * std::max(0, TotalWidth(layout.widths)));  // letters may take more than a byte
  for (size_t i = 0; i < cells.size(); ++i) {
    if (layout.widths[i] == 0) continue;
    const int used = i == 0 ? std::min(2 * indent, layout.widths[0] / 2) : 0;
    line.append(i == 0 ? used : kGap, ' ');
    line += CellText(cells[i], table.columns[i].kind, layout.widths[i] - used);
  }
  return line;
}

std::string StyledRow(const TableRow& row, const Table& table, const Layout& layout,
                      const TextStyle& style) {
  std::string line = Line(row.cells, row.indent, table, layout);
  if (row.style == TableRow::Style::kTotal) {
    return Bold(absl::StripTrailingAsciiWhitespace(line), style);
  }
  if (layout.bar > 0) {
    absl::StrAppend(&line, std::string(kGap, ' '), Bar(row.share, layout.bar, style));
  }
  const absl::string_view stripped = absl::StripTrailingAsciiWhitespace(line);
  switch (row.style) {
    case TableRow::Style::kMore:
      return Colored(stripped, kRed, style);
    case TableRow::Style::kLess:
      return Colored(stripped, kGreen, style);
    case TableRow::Style::kRemainder:
      return Faint(stripped, style);
    default:
      return std::string(stripped);
  }
}

}  // namespace

std::string Bold(absl::string_view text, const TextStyle& style) {
  return Colored(text, kBold, style);
}

std::string Faint(absl::string_view text, const TextStyle& style) {
  return Colored(text, kFaint, style);
}

void RenderText(const Table& table, const TextStyle& style, TextSink* sink) {
  const Layout layout = MakeLayout(table, style);
  std::vector<std::string> headers;
  for (const Column& column : table.columns) headers.push_back(column.header);
  const std::string header = Line(headers, 0, table, layout);
  const std::string rule = Faint(std::string(TotalWidth(layout.widths), '-'), style);
  std::string* const text = &sink->text();
  absl::StrAppend(text, Faint(absl::StripTrailingAsciiWhitespace(header), style), "\n", rule, "\n");
  for (const TableRow& row : table.rows) {
    if (row.style == TableRow::Style::kTotal) absl::StrAppend(text, rule, "\n");
    absl::StrAppend(text, StyledRow(row, table, layout, style), "\n");
    sink->EndRow();
  }
}

std::string MarkdownText(absl::string_view text) {
  return absl::StrReplaceAll(
      text, {{"|", "\\|"}, {"*", "\\*"}, {"_", "\\_"}, {"<", "&lt;"}, {"`", "\\`"}, {"[", "\\["}});
}

void RenderMarkdown(const Table& table, TextSink* sink) {
  std::string* const text = &sink->text();
  for (const Column& column : table.columns) absl::StrAppend(text, "| ", column.header, " ");
  absl::StrAppend(text, "|\n");
  for (const Column& column : table.columns) {
    absl::StrAppend(text, column.kind == Column::Kind::kAmount ? "| ---: " : "| --- ");
  }
  absl::StrAppend(text, "|\n");
  for (const TableRow& row : table.rows) {
    const absl::string_view bold = row.style == TableRow::Style::kTotal ? "**" : "";
    for (size_t i = 0; i < row.cells.size(); ++i) {
      std::string indent;
      for (int level = 0; i == 0 && level < row.indent; ++level) indent += "&emsp;";
      const std::string cell = MarkdownText(row.cells[i]);
      absl::StrAppend(text, "| ", indent, cell.empty() ? "" : bold, cell, cell.empty() ? "" : bold,
                      " ");
    }
    absl::StrAppend(text, "|\n");
    sink->EndRow();
  }
}

}  // namespace onnx_macs
