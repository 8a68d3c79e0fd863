// Memory as tables and sentences.
#include "cli/memory_view.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "cli/number_format.h"
#include "cli/text.h"

namespace onnx_macs {
namespace {

constexpr size_t kMostAlive = 5;
constexpr int kFormulaColumns = 60;

std::string Bytes(const Amount& amount, bool is_lower_bound = false) {
  return ShortenFormula(FormatByteAmount(amount, is_lower_bound), kFormulaColumns);
}

// In binary units where it is a whole number of them, as budgets are given, and as all else is.
std::string BudgetText(int64_t bytes) {
  const std::pair<int64_t, const char*> units[] = {
      {int64_t{1} << 40, " TiB"}, {1 << 30, " GiB"}, {1 << 20, " MiB"}, {1 << 10, " KiB"}};
  for (const auto& [unit, name] : units) {
    if (bytes % unit != 0) continue;
    return absl::StrCat(bytes / unit, name, " (", FormatBytes(bytes), ")");
  }
  return FormatBytes(bytes);
}

// "102.1 per parameter" of two integers; empty where there is nothing to divide by.
std::string Ratio(const Amount& a, const Amount& b) {
  if (!a.is_integer() || !b.is_integer() || b.is_zero()) return "";
  const double ratio = a.approximate() / b.approximate();
  return ratio < 1000 ? absl::StrFormat("%.1f", ratio)
                      : FormatSi(absl::int128(static_cast<int64_t>(std::min(ratio, 1e18))));
}

std::string WeightsText(const ModelReport& model) {
  std::vector<std::string> types;
  const bool is_one = model.weight_types.size() == 1;
  for (const WeightTypeRow& row : model.weight_types) {
    types.push_back(is_one ? row.dtype : absl::StrCat(Bytes(row.weight_bytes), " ", row.dtype));
  }
  const std::string all = Bytes(model.figures.weight_bytes);
  return types.empty() ? all : absl::StrCat(all, " (", absl::StrJoin(types, ", "), ")");
}

std::string ComputeText(const Figures& figures, bool is_lower_bound) {
  std::string text = absl::StrCat(
      ShortenFormula(FormatAmount(figures.macs, is_lower_bound), kFormulaColumns), " MACs, ",
      ShortenFormula(FormatAmount(figures.flops, is_lower_bound), kFormulaColumns), " FLOPs");
  const std::string ratio = Ratio(figures.flops, figures.params);
  if (!ratio.empty()) absl::StrAppend(&text, ", ", ratio, " FLOPs per parameter");
  return text;
}

std::string TrafficText(const Figures& figures) {
  const std::string ratio = Ratio(figures.flops, figures.traffic_bytes);
  return absl::StrCat(Bytes(figures.traffic_bytes),
                      ratio.empty() ? "" : absl::StrCat(", ", ratio, " FLOPs per byte"));
}

std::string PeakText(const MemoryReport& memory) {
  std::string text = Bytes(memory.peak_activation_bytes, memory.unknown_tensors > 0);
  if (!memory.peak_node.empty()) absl::StrAppend(&text, " at ", Printable(memory.peak_node));
  return text;
}

// "batch 12", "resolution 1024x1024".
std::string SizeText(const BudgetFit& fit, int64_t size) {
  if (fit.extent == "res") return absl::StrCat("resolution ", size, "x", size);
  return absl::StrCat(fit.extent == "seq" ? "sequence length" : fit.extent, " ", size);
}

std::string FitText(const BudgetFit& fit) {
  const std::string bytes = Bytes(fit.bytes);
  if (fit.extent.empty()) {
    const char* const verdict = !fit.bytes.is_integer() ? "whether it fits is not known, with "
                                : fit.fits              ? "it fits, with "
                                                        : "it does not fit, with ";
    return absl::StrCat(verdict, bytes);
  }
  if (!fit.fits) {
    return absl::StrCat("not even ", SizeText(fit, fit.step), " fits, which takes ", bytes);
  }
  if (fit.has_no_end) return absl::StrCat("no ", fit.extent, " that is tried is too large");
  std::string text = absl::StrCat(SizeText(fit, fit.largest), " is the largest that fits, with ",
                                  bytes, " of weights and activations; ");
  return absl::StrCat(text, fit.ends_with_model ? "the model takes no larger one"
                                                : absl::StrCat(fit.largest + fit.step, " takes ",
                                                               Bytes(fit.next_bytes)));
}

}  // namespace

Table ProfileTable(const ModelReport& model) {
  Table table;
  table.columns = {{"profile", Column::Kind::kName, false}, {"", Column::Kind::kText, false}};
  const auto add = [&table](const char* label, std::string text) {
    TableRow row;
    row.cells = {label, std::move(text)};
    table.rows.push_back(std::move(row));
  };
  const bool has_gaps = !model.gaps.empty();
  add("parameters", FormatAmount(model.figures.params));
  add("weights", WeightsText(model));
  add("compute", ComputeText(model.figures, has_gaps));
  add("activations", PeakText(*model.memory));
  if (model.memory->reordered_peak_bytes) {
    add("in a better order", Bytes(*model.memory->reordered_peak_bytes));
  }
  add("traffic", TrafficText(model.figures));
  return table;
}

// What a device makes of a batch would be further columns.
Table BatchTable(const ModelReport& model) {
  using Kind = Column::Kind;
  Table table;
  table.columns = {{"batch", Kind::kName, false},
                   {"MACs", Kind::kAmount, false},
                   {"FLOPs", Kind::kAmount, true},
                   {"activations", Kind::kAmount, false},
                   {"with weights", Kind::kAmount, false}};
  const bool has_gaps = !model.gaps.empty(), has_unknown = model.memory->unknown_tensors > 0;
  for (const BatchRow& batch : model.memory_plan.batches) {
    TableRow row;
    row.cells = {absl::StrCat(batch.batch), FormatAmount(batch.macs, has_gaps),
                 FormatAmount(batch.flops, has_gaps),
                 FormatByteAmount(batch.activation_bytes, has_unknown),
                 FormatByteAmount(batch.total_bytes, has_unknown)};
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::vector<std::string> MemoryRemarks(const ModelReport& model) {
  const MemoryReport& memory = *model.memory;
  std::vector<std::string> remarks = {
      absl::StrCat("peak: ", PeakText(memory), ", ", memory.num_alive_at_peak, " tensors alive")};
  const size_t shown = std::min(memory.alive_at_peak.size(), kMostAlive);
  for (size_t i = 0; i < shown; ++i) {
    const AliveTensor& tensor = memory.alive_at_peak[i];
    remarks.push_back(absl::StrCat("  ", Bytes(tensor.bytes), "  ", Printable(tensor.type), "  ",
                                   Printable(tensor.name)));
  }
  if (memory.reordered_peak_bytes) {
    remarks.push_back(absl::StrCat("note: in an order that was found the peak is ",
                                   Bytes(*memory.reordered_peak_bytes)));
  }
  if (memory.unknown_tensors > 0) {
    const bool is_one = memory.unknown_tensors == 1;
    remarks.push_back(absl::StrCat("note: ", memory.unknown_tensors,
                                   is_one ? " activation is" : " activations are",
                                   " of unknown size: the peak is a lower bound"));
  }
  return remarks;
}

std::vector<std::string> MemoryFormulas(const ModelReport& model) {
  return {
      absl::StrCat("peak activation bytes = ", FormatExact(model.memory->peak_activation_bytes)),
      absl::StrCat("traffic bytes = ", FormatExact(model.figures.traffic_bytes))};
}

std::vector<std::string> BudgetRemarks(const ModelReport& model) {
  std::vector<std::string> remarks;
  if (const auto& fit = model.memory_plan.fit) {
    remarks.push_back(absl::StrCat("memory budget ", BudgetText(fit->budget), ": ", FitText(*fit)));
    if (fit->fits && !fit->extent.empty() && !fit->has_no_end) {
      remarks.push_back(fit->with_headroom > 0
                            ? absl::StrCat("recommended: ", SizeText(*fit, fit->with_headroom),
                                           ", which leaves a fifth of it free")
                            : "recommended: a larger budget: none leaves a fifth of it free");
    }
  }
  for (const std::string& note : model.memory_plan.notes) {
    remarks.push_back(absl::StrCat("note: ", Printable(note)));
  }
  return remarks;
}

}  // namespace onnx_macs
