// Mixtures of experts in small graphs: 7 tokens 5 wide, 4 experts of 6 units, each token takes 2.
// Whole models from exporters are in tests/rules/mixtures_test.cc.
#include <initializer_list>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/support/block_text.h"
#include "tests/support/catch.h"
#include "tests/support/text_case.h"

namespace onnx_macs::testing {
namespace {

// A stored tensor of zeros: "float[2,3] w = {0,0,0,0,0,0}".
std::string Stored(const std::string& name, std::initializer_list<int> dims,
                   const char* type = "float") {
  int elements = 1;
  for (const int d : dims) elements *= d;
  std::string zeros = "0";
  for (int i = 1; i < elements; ++i) zeros += ",0";
  return absl::StrCat(type, "[", absl::StrJoin(dims, ","), "] ", name, " = {", zeros, "}");
}

ModelReport Analyze(const std::string& stored, const std::string& nodes,
                    const std::string& tokens = "7") {
  return AnalyzeModel(absl::StrCat(
      R"(<ir_version: 8, opset_import: ["" : 17, "com.microsoft" : 1, "local" : 1]>
      g (float[)",
      tokens, ",5] x) => (y) <", stored, R"(, int64[1] zero = {0}, int64[1] one = {1},
      int64[1] two = {2}, int64[1] last = {-1}> {)",
      nodes, "}"));
}

// 7 * 5 * 4 = 140 MACs for the product and 7 * 4 = 28 for the Softmax; 20 parameters.
const std::string kGate = Stored("gate", {5, 4});
constexpr char kRouter[] = R"(
    logits = MatMul (x, gate)
    p = Softmax <axis = -1> (logits)
    best, chosen = TopK <axis = -1> (p, two))";

// Of all experts: 2 * 4 * 5 * 6 = 240 parameters.
const std::string kExperts =
    absl::StrCat(kGate, ", ", Stored("up", {4, 5, 6}), ", ", Stored("down", {4, 6, 5}));

std::string OnlyMixture(const ModelReport& report) {
  std::string text;
  for (const BlockRow& block : report.blocks) {
    if (block.is_mixture) absl::StrAppend(&text, text.empty() ? "" : "; ", MixtureText(block));
  }
  return text;
}

// Each token multiplies with the matrices it gathered: 7 * 2 rows of 2 * 5 * 6 = 840 MACs.
constexpr char kGathered[] = R"(
    flat = Reshape (chosen, last)
    w1 = Gather <axis = 0> (up, flat)
    x3 = Unsqueeze (x, one)
    pair = Constant <value = int64[3] {1, 2, 1}> ()
    x2 = Tile (x3, pair)
    row = Constant <value = int64[3] {-1, 1, 5}> ()
    rows = Reshape (x2, row)
    h = MatMul (rows, w1)
    a = Relu (h)
    w2 = Gather <axis = 0> (down, flat)
    o = MatMul (a, w2)
    shape = Constant <value = int64[3] {-1, 2, 5}> ()
    o2 = Reshape (o, shape)
    weights = Unsqueeze (best, last)
    weighed = Mul (o2, weights)
    sum = ReduceSum <keepdims = 0> (weighed, one))";

TEST_CASE("experts beside a shared one") {
  // Shared: 7 * 2 * 5 * 3 = 210 MACs, 30 parameters.
  const std::string shared = R"(
    s1 = MatMul (x, v1)
    s2 = Relu (s1)
    s3 = MatMul (s2, v2)
    both = Add (sum, s3)
    y = Add (both, x))";
  const ModelReport report =
      Analyze(absl::StrCat(kExperts, ", ", Stored("v1", {5, 3}), ", ", Stored("v2", {3, 5})),
              absl::StrCat(kRouter, kGathered, shared));
  CHECK(ForestText(report) == "moe(router; experts; shared_experts(mlp))");
  CHECK(OnlyMixture(report) ==
        "moe 2/4 of 7 router=168 experts=840 shared=210 active=1218/170 of 290");
  CHECK(TextOf(report.active.macs) == "1218");
  CHECK(TextOf(report.active.params) == "170");
  // The sum with the residual is behind the mixture.
  CHECK(report.outside_blocks.figures.nodes > 0);
}

