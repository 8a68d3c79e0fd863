// Order by what nodes read, checked on graphs put together by hand.
#include "analyzer/topological_sort.h"

#include <string>
#include <utility>
#include <vector>

#include "tests/analyzer/proto_builder.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {
namespace {

struct Built {
  Arena arena;
  Graph graph;
};

// Node i writes value i and reads those of the nodes listed.
void Build(const std::vector<std::vector<ValueId>>& reads, Built* built) {
  static constexpr absl::string_view kNames[] = {"a", "b", "c", "d", "e", "f"};
  built->graph.values.resize(reads.size());
  for (size_t i = 0; i < reads.size(); ++i) {
    const ValueId id = static_cast<ValueId>(i);
    Node node;
    node.name = kNames[i];
    node.inputs = built->arena.Copy(absl::MakeConstSpan(reads[i]));
    node.outputs = built->arena.Copy(absl::Span<const ValueId>(&id, 1));
    built->graph.nodes.push_back(node);
    built->graph.values[i].SetProducer(static_cast<int32_t>(i));
  }
}

std::string Sorted(const std::vector<std::vector<ValueId>>& reads) {
  Built built;
  Build(reads, &built);
  const int32_t on_cycle = SortTopologically(&built.graph);
  if (on_cycle >= 0) return "cycle at " + std::string(NodeNames(built.graph), 2 * on_cycle, 1);
  return (built.graph.was_sorted ? "kept: " : "sorted: ") + NodeNames(built.graph);
}

TEST_CASE("topological sort: orders") {
  CHECK(Sorted({}) == "kept: ");
  CHECK(Sorted({{}, {0}, {0, 1}}) == "kept: a b c");
  CHECK(Sorted({{}, {}, {}}) == "kept: a b c");
  CHECK(Sorted({{1}, {}}) == "sorted: b a");
  CHECK(Sorted({{}, {3}, {0}, {0}}) == "sorted: a d b c");  // The rest keeps its place.
  CHECK(Sorted({{1, 2}, {3}, {3}, {}}) == "sorted: d b c a");
  CHECK(Sorted({{kNoValue, 1}, {kNoValue}}) == "sorted: b a");
}

TEST_CASE("topological sort: cycles") {
  CHECK(Sorted({{0}}) == "cycle at a");
  CHECK(Sorted({{}, {2}, {1}}) == "cycle at b");
  CHECK(Sorted({{1}, {2}, {3}, {2}}) == "cycle at c");
}

TEST_CASE("topological sort: the producers of values follow their nodes") {
  Built built;
  Build({{2}, {}, {1}}, &built);
  CHECK(SortTopologically(&built.graph) == -1);
  CHECK(NodeNames(built.graph) == "b c a");
  CHECK(built.graph.values[0].producer() == 2);
  CHECK(built.graph.values[1].producer() == 0);
  CHECK(built.graph.values[2].producer() == 1);
}

}  // namespace
}  // namespace onnx_macs::testing
