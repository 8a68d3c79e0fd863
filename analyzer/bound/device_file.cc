// Devices of one's own, from JSON.
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "analyzer/bound/device.h"
#include "analyzer/shallow_json.h"

namespace onnx_macs {
namespace {

using Json = nlohmann::json;

constexpr double kTera = 1e12, kGiga = 1e9;

constexpr std::pair<absl::string_view, DataType> kTypes[] = {
    {"float64", DataType::kDouble},      {"float32", DataType::kFloat},
    {"float16", DataType::kFloat16},     {"bfloat16", DataType::kBfloat16},
    {"float8", DataType::kFloat8E4M3FN}, {"int8", DataType::kInt8},
};

absl::Status Bad(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(
      what,
      R"(; such a file looks like {"name": "mine", "gigabytes_per_second": 900, "gigabytes": 24, )",
      R"("teraflops": {"float32": 35, "float16": 70}})"));
}

// A positive number, or a complaint.
absl::StatusOr<double> ReadPositive(const Json& object, const char* key) {
  const auto it = object.find(key);
  if (it == object.end()) return Bad(absl::StrCat("there is no \"", key, "\""));
  const double value = it->is_number() ? it->get<double>() : 0;
  if (!(value > 0) || !std::isfinite(value)) {
    return Bad(absl::StrCat("\"", key, "\" is no positive number"));
  }
  return value;
}

absl::Status ReadRates(const Json& rates, Device* device) {
  for (const auto& [key, value] : rates.items()) {
    const auto* known = std::begin(kTypes);
    while (known != std::end(kTypes) && known->first != key) ++known;
    if (known == std::end(kTypes)) {
      return Bad(absl::StrCat("\"teraflops\" has no type \"", key,
                              "\" (float64, float32, float16, bfloat16, float8, int8)"));
    }
    const absl::StatusOr<double> rate = ReadPositive(rates, key.c_str());
    if (!rate.ok()) return rate.status();
    device->rates.push_back({known->second, *rate * kTera});
  }
  return device->rates.empty() ? Bad("\"teraflops\" is empty") : absl::OkStatus();
}

}  // namespace

absl::StatusOr<Device> ParseDevice(absl::string_view json) {
  const Json object = ParseShallowJson(json);
  if (!object.is_object()) return Bad("this is no JSON object");
  Device device;
  const auto name = object.find("name");
  device.name = name != object.end() && name->is_string() ? name->get<std::string>() : "device";
  device.title = device.name;
  device.source = "a file";
  const absl::StatusOr<double> bandwidth = ReadPositive(object, "gigabytes_per_second");
  if (!bandwidth.ok()) return bandwidth.status();
  device.bytes_per_second = *bandwidth * kGiga;
  if (object.contains("gigabytes")) {
    const absl::StatusOr<double> memory = ReadPositive(object, "gigabytes");
    if (!memory.ok()) return memory.status();
    device.memory_bytes = *memory * kGiga;
  }
  const auto rates = object.find("teraflops");
  if (rates == object.end() || !rates->is_object()) return Bad("there is no object \"teraflops\"");
  if (const absl::Status status = ReadRates(*rates, &device); !status.ok()) return status;
  return device;
}

}  // namespace onnx_macs
