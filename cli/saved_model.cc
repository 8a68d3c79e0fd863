// The keys of a model. Views go from row to row by numbers and places: those are checked last.
#include "cli/saved_model.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "analyzer/report_rows.h"
#include "cli/saved_memory.h"
#include "cli/saved_rows.h"

namespace onnx_macs {
namespace {

constexpr SavedField<PathSources> kPaths[] = {
    {"exporter", ReadText<&PathSources::exporter>},
    {"tools", ReadTexts<&PathSources::tools>},
    {"evidence", ReadCounts<&PathSources::evidence>},
};

void ReadNodeRows(SavedInput& in, SavedModel* model) {
  model->nodes.clear();  // those that were explained are among them
  model->parts.nodes = true;
  ReadRows(in, &model->nodes);
}

void ReadExplained(SavedInput& in, SavedModel* model) {
  model->parts.explained = true;
  if (model->parts.nodes) return in.Skip();
  ReadRows(in, &model->nodes);
}

constexpr SavedField<SavedModel> kModel[] = {
    {"file", ReadText<&ModelReport::file>},
    {"role", ReadText<&ModelReport::role>},
    {"producer", ReadText<&ModelReport::producer>},
    {"ir_version", [](SavedInput& in, SavedModel* model) { model->ir_version = in.ReadInteger(); }},
    {"opsets", ReadCounts<&ModelReport::opsets>},
    {"bindings", ReadCounts<&ModelReport::bindings>},
    {"unbound", ReadTexts<&ModelReport::unbound>},
    {"inputs", ReadPart<&ModelReport::inputs>},
    {"outputs", ReadPart<&ModelReport::outputs>},
    {"weight_types", ReadPartRows<&ModelReport::weight_types>},
    {"active", ReadPart<&ModelReport::active>},
    {"memory", [](SavedInput& in, SavedModel* model) { ReadMemory(in, model); }, false},
    {"bound", [](SavedInput& in, SavedModel* model) { ReadBound(in, model); }, false},
    {"nodes_total", ReadNodes},
    {"nodes_counted", ReadNodeCount<&ModelReport::nodes_counted>},
    {"nodes_free", ReadNodeCount<&ModelReport::nodes_free>},
    {"gaps", ReadPartRows<&ModelReport::gaps>},
    {"paths",
     [](SavedInput& in, SavedModel* model) {
       Read(in, SavedRow<PathSources>{kPaths, {}}, &model->paths);
     }},
    {"components", ReadPartRows<&ModelReport::components>},
    {"by_op", ReadPartRows<&ModelReport::by_op>},
    {"blocks", ReadPartRows<&ModelReport::blocks>},
    {"outside_blocks", ReadPart<&ModelReport::outside_blocks>},
    {"nodes", ReadNodeRows, false},
    {"explain", ReadExplained, false},
    {"values",
     [](SavedInput& in, SavedModel* model) {
       model->parts.values = true;
       Read(in, &model->values);
     },
     false},
    {"assumptions", ReadTexts<&ModelReport::facts>},
    {"hints", ReadTexts<&ModelReport::hints>},
    {"notes", ReadTexts<&ModelReport::notes>},
};

constexpr SavedAmount<SavedModel> kModelAmounts[] = {
    {"macs", FigureOf<&Figures::macs>},
    {"ops", FigureOf<&Figures::ops>},
    {"flops", FigureOf<&Figures::flops>},
    {"params", FigureOf<&Figures::params>},
    {"weight_bytes", FigureOf<&Figures::weight_bytes>},
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
  model->display_prefix = DisplayPrefix(model->components);
  if (model->memory_plan.fit) model->memory_plan.fit->weight_bytes = model->figures.weight_bytes;
  const std::string wrong = Contradiction(*model);
  if (!wrong.empty()) in.FailAt(place, wrong);
}

}  // namespace onnx_macs
