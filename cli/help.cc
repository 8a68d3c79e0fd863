// --help: examples first, because most people read no further.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "cli/option_table.h"
#include "cli/text.h"

namespace onnx_macs {
namespace {

constexpr absl::string_view kBeginning =
    R"(What an ONNX model costs, and which part costs that; without weights, without running it.

usage: onnx-macs FILE|DIR... [options]   a DIR stands for every model file below it, - for stdin
       onnx-macs sweep FILE|DIR... --over NAME=RANGE [options]   one row for every point
       onnx-macs diff OLD NEW [options]  what changed in cost, and where; files or folders
       onnx-macs check FILE|DIR... --budget FILE [options]   hold models to limits
       onnx-macs ops [options]           every operator with a rule, and how it is counted

Examples:
  onnx-macs unet.onnx --res 512                     the cost of one call at 512x512
  onnx-macs unet.onnx vae.onnx --res 768x512        several files, and their total
  onnx-macs unet.onnx --res 512 --filter attn       only what matches
  onnx-macs llm.onnx --dim sequence_length=2048     bind a named dim
  onnx-macs llm.onnx --formula                      cost as a formula in what is not bound
  onnx-macs unet.onnx --by component,op --depth 2   operators within each component
  onnx-macs models/ --by file --sort params         one row per file
  onnx-macs unet.onnx --res 512 --memory-budget 24GiB   the largest batch that fits
  onnx-macs unet.onnx --format json --strict        for scripts
  onnx-macs diff old.onnx new.onnx --fail-over 2%   exit 4 when it costs more than 2 % more
  onnx-macs check unet.onnx --res 512 --write-budget budget.json   limits to hold it to later
  onnx-macs base.json --by block                    what --format json saved, without the model
)";

constexpr absl::string_view kEnd = R"(
Exit status: 0 fine; 1 a file could not be analysed; 2 wrong usage; 3 --strict and something was
not counted; 4 over budget. Where several hold: 2 before 1 before 4 before 3.
)";

constexpr int kNameColumns = 25;

}  // namespace

std::string HelpText() {
  std::string text(kBeginning);
  absl::string_view group;
  for (const OptionRow& row : OptionTable()) {
    if (row.group != group) absl::StrAppend(&text, "\n", row.group, ":\n");
    group = row.group;
    const std::string name = absl::StrCat(row.names[1] == '-' ? "    " : "",
                                          absl::StrReplaceAll(row.names, {{",", ", "}}),
                                          row.value.empty() ? "" : " ", row.value);
    absl::StrAppend(&text, "  ", PadRight(name, kNameColumns), "  ", row.help,
                    row.repeatable ? " (repeatable)" : "", "\n");
  }
  return absl::StrCat(text, kEnd);
}

}  // namespace onnx_macs
