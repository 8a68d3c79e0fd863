#include "analyzer/diff/model_diff.h"

#include "absl/strings/str_cat.h"
#include "tests/analyzer/diff/sample_side.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {
namespace {

using Nodes = std::vector<SampleNode>;

// Four nodes, as a block that can be told from others by its contents.
Nodes Block(uint64_t first_content, int64_t macs = 10) {
  return {{"a", 1, first_content, macs},
          {"b", 2, first_content + 1},
          {"c", 3, first_content + 2},
          {"d", 1, first_content + 3}};
}

// "old -> new" of every component, "+new" and "-old"; a star where it moved by itself.
std::vector<std::string> Pairs(const ModelDiff& diff) {
  std::vector<std::string> pairs;
  for (const ComponentDiff& row : diff.components) {
    std::string text = row.presence == Presence::kOnlyNew   ? "+" + row.new_path
                       : row.presence == Presence::kOnlyOld ? "-" + row.old_path
                                                            : row.old_path + " -> " + row.new_path;
    if (row.is_wrapper) text += " wrapper";
    if (row.is_regrouped) text += " regrouped";
    pairs.push_back(text + (row.is_moved ? " *" : ""));
  }
  return pairs;
}

using Texts = std::vector<std::string>;

ModelDiff Diff(const SampleSide& before, const SampleSide& after) {
  return DiffModels(before.side(), after.side(), {.everything = true});
}

SampleSide List(const std::vector<uint64_t>& contents) {
  SampleSide side;
  side.Add("", {}).Add("blocks", {});
  for (size_t i = 0; i < contents.size(); ++i) {
    side.Add("blocks." + std::to_string(i), Block(contents[i]));
  }
  return side;
}

}  // namespace

TEST_CASE("the same model has no difference") {
  const ModelDiff diff = Diff(List({10, 20}), List({10, 20}));
  CHECK(Pairs(diff) ==
        Texts{" -> ", "blocks -> blocks", "blocks.0 -> blocks.0", "blocks.1 -> blocks.1"});
  for (const ComponentDiff& row : diff.components) CHECK_FALSE(row.differs);
  CHECK(diff.nodes.empty());
  CHECK(diff.components_known_to_both == 4);
  CHECK(diff.components_with_other_macs == 0);
}

TEST_CASE("what is the same is left out where not everything is asked for, and still counted") {
  const SampleSide before = List({10, 20}), after = List({10, 30});
  const ModelDiff diff = DiffModels(before.side(), after.side(), {});
  CHECK(Pairs(diff) == Texts{" -> ", "blocks -> blocks", "blocks.1 -> blocks.1"});
  CHECK(diff.components_known_to_both == 4);
}

TEST_CASE("an element put into a list moves those behind it") {
  const ModelDiff diff = Diff(List({10, 20, 30}), List({10, 40, 20, 30}));
  CHECK(Pairs(diff) == Texts{" -> ", "blocks -> blocks", "blocks.0 -> blocks.0", "+blocks.1",
                             "blocks.1 -> blocks.2 *", "blocks.2 -> blocks.3 *"});
}

TEST_CASE("an element that changed keeps its number, also when all of them changed") {
  CHECK(Pairs(Diff(List({10, 20, 30}), List({10, 50, 30})))[3] == "blocks.1 -> blocks.1");
  const Texts all = Pairs(Diff(List({10, 20, 30}), List({50, 60, 70})));
  CHECK(all == Texts{" -> ", "blocks -> blocks", "blocks.0 -> blocks.0", "blocks.1 -> blocks.1",
                     "blocks.2 -> blocks.2"});
  // One that is like another's neighbour is no reason to move the rest.
  CHECK(Pairs(Diff(List({10, 20, 30, 40, 50}), List({60, 10, 70, 80, 90})))[3] ==
        "blocks.1 -> blocks.1");
}

TEST_CASE("numbers are in their order, whatever order they run in") {
  SampleSide before, after;
  before.Add("", {}).Add("l", {}).Add("l.2", Block(1)).Add("l.10", Block(50)).Add("l.0", Block(90));
  after.Add("", {})
      .Add("l", {})
      .Add("l.0", Block(70))
      .Add("l.2", Block(170))
      .Add("l.10", Block(270));
  CHECK(Pairs(Diff(before, after)) ==
        Texts{" -> ", "l -> l", "l.0 -> l.0", "l.2 -> l.2", "l.10 -> l.10"});
}

TEST_CASE("a renamed module is known by what it holds, also where its sizes changed") {
  SampleSide before, same, other;
  before.Add("", {}).Add("x", {}).Add("x.mlp", Block(10)).Add("x.out", {{"o", 4, 4}});
  same.Add("", {}).Add("x", {}).Add("x.ffn", Block(10)).Add("x.out", {{"o", 4, 4}});
  other.Add("", {}).Add("x", {}).Add("x.ffn", Block(30, 20)).Add("x.out", {{"o", 4, 4}});
  CHECK(Pairs(Diff(before, same))[2] == "x.mlp -> x.ffn *");
  const ModelDiff diff = Diff(before, other);
  CHECK(Pairs(diff)[2] == "x.mlp -> x.ffn *");
  CHECK(diff.components_with_other_macs == 3);  // "", x and x.ffn
  CHECK(diff.nodes.size() == 4);
  CHECK(diff.nodes[0].macs_after == Amount::Integer(20));
}