TEST_CASE("experts follow a symbolic number of tokens") {
  const std::string nodes = absl::StrCat(kRouter, kGathered, "y = Identity (sum)");
  const ModelReport report = Analyze(kExperts, nodes, "t");
  CHECK(OnlyMixture(report) == "moe 2/4 of t router=24*t experts=120*t active=144*t/140 of 260");
  CHECK(TextOf(report.active.macs) == "144*t");
}

// All experts for every token: 4 * 7 * 2 * 5 * 6 = 1680 MACs, half of them active.
constexpr char kDense[] = R"(
    xs = Unsqueeze (x, zero)
    h = MatMul (xs, up)
    a = Relu (h)
    o = MatMul (a, down)
    spread = ScatterElements <axis = 1> (zeros, chosen, best))";
const std::string kDenseStored = absl::StrCat(kExperts, ", ", Stored("zeros", {7, 4}));

TEST_CASE("dense experts are active as far as they are chosen") {
  const struct {
    const char *name, *nodes, *expected;
  } kForms[] = {
      {"weighed, then summed", R"(
         turned = Transpose <perm = [1, 0]> (spread)
         weights = Unsqueeze (turned, last)
         weighed = Mul (o, weights)
         y = ReduceSum <keepdims = 0> (weighed, zero))",
       "moe 2/4 of 7 router=168 experts=1680 active=1008/140 of 260"},
      // The product with the weights is 7 * 4 * 5 = 140 more.
      {"summed by a product", R"(
         turned = Transpose <perm = [1, 0, 2]> (o)
         weights = Unsqueeze (spread, one)
         sum = MatMul (weights, turned)
         y = Squeeze (sum, one))",
       "moe 2/4 of 7 router=168 experts=1820 active=1078/140 of 260"},
  };
  for (const auto& form : kForms) {
    INFO(form.name);
    const ModelReport report = Analyze(kDenseStored, absl::StrCat(kRouter, kDense, form.nodes));
    CHECK(ForestText(report) == "moe(router; experts(mlp))");
    CHECK(OnlyMixture(report) == form.expected);
  }
}

