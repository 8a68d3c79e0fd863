// Peak memory by liveness against a simulation with counted references, on all small graphs and on
// many large ones; and the orders that need less.
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "analyzer/analyze.h"
#include "analyzer/memory/liveness.h"
#include "analyzer/memory/program.h"
#include "analyzer/memory/reorder.h"
#include "rules/rules.h"
#include "tests/analyzer/proto_builder.h"
#include "tests/support/catch.h"
#include "tests/support/inferred_model.h"
#include "tests/support/memory_simulator.h"

namespace onnx_macs {
namespace {

using testing::AddNode;
using testing::SimulatePeak;
using testing::TensorBytes;

// Vectors of floats, of sizes that the test keeps track of by itself.
class GraphBuilder {
 public:
  GraphBuilder() {
    onnx::TensorProto* const flat = graph()->add_initializer();
    flat->set_name("flat");
    flat->set_data_type(onnx::TensorProto::INT64);
    flat->add_dims(1);
    flat->add_int64_data(-1);
  }

  onnx::GraphProto* graph() { return model_.mutable_graph(); }
  const onnx::ModelProto& model() const { return model_; }
  const TensorBytes& bytes() const { return bytes_; }
  size_t size() const { return names_.size(); }

  void AddInput(int64_t elements) {
    testing::AddInput(graph(), absl::StrCat("t", size()), {elements});
    AddTensor(elements);
  }
  void Relu(size_t x) { AddOp("Relu", {x}, elements_[x]); }
  void Reshape(size_t x) {
    AddOp("Reshape", {x}, elements_[x]);
    graph()->mutable_node(graph()->node_size() - 1)->add_input("flat");
  }
  void Identity(size_t x) { AddOp("Identity", {x}, elements_[x]); }
  void Concat(const std::vector<size_t>& xs) {
    int64_t elements = 0;
    for (const size_t x : xs) elements += elements_[x];
    AddOp("Concat", xs, elements);
    SetInt("axis", 0);
  }
  // Two halves; of an odd size the first is the larger one.
  void Split(size_t x) {
    const int64_t first = (elements_[x] + 1) / 2, second = elements_[x] - first;
    AddOp("Split", {x}, first);
    graph()->mutable_node(graph()->node_size() - 1)->add_output(absl::StrCat("t", size()));
    SetInt("num_outputs", 2);
    AddTensor(second);
  }
  void MarkOutput(size_t x) { graph()->add_output()->set_name(names_[x]); }
  int64_t elements(size_t x) const { return elements_[x]; }

 private:
  void AddOp(const std::string& op, const std::vector<size_t>& inputs, int64_t elements) {
    testing::Names names;
    for (const size_t input : inputs) names.push_back(names_[input]);
    const std::string output = absl::StrCat("t", size());
    AddNode(graph(), op, names, {output}, absl::StrCat("n", graph()->node_size()));
    AddTensor(elements);
  }
  void AddTensor(int64_t elements) {
    names_.push_back(absl::StrCat("t", size()));
    elements_.push_back(elements);
    bytes_[names_.back()] = elements * 4;
  }
  void SetInt(const std::string& name, int64_t value) {
    onnx::AttributeProto* const attribute =
        graph()->mutable_node(graph()->node_size() - 1)->add_attribute();
    attribute->set_name(name);
    attribute->set_type(onnx::AttributeProto::INT);
    attribute->set_i(value);
  }

  static onnx::ModelProto Opset18() {
    onnx::ModelProto model = testing::EmptyModel();
    model.mutable_opset_import(0)->set_version(18);
    return model;
  }

