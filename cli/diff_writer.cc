// A diff as text: the short answer, why, and the tables; in Markdown these are folded away, and the
// first line is a mark by which a comment is found and replaced.
#include "cli/diff_writer.h"

#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "cli/diff_view.h"
#include "cli/dress.h"
#include "cli/gate_view.h"
#include "cli/text.h"

namespace onnx_macs {
namespace {

constexpr char kMarker[] = "<!-- onnx-macs diff -->\n";

class Writer {
 public:
  Writer(Format format, const WriteContext& context, TextSink* sink)
      : is_markdown_(format == Format::kMarkdown),
        dress_(DressOf(format)),
        context_(context),
        sink_(*sink),
        text_(sink->text()) {}

  void Write(const DiffResults& diff) {
    if (is_markdown_) text_ = kMarker;
    const bool is_one = diff.models.size() == 1 && diff.models[0].presence == Presence::kBoth;
    AddAnswer(diff.pipeline ? ShortAnswer(*diff.pipeline)
              : is_one      ? ShortAnswer(diff.models[0])
                            : ShortAnswer(diff.files),
              absl::StrCat(Printable(diff.old_name), " -> ", Printable(diff.new_name)));
    AddGates(diff);
    if (is_one) {
      if (!diff.gates.empty()) Separate();
      AddModel(diff.models[0]);
      return;
    }
    AddTable("Files", DiffFilesTable(diff));
    for (const ModelDiff& model : diff.models) {
      if (model.presence == Presence::kBoth && !IsSame(model)) AddFile(model);
    }
  }

 private:
  static bool IsSame(const ModelDiff& model) {
    return model.components.size() <= 1 && model.operators.empty() && model.interface.empty() &&
           model.setting.empty() && model.nodes.empty();
  }

  void AddAnswer(const std::string& answer, const std::string& names) {
    if (is_markdown_) {
      absl::StrAppend(&text_, "### ", MarkdownText(answer), "\n\n", MarkdownText(names), "\n\n");
    } else {
      absl::StrAppend(&text_, Bold(Broken(answer), context_.style), "\n",
                      Faint(Broken(names), context_.style), "\n");
    }
  }

  // What fails a build stands at the top, and is never folded away.
  void AddGates(const DiffResults& diff) {
    if (diff.gates.empty()) return;
    if (!is_markdown_) Separate();
    text_ += dress_.remark(GatesAnswer(diff.gates), context_.style);
    if (is_markdown_) Separate();
    dress_.table(GatesTable(diff.gates), context_.style, &sink_);
  }

  std::string Broken(const std::string& line) const {
    return context_.style.wrap ? Wrapped(line, context_.style.width) : line;
  }

  void AddFile(const ModelDiff& model) {
    Separate();
    text_ += dress_.title(Printable(model.new_file), ShortAnswer(model), context_.style);
    AddModel(model);
  }

  void AddModel(const ModelDiff& model) {
    for (const std::string& line : Reasons(model)) text_ += dress_.remark(line, context_.style);
    AddTable("Components", DiffComponentsTable(model, context_.view, context_.filter));
    AddTable("Operators", DiffOperatorsTable(model, context_.view, context_.filter));
    AddNodes(model);
    const std::vector<std::string> remarks = DiffRemarks(model);
    if (!remarks.empty() && !context_.view.quiet) Separate();
    for (const std::string& line : remarks) {
      if (!context_.view.quiet) text_ += dress_.remark(line, context_.style);
    }
  }

  void AddNodes(const ModelDiff& model) {
    bool is_begun = false;
    TellNodes(model, context_.view, context_.filter, [&](const std::string& line) {
      if (!std::exchange(is_begun, true)) BeginSection("Nodes");
      text_ += dress_.remark(line, context_.style);
      sink_.EndRow();
    });
    if (is_begun) EndSection();
  }

  void Separate() { absl::StrAppend(&text_, "\n"); }

  void AddTable(const char* title, const Table& table) {
    if (table.rows.empty()) return;
    BeginSection(title);
    dress_.table(table, context_.style, &sink_);
    EndSection();
  }

  // In Markdown it opens when it is asked for.
  void BeginSection(const char* title) {
    Separate();
    if (is_markdown_) absl::StrAppend(&text_, "<details><summary>", title, "</summary>\n\n");
  }
  void EndSection() {
    if (is_markdown_) absl::StrAppend(&text_, "\n</details>\n");
  }

  const bool is_markdown_;
  const Dress& dress_;
  const WriteContext& context_;
  TextSink& sink_;
  std::string& text_;
};

}  // namespace

void WriteDiffText(const DiffResults& diff, Format format, const WriteContext& context,
                   TextSink* sink) {
  Writer(format, context, sink).Write(diff);
}

}  // namespace onnx_macs