TEST_CASE("tokens may be weighed before the experts") {
  const ModelReport report = Analyze(kDenseStored, absl::StrCat(kRouter, R"(
      spread = ScatterElements <axis = 1> (zeros, chosen, best)
      turned = Transpose <perm = [1, 0]> (spread)
      weights = Unsqueeze (turned, last)
      xs = Unsqueeze (x, zero)
      weighed = Mul (xs, weights)
      h = MatMul (weighed, up)
      a = Relu (h)
      o = MatMul (a, down)
      y = ReduceSum <keepdims = 0> (o, zero))"));
  CHECK(OnlyMixture(report) == "moe 2/4 of 7 router=168 experts=1680 active=1008/140 of 260");
}

TEST_CASE("fused experts choose by themselves") {
  // Rows of fc1 are units, of fc2 the tokens' width; the product with the router is 140.
  const std::string stored =
      absl::StrCat(kGate, ", ", Stored("fc1", {4, 6, 5}), ", ", Stored("fc2", {4, 5, 6}));
  const ModelReport report = Analyze(stored, R"(
      logits = MatMul (x, gate)
      y = com.microsoft.MoE <k = 2, activation_type = "relu"> (x, logits, fc1, , fc2))");
  CHECK(ForestText(report) == "moe(router; experts)");
  CHECK(OnlyMixture(report) == "moe 2/4 of 7 router=140 experts=840 active=980/140 of 260");
  // Two weights to a byte: [4, 6, 6 / 2] and [4, 6, 6 / 2] hold 2 * 144.
  const std::string packed =
      absl::StrCat(Stored("wide", {5, 6}), ", ", Stored("gate", {6, 4}), ", ",
                   Stored("fc1", {4, 6, 3}, "uint8"), ", ", Stored("s1", {4, 6}), ", ",
                   Stored("fc2", {4, 6, 3}, "uint8"), ", ", Stored("s2", {4, 6}));
  const ModelReport quantised = Analyze(packed, R"(
      z = MatMul (x, wide)
      logits = MatMul (z, gate)
      y = com.microsoft.QMoE <k = 2, activation_type = "relu", expert_weight_bits = 4>
          (z, logits, fc1, s1, , fc2, s2))");
  // Router 7 * 6 * 4 = 168 MACs, 24 parameters; experts 14 * 2 * 6 * 6 = 1008 and 288.
  CHECK(OnlyMixture(quantised) == "moe 2/4 of 7 router=168 experts=1008 active=1176/168 of 312");
  CHECK(TextOf(quantised.active.params) == "198");
}

TEST_CASE("experts may be functions") {
  const ModelReport report = AnalyzeModel(absl::StrCat(
      R"(<ir_version: 8, opset_import: ["" : 17, "local" : 1]>
      g (float[7,5] x) => (y) <)",
      Stored("gate", {5, 4}), ", ", Stored("w", {5, 4}), R"(,
      int64[1] two = {2}, int64 depth = {4}, int64[2] off_on = {0, 1}, int64[1] one = {1},
      )",
      Stored("zeros", {7, 4}), "> {", kRouter, R"(
      hot = OneHot <axis = -1> (chosen, depth, off_on)
      mask = Transpose <perm = [2, 1, 0]> (hot)
      e = Constant <value = int64 {3}> ()
      part = Gather <axis = 0> (mask, e)
      found = NonZero (part)
      of = Gather <axis = 0> (found, one)
      column = Constant <value = int64[2] {-1, 1}> ()
      index = Reshape (of, column)
      rows = GatherND (x, index)
      out = local.expert (rows, w)
      y = ScatterND <reduction = "add"> (zeros, index, out) }
      <domain: "local", opset_import: ["" : 17]> expert (a, w) => (b) { b = MatMul (a, w) })"));
  // The last of four gets 3 of 14 rows: 3 * 5 * 4.
  CHECK(ForestText(report) == "moe(router; experts)");
  CHECK(OnlyMixture(report) == "moe 2/4 of 7 router=168 experts=60 active=228/30 of 40");
}

TEST_CASE("what chooses no experts is no mixture") {
  const struct {
    const char *name, *nodes;
  } kOthers[] = {
      {"the best tokens, as detectors choose queries", R"(
         scores = MatMul (x, gate)
         most = ReduceMax <axes = [-1], keepdims = 0> (scores)
         best, chosen = TopK <axis = -1> (most, two)
         picked = Gather <axis = 0> (x, chosen)
         y = MatMul (picked, w))"},
      {"the best classes, each with a row of a table", R"(
         logits = MatMul (x, gate)
         best, chosen = TopK <axis = -1> (logits, two)
         rows = Gather <axis = 0> (table, chosen)
         y = MatMul (rows, w))"},
      {"the best classes, with a table of matrices that only are added", R"(
         logits = MatMul (x, gate)
         best, chosen = TopK <axis = -1> (logits, two)
         rows = Gather <axis = 0> (up, chosen)
         y = ReduceSum <keepdims = 0> (rows, one))"},
      {"attention to the best", R"(
         logits = MatMul (x, gate)
         best, chosen = TopK <axis = -1> (logits, two)
         w2 = Softmax <axis = -1> (best)
         t = Transpose <perm = [1, 0]> (w2)
         y = MatMul (t, x))"},
  };
  for (const auto& other : kOthers) {
    INFO(other.name);
    const ModelReport report =
        Analyze(absl::StrCat(kExperts, ", ", Stored("w", {5, 5}), ", ", Stored("table", {4, 5})),
                other.nodes);
    CHECK(OnlyMixture(report).empty());
    CHECK(report.active.macs == report.figures.macs);
    CHECK(report.active.params == report.figures.params);
  }
}

}  // namespace
}  // namespace onnx_macs::testing
