// --format table and --format markdown: the same tables and remarks, dressed differently.
#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/bound_view.h"
#include "cli/dress.h"
#include "cli/memory_view.h"
#include "cli/parallel.h"
#include "cli/pipeline_view.h"
#include "cli/remarks.h"
#include "cli/table_view.h"
#include "cli/text.h"
#include "cli/training_view.h"
#include "cli/writers.h"

namespace onnx_macs {
namespace {

// So many models are worth more than one thread.
constexpr size_t kMany = 16;

class Writer {
 public:
  Writer(const Dress& dress, const WriteContext& context, TextSink* sink)
      : dress_(dress), context_(context), sink_(*sink), text_(sink->text()) {}

  void Write(const Results& results) {
    const std::vector<Grouping>& by = context_.view.by;
    if (by[0] == Grouping::kStage) {
      AddWhole(results);
      return;
    }
    if (absl::c_linear_search(by, Grouping::kFile)) {
      AddTable(FilesTable(results, context_.view, context_.filter));
      for (const ModelReport& model : results.models) {
        if (model.memory_plan.fit) AddLines({absl::StrCat(Printable(model.file), ":")});
        for (const std::string& line : BudgetRemarks(model)) {
          text_ += dress_.remark(absl::StrCat("  ", line), context_.style);
        }
      }
      AddWhole(results);
      return;
    }
    AddModels(results.models);
    if (results.models.size() > 1) {
      Separate();
      absl::StrAppend(&text_, GrandTotal(results.models, TotalOf(results), HasGaps(results)), "\n");
    }
    AddWhole(results);
  }

 private:
  // What all models are together.
  void AddWhole(const Results& results) {
    for (const PipelineReport& pipeline : results.pipelines) AddPipeline(pipeline);
    if (results.training) AddTraining(*results.training);
  }

  void AddTraining(const TrainingResults& training) {
    Separate();
    AddTable(TrainingTable(training));
    Separate();
    AddTable(TrainingMemoryTable(training.step));
    if (context_.view.quiet) return;
    Separate();
    for (const std::string& line : TrainingRemarks(training)) {
      text_ += dress_.remark(line, context_.style);
    }
  }

  void Separate() {
    if (has_written_) absl::StrAppend(&text_, "\n");
    has_written_ = true;
  }

  void AddTable(const Table& table) {
    has_written_ = true;
    dress_.table(table, context_.style, &sink_);
  }

  // Side by side where they are many: none of them needs another.
  void AddModels(absl::Span<const ModelReport> models) {
    if (models.size() < kMany) {
      for (const ModelReport& model : models) AddModel(model);
      return;
    }
    std::vector<std::string> texts(models.size());
    ForEachInParallel(models.size(), context_.jobs, [&](size_t i) {
      TextSink sink;
      Writer(dress_, context_, &sink).AddModel(models[i]);
      texts[i] = sink.Take();
    });
    Separate();
    text_ += absl::StrJoin(texts, "\n");
  }

  void AddModel(const ModelReport& model) {
    const ViewOptions& view = context_.view;
    Separate();
    if (!view.quiet) AddTitle(model);
    if (view.profile) AddProfile(model);
    AddTable(ModelTable(model, view, context_.filter));
    if (view.nodes && view.by[0] != Grouping::kNode) {
      Separate();
      AddTable(NodesTable(model, view, context_.filter));
    }
    if (view.shapes) {
      Separate();
      AddTable(ValuesTable(model, context_.filter));
    }
    AddRemarks(model);
    if (view.memory) AddMemory(model);
    AddLines(BudgetRemarks(model));
    if (model.bound) AddBound(model);
  }

  void AddBound(const ModelReport& model) {
    Separate();
    AddTable(BoundTable(model, context_.view));
    if (!model.bound->batches.empty()) {
      Separate();
      AddTable(BatchBoundTable(model));
    }
    AddLines(BoundRemarks(model));
  }

  void AddMemory(const ModelReport& model) {
    AddLines(MemoryRemarks(model));
    if (!context_.view.formula) return;
    for (const std::string& line : MemoryFormulas(model)) text_ += dress_.formula(line);
  }

  void AddProfile(const ModelReport& model) {
    AddTable(ProfileTable(model));
    Separate();
    AddTable(BatchTable(model));
    Separate();
  }

  void AddLines(const std::vector<std::string>& lines) {
    if (!lines.empty()) Separate();
    for (const std::string& line : lines) text_ += dress_.remark(line, context_.style);
  }

  void AddPipeline(const PipelineReport& pipeline) {
    Separate();
    if (!context_.view.quiet) {
      text_ += dress_.title(PipelineTitle(pipeline), PipelineSettings(pipeline), context_.style);
    }
    AddTable(PipelineTable(pipeline));
    if (!context_.view.quiet) AddLines(PipelineRemarks(pipeline));
  }

  void AddTitle(const ModelReport& model) {
    const std::string bindings = Bindings(model);
    text_ += dress_.title(Printable(model.file),
                          absl::StrCat(Origin(model), bindings.empty() ? "" : "; ", bindings),
                          context_.style);
  }

  void AddRemarks(const ModelReport& model) {
    const std::vector<std::string> remarks = Remarks(model, context_.view);
    const std::vector<std::string> formulas =
        context_.view.formula ? Formulas(model) : std::vector<std::string>();
    if (!remarks.empty() || !formulas.empty()) Separate();
    for (const std::string& line : formulas) text_ += dress_.formula(line);
    for (const std::string& line : remarks) text_ += dress_.remark(line, context_.style);
  }

  const Dress& dress_;
  const WriteContext& context_;
  TextSink& sink_;
  std::string& text_;
  bool has_written_ = false;
};

}  // namespace

void WriteTables(const Results& results, const WriteContext& context, TextSink* sink) {
  Writer(DressOf(Format::kTable), context, sink).Write(results);
}

void WriteMarkdown(const Results& results, const WriteContext& context, TextSink* sink) {
  Writer(DressOf(Format::kMarkdown), context, sink).Write(results);
}

std::string TextOf(WriteFn write, const Results& results, const WriteContext& context) {
  TextSink sink;
  write(results, context, &sink);
  return sink.Take();
}

}  // namespace onnx_macs
