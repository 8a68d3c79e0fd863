// If, Loop, Scan, SequenceMap and FlexAttention's graphs: what comes out, and how often the nodes
// inside count.
#include "tests/support/catch.h"
#include "tests/support/text_case.h"

namespace onnx_macs::testing {
namespace {

AnalyzeOptions Choosing(IfChoice choice) {
  AnalyzeOptions options;
  options.control_flow.if_choice = choice;
  return options;
}

AnalyzeOptions Trips(int64_t trips) {
  AnalyzeOptions options;
  options.control_flow.loop_trips = trips;
  return options;
}

// The branches: 2*3*4 = 24 MACs and 2*4 = 8 ops.
std::string IfModel(const std::string& condition) {
  return ModelText("g (float[2,3] x, float[3,4] w, bool c) => (y) {\n" + condition + R"(
    y = If (b) <
      then_branch = t () => (t_y) { t_y = MatMul (x, w) },
      else_branch = e () => (e_y) { e_x = MatMul (x, w) e_y = Relu (e_x) }>
  })");
}

struct Costs {
  const char *macs, *ops;
};

void CheckCosts(const ModelReport& report, const Costs& expected) {
  for (const GapRow& gap : report.gaps) FAIL_CHECK("a gap: " << gap.node << ": " << gap.reason);
  CHECK(TextOf(report.figures.macs) == expected.macs);
  CHECK(TextOf(report.figures.ops) == expected.ops);
}

TEST_CASE("an If whose condition is known takes that branch") {
  struct Case {
    const char* condition;
    Costs costs;
    int64_t nodes;  // the condition's, the If and those of its branch
  };
  const Case cases[] = {
      {"b = Constant <value = bool {1}> ()", {"24", "0"}, 3},
      {"b = Constant <value = bool {0}> ()", {"24", "8"}, 4},
      {"s = Shape (x) i = Constant <value = int64[2] {2, 3}> () e = Equal (s, i) "
       "n = Cast <to = 7> (e) p = ReduceProd <keepdims = 0> (n) b = Cast <to = 9> (p)",
       {"24", "4"},  // Equal 2, ReduceProd 2
       8},
  };
  for (const Case& c : cases) {
    INFO(c.condition);
    const ModelReport report = AnalyzeModel(IfModel(c.condition));
    CHECK(ShapeOf(report, "y") == "float32[2,4]");
    CheckCosts(report, c.costs);
    CHECK(report.figures.nodes == c.nodes);
  }
}

TEST_CASE("an If whose condition is not known counts what was asked for") {
  const std::string model = IfModel("b = Identity (c)");
  CheckCosts(AnalyzeModel(model), {"24", "8"});
  CheckCosts(AnalyzeModel(model, Choosing(IfChoice::kMax)), {"24", "8"});
  CheckCosts(AnalyzeModel(model, Choosing(IfChoice::kThen)), {"24", "0"});
  CheckCosts(AnalyzeModel(model, Choosing(IfChoice::kElse)), {"24", "8"});
  CheckCosts(AnalyzeModel(model, Choosing(IfChoice::kBoth)), {"48", "8"});
}

// Whichever branch the costs come from, the shapes are those that both can give.
TEST_CASE("branches that differ are merged") {
  struct Case {
    const char *then_branch, *else_branch, *merged;
  };
  const Case cases[] = {
      {"t_y = Relu (x)", "e_y = Concat <axis = 0> (x, x)", "float32[if_size,3]"},
      {"t_y = Relu (x)", "e_y = Flatten <axis = 0> (x)", "float32[if_size,if_size_2]"},
      {"t_y = Relu (x)", "e_y = ReduceSum <keepdims = 0> (x)", "float32"},
      {"t_y = Shape (x)", "e_y = Shape (x)", "int64[2]"},
  };
  for (const Case& c : cases) {
    for (IfChoice choice : {IfChoice::kMax, IfChoice::kThen, IfChoice::kElse, IfChoice::kBoth}) {
      INFO(c.then_branch << " or " << c.else_branch);
      const std::string model =
          ModelText(std::string("g (float[2,3] x, bool c) => (y) { y = If (c) <then_branch = "
                                "t () => (t_y) {") +
                    c.then_branch + "}, else_branch = e () => (e_y) {" + c.else_branch + "}> }");
      CHECK(ShapeOf(AnalyzeModel(model, Choosing(choice)), "y") == c.merged);
    }
  }
}

TEST_CASE("of nested choices the dearest way counts") {
  const std::string model = ModelText(R"(g (float[2,2] x, bool c, bool d) => (y) {
    y = If (c) <
      then_branch = t () => (t_y) {
        t_y = If (d) <
          then_branch = tt () => (tt_y) { tt_y = Relu (x) },
          else_branch = te () => (te_y) { te_a = MatMul (x, x) te_y = MatMul (te_a, x) }>
      },
      else_branch = e () => (e_y) { e_y = MatMul (x, x) }>
  })");
  CheckCosts(AnalyzeModel(model), {"16", "0"});
  CheckCosts(AnalyzeModel(model, Choosing(IfChoice::kThen)), {"0", "4"});
  CheckCosts(AnalyzeModel(model, Choosing(IfChoice::kElse)), {"8", "0"});
  CheckCosts(AnalyzeModel(model, Choosing(IfChoice::kBoth)), {"24", "4"});
}

