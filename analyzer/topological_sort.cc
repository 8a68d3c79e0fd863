// The format asks for topological order and most files keep to it: that is checked in one pass, and
// only graphs that fail are sorted, by a depth-first walk that keeps the file's order where it can.
#include "analyzer/topological_sort.h"

#include <utility>
#include <vector>

namespace onnx_macs {
namespace {

// Calls fn(producer) for every node that `node` reads from; stops when fn is false.
template <typename Fn>
bool ForEachProducer(const Graph& graph, const Node& node, Fn fn) {
  const auto visit = [&](ValueId id) {
    return id == kNoValue || graph.values[id].producer() < 0 || fn(graph.values[id].producer());
  };
  for (ValueId id : node.inputs) {
    if (!visit(id)) return false;
  }
  for (const Attribute& attribute : node.attributes) {
    for (const Graph* subgraph : attribute.graphs()) {
      for (const Value& value : subgraph->values) {
        if (!visit(value.outer())) return false;
      }
    }
  }
  return true;
}

bool IsSorted(const Graph& graph) {
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const auto is_earlier = [i](int32_t producer) { return producer < static_cast<int32_t>(i); };
    if (!ForEachProducer(graph, graph.nodes[i], is_earlier)) return false;
  }
  return true;
}

// What every node reads from, flattened: node i's are [begin[i], begin[i + 1]).
struct Dependencies {
  std::vector<size_t> begin;
  std::vector<int32_t> producers;
};

Dependencies Collect(const Graph& graph) {
  Dependencies all;
  all.begin.reserve(graph.nodes.size() + 1);
  for (const Node& node : graph.nodes) {
    all.begin.push_back(all.producers.size());
    ForEachProducer(graph, node, [&](int32_t producer) {
      all.producers.push_back(producer);
      return true;
    });
  }
  all.begin.push_back(all.producers.size());
  return all;
}

// Appends nodes after what they read; -1, or a node on a cycle. No recursion: chains are long.
int32_t Order(const Dependencies& all, std::vector<int32_t>* order) {
  enum class State : uint8_t { kNew, kOpen, kDone };
  const size_t size = all.begin.size() - 1;
  std::vector<State> states(size, State::kNew);
  std::vector<std::pair<int32_t, size_t>> open;  // node, next of its dependencies
  for (size_t start = 0; start < size; ++start) {
    if (states[start] == State::kNew)
      open.emplace_back(static_cast<int32_t>(start), all.begin[start]);
    while (!open.empty()) {
      auto& [node, next] = open.back();
      states[node] = State::kOpen;
      if (next == all.begin[node + 1]) {
        states[node] = State::kDone;
        order->push_back(node);
        open.pop_back();
        continue;
      }
      const int32_t producer = all.producers[next++];
      if (states[producer] == State::kOpen) return producer;
      if (states[producer] == State::kNew) open.emplace_back(producer, all.begin[producer]);
    }
  }
  return -1;
}

}  // namespace

int32_t SortTopologically(Graph* graph) {
  graph->was_sorted = IsSorted(*graph);
  if (graph->was_sorted) return -1;
  std::vector<int32_t> order;
  order.reserve(graph->nodes.size());
  const int32_t on_cycle = Order(Collect(*graph), &order);
  if (on_cycle >= 0) return on_cycle;
  std::vector<Node> nodes;
  nodes.reserve(order.size());
  std::vector<int32_t> new_index(order.size());
  for (int32_t old_index : order) {
    new_index[old_index] = static_cast<int32_t>(nodes.size());
    nodes.push_back(graph->nodes[old_index]);
  }
  graph->nodes = std::move(nodes);
  for (Value& value : graph->values) {
    if (value.producer() >= 0) value.SetProducer(new_index[value.producer()]);
  }
  return -1;
}

}  // namespace onnx_macs
