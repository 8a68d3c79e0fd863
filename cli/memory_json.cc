// What is alive when, in JSON.
#include "cli/memory_json.h"

#include <string>
#include <utility>

#include "cli/json_amount.h"

namespace onnx_macs {
namespace {

Json ToJson(const AliveTensor& tensor) {
  Json row = {{"value", tensor.name}, {"type", tensor.type}};
  AddAmount("bytes", tensor.bytes, &row);
  return row;
}

Json ToJson(const BatchRow& batch) {
  Json row = {{"batch", batch.batch}};
  AddAmount("macs", batch.macs, &row);
  AddAmount("flops", batch.flops, &row);
  AddAmount("activation_bytes", batch.activation_bytes, &row);
  AddAmount("total_bytes", batch.total_bytes, &row);
  return row;
}

Json ToJson(const BudgetFit& fit) {
  const bool has_size = !fit.extent.empty();
  const bool has_end = has_size && fit.fits && !fit.has_no_end;
  Json row = {{"bytes", fit.budget},
              {"fits", fit.fits},
              {"extent", has_size ? Json(fit.extent) : Json(nullptr)},
              {"step", fit.step},
              {"no_end", fit.has_no_end},
              {"largest", has_end ? Json(fit.largest) : Json(nullptr)},
              {"with_headroom", has_end ? Json(fit.with_headroom) : Json(nullptr)}};
  AddAmount("total_bytes", fit.bytes, &row);
  AddAmount("next_total_bytes", has_end ? fit.next_bytes : Amount::Unknown(), &row);
  row["ends_with_model"] = fit.ends_with_model;
  return row;
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
  Json object = Json::object();
  AddAmount("peak_activation_bytes", memory.peak_activation_bytes, &object);
  AddAmount("traffic_bytes", figures.traffic_bytes, &object);
  object["arithmetic_intensity"] = Intensity(figures);
  AddAmount("reordered_peak_bytes", memory.reordered_peak_bytes.value_or(Amount::Unknown()),
            &object);
  object["peak_node"] = memory.peak_node.empty() ? Json(nullptr) : Json(memory.peak_node);
  object["alive_tensors"] = memory.num_alive_at_peak;
  object["alive_at_peak"] = Json::array();
  for (const AliveTensor& tensor : memory.alive_at_peak) {
    object["alive_at_peak"].push_back(ToJson(tensor));
  }
  object["weight_bytes_by_type"] = Json::object();
  for (const WeightTypeRow& row : model.weight_types) {
    object["weight_bytes_by_type"][row.dtype] = ToJson(row.weight_bytes);
  }
  if (!model.memory_plan.batches.empty()) {
    object["batches"] = Json::array();
    for (const BatchRow& row : model.memory_plan.batches) object["batches"].push_back(ToJson(row));
  }
  if (model.memory_plan.fit) object["budget"] = ToJson(*model.memory_plan.fit);
  object["unknown_tensors"] = memory.unknown_tensors;
  object["notes"] = memory.notes;
  for (const std::string& note : model.memory_plan.notes) object["notes"].push_back(note);
  if (!model.memory_plan.notes.empty()) object["plan_notes"] = model.memory_plan.notes;
  return object;
}

}  // namespace onnx_macs
