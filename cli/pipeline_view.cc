// Stages as rows. Costs are in GMACs, as people quote them, unless the whole is less than one.
#include "cli/pipeline_view.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/number_format.h"
#include "cli/text.h"

namespace onnx_macs {
namespace {

constexpr int64_t kGiga = 1'000'000'000, kTera = 1000 * kGiga;
constexpr int kCallDecimals = 3, kSumDecimals = 1;

// How the costs of a pipeline are written.
struct Unit {
  std::string name;  // before "MACs"
  bool is_giga = false;
};

Unit UnitOf(const PipelineReport& pipeline) {
  const Amount& macs = pipeline.figures.macs;
  return macs.is_integer() && macs.value() >= kGiga ? Unit{"G", true} : Unit{"", false};
}

std::string Cell(const Amount& amount, const Unit& unit, int decimals, bool is_lower_bound) {
  if (!unit.is_giga || !amount.is_integer()) return FormatAmount(amount, is_lower_bound);
  return absl::StrCat(is_lower_bound ? ">= " : "", FormatIn(amount.value(), kGiga, decimals));
}

std::string Tera(const Amount& flops) {
  return flops.is_integer() ? FormatIn(flops.value(), kTera, kSumDecimals) : "";
}

std::string Share(const Amount& part, const Amount& whole) {
  if (!part.is_integer() || !whole.is_integer()) return "";
  return FormatShare(part.approximate(), whole.approximate());
}

std::string TotalTitle(const PipelineReport& pipeline) {
  if (pipeline.steps) return absl::StrCat("Total ", *pipeline.steps, " steps");
  if (pipeline.evals) return absl::StrCat("Total ", *pipeline.evals, " evaluations");
  if (!pipeline.prefill) return "Total";
  return absl::StrCat("Total ", *pipeline.prefill, " + ", *pipeline.decode, " tokens");
}

}  // namespace

std::string PipelineTitle(const PipelineReport& pipeline) {
  if (pipeline.folder.empty()) return pipeline.name;
  return absl::StrCat(Printable(pipeline.folder), ": ", pipeline.name);
}

std::string PipelineSettings(const PipelineReport& pipeline) {
  std::vector<std::string> parts;
  if (pipeline.steps) parts.push_back(absl::StrCat(*pipeline.steps, " steps"));
  if (pipeline.evals && pipeline.evals != pipeline.steps) {
    parts.push_back(absl::StrCat(*pipeline.evals, " evaluations"));
  }
  if (!pipeline.scheduler.empty()) parts.push_back(pipeline.scheduler);
  if (!pipeline.guidance.empty()) parts.push_back(pipeline.guidance);
  if (pipeline.prefill) {
    parts.push_back(absl::StrCat(*pipeline.prefill, " tokens of prompt"));
    parts.push_back(absl::StrCat(*pipeline.decode, " decoded"));
  }
  return absl::StrJoin(parts, ", ");
}

Table PipelineTable(const PipelineReport& pipeline) {
  const Unit unit = UnitOf(pipeline);
  const bool has_tera = unit.is_giga;
  using Kind = Column::Kind;
  Table table;
  table.columns = {{"stage", Kind::kName, false},
                   {"calls", Kind::kAmount, false},
                   {"batch", Kind::kAmount, true},
                   {absl::StrCat(unit.name, "MACs per call"), Kind::kAmount, false},
                   {absl::StrCat(unit.name, "MACs"), Kind::kAmount, false},
                   {"share", Kind::kAmount, false}};
  if (has_tera) table.columns.push_back({"TFLOPs", Kind::kAmount, true});
  const Amount& whole = pipeline.figures.macs;
  for (const StageRow& stage : pipeline.stages) {
    TableRow row;
    row.cells = {stage.title,
                 absl::StrCat(stage.times),
                 absl::StrCat(stage.batch),
                 Cell(stage.per_call.macs, unit, kCallDecimals, stage.is_lower_bound),
                 Cell(stage.figures.macs, unit, kSumDecimals, stage.is_lower_bound),
                 Share(stage.figures.macs, whole)};
    if (has_tera) row.cells.push_back(Tera(stage.figures.flops));
    table.rows.push_back(std::move(row));
  }
  TableRow total;
  total.style = TableRow::Style::kTotal;
  total.cells = {
      TotalTitle(pipeline), "", "", "", Cell(whole, unit, kSumDecimals, pipeline.is_lower_bound),
      Share(whole, whole)};
  if (has_tera) total.cells.push_back(Tera(pipeline.figures.flops));
  table.rows.push_back(std::move(total));
  return table;
}

std::vector<std::string> PipelineRemarks(const PipelineReport& pipeline) {
  std::vector<std::string> remarks;
  if (pipeline.cache) {
    remarks.push_back(absl::StrCat("note: keys and values take ",
                                   FormatByteAmount(pipeline.cache->bytes_per_token), " a token, ",
                                   FormatByteAmount(pipeline.cache->bytes), " at the end"));
  }
  for (const std::string& note : pipeline.notes) {
    remarks.push_back(absl::StrCat("note: ", Printable(note)));
  }
  return remarks;
}

}  // namespace onnx_macs
