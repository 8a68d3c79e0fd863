// What is alive when, in JSON.
#include "cli/memory_json.h"

#include <optional>
#include <string>
#include <utility>

#include "cli/json_amount.h"
#include "cli/number_format.h"

namespace onnx_macs {
namespace {

Json Optional(const std::optional<Amount>& amount) { return amount ? ToJson(*amount) : nullptr; }

Json ToJson(const AliveTensor& tensor) {
  return {{"value", tensor.name}, {"type", tensor.type}, {"bytes", ToJson(tensor.bytes)}};
}

Json ToJson(const BatchRow& row) {
  return {{"batch", row.batch},
          {"macs", ToJson(row.macs)},
          {"flops", ToJson(row.flops)},
          {"activation_bytes", ToJson(row.activation_bytes)},
          {"total_bytes", ToJson(row.total_bytes)}};
}

Json ToJson(const BudgetFit& fit) {
  const bool has_size = !fit.extent.empty();
  const bool has_end = has_size && fit.fits && !fit.has_no_end;
  return {{"bytes", fit.budget},
          {"fits", fit.fits},
          {"extent", has_size ? Json(fit.extent) : Json(nullptr)},
          {"largest", has_end ? Json(fit.largest) : Json(nullptr)},
          {"with_headroom", has_end ? Json(fit.with_headroom) : Json(nullptr)},
          {"total_bytes", ToJson(fit.bytes)},
          {"next_total_bytes", has_end ? ToJson(fit.next_bytes) : Json(nullptr)}};
}

// FLOPs for each byte that is moved.
Json Intensity(const Figures& figures) {
  if (!figures.flops.is_integer() || !figures.traffic_bytes.is_integer()) return nullptr;
  if (figures.traffic_bytes.is_zero()) return nullptr;
  return figures.flops.approximate() / figures.traffic_bytes.approximate();
}

}  // namespace

Json MemoryToJson(const ModelReport& model) {
  const MemoryReport& memory = *model.memory;
  const Figures& figures = model.figures;
  Json object = {{"peak_activation_bytes", ToJson(memory.peak_activation_bytes)},
                 {"traffic_bytes", ToJson(figures.traffic_bytes)},
                 {"arithmetic_intensity", Intensity(figures)},
                 {"reordered_peak_bytes", Optional(memory.reordered_peak_bytes)}};
  const Amount none;
  const std::pair<const char*, const Amount*> amounts[] = {
      {"peak_activation_bytes", &memory.peak_activation_bytes},
      {"traffic_bytes", &figures.traffic_bytes},
      {"reordered_peak_bytes",
       memory.reordered_peak_bytes ? &*memory.reordered_peak_bytes : &none}};
  for (const auto& [key, amount] : amounts) {
    if (amount->is_formula()) object["formula"][key] = FormatExact(*amount);
  }
  object["peak_node"] = memory.peak_node.empty() ? Json(nullptr) : Json(memory.peak_node);
  object["alive_tensors"] = memory.num_alive_at_peak;
  object["alive_at_peak"] = Json::array();
  for (const AliveTensor& tensor : memory.alive_at_peak) {
    object["alive_at_peak"].push_back(ToJson(tensor));
  }
  object["weight_bytes_by_type"] = Json::object();
  for (const auto& [type, bytes] : memory.weight_bytes_by_type) {
    object["weight_bytes_by_type"][type] = ToJson(bytes);
  }
  if (!model.memory_plan.batches.empty()) {
    object["batches"] = Json::array();
    for (const BatchRow& row : model.memory_plan.batches) object["batches"].push_back(ToJson(row));
  }
  if (model.memory_plan.fit) object["budget"] = ToJson(*model.memory_plan.fit);
  object["unknown_tensors"] = memory.unknown_tensors;
  object["notes"] = memory.notes;
  for (const std::string& note : model.memory_plan.notes) object["notes"].push_back(note);
  return object;
}

}  // namespace onnx_macs
