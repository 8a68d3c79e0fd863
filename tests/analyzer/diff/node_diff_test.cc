#include "analyzer/diff/node_diff.h"

#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

using Texts = std::vector<std::string>;

TEST_CASE("lists are split at the commas outside of brackets and quotes") {
  using Views = std::vector<absl::string_view>;
  CHECK(SplitTopLevel("a=[1, 2], b=3") == Views{"a=[1, 2]", "b=3"});
  CHECK(SplitTopLevel(R"(mode="x, \"[y", k=1)") == Views{R"(mode="x, \"[y")", "k=1"});
  CHECK(SplitTopLevel("float32[1, 2], float32[]") == Views{"float32[1, 2]", "float32[]"});
  CHECK(SplitTopLevel("").empty());
  CHECK(SplitTopLevel("]], a") == Views{"]], a"});
}

TEST_CASE("a changed node says what changed: attributes, types, version") {
  NodeRow before, after;
  before.name = after.name = "conv";
  before.op = after.op = "Conv";
  before.attributes = "kernel_shape=[3, 3], group=1, auto_pad=\"SAME\"";
  after.attributes = "kernel_shape=[1, 1], group=1, pads=[0, 0]";
  before.inputs = {"x: float32[1, 4]", "w: float32[8]"};
  after.inputs = {"other: float32[1, 4]", "w: float16[8]", "b: float16[8]"};
  before.outputs = "float32[1, 8]";
  after.outputs = "float32[1, 9]";
  before.rule = "Conv since 1";
  after.rule = "Conv since 11";
  before.macs = Amount::Integer(9);
  after.macs = Amount::Integer(1);
  const NodeDiff diff = DiffNodes(&before, &after);
  CHECK(diff.presence == Presence::kBoth);
  CHECK(diff.changes == Texts{"attribute kernel_shape: [3, 3] -> [1, 1]",
                              "attribute pads added: [0, 0]",
                              "attribute auto_pad removed: \"SAME\"",
                              "input 2: float32[8] -> float16[8]", "input 3 added: float16[8]",
                              "output 1: float32[1, 8] -> float32[1, 9]", "opset: 1 -> 11"});
  CHECK(diff.macs_before == Amount::Integer(9));
  CHECK(diff.macs_after == Amount::Integer(1));
}

TEST_CASE("a node that one side alone has says what it is") {
  NodeRow row;
  row.name = "pool";
  row.op = "MaxPool";
  row.attributes = "kernel_shape=[2, 2]";
  row.outputs = "float32[1, 4]";
  const NodeDiff added = DiffNodes(nullptr, &row), removed = DiffNodes(&row, nullptr);
  CHECK(added.presence == Presence::kOnlyNew);
  CHECK(removed.presence == Presence::kOnlyOld);
  CHECK(added.changes == Texts{"kernel_shape=[2, 2]", "output float32[1, 4]"});
  CHECK(removed.name == "pool");
}

}  // namespace
}  // namespace onnx_macs