// One MatMul of 2*2*2 = 8 MACs in each round.
std::string LoopModel(const std::string& trips, const std::string& condition) {
  return ModelText("g (float[2,2] x, float[n,3] list, bool c) => (last, all) {\n" + trips + R"(
    go = Constant <value = bool {1}> ()
    last, all = Loop (trips, go, x) <body =
      b (int64 i, bool c_in, float[2,2] h) => (c_out, h_out, slice) {
        )" + condition +
                   R"(
        h_out = MatMul (h, h)
        slice = Identity (h_out)
      }>
  })");
}

constexpr char kGoOn[] = "c_out = Identity (c_in)";
constexpr char kAskTheData[] = "c_out = Identity (c)";
constexpr char kFive[] = "trips = Constant <value = int64 {5}> ()";
constexpr char kLength[] =
    "s = Shape (list) zero = Constant <value = int64 {0}> () trips = Gather (s, zero)";

TEST_CASE("a Loop runs as often as its inputs say") {
  struct Case {
    std::string model;
    AnalyzeOptions options;
    const char *macs, *all;
  };
  const Case cases[] = {
      {LoopModel(kFive, kGoOn), {}, "40", "float32[5,2,2]"},
      {LoopModel(kFive, kGoOn), Trips(3), "40", "float32[5,2,2]"},
      {LoopModel(kLength, kGoOn), {}, "8*n", "float32[n,2,2]"},
      {LoopModel(kLength, kGoOn), Trips(3), "8*n", "float32[n,2,2]"},
      {LoopModel(kFive, kAskTheData), {}, "8*trips", "float32[trips,2,2]"},
      {LoopModel(kFive, kAskTheData), Trips(3), "24", "float32[3,2,2]"},
      {LoopModel(kFive, "c_out = Constant <value = bool {0}> ()"), {}, "8", "float32[1,2,2]"},
      {LoopModel("trips = Constant <value = int64 {0}> ()", kGoOn), {}, "0", "float32[0,2,2]"},
      {LoopModel("trips = Constant <value = int64 {-2}> ()", kGoOn), {}, "0", "float32[0,2,2]"},
      {LoopModel("trips = Constant <value = int64 {9223372036854775807}> ()", kAskTheData),
       {},
       "8*trips",
       "float32[trips,2,2]"},
  };
  for (const Case& c : cases) {
    INFO(c.model);
    const ModelReport report = AnalyzeModel(c.model, c.options);
    CHECK(report.gaps.empty());
    CHECK(TextOf(report.figures.macs) == c.macs);
    CHECK(ShapeOf(report, "last") == "float32[2,2]");
    CHECK(ShapeOf(report, "all") == c.all);
  }
}

