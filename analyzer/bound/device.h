// Devices: how fast one computes and moves bytes at best. Known ones by name, others from a file.
#ifndef ANALYZER_BOUND_DEVICE_H_
#define ANALYZER_BOUND_DEVICE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "analyzer/data_type.h"

namespace onnx_macs {

struct Device {
  struct Rate {
    DataType type;
    double flops;  // a second, of dense products whose operands have the type
  };
  std::string name, title, source;
  double bytes_per_second = 0, memory_bytes = 0;
  std::vector<Rate> rates;  // the fastest there is for each type

  // Of the type; where there are no units for it, of the type whose units would do it; and where
  // that is not known either the fastest of all, because no bound may be too high.
  double FlopsOf(DataType type) const;
};

// Those that are known, by name.
absl::Span<const Device> KnownDevices();
const Device* FindDevice(absl::string_view name);

// A description as docs/devices.md has it: {"name", "gigabytes_per_second", "teraflops": {...}}.
// The error says where it is wrong.
absl::StatusOr<Device> ParseDevice(absl::string_view json);

}  // namespace onnx_macs

#endif  // ANALYZER_BOUND_DEVICE_H_
