// Graphs made to make recognition slow or wrong: long chains, values that everything reads, blocks
// that would nest without end. Each is measured against the same graph at an eighth of the size.
#include <algorithm>
#include <ctime>
#include <functional>
#include <string>

#include "absl/strings/str_cat.h"
#include "analyzer/analyze.h"
#include "analyzer/blocks/recognize.h"
#include "analyzer/loader.h"
#include "rules/rules.h"
#include "tests/analyzer/proto_builder.h"
#include "tests/support/catch.h"
#include "tests/support/inferred_model.h"
#include "tests/support/invariants.h"

namespace onnx_macs::testing {
namespace {

void AddIntegers(onnx::GraphProto* graph, const char* name, const std::vector<int64_t>& values) {
  onnx::TensorProto* const tensor = AddWeight(graph, name, {static_cast<int64_t>(values.size())});
  tensor->set_data_type(onnx::TensorProto::INT64);
  for (const int64_t value : values) tensor->add_int64_data(value);
}

struct Hostile {
  const char* name;
  std::function<void(onnx::GraphProto*, int)> add;  // the i-th stretch of nodes
};

std::string At(const char* name, int i) { return i < 0 ? "x" : absl::StrCat(name, i); }

// Each token takes one matrix of two by what a router says, and multiplies with it.
void AddExperts(onnx::GraphProto* g, int i) {
  AddNode(g, "MatMul", {At("y", i - 1), "gate"}, {At("l", i)});
  AddNode(g, "TopK", {At("l", i), "k"}, {At("b", i), At("c", i)});
  AddNode(g, "Gather", {"experts", At("c", i)}, {At("m", i)});
  AddNode(g, "Reshape", {At("y", i - 1), "rows"}, {At("r", i)});
  AddNode(g, "MatMul", {At("r", i), At("m", i)}, {At("e", i)});
  AddNode(g, "ReduceSum", {At("e", i), "chosen"}, {At("s", i)});
  AddNode(g, "Reshape", {At("s", i), "tokens"}, {At("y", i)});
}

const Hostile kHostile[] = {
    {"experts that choose experts", AddExperts},
    {"sums of experts with whatever there is",
     [](onnx::GraphProto* g, int i) {
       if (i == 0) return AddExperts(g, 0);
       AddNode(g, "Relu", {i == 1 ? "y0" : At("q", i - 1)}, {At("q", i)});
       AddNode(g, "Add", {"s0", At("q", i)}, {At("y", i)});
     }},
    {"Softmax and product in turn",
     [](onnx::GraphProto* g, int i) {
       AddNode(g, "Softmax", {At("y", i - 1)}, {At("p", i)});
       AddNode(g, "MatMul", {At("p", i), "x"}, {At("y", i)});
     }},
    {"sums of what all others read",
     [](onnx::GraphProto* g, int i) {
       AddNode(g, "Add", {At("y", i - 1), "x"}, {At("y", i)});
       AddNode(g, "Softmax", {At("y", i)}, {At("p", i)});
     }},
    {"activations of activations",
     [](onnx::GraphProto* g, int i) {
       AddNode(g, "Sigmoid", {At("y", i - 1)}, {At("s", i)});
       AddNode(g, "Mul", {At("y", i - 1), At("s", i)}, {At("y", i)});
     }},
    {"residual blocks in residual blocks",
     [](onnx::GraphProto* g, int i) {
       AddNode(g, "Conv", {At("y", i - 1), "w"}, {At("a", i)});
       AddNode(g, "Conv", {At("a", i), "w"}, {At("b", i)});
       AddNode(g, "Add", {At("b", i), i % 2 == 0 ? At("y", i - 1) : "x"}, {At("y", i)});
     }},
    {"roots of everything",
     [](onnx::GraphProto* g, int i) {
       AddNode(g, "Mul", {At("y", i - 1), At("y", i - 1)}, {At("m", i)});
       AddNode(g, "ReduceMean", {At("m", i)}, {At("r", i)});
       AddNode(g, "Sqrt", {At("r", i)}, {At("q", i)});
       AddNode(g, "Div", {At("y", i - 1), At("q", i)}, {At("y", i)});
     }},
};

std::string BytesOf(const Hostile& hostile, int stretches) {
  onnx::ModelProto model;
  model.set_ir_version(8);
  model.add_opset_import()->set_version(17);
  onnx::GraphProto* graph = model.mutable_graph();
  graph->set_name("g");
  for (const char* name : {"x", "w"}) {
    SetType(graph->add_input(), name, {4, 4, 1, 1});
  }
  AddWeight(graph, "gate", {1, 2});
  AddWeight(graph, "experts", {2, 1, 1});
  AddIntegers(graph, "k", {1});
  AddIntegers(graph, "chosen", {3});
  AddIntegers(graph, "rows", {4, 4, 1, 1, 1, 1});
  AddIntegers(graph, "tokens", {4, 4, 1, 1});
  for (int i = 0; i < stretches; ++i) hostile.add(graph, i);
  graph->add_output()->set_name(At("y", stretches - 1));
  return model.SerializeAsString();
}

// The time the processor takes, whatever else runs: the least of some rounds.
double SecondsToRecognise(const std::string& bytes) {
  const auto model = LoadModelFromBytes(bytes);
  REQUIRE(model.ok());
  InferredModel inferred(**model, {});
  double least = 1e9;
  for (int round = 0; round < 5; ++round) {
    const std::clock_t start = std::clock();
    const Blocks blocks = RecognizeBlocks(inferred.inference());
    least = std::min(least, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
    CHECK(blocks.of_record.size() == inferred.inference().records().size());
  }
  return least;
}

TEST_CASE("recognition stays linear in hostile graphs") {
  for (const Hostile& hostile : kHostile) {
    INFO(hostile.name);
    const double small = SecondsToRecognise(BytesOf(hostile, 5000));
    const double large = SecondsToRecognise(BytesOf(hostile, 40000));
    // Eight times the nodes: quadratic work would take 64 times as long; memory that no longer fits
    // the caches takes some.
    constexpr double kMostTimes = 32;
    CHECK(large < kMostTimes * small + 0.005);
  }
}

TEST_CASE("blocks of hostile graphs form a forest that adds up") {
  for (const Hostile& hostile : kHostile) {
    INFO(hostile.name);
    const auto model = LoadModelFromBytes(BytesOf(hostile, 2000));
    REQUIRE(model.ok());
    AnalyzeOptions options;
    options.blocks = true;
    const auto result = Analyze(**model, BuiltinRules(), options);
    REQUIRE(result.ok());
    CheckInvariants(result->report);
  }
}

}  // namespace
}  // namespace onnx_macs::testing