TEST_CASE("a Loop that only the data ends says so, and how to set it") {
  const ModelReport report = AnalyzeModel(LoopModel(kFive, kAskTheData));
  REQUIRE(report.notes.size() == 1);
  CHECK(report.notes[0] == "loop '#2' runs trips times, at most 5; --loop-trips N sets it");
}

TEST_CASE("sizes that change from round to round are widened, not guessed") {
  struct Case {
    const char *input, *body, *last, *all;
  };
  const Case cases[] = {
      {"float[2,3] x", "h_out = Concat <axis = 0> (h, h)", "float32[loop_size_2,3]",
       "float32[100,2*loop_size,3]"},
      {"float[2,3] x", "h_out = Transpose (h)", "float32[loop_size_5,loop_size_6]",
       "float32[100,loop_size_4,loop_size_3]"},
      {"float[2,3] x", "zero = Constant <value = int64[1] {0}> () h_out = Unsqueeze (h, zero)",
       "float32", "float32"},
      {"float[2,3] x", "h_out = Relu (h)", "float32[2,3]", "float32[100,2,3]"},
  };
  for (const Case& c : cases) {
    INFO(c.body);
    const ModelReport report = AnalyzeModel(ModelText(std::string("g (") + c.input +
                                                      R"() => (last, all) {
      trips = Constant <value = int64 {100}> ()
      go = Constant <value = bool {1}> ()
      last, all = Loop (trips, go, x) <body =
        b (int64 i, bool c_in, float[2,3] h) => (c_out, h_out, h_out) {
          c_out = Identity (c_in) )" + c.body + "}> }"));
    CHECK(ShapeOf(report, "last") == c.last);
    CHECK(ShapeOf(report, "all") == c.all);
  }
}

TEST_CASE("loops in loops multiply, and reach for values around them") {
  const ModelReport report = AnalyzeModel(ModelText(R"(g (float[2,3] x, float[3,3] w) => (y) {
    three = Constant <value = int64 {3}> ()
    five = Constant <value = int64 {5}> ()
    go = Constant <value = bool {1}> ()
    y = Loop (three, go, x) <body = outer (int64 i, bool c, float[2,3] h) => (c_out, h_out) {
      c_out = Identity (c)
      once = MatMul (h, w)
      h_out = Loop (five, go, once) <body = inner (int64 j, bool d, float[2,3] k) => (d_out, k_out) {
        d_out = Identity (d)
        often = MatMul (k, w)
        k_out = Add (often, once)
      }>
    }>
  })"));
  CheckCosts(report, {"324", "90"});  // 3 * 18 + 15 * 18; 15 * 6
  CHECK(ShapeOf(report, "y") == "float32[2,3]");
}

TEST_CASE("a Scan runs along what it scans") {
  const ModelReport report =
      AnalyzeModel(ModelText(R"(g (float[2] s, float[7,n,2] x) => (last, all) {
    last, all = Scan (s, x) <num_scan_inputs = 1, scan_input_axes = [1], scan_output_axes = [-1],
      body = b (float[2] h, float[7,2] row) => (h_out, r) {
        h_out = Relu (h)
        r = MatMul (row, h)
      }>
  })"));
  CheckCosts(report, {"14*n", "2*n"});
  CHECK(ShapeOf(report, "last") == "float32[2]");
  CHECK(ShapeOf(report, "all") == "float32[7,n]");
}

TEST_CASE("a Scan of opset 8 has a batch") {
  const ModelReport report = AnalyzeModel(
      R"(<ir_version: 8, opset_import: ["" : 8]>
  g (int64[3] lengths, float[3,2] s, float[3,5,2] x) => (last, all) {
    last, all = Scan (lengths, s, x) <num_scan_inputs = 1,
      body = b (float[2] h, float[2] row) => (h_out, r) { h_out = Relu (h) r = Add (row, h) }>
  })");
  CheckCosts(report, {"0", "60"});  // 3 * 5 rounds of 2 + 2
  CHECK(ShapeOf(report, "last") == "float32[3,2]");
  CHECK(ShapeOf(report, "all") == "float32[3,5,2]");
}

