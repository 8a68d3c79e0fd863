// What a step of training costs, against small models counted by hand.
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "analyzer/analyze.h"
#include "analyzer/loader.h"
#include "analyzer/training/optimizer.h"
#include "rules/rules.h"
#include "rules/user/user_rules.h"
#include "tests/support/catch.h"
#include "tests/support/text_case.h"

namespace onnx_macs::testing {
namespace {

TrainingReport Train(const std::string& graph, const std::string& optimizer,
                     const RuleSet& rules = BuiltinRules()) {
  const auto model = LoadModelFromBytes(ModelText(graph));
  INFO(graph << "\n" << model.status());
  REQUIRE(model.ok());
  AnalyzeOptions options;
  options.bind.symbolic_batch = true;
  options.training = FindOptimizer(optimizer);
  REQUIRE(options.training != nullptr);
  const auto result = Analyze(**model, rules, options);
  REQUIRE(result.ok());
  REQUIRE(result->training.has_value());
  return *result->training;
}

// Two layers: 3 x 8 by 8 x 16, Relu, 3 x 16 by 16 x 4.
//   forward  2 * (3*8*16 + 3*16*4) + 48 = 1,200; backward 2 * 1,152 + 48 = 2,352
//   parameters 8*16 + 16*4 = 192
//   kept: x (3*8), what Relu gives and the second product reads (3*16): 72 floats
const char kMlp[] = R"(
  g (float[3, 8] x, float[8, 16] up_weight, float[16, 4] down_weight) => (float[3, 4] y) {
    hidden = MatMul (x, up_weight)
    active = Relu (hidden)
    y = MatMul (active, down_weight)
  })";

TEST_CASE("passes, update and memory of an MLP") {
  const TrainingReport adam = Train(kMlp, "adam");
  CHECK(TextOf(adam.forward) == "1200");
  CHECK(TextOf(adam.backward) == "2352");
  CHECK(TextOf(adam.update) == "2688");  // 14 * 192
  CHECK(TextOf(adam.step) == "6240");
  CHECK(TextOf(adam.weights) == "768");
  CHECK(TextOf(adam.gradients) == "768");
  CHECK(TextOf(adam.state) == "1536");
  CHECK(TextOf(adam.activations) == "288");
  CHECK(TextOf(adam.memory) == "3360");
  CHECK_FALSE(adam.is_lower_bound);
}

TEST_CASE("optimizers by parameter: 192 of them") {
  struct Row {
    const char* optimizer;
    const char* update;
    const char* state;
  };
  const Row rows[] = {{"sgd", "384", "0"},         {"momentum", "768", "768"},
                      {"nesterov", "1152", "768"}, {"adagrad", "1344", "768"},
                      {"rmsprop", "1728", "768"},  {"lion", "1920", "768"},
                      {"adam", "2688", "1536"},    {"adamw", "2880", "1536"}};
  CHECK(std::size(rows) == Optimizers().size());
  for (const Row& row : rows) {
    INFO(row.optimizer);
    const TrainingReport report = Train(kMlp, row.optimizer);
    CHECK(TextOf(report.update) == row.update);
    CHECK(TextOf(report.state) == row.state);
  }
  CHECK(FindOptimizer("Adam") == nullptr);
}

TEST_CASE("the backward pass of an operator") {
  struct Row {
    const char* body;  // of x, 2 x 6
    const char* forward;
    const char* backward;
    const char* kept;  // bytes
  };
  const Row rows[] = {
      {"y = Exp (x)", "12", "12", "48"},
      {"y = Mul (x, x)", "12", "12", "48"},
      {"y = Add (x, x)", "12", "12", "0"},
      {"y = Floor (x)", "12", "0", "0"},
      {"y = Softmax (x)", "60", "60", "48"},  // a MAC and 3 operations each way
      {"b = Greater (x, x) y = Where (b, x, x)", "24", "12", "60"},  // a mask of 12 bytes
      {"i = ArgMax <axis = 1> (x) y = Cast <to = 1> (i)", "12", "0", "0"},
      {"s = Shape (x) y = Reshape (x, s)", "0", "0", "0"},
      // One value, seen twice.
      {"t = Transpose <perm = [1, 0]> (x) a = Mul (t, t) b = Mul (x, x) "
       "c = Transpose <perm = [1, 0]> (b) y = Add (a, c)",
       "36", "36", "48"},
      // Two by six by two: 24 MACs. A copy of x is a value of its own.
      {"t = Transpose <perm = [1, 0]> (x) y = MatMul (x, t)", "48", "96", "48"},
      {"t = Concat <axis = 0> (x, x) y = Mul (t, t)", "24", "24", "96"},
  };
  for (const Row& row : rows) {
    const TrainingReport report =
        Train(absl::StrCat("g (float[2, 6] x) => (y) { ", row.body, " }"), "sgd");
    INFO(row.body);
    CHECK(TextOf(report.forward) == row.forward);
    CHECK(TextOf(report.backward) == row.backward);
    CHECK(TextOf(report.activations) == row.kept);
  }
}

// q, k and v of 5 x 8 in 2 heads, written out and in one node: the products 2 * 5*5*8 MACs, the
// softmax 2 * 5*5 = 50 MACs and 150 operations. Backward: twice 400, and once the softmax.
TEST_CASE("attention in one node costs what its parts do") {
  const char kParts[] = R"(
    g (float[2, 5, 4] q, float[2, 4, 5] k, float[2, 5, 4] v) => (y) {
      s = MatMul (q, k)
      p = Softmax (s)
      y = MatMul (p, v)
    })";
  const char kFused[] = R"(<ir_version: 8, opset_import: ["" : 17, "com.microsoft" : 1]>
    g (float[1, 5, 8] q, float[1, 5, 8] k, float[1, 5, 8] v) => (y) {
      y = com.microsoft.MultiHeadAttention <num_heads = 2> (q, k, v)
    })";
  const TrainingReport parts = Train(kParts, "sgd");
  CHECK(TextOf(parts.forward) == "1050");   // 2 * 400 + 2 * 50 + 150
  CHECK(TextOf(parts.backward) == "1850");  // 4 * 400 + 2 * 50 + 150
  const auto model = LoadModelFromBytes(kFused);
  REQUIRE(model.ok());
  AnalyzeOptions options;
  options.training = FindOptimizer("sgd");
  const auto fused = Analyze(**model, BuiltinRules(), options);
  REQUIRE(fused.ok());
  CHECK(TextOf(fused->training->forward) == "1050");
  CHECK(TextOf(fused->training->backward) == "1850");
}

