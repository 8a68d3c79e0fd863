// What users say of control flow: how often loops run, which branches count.
#ifndef ANALYZER_CONTROL_FLOW_H_
#define ANALYZER_CONTROL_FLOW_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace onnx_macs {

// What counts of an If whose condition is not known: the branch that costs more, always the same
// one, or both.
enum class IfChoice : uint8_t { kMax, kThen, kElse, kBoth };

struct ControlFlowOptions {
  IfChoice if_choice = IfChoice::kMax;
  std::optional<int64_t> loop_trips;                             // for every loop of unknown length
  std::vector<std::pair<std::string, int64_t>> node_loop_trips;  // by the name of the node
};

}  // namespace onnx_macs

#endif  // ANALYZER_CONTROL_FLOW_H_