  onnx::ModelProto model_ = Opset18();
  TensorBytes bytes_;
  std::vector<std::string> names_;
  std::vector<int64_t> elements_;
};

MemoryReport MemoryOf(const onnx::ModelProto& proto) {
  AnalyzeOptions options;
  options.memory = true;
  const auto model = testing::MustLoad(proto);
  absl::StatusOr<AnalysisResult> result = Analyze(*model, BuiltinRules(), options);
  REQUIRE(result.ok());
  REQUIRE(result->report.memory);
  return *std::move(result->report.memory);
}

void CheckPeak(const GraphBuilder& builder) {
  const MemoryReport memory = MemoryOf(builder.model());
  const int64_t expected = SimulatePeak(builder.model().graph(), builder.bytes());
  if (memory.peak_activation_bytes == Amount::Integer(expected)) return;
  INFO(builder.model().graph().ShortDebugString());
  REQUIRE(memory.peak_activation_bytes == Amount::Integer(expected));
}

// Operations of one and of two operands that a node may be.
void AddNth(GraphBuilder* builder, size_t kind, size_t x, size_t y) {
  if (kind == 0) return builder->Relu(x);
  if (kind == 1) return builder->Reshape(x);
  builder->Concat({x, y});
}

TEST_CASE("Peak memory: all graphs of three nodes are as simulated") {
  int graphs = 0;
  for (size_t code = 0; code < 27 * 8 * 27 * 64; ++code) {
    size_t left = code;
    const auto take = [&left](size_t choices) {
      const size_t choice = left % choices;
      left /= choices;
      return choice;
    };
    GraphBuilder builder;
    builder.AddInput(3);
    builder.AddInput(5);
    const size_t outputs = 1 + take(4);
    bool is_new = true;
    for (size_t node = 0; node < 3; ++node) {
      const size_t kind = take(3), x = take(node + 2), y = take(node + 2);
      is_new = is_new && (kind == 2 || y == 0);  // y is not used
      AddNth(&builder, kind, x, y);
    }
    if (left > 0) break;
    if (!is_new) continue;
    for (size_t i = 0; i < 2; ++i) {
      if ((outputs >> i & 1) != 0) builder.MarkOutput(builder.size() - 1 - i);
    }
    CheckPeak(builder);
    ++graphs;
  }
  CHECK(graphs == 4 * (2 * 2 + 4) * (2 * 3 + 9) * (2 * 4 + 16));
}

GraphBuilder RandomGraph(std::mt19937* random, int nodes) {
  const auto below = [random](size_t end) { return (*random)() % end; };
  GraphBuilder builder;
  const size_t inputs = 1 + below(4);
  for (size_t i = 0; i < inputs; ++i) builder.AddInput(1 + static_cast<int64_t>(below(1000)));
  // Mostly what was made lately is read, and what grew too large no more.
  const auto pick = [&] {
    const size_t near = std::min<size_t>(builder.size(), 1 + below(12));
    size_t x = builder.size() - 1 - below(near);
    while (builder.elements(x) > 5000) x = below(builder.size());
    return x;
  };
  for (int i = 0; i < nodes; ++i) {
    const size_t kind = below(8), x = pick();
    if (kind < 3) builder.Relu(x);
    if (kind == 3) builder.Reshape(x);
    if (kind == 4) builder.Identity(x);
    if (kind == 5) builder.Concat({x, pick(), pick()});
    if (kind == 6) builder.Concat({x, x});
    if (kind == 7 && builder.elements(x) > 1) builder.Split(x);
  }
  builder.MarkOutput(builder.size() - 1);
  for (size_t i = 0; i < below(4); ++i) builder.MarkOutput(below(builder.size()));
  return builder;
}

TEST_CASE("Peak memory: random graphs are as simulated") {
  std::mt19937 random(7);
  for (int i = 0; i < 300; ++i) CheckPeak(RandomGraph(&random, 5 + i % 60));
  for (int i = 0; i < 4; ++i) CheckPeak(RandomGraph(&random, 1000));
}

TEST_CASE("Other orders: all nodes, each after what it needs, and as good as simulated") {
  std::mt19937 random(8);
  int better = 0;
  for (int i = 0; i < 300; ++i) {
    const GraphBuilder builder = RandomGraph(&random, 5 + i % 80);
    const onnx::GraphProto& graph = builder.model().graph();
    const auto model = testing::MustLoad(builder.model());
    testing::InferredModel inferred(*model, {});
    const std::vector<Program> programs = MakePrograms(inferred.inference());
    REQUIRE(programs.size() == 1);
    std::vector<double> sizes;
    for (const Buffer& buffer : programs[0].buffers) {
      sizes.push_back(static_cast<double>(buffer.bytes.value()));
    }
    int64_t least = SimulatePeak(graph, builder.bytes());
    for (const auto make : {FrugalOrder, DepthFirstOrder}) {
      const std::vector<uint32_t> order = make(programs[0], sizes);
      REQUIRE(testing::IsTopological(graph, order));
      least = std::min(least, SimulatePeak(graph, builder.bytes(), order));
    }
    const MemoryReport memory = MemoryOf(builder.model());
    const Amount& found = memory.reordered_peak_bytes.value_or(memory.peak_activation_bytes);
    CHECK(found == Amount::Integer(least));
    better += memory.reordered_peak_bytes.has_value();
  }
  CHECK(better > 100);
}

}  // namespace
}  // namespace onnx_macs