TEST_CASE("what is a symbol stays one") {
  const TrainingReport report = Train(R"(
    g (float[rows, 8] x, float[8, 4] w_weight) => (y) {
      h = MatMul (x, w_weight)
      y = Tanh (h)
    })",
                                      "adamw");
  CHECK(TextOf(report.forward) == "84*rows");    // 2 * 32 + 5 * 4
  CHECK(TextOf(report.backward) == "148*rows");  // 4 * 32 + 5 * 4
  CHECK(TextOf(report.step) == "232*rows+480");
  CHECK(TextOf(report.activations) == "48*rows");  // x and what Tanh gave
  CHECK(TextOf(report.memory) == "48*rows+512");
}

TEST_CASE("a loop trains every round") {
  const TrainingReport report = Train(R"(
    g (float[4] x) => (y) {
      n = Constant <value = int64 {3}> ()
      y = Loop (n, , x) <body = b (int64 i, bool c, float[4] a) => (bool d, float[4] z) {
        d = Identity (c)
        z = Exp (a)
      }>
    })",
                                      "sgd");
  CHECK(TextOf(report.forward) == "12");
  CHECK(TextOf(report.backward) == "12");
  CHECK(TextOf(report.activations) == "48");
}

TEST_CASE("rules of one's own have their say") {
  const auto train = [](const char* json) {
    const auto file = UserRules::FromJson("my.json", json);
    REQUIRE(file.ok());
    RuleSet rules = BuiltinRules();
    REQUIRE(file->AddTo(&rules).ok());
    return Train("g (float[2, 6] x) => (float[2, 6] y) { y = local.Kernel (x) }", "sgd", rules);
  };
  const TrainingReport told = train(R"({"rules": [{"op_type": "Kernel", "domain": "local",
      "inputs": ["x"], "macs": "x.elements", "ops": 5, "backward_ops": "7 * x.elements"}]})");
  CHECK(TextOf(told.forward) == "29");
  CHECK(TextOf(told.backward) == "84");
  CHECK(TextOf(told.activations) == "48");
  const TrainingReport usual = train(R"({"rules": [{"op_type": "Kernel", "domain": "local",
      "inputs": ["x"], "macs": "x.elements", "ops": 5}]})");
  CHECK(TextOf(usual.backward) == "53");  // 2 * 24 + 5
  // Its output takes the type of x where none is told; its backward pass is told all the same.
  const TrainingReport of_indices = train(R"({"rules": [{"op_type": "Kernel", "domain": "local",
      "inputs": ["x"], "outputs": ["y"], "dtype": {"y": "int64"}, "ops": 5, "backward_ops": 3}]})");
  CHECK(TextOf(of_indices.backward) == "3");
  const TrainingReport broken = train(R"({"rules": [{"op_type": "Kernel", "domain": "local",
      "inputs": ["x"], "ops": 5, "backward_ops": "x.shape[7]"}]})");
  CHECK(broken.is_lower_bound);
  REQUIRE(broken.gaps.size() == 1);
  CHECK(broken.gaps[0] == "#0: there is no x.shape[7]: the rank is 2");
}

TEST_CASE("a gap makes it a lower bound") {
  CHECK(Train("g (float[2] x) => (y) { y = local.Unheard (x) }", "sgd").is_lower_bound);
}

}  // namespace
}  // namespace onnx_macs::testing