TEST_CASE("a module that moved elsewhere takes what is in it along") {
  SampleSide before, after;
  before.Add("", {}).Add("a", {}).Add("a.m", {}).Add("a.m.i", Block(10)).Add("b", {{"x", 5, 5}});
  after.Add("", {}).Add("a", {}).Add("b", {{"x", 5, 5}}).Add("b.m", {}).Add("b.m.i", Block(10));
  CHECK(Pairs(Diff(before, after)) ==
        Texts{" -> ", "a -> a", "b -> b", "a.m -> b.m *", "a.m.i -> b.m.i"});
}

TEST_CASE("a wrapper around everything is no change, and what really changed is found in it") {
  SampleSide before, after;
  before.Add("", {{"r", 9, 9}}).Add("x", Block(10)).Add("y", Block(20));
  after.Add("", {}).Add("w", {{"r", 9, 9}}).Add("w.x", Block(10)).Add("w.y", Block(20, 30));
  const ModelDiff diff = Diff(before, after);
  CHECK(Pairs(diff) == Texts{" -> ", "+w wrapper", "x -> w.x", "y -> w.y"});
  const ModelDiff back = Diff(after, before);
  CHECK(Pairs(back) == Texts{" -> ", "w.x -> x", "w.y -> y", "-w wrapper"});
  CHECK(back.nodes.empty());  // but for y's figures nothing differs: contents are the same
}

TEST_CASE("what lies beside something that moved with its name moved with it") {
  SampleSide before, after;
  before.Add("", {}).Add("enc", Block(10)).Add("dec", Block(20)).Add("head", {{"h", 7, 7}});
  after.Add("", {})
      .Add("model", {})
      .Add("model.enc", Block(10))
      .Add("model.dec", {{"q", 8, 80}, {"r", 8, 81}, {"s", 6, 82}})  // looks like nothing before
      .Add("head", {{"h", 7, 7}});
  CHECK(Pairs(Diff(before, after)) == Texts{" -> ", "+model wrapper", "enc -> model.enc *",
                                            "dec -> model.dec *", "head -> head"});
}

TEST_CASE("a part that one side alone knows in one that costs the same is regrouped") {
  SampleSide before, after;
  before.Add("", {})
      .Add("attn", {})
      .Add("attn.q", {{"q", 1, 1, 10}})
      .Add("attn.k", {{"k", 1, 2, 10}});
  after.Add("", {}).Add("attn", {{"qk", 2, 3, 20}});
  const ModelDiff diff = Diff(before, after);
  CHECK(Pairs(diff) == Texts{" -> ", "attn -> attn", "-attn.q regrouped", "-attn.k regrouped"});
  CHECK(diff.components_with_other_macs == 0);
}

TEST_CASE("nodes: equal ones wherever they stand, then by name, then by operator") {
  SampleSide before, after;
  before.Add("", {{"p", 1, 1}, {"q", 2, 2}, {"r", 3, 3}, {"s", 4, 4}, {"", 5, 5}});
  after.Add("", {{"z", 2, 2}, {"p", 1, 10}, {"t", 3, 30}, {"s", 6, 40}, {"", 7, 50}});
  const ModelDiff diff = Diff(before, after);
  CHECK(diff.nodes_changed == 3);  // p by name, s by name with another operator, r became t
  CHECK(diff.nodes_added == 1);
  CHECK(diff.nodes_removed == 1);
  std::vector<std::string> texts;
  for (const NodeDiff& node : diff.nodes)
    texts.push_back(absl::StrCat(node.old_name.view(), ">", node.name.view()));
  CHECK(texts == Texts{"p>p", "r>t", "s>s", ">", ">"});
}

TEST_CASE("only the first few nodes are described where not all are asked for") {
  SampleSide before, after;
  Nodes many, other;
  for (int i = 0; i < 50; ++i) {
    const uint64_t content = static_cast<uint64_t>(i);
    many.push_back({"n" + std::to_string(i), 1, content, i});
    other.push_back({"n" + std::to_string(i), 1, content + 1000, 2 * i});
  }
  before.Add("", many);
  after.Add("", other);
  const ModelDiff diff = DiffModels(before.side(), after.side(), {.first_nodes = 2});
  CHECK(diff.nodes_changed == 50);
  REQUIRE(diff.nodes.size() == 2);
  CHECK(diff.nodes[0].name == "n49");
  CHECK(diff.nodes[1].name == "n48");
}

TEST_CASE("paths deeper than any stack are compared") {
  SampleSide before, after;
  ModelReport deep;
  constexpr int kDepth = 50000;
  std::string path;
  deep.components.push_back({"", 0, {}});
  // Each as long as one level: what is behind the dot is all that counts.
  for (int i = 1; i <= kDepth; ++i) {
    path = i == 1 ? "a" : "a.a";
    deep.components.push_back({path, i, {}});
  }
  deep.components.back().path = "a.b";
  const ModelDiff diff = DiffModels({deep, nullptr}, {deep, nullptr}, {.everything = true});
  CHECK(diff.components_known_to_both > 1);
}

}  // namespace onnx_macs::testing
