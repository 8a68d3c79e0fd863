// Peak rates and bandwidths as the makers publish them: dense, without the doubling that sparse
// weights would bring. For float32 on matrix units this is TF32's, because runtimes use it unasked.
#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/algorithm/container.h"
#include "analyzer/bound/device.h"

namespace onnx_macs {
namespace {

constexpr double kTera = 1e12, kGiga = 1e9;

// Teraflops by type, 0 where the device has no units of its own; bandwidth and memory in GB.
struct Row {
  const char *name, *title, *source;
  double float64, float32, float16, bfloat16, float8, int8, gigabytes_per_second, gigabytes;
};

constexpr Row kRows[] = {
    {"b200", "NVIDIA B200", "HGX B200 datasheet", 37, 1125, 2250, 2250, 4500, 4500, 8000, 180},
    {"h200", "NVIDIA H200 SXM", "H200 datasheet", 67, 494.7, 989.4, 989.4, 1978.9, 1978.9, 4800,
     141},
    {"h100", "NVIDIA H100 SXM 80 GB", "H100 datasheet", 67, 494.7, 989.4, 989.4, 1978.9, 1978.9,
     3350, 80},
    {"h100-pcie", "NVIDIA H100 PCIe 80 GB", "H100 datasheet", 51.2, 378, 756, 756, 1513, 1513, 2000,
     80},
    {"a100", "NVIDIA A100 SXM 80 GB", "A100 datasheet", 19.5, 156, 312, 312, 0, 624, 2039, 80},
    {"a100-40gb", "NVIDIA A100 40 GB", "A100 datasheet", 19.5, 156, 312, 312, 0, 624, 1555, 40},
    {"a30", "NVIDIA A30", "A30 datasheet", 10.3, 82, 165, 165, 0, 330, 933, 24},
    {"a10", "NVIDIA A10", "A10 datasheet", 0, 62.5, 125, 125, 0, 250, 600, 24},
    {"l40s", "NVIDIA L40S", "L40S datasheet", 0, 183, 362, 362, 733, 733, 864, 48},
    {"l4", "NVIDIA L4", "L4 datasheet", 0, 60, 121, 121, 242.5, 242.5, 300, 24},
    {"t4", "NVIDIA T4", "T4 datasheet", 0, 8.1, 65, 0, 0, 130, 320, 16},
    {"v100", "NVIDIA V100 SXM2 32 GB", "V100 datasheet", 7.8, 15.7, 125, 0, 0, 62.8, 900, 32},
    {"rtx5090", "NVIDIA GeForce RTX 5090", "Blackwell architecture paper", 0, 104.8, 419, 209.5,
     838, 838, 1792, 32},
    {"rtx4090", "NVIDIA GeForce RTX 4090", "Ada architecture paper", 0, 82.6, 330.3, 165.2, 660.6,
     660.6, 1008, 24},
    {"rtx3090", "NVIDIA GeForce RTX 3090", "Ampere GA102 paper", 0, 35.6, 142, 71, 0, 284, 936, 24},
    {"mi300x", "AMD Instinct MI300X", "MI300X datasheet", 163.4, 653.7, 1307.4, 1307.4, 2614.9,
     2614.9, 5300, 192},
    {"mi250x", "AMD Instinct MI250X", "MI250X datasheet", 95.7, 95.7, 383, 383, 0, 383, 3276.8,
     128},
    {"mi210", "AMD Instinct MI210", "MI210 datasheet", 45.3, 45.3, 181, 181, 0, 181, 1638.4, 64},
    {"rx7900xtx", "AMD Radeon RX 7900 XTX", "RX 7900 XTX specification", 0, 61.4, 122.8, 122.8, 0,
     122.8, 960, 24},
    // Cores * clock * (two 512-bit multiply-adds a cycle: 64 FLOPs of float32; AMX: 2048 of
    // bfloat16).
    {"xeon8480", "Intel Xeon Platinum 8480+", "56 cores * 3.0 GHz, AVX-512 and AMX; 8 * DDR5-4800",
     5.4, 10.8, 344, 344, 0, 688, 307.2, 2048},
    // Two 256-bit multiply-adds a cycle: 32 FLOPs of float32.
    {"epyc9654", "AMD EPYC 9654", "96 cores * 3.55 GHz, AVX-512 in two halves; 12 * DDR5-4800",
     5.45, 10.9, 0, 21.8, 0, 43.6, 460.8, 3072},
    {"ryzen7950x", "AMD Ryzen 9 7950X", "16 cores * 5.1 GHz, AVX-512 in two halves; 2 * DDR5-5200",
     1.3, 2.6, 0, 5.2, 0, 10.4, 83.2, 128},
    // Two 128-bit multiply-adds a cycle: 16 FLOPs of float32.
    {"raspberrypi5", "Raspberry Pi 5", "4 Cortex-A76 * 2.4 GHz, NEON; LPDDR4X-4267", 0.0768, 0.1536,
     0.3072, 0, 0, 0.6144, 17.1, 8},
};

// Which other type's units can do a type's products, where it has none of its own.
constexpr std::pair<DataType, DataType> kStandIns[] = {
    {DataType::kFloat8E5M2, DataType::kFloat8E4M3FN},
    {DataType::kFloat8E4M3FNUZ, DataType::kFloat8E4M3FN},
    {DataType::kFloat8E5M2FNUZ, DataType::kFloat8E4M3FN},
    {DataType::kFloat4E2M1, DataType::kFloat8E4M3FN},
    {DataType::kFloat8E4M3FN, DataType::kFloat16},
    {DataType::kBfloat16, DataType::kFloat16},
    {DataType::kFloat16, DataType::kFloat},
    {DataType::kUint8, DataType::kInt8},
    {DataType::kInt4, DataType::kInt8},
    {DataType::kUint4, DataType::kInt8},
    {DataType::kInt8, DataType::kFloat16},
};

Device MakeDevice(const Row& row) {
  Device device{.name = row.name,
                .title = row.title,
                .source = row.source,
                .bytes_per_second = row.gigabytes_per_second * kGiga,
                .memory_bytes = row.gigabytes * kGiga,
                .rates = {}};
  const std::pair<DataType, double> rates[] = {
      {DataType::kDouble, row.float64},      {DataType::kFloat, row.float32},
      {DataType::kFloat16, row.float16},     {DataType::kBfloat16, row.bfloat16},
      {DataType::kFloat8E4M3FN, row.float8}, {DataType::kInt8, row.int8},
  };
  for (const auto& [type, teraflops] : rates) {
    if (teraflops > 0) device.rates.push_back({type, teraflops * kTera});
  }
  return device;
}

}  // namespace

double Device::FlopsOf(DataType type) const {
  for (size_t hops = 0; hops <= std::size(kStandIns); ++hops) {
    const auto rate = absl::c_find_if(rates, [type](const Rate& r) { return r.type == type; });
    if (rate != rates.end()) return rate->flops;
    const auto* next =
        absl::c_find_if(kStandIns, [type](const auto& p) { return p.first == type; });
    if (next == std::end(kStandIns)) break;
    type = next->second;
  }
  // Whatever else is computed (indices, masks, wide floats) is done no faster than the fastest.
  double fastest = 0;
  for (const Rate& rate : rates) fastest = std::max(fastest, rate.flops);
  return fastest;
}

absl::Span<const Device> KnownDevices() {
  static const std::vector<Device>& devices = *[] {
    auto* made = new std::vector<Device>();
    for (const Row& row : kRows) made->push_back(MakeDevice(row));
    return made;
  }();
  return devices;
}

const Device* FindDevice(absl::string_view name) {
  const absl::Span<const Device> devices = KnownDevices();
  const auto it =
      absl::c_find_if(devices, [name](const Device& device) { return device.name == name; });
  return it == devices.end() ? nullptr : &*it;
}

}  // namespace onnx_macs