TEST_CASE("states of a Scan that change are widened") {
  const ModelReport report = AnalyzeModel(ModelText(R"(g (float[2] s, float[4,2] x) => (last) {
    last = Scan (s, x) <num_scan_inputs = 1,
      body = b (float[2] h, float[2] row) => (h_out) { h_out = Concat <axis = 0> (h, row) }>
  })"));
  CHECK(ShapeOf(report, "last") == "float32[loop_size_2]");
}

TEST_CASE("scanned inputs must be equally long") {
  const ModelReport report = AnalyzeModel(ModelText(R"(g (float[4,2] x, float[5,2] z) => (all) {
    all = Scan (x, z) <num_scan_inputs = 2,
      body = b (float[2] p, float[2] q) => (r) { r = Add (p, q) }>
  })"));
  REQUIRE(report.gaps.size() == 1);
  CHECK(report.gaps[0].reason == "scanned inputs differ in length");
}

TEST_CASE("a SequenceMap runs for every tensor of its sequence") {
  const ModelReport report = AnalyzeModel(ModelText(R"(g (float[2,3] x, float[3,4] w) => (y) {
    s = SequenceConstruct (x, x, x)
    mapped = SequenceMap (s, w) <body =
      b (float[2,3] p, float[3,4] q) => (r) { r = MatMul (p, q) }>
    i = Constant <value = int64 {1}> ()
    y = SequenceAt (mapped, i)
  })"));
  CheckCosts(report, {"72", "0"});
  CHECK(ShapeOf(report, "y") == "float32[2,4]");
}

// Q [2,4,8,16], K [2,2,6,16], V [2,2,6,5]: 2*4*8*6 = 384 scores.
std::string FlexModel(const std::string& modifiers) {
  return R"(<ir_version: 8, opset_import: ["" : 17, "ai.onnx.preview" : 1]>
    g (float16[2,4,8,16] q, float16[2,2,6,16] k, float16[2,2,6,5] v) => (y) {
      y = ai.onnx.preview.FlexAttention <)" +
         modifiers + "> (q, k, v) }";
}

TEST_CASE("FlexAttention is attention, and its graphs run once over all scores") {
  const std::string plain = "scale = 0.5",
                    score =
                        "score_mod = s (float[B,H,L,S] t) => (u) "
                        "{ u = Tanh (t) }",
                    prob = "prob_mod = p (float[B,H,L,S] t2) => (u2) { u2 = Relu (t2) }";
  // qk 384*16, softmax 384, av 384*5; 3 ops per score.
  CheckCosts(AnalyzeModel(FlexModel(plain)), {"8448", "1152"});
  CheckCosts(AnalyzeModel(FlexModel(score)), {"8448", "3072"});                // Tanh: 5 * 384
  CheckCosts(AnalyzeModel(FlexModel(score + ", " + prob)), {"8448", "3456"});  // Relu: 384
  const ModelReport report = AnalyzeModel(FlexModel(plain));
  CHECK(ShapeOf(report, "y") == "float16[2,4,8,5]");
  REQUIRE(report.nodes.size() == 1);
  REQUIRE(report.nodes[0].parts.size() == 3);
  CHECK(TextOf(report.nodes[0].parts[0].macs) == "6144");
  CHECK(TextOf(report.nodes[0].parts[1].macs) == "384");
  CHECK(TextOf(report.nodes[0].parts[2].macs) == "1920");
}

TEST_CASE("a graph of FlexAttention that gives other scores is refused") {
  const ModelReport report = AnalyzeModel(
      FlexModel("score_mod = s (float[B,H,L,S] t) => (u) { u = Concat <axis = 3> (t, t) }"));
  REQUIRE(report.gaps.size() == 1);
  CHECK(report.gaps[0].reason == "score_mod changes the shape of scores");
}

}  // namespace
}  // namespace onnx_macs::testing
