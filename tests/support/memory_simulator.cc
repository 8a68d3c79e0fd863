// The simulation of memory_simulator.h.
#include "tests/support/memory_simulator.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <set>

namespace onnx_macs::testing {
namespace {

struct Memory {
  int64_t held = 0, most = 0;
};

class Storage {
 public:
  Storage(Memory* memory, int64_t bytes) : memory_(memory), bytes_(bytes) {
    memory_->held += bytes_;
    memory_->most = std::max(memory_->most, memory_->held);
  }
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;
  ~Storage() { memory_->held -= bytes_; }

 private:
  Memory* memory_;
  int64_t bytes_;
};

bool IsView(const onnx::NodeProto& node) {
  return node.op_type() == "Reshape" || node.op_type() == "Identity";
}

}  // namespace

int64_t SimulatePeak(const onnx::GraphProto& graph, const TensorBytes& bytes,
                     const std::vector<uint32_t>& order) {
  std::map<std::string, int> users;
  for (const onnx::NodeProto& node : graph.node()) {
    for (const std::string& input : node.input()) ++users[input];
  }
  for (const onnx::ValueInfoProto& output : graph.output()) ++users[output.name()];
  Memory memory;
  std::map<std::string, std::shared_ptr<Storage>> tensors;
  for (const onnx::ValueInfoProto& input : graph.input()) {
    tensors[input.name()] = std::make_shared<Storage>(&memory, bytes.at(input.name()));
  }
  for (const uint32_t index : order) {
    const onnx::NodeProto& node = graph.node(static_cast<int>(index));
    for (const std::string& output : node.output()) {
      const bool shares = IsView(node) && tensors.count(node.input(0)) > 0;
      tensors[output] =
          shares ? tensors[node.input(0)] : std::make_shared<Storage>(&memory, bytes.at(output));
    }
    for (const std::string& input : node.input()) --users[input];
    // Everything that nobody will ask for goes, also inputs nobody ever asked for.
    for (auto it = tensors.begin(); it != tensors.end();) {
      it = users[it->first] == 0 ? tensors.erase(it) : std::next(it);
    }
  }
  return memory.most;
}

int64_t SimulatePeak(const onnx::GraphProto& graph, const TensorBytes& bytes) {
  std::vector<uint32_t> order(graph.node_size());
  std::iota(order.begin(), order.end(), 0);
  return SimulatePeak(graph, bytes, order);
}

bool IsTopological(const onnx::GraphProto& graph, const std::vector<uint32_t>& order) {
  std::set<std::string> made;
  for (const onnx::ValueInfoProto& input : graph.input()) made.insert(input.name());
  for (const onnx::TensorProto& weight : graph.initializer()) made.insert(weight.name());
  std::set<uint32_t> done;
  for (const uint32_t index : order) {
    if (!done.insert(index).second || index >= static_cast<uint32_t>(graph.node_size())) {
      return false;
    }
    const onnx::NodeProto& node = graph.node(static_cast<int>(index));
    for (const std::string& input : node.input()) {
      if (made.count(input) == 0) return false;
    }
    made.insert(node.output().begin(), node.output().end());
  }
  return static_cast<int>(order.size()) == graph.node_size();
}

}  // namespace onnx_macs::testing
