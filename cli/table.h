// A table of text cells, and how it becomes lines on a terminal.
#ifndef CLI_TABLE_H_
#define CLI_TABLE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "cli/text_sink.h"

namespace onnx_macs {

struct Column {
  enum class Kind {
    kName,    // to the left, shortened in the middle
    kAmount,  // to the right; a formula is shortened at its end
    kText,    // to the left, as wide as there is room
  };
  std::string header;
  Kind kind = Kind::kAmount;
  bool optional = false;  // left out where the terminal is too narrow
};

struct TableRow {
  enum class Style { kPlain, kMore, kLess, kRemainder, kTotal };
  std::vector<std::string> cells;  // one per column
  Style style = Style::kPlain;
  int indent = 0;    // of the first cell
  double share = 0;  // of the whole: the length of its bar
};

struct Table {
  std::vector<Column> columns;
  std::vector<TableRow> rows;
};

// What the place the text goes to can show.
struct TextStyle {
  int width = 100;
  bool color = false;
  bool bars = false;  // needs a terminal that knows UTF-8
  bool wrap = false;  // sentences, at the width
};

// The text in bold, or faint, where colours are on.
std::string Bold(absl::string_view text, const TextStyle& style);
std::string Faint(absl::string_view text, const TextStyle& style);

void RenderText(const Table& table, const TextStyle& style, TextSink* sink);
// GitHub's dialect. Nothing is shortened.
void RenderMarkdown(const Table& table, TextSink* sink);
// Text in which nothing is taken for markup.
std::string MarkdownText(absl::string_view text);

}  // namespace onnx_macs

#endif  // CLI_TABLE_H_
