// Peak memory and traffic worked out by hand: graphs inside graphs, views, weights, symbols.
#include "analyzer/memory/memory.h"

#include <string>

#include "analyzer/memory/bytes.h"
#include "tests/support/catch.h"
#include "tests/support/text_case.h"

namespace onnx_macs::testing {
namespace {

ModelReport WithMemory(const std::string& graph, const std::string& functions = "") {
  AnalyzeOptions options;
  options.memory = true;
  return AnalyzeModel(ModelText(graph) + functions, options);
}

std::string PeakOf(const ModelReport& report) {
  return TextOf(report.memory.value().peak_activation_bytes);
}

std::string TrafficOf(const std::string& graph) {
  return TextOf(WithMemory(graph).figures.traffic_bytes);
}

struct PeakCase {
  const char *what, *graph, *peak;
};

const PeakCase kPeaks[] = {
    {"what a node reads and writes is alive together",
     "g (float[10] x) => (y) { a = Relu (x) y = Relu (a) }", "80"},
    {"an input lives until it is read last, or is an output",
     "g (float[10] x) => (y, x) { a = Relu (x) b = Relu (a) y = Relu (b) }", "120"},
    {"an input that nothing reads is there at the start",
     "g (float[10] x, float[100] z) => (y) { y = Relu (x) }", "480"},
    {"weights and constants are no activations",
     "g (float[2,3] x) => (y) { w = Constant <value = float[3,2] {1,2,3,4,5,6}> () "
     "s = Constant <value_ints = [2,3]> () v = Reshape (w, s) y = MatMul (x, w) }",
     "40"},
    {"a view is the tensor it shows",
     "g (float[2,3] x) => (y) { s = Constant <value_ints = [6]> () a = Reshape (x, s) "
     "b = Identity (a) y = Relu (b) }",
     "48"},
    {"a view keeps its tensor alive",
     "g (float[10] x) => (y) { a = Relu (x) b = Identity (a) c = Relu (a) d = Relu (c) "
     "y = Concat <axis = 0> (b, d) }",
     "160"},
    {"elements as wide as their type", "g (float16[10] x) => (y) { y = Cast <to = 11> (x) }",
     "100"},
};

TEST_CASE("peak memory of a graph") {
  for (const PeakCase& c : kPeaks) {
    INFO(c.what);
    CHECK(PeakOf(WithMemory(c.graph)) == c.peak);
  }
}

// x is captured: it stays beside the larger branch, as does the condition.
TEST_CASE("peak memory of an If: of the branch that needs more, beside what is alive outside") {
  const ModelReport report = WithMemory(R"(g (float[10] x, bool c) => (y) {
    y = If (c) <
      then_branch = t () => (t_y) { a = Relu (x) b = Relu (a) t_y = Relu (b) },
      else_branch = e () => (e_y) { e_y = Relu (x) }>
  })");
  CHECK(PeakOf(report) == "121");  // x 40, c 1, a and b 80
  CHECK(report.memory->num_alive_at_peak == 4);
}

// What a view inside shows lies outside, and its step inside: there are more of those there.
TEST_CASE("peak memory of views and constants inside a graph") {
  const ModelReport report = WithMemory(R"(g (float[10] x, bool c) => (y) {
    a = Relu (x)
    y = If (c) <
      then_branch = t () => (t_y) {
        s = Constant <value_ints = [2, 5]> () p = Relu (a) q = Relu (p) r = Relu (q)
        v = Reshape (a, s) w = Identity (v) u = Flatten <axis = 0> (r) t_y = Add (w, u) },
      else_branch = e () => (e_y) { e_y = Identity (a) }>
  })");
  // x goes with the first node; then a 40 and c 1 outside, at most two of 40 inside.
  CHECK(PeakOf(report) == "121");
}

// In the loop: the condition 1, h 40 and a 40, or a 40 and h_out 40. Around it: x 40 and all three
// slices 120.
constexpr char kLoop[] = R"(g (float[10] x) => (last, all) {
    trips = Constant <value = int64 {3}> ()
    go = Constant <value = bool {1}> ()
    last, all = Loop (trips, go, x) <body =
      b (int64 i, bool c_in, float[10] h) => (c_out, h_out, slice) {
        c_out = Identity (c_in) a = Relu (h) h_out = Relu (a) slice = Identity (h_out) }>
  })";

TEST_CASE("peak memory of a Loop: one run, what is carried, and what it gathers") {
  CHECK(PeakOf(WithMemory(kLoop)) == "241");
  CHECK(PeakOf(WithMemory(R"(g (float[5,4] x) => (y) {
    y = Scan <num_scan_inputs = 1, body = b (float[4] s) => (t) { t = Relu (s) }> (x)
  })")) == "192");  // x 80, y 80, s 16, t 16
}

TEST_CASE("peak memory of a Loop that never runs: its inputs and its outputs") {
  std::string never = kLoop;
  never.replace(never.find("{3}"), 3, "{0}");
  CHECK(PeakOf(WithMemory(never)) == "80");
}

TEST_CASE("peak memory of functions: their nodes stand where they are called") {
  const ModelReport report =
      WithMemory("g (float[10] x) => (y) { a = local.Twice (x) y = local.Twice (a) }\n",
                 "<domain: \"local\", opset_import: [\"\" : 17]> Twice (p) => (r) "
                 "{ q = Concat <axis = 0> (p, p) v = Identity (q) r = Relu (v) }");
  CHECK(PeakOf(report) == "320");  // 20 and 40 elements, then twice 40
  CHECK(report.memory->peak_node != "");
}

TEST_CASE("peak memory with symbols is the largest of what can be largest") {
  CHECK(PeakOf(WithMemory("g (float[n,4] x) => (y) { a = Relu (x) "
                          "y = Concat <axis = 0> (a, a) }")) == "48*n");
  // Of the five sums that occur, two are never above another one for sizes of 1 and more.
  const ModelReport two = WithMemory(R"(g (float[n] x, float[m] z) => (y) {
    a = Relu (x) s = ReduceSum <keepdims = 0> (a)
    b = Relu (z) t = ReduceSum <keepdims = 0> (b)
    y = Add (s, t) })");
  CHECK(PeakOf(two) == "max(8*n+4*m,8*m+4)");
}

