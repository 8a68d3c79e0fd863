// Attacks by texts: names, operators, symbols, paths and scopes as long as a file may be, and
// things to be said of every node.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/algorithm/container.h"
#include "tests/cli/hostile_models.h"
#include "tests/cli/hostile_output.h"

namespace onnx_macs::testing {
namespace {

constexpr int kMany = 10'000;

constexpr char kShortened[] = "what lies deeper stands in the last one kept";

const HostileModel kPaths[] = {
    {"a node 400,000 modules deep",
     [](onnx::ModelProto* m) {
       AddInput(m->mutable_graph(), "x");
       AddNode(m->mutable_graph(), "Relu", {"x"}, {"y"}, Repeated("/a", 400'000) + "/Relu");
     },
     kShortened},
    {"a weight 200,000 modules deep",
     [](onnx::ModelProto* m) {
       const std::string name = Repeated("a_1.", 100'000) + "weight";
       AddInput(m->mutable_graph(), "x", {4, 4});
       AddWeight(m->mutable_graph(), name, {4, 4});
       AddNode(m->mutable_graph(), "MatMul", {"x", name}, {"y"}, Repeated("/a_1", 50'000) + "/m");
     },
     kShortened},
    {"150 nodes 1000 modules deep",
     [](onnx::ModelProto* m) {
       AddInput(m->mutable_graph(), "x");
       for (int i = 0; i < 150; ++i) {
         const std::string name = absl::StrCat("/b.", i, Repeated("/a.1", 1000), "/Relu");
         AddNode(m->mutable_graph(), "Relu", {"x"}, {At("y", i)}, name);
       }
     },
     kShortened},
    {"a long path with 30,000 nodes",
     [](onnx::ModelProto* m) {
       AddInput(m->mutable_graph(), "x");
       const std::string name = Repeated("/abcdefgh", 5000) + "/Relu";
       for (int i = 0; i < 30'000; ++i) {
         AddNode(m->mutable_graph(), "Relu", {i == 0 ? "x" : At("", i - 1)}, {At("", i)},
                 i == 0 ? name : "");
       }
     },
     kShortened},
    {"many siblings, no two alike",
     [](onnx::ModelProto* m) {
       AddInput(m->mutable_graph(), "x");
       for (int i = 0; i < kMany; ++i) {
         AddNode(m->mutable_graph(), "Relu", {"x"}, {At("y", i)},
                 absl::StrCat("/layers.", i, "/a", i % 97, "/Relu"));
       }
     },
     "layers.9999"},
    {"scopes of metadata that name themselves again and again",
     [](onnx::ModelProto* m) {
       AddInput(m->mutable_graph(), "x");
       onnx::NodeProto* const node = AddNode(m->mutable_graph(), "Relu", {"x"}, {"y"});
       onnx::StringStringEntryProto scopes;
       scopes.set_key("pkg.torch.onnx.name_scopes");
       scopes.set_value("['" + Repeated("a.", 300'000) + "a', 'relu']");
       AddUnknown(node, /*metadata_props=*/9, scopes);
     },
     kShortened},
};

TEST_CASE("hostile models: module paths are bounded") { CheckHostile(kPaths); }

// The rest of a path stands in its last module.
TEST_CASE("hostile models: module paths end where they may") {
  constexpr size_t kMostDepth = 64, kMostBytes = 512;
  for (const HostileModel& hostile : kPaths) {
    CAPTURE(hostile.name);
    const auto report = nlohmann::json::parse(OutputOf(hostile, "--format json"));
    size_t deepest = 0, longest = 0;
    for (const auto& component : report["models"][0]["components"]) {
      const std::string path = component["path"];
      deepest = std::max(deepest, static_cast<size_t>(absl::c_count(path, '.')) + 1);
      longest = std::max(longest, path.size());
    }
    CHECK(deepest <= kMostDepth);
    CHECK(longest <= kMostBytes);
    const bool is_cut = deepest == kMostDepth || longest > kMostBytes - 10;
    CHECK(is_cut == !absl::StrContains(hostile.name, "siblings"));
    CHECK(is_cut == absl::StrContains(report["models"][0]["notes"].dump(), kShortened));
  }
}

const HostileModel kTexts[] = {
    {"names of 200,000 bytes",
     [](onnx::ModelProto* m) {
       const std::string name(200'000, 'n');
       AddInput(m->mutable_graph(), name);
       AddNode(m->mutable_graph(), "Relu", {name}, {name + "y"}, name);
     },
     "nnnnnnnnnn"},
    {"an operator of 900,000 bytes",
     [](onnx::ModelProto* m) { AddNode(m->mutable_graph(), std::string(900'000, 'Q'), {}, {}); },
     "no rule for ai.onnx.QQQ"},
    {"a symbol of 900,000 bytes",
     [](onnx::ModelProto* m) {
       AddSymbolicInput(m->mutable_graph(), "x", {std::string(900'000, 's'), "b"});
       for (int i = 0; i < 2000; ++i) AddNode(m->mutable_graph(), "Relu", {"x"}, {At("y", i)});
     },
     "x_dim0"},
    {"a symbol of 4000 bytes in 20,000 rows",
     [](onnx::ModelProto* m) {
       AddSymbolicInput(m->mutable_graph(), "x", {std::string(4000, 's'), "b"});
       for (int i = 0; i < 20'000; ++i) AddNode(m->mutable_graph(), "Relu", {"x"}, {At("y", i)});
     },
     "x_dim0"},
    {"an input whose name is long and whose sizes have none",
     [](onnx::ModelProto* m) {
       const std::string name(400'000, 'n');
       AddInput(m->mutable_graph(), name, std::vector<int64_t>(64, -1));
       AddNode(m->mutable_graph(), "Relu", {name}, {"y"});
     },
     "nnn_dim63"},
    {"properties and a description of a megabyte",
     [](onnx::ModelProto* m) {
       AddInput(m->mutable_graph(), "x");
       AddNode(m->mutable_graph(), "Relu", {"x"}, {"y"});
       m->set_doc_string(std::string(300'000, 'd'));
       m->set_producer_name(std::string(300'000, 'p'));
       for (int i = 0; i < kMany; ++i) {
         auto* const property = m->add_metadata_props();
         property->set_key(At("k", i));
         property->set_value(std::string(20, 'v'));
       }
     },
     "pppppppppp"},
    {"names with control characters",
     [](onnx::ModelProto* m) {
       for (int i = 0; i < kMany; ++i) {
         AddNode(m->mutable_graph(), "Q", {}, {}, absl::StrCat("\x1b[31m\n\x07\x9b", i));
       }
     },
     "no rule for"},
    {"attributes by the ten thousands",
     [](onnx::ModelProto* m) {
       AddInput(m->mutable_graph(), "x");
       onnx::NodeProto* const node = AddNode(m->mutable_graph(), "Transpose", {"x"}, {"y"});
       AddInts(node, "perm", std::vector<int64_t>(200'000, 1));
       for (int i = 0; i < 20'000; ++i) AddInt(node, At("a", i), 1);
     },
     "perm does not permute the 2 axes of the input"},
};

TEST_CASE("hostile models: long texts") { CheckHostile(kTexts); }

const HostileModel kTold[] = {
    {"6000 loops of unknown length",
     [](onnx::ModelProto* m) {
       onnx::GraphProto* const graph = m->mutable_graph();
       AddInput(graph, "x");
       SetType(graph->add_input(), "n", {});
       graph->mutable_input(1)->mutable_type()->mutable_tensor_type()->set_elem_type(
           onnx::TensorProto::INT64);
       for (int i = 0; i < 6000; ++i) {
         onnx::NodeProto* const loop = AddNode(graph, "Loop", {"n", "", "x"}, {At("y", i)});
         onnx::GraphProto* const body = AddGraphAttribute(loop, "body")->mutable_g();
         body->set_name("b");
         for (const char* input : {"i", "d", "v"}) body->add_input()->set_name(input);
         AddNode(body, "Relu", {"v"}, {"w"});
         for (const char* output : {"d", "w"}) body->add_output()->set_name(output);
       }
     },
     "functions and subgraphs expand to more than"},
    {"shapes that are declared otherwise",
     [](onnx::ModelProto* m) {
       AddInput(m->mutable_graph(), "x");
       for (int i = 0; i < kMany; ++i) {
         AddNode(m->mutable_graph(), "Relu", {"x"}, {At("y", i)});
         SetType(m->mutable_graph()->add_value_info(), At("y", i), {3, 5});
       }
     },
     "the inferred type is used"},
    {"sizes of the wrong type, at every node",
     [](onnx::ModelProto* m) {
       AddWeight(m->mutable_graph(), "n", {1})->add_float_data(2);
       for (int i = 0; i < kMany; ++i) {
         AddNode(m->mutable_graph(), "ConstantOfShape", {"n"}, {At("y", i)});
       }
     },
     "sizes are int64, not float32"},
    {"30,000 inputs without a type",
     [](onnx::ModelProto* m) {
       for (int i = 0; i < 30'000; ++i) m->mutable_graph()->add_input()->set_name(At("i", i));
       for (int i = 0; i < 30'000; ++i) AddNode(m->mutable_graph(), "Relu", {"i0"}, {At("y", i)});
     },
     "has no element type"},
};

TEST_CASE("hostile models: what there is to say of them") { CheckHostile(kTold); }

}  // namespace
}  // namespace onnx_macs::testing
