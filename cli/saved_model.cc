// The keys of a model. Views go from row to row by numbers and places: those are checked last.
#include "cli/saved_model.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "analyzer/report_rows.h"
#include "cli/saved_memory.h"
#include "cli/saved_rows.h"

namespace onnx_macs {
namespace {

template <auto Member>
void ReadReportText(SavedInput& in, SavedModel* model) {
  model->report.*Member = in.ReadString();
}
template <auto Member>
void ReadReportTexts(SavedInput& in, SavedModel* model) {
  model->report.*Member = in.ReadStrings();
}
template <auto Member>
void ReadReportCount(SavedInput& in, SavedModel* model) {
  model->report.*Member = in.ReadCount(kMostNodes);
}
template <auto Member>
void ReadReportCounts(SavedInput& in, SavedModel* model) {
  model->report.*Member = in.ReadCounts();
}
template <auto Member>
void ReadReportPart(SavedInput& in, SavedModel* model) {
  Read(in, &(model->report.*Member));
}
template <auto Member>
void ReadReportRows(SavedInput& in, SavedModel* model) {
  ReadRows(in, &(model->report.*Member));
}
template <auto Member>
Amount* ReportFigure(SavedModel* model) {
  return &(model->report.figures.*Member);
}

constexpr SavedField<PathSources> kPaths[] = {
    {"exporter", ReadText<&PathSources::exporter>},
    {"tools", ReadTexts<&PathSources::tools>},
    {"evidence", [](SavedInput& in, PathSources* paths) { paths->evidence = in.ReadCounts(); }},
};

void ReadNodeRows(SavedInput& in, SavedModel* model) {
  model->report.nodes.clear();  // those that were explained are among them
  model->parts.nodes = true;
  ReadRows(in, &model->report.nodes);
}

void ReadExplained(SavedInput& in, SavedModel* model) {
  model->parts.explained = true;
  if (model->parts.nodes) return in.Skip();
  ReadRows(in, &model->report.nodes);
}

constexpr SavedField<SavedModel> kModel[] = {
    {"file", ReadReportText<&ModelReport::file>},
    {"role", ReadReportText<&ModelReport::role>},
    {"producer", ReadReportText<&ModelReport::producer>},
    {"ir_version",
     [](SavedInput& in, SavedModel* model) { model->report.ir_version = in.ReadInteger(); }},
    {"opsets", ReadReportCounts<&ModelReport::opsets>},
    {"bindings", ReadReportCounts<&ModelReport::bindings>},
    {"unbound", ReadReportTexts<&ModelReport::unbound>},
    {"inputs", ReadReportPart<&ModelReport::inputs>},
    {"outputs", ReadReportPart<&ModelReport::outputs>},
    {"weight_types", ReadReportRows<&ModelReport::weight_types>},
    {"active", ReadReportPart<&ModelReport::active>},
    {"memory", [](SavedInput& in, SavedModel* model) { ReadMemory(in, &model->report); }, false},
    {"bound", [](SavedInput& in, SavedModel* model) { ReadBound(in, &model->report); }, false},
    {"nodes_total",
     [](SavedInput& in, SavedModel* model) {
       model->report.figures.nodes = in.ReadCount(kMostNodes);
     }},
    {"nodes_counted", ReadReportCount<&ModelReport::nodes_counted>},
    {"nodes_free", ReadReportCount<&ModelReport::nodes_free>},
    {"gaps", ReadReportRows<&ModelReport::gaps>},
    {"paths",
     [](SavedInput& in, SavedModel* model) {
       Read(in, SavedRow<PathSources>{kPaths, {}}, &model->report.paths);
     }},
    {"components", ReadReportRows<&ModelReport::components>},
    {"by_op", ReadReportRows<&ModelReport::by_op>},
    {"blocks", ReadReportRows<&ModelReport::blocks>},
    {"outside_blocks", ReadReportPart<&ModelReport::outside_blocks>},
    {"nodes", ReadNodeRows, false},
    {"explain", ReadExplained, false},
    {"values",
     [](SavedInput& in, SavedModel* model) {
       model->parts.values = true;
       Read(in, &model->report.values);
     },
     false},
    {"assumptions", ReadReportTexts<&ModelReport::facts>},
    {"hints", ReadReportTexts<&ModelReport::hints>},
    {"notes", ReadReportTexts<&ModelReport::notes>},
};

constexpr SavedAmount<SavedModel> kModelAmounts[] = {
    {"macs", ReportFigure<&Figures::macs>},
    {"ops", ReportFigure<&Figures::ops>},
    {"flops", ReportFigure<&Figures::flops>},
    {"params", ReportFigure<&Figures::params>},
    {"weight_bytes", ReportFigure<&Figures::weight_bytes>},
};

// Empty where all is well.
std::string Contradiction(const ModelReport& model) {
  if (!model.components.empty() && !model.components[0].path.empty()) {
    return "the first component is not the whole model";
  }
  const int64_t num_blocks = static_cast<int64_t>(model.blocks.size());
  for (int64_t i = 0; i < num_blocks; ++i) {
    const BlockRow& block = model.blocks[i];
    if (block.id != i) return absl::StrCat("block ", i, " has the id ", block.id);
    if (block.parent >= i) return absl::StrCat("block ", i, " comes before its parent");
  }
  for (const NodeRow& node : model.nodes) {
    if (node.block >= num_blocks) return absl::StrCat("there is no block ", node.block);
  }
  if (!model.bound) return "";
  const std::vector<BoundRow>& bounds = model.bound->components;
  bool is_same = bounds.size() == model.components.size();
  for (size_t i = 0; is_same && i < bounds.size(); ++i) {
    is_same = bounds[i].path == model.components[i].path;
  }
  return is_same ? "" : "the components of \"bound\" are not those of the model";
}

}  // namespace

void Read(SavedInput& in, SavedModel* model) {
  const size_t place = in.Place();
  Read(in, SavedRow<SavedModel>{kModel, kModelAmounts}, model);
  ModelReport& report = model->report;
  report.display_prefix = DisplayPrefix(report.components);
  if (report.memory_plan.fit) report.memory_plan.fit->weight_bytes = report.figures.weight_bytes;
  const std::string wrong = Contradiction(report);
  if (!wrong.empty()) in.FailAt(place, wrong);
}

}  // namespace onnx_macs