TEST_CASE("peak memory of too many symbols is not known, and that is said") {
  std::string inputs, nodes, last = "x0";
  for (int i = 0; i < 200; ++i) {
    const std::string number = std::to_string(i);
    inputs += (i == 0 ? "float[s" : ", float[s") + number + "] x" + number;
    nodes += " y" + number + " = Concat <axis = 0> (" + last + ", x" + number + ")";
    last = "y" + number;
  }
  const ModelReport report = WithMemory("g (" + inputs + ") => (" + last + ") {" + nodes + " }");
  CHECK(PeakOf(report) == "?");
  CHECK(report.memory->notes.size() == 1);
  CHECK_FALSE(report.memory->reordered_peak_bytes);
}

TEST_CASE("a better order of the nodes is reported, and is none where the file's is as good") {
  const ModelReport wide = WithMemory(R"(g (float[10] x) => (y) {
    a = Concat <axis = 0> (x, x, x, x) b = Concat <axis = 0> (x, x, x, x)
    s = ReduceSum <keepdims = 0> (a) t = ReduceSum <keepdims = 0> (b)
    y = Add (s, t) })");
  CHECK(PeakOf(wide) == "360");
  REQUIRE(wide.memory->reordered_peak_bytes);
  CHECK(TextOf(*wide.memory->reordered_peak_bytes) == "204");
  const ModelReport chain = WithMemory("g (float[10] x) => (y) { a = Relu (x) y = Relu (a) }");
  CHECK_FALSE(chain.memory->reordered_peak_bytes);
}

TEST_CASE("what is alive at the peak is listed, the largest first") {
  const ModelReport report = WithMemory(
      "g (float[10] x) => (y) { a = Relu (x) b = Concat <axis = 0> (a, a, x) y = Relu (b) }");
  const MemoryReport& memory = *report.memory;
  CHECK(TextOf(memory.peak_activation_bytes) == "240");
  CHECK(memory.peak_node == "#2");
  REQUIRE(memory.alive_at_peak.size() == 2);
  CHECK(memory.alive_at_peak[0].name == "b");
  CHECK(memory.alive_at_peak[0].type == "float32[30]");
  CHECK(TextOf(memory.alive_at_peak[0].bytes) == "120");
  CHECK(memory.alive_at_peak[1].name == "y");
}

TEST_CASE("a tensor of unknown size makes the peak a lower bound") {
  const ModelReport report =
      WithMemory("g (float[10] x) => (y) { a = custom.Op (x) y = Relu (x) }");
  CHECK(PeakOf(report) == "80");
  CHECK(report.memory->unknown_tensors == 1);
}

TEST_CASE("traffic: every input once, every output once") {
  CHECK(TrafficOf("g (float[10] x) => (y) { y = Relu (x) }") == "80");
  CHECK(TrafficOf("g (float[10] x) => (y) { y = Mul (x, x) }") == "80");
  CHECK(TrafficOf("g (float[2,3] x, float[3,4] w) => (y) { y = MatMul (x, w) }") == "104");
  CHECK(TrafficOf("g (float[n,3] x, float[3,4] w) => (y) { y = MatMul (x, w) }") == "28*n+48");
  // Views move nothing, and constants are no step of their own.
  CHECK(TrafficOf("g (float[2,3] x) => (y) { s = Constant <value_ints = [6]> () "
                  "y = Reshape (x, s) }") == "0");
  // Of a table only the rows that are looked up; of a shape not the tensor.
  CHECK(TrafficOf("g (float[1000,8] table, int64[2] ids) => (y) { y = Gather (table, ids) }") ==
        "144");
  CHECK(TrafficOf("g (float[500,400] x) => (y) { y = Shape (x) }") == "24");
}

TEST_CASE("traffic of graphs inside: as often as they run, and of one branch") {
  CHECK(TrafficOf(kLoop) == "480");  // 3 * (80 + 80)
  CHECK(TrafficOf(R"(g (float[10] x, bool c) => (y) {
    y = If (c) <
      then_branch = t () => (t_y) { a = Relu (x) t_y = Relu (a) },
      else_branch = e () => (e_y) { e_y = Relu (x) }>
  })") == "160");
}

TEST_CASE("bytes of values that are no plain tensors") {
  TensorInfo narrow;
  const Dim dims[] = {3, 3};
  narrow.type = DataType::kInt4;
  narrow.shape = Shape(dims);
  CHECK((BytesOf(narrow) == Count(5)));  // 36 bits
  TensorInfo text = narrow;
  text.type = DataType::kString;
  CHECK_FALSE(BytesOf(text).is_known());
  TensorInfo sequence;
  sequence.kind = ValueKind::kSequence;
  sequence.element_type = &narrow;
  CHECK_FALSE(BytesOf(sequence).is_known());
  sequence.length = 7;
  CHECK((BytesOf(sequence) == Count(35)));
}

}  // namespace
}  // namespace onnx_macs::testing
