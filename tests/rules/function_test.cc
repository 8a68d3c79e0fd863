// Model-local functions: their bodies are counted at every call, and calls without end are gaps.
#include <onnx/onnx_pb.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/support/catch.h"
#include "tests/support/processor_time.h"
#include "tests/support/text_case.h"

namespace onnx_macs::testing {
namespace {

// "local.F" with an opset of its own, so that F does not have to share the model's.
std::string Function(const std::string& text) {
  return "<domain: \"local\", opset_import: [\"\" : 17, \"local\" : 1]> " + text + "\n";
}

std::string Names(const ModelReport& report) {
  std::string names;
  for (const NodeRow& row : report.nodes)
    absl::StrAppend(&names, names.empty() ? "" : " ", row.name.view());
  return names;
}

TEST_CASE("an unknown operator with a function body is counted by its body, at every call") {
  const ModelReport report =
      AnalyzeModel(ModelText("g (float[b,3] x, float[3,4] w) => (y) {"
                             " h = local.Layer (x, w) y = local.Layer (x, w) }\n") +
                   Function("Layer (p, q) => (r) { m = MatMul (p, q) r = Relu (m) }"));
  CHECK(report.gaps.empty());
  CHECK(TextOf(report.figures.macs) == "24*b");
  CHECK(TextOf(report.figures.ops) == "8*b");
  CHECK(ShapeOf(report, "y") == "float32[b,4]");
  CHECK(report.figures.nodes == 6);
}

TEST_CASE("a rule goes before a function of the same name") {
  const ModelReport report = AnalyzeModel(
      ModelText("g (float[2,3] x) => (y) { y = Relu (x) }\n") +
      "<domain: \"\", opset_import: [\"\" : 17]> Relu (p) => (r) { a = Exp (p) r = Exp (a) }");
  CHECK(TextOf(report.figures.ops) == "6");
  CHECK(report.figures.nodes == 1);
}

TEST_CASE("functions call functions, and see values as they are there") {
  const ModelReport report =
      AnalyzeModel(ModelText("g (float[2,3] x) => (y) { s = Shape (x) y = local.Outer (x, s) }\n") +
                   Function("Outer (p, t) => (r) { f = local.Inner (p, t) r = Relu (f) }") +
                   Function("Inner (p, t) => (r) { n = ReduceProd <keepdims = 0> (t)"
                            " one = Constant <value = int64[1] {-1}> () d = Reshape (n, one)"
                            " r = Reshape (p, d) }"));
  CHECK(report.gaps.empty());
  CHECK(ShapeOf(report, "y") == "float32[6]");
}

TEST_CASE("outputs left out and inputs left out keep their places") {
  const ModelReport report =
      AnalyzeModel(ModelText("g (float[2,3] x) => (y) { y = local.Two (x) }\n") +
                   Function("Two (p, missing) => (first, second) {"
                            " first = Clip (p, missing) second = Concat <axis = 0> (p, p) }"));
  CHECK(report.gaps.empty());
  CHECK(ShapeOf(report, "y") == "float32[2,3]");
}

// --- What ONNX's text cannot say: names of nodes, overloads, defaults. Fields that are newer than
// the ONNX of the tests are appended as bytes.

std::string Field(int number, const std::string& payload) {
  std::string bytes;
  const auto varint = [&bytes](size_t value) {
    for (; value >= 128; value >>= 7) bytes += static_cast<char>(value | 128);
    bytes += static_cast<char>(value);
  };
  varint(static_cast<size_t>(number) << 3 | 2);
  varint(payload.size());
  return bytes + payload;
}

constexpr int kModelFunctions = 25, kModelGraph = 7, kGraphNode = 1;
constexpr int kFunctionNode = 7, kNodeOverload = 8;
constexpr int kFunctionDefaults = 11, kFunctionOverload = 13;

struct Call {
  std::string name, op, input, output, overload;
};

onnx::NodeProto NodeOfCall(const Call& call) {
  onnx::NodeProto node;
  node.set_name(call.name);
  node.set_op_type(call.op);
  if (call.op[0] == 'F') node.set_domain("local");
  node.add_input(call.input);
  node.add_output(call.output);
  return node;
}

std::string Serialized(const onnx::NodeProto& node, const std::string& overload) {
  return node.SerializeAsString() + (overload.empty() ? "" : Field(kNodeOverload, overload));
}

struct Body {
  std::string name, overload;
  std::vector<Call> calls;  // from "a" to "b"
};

onnx::FunctionProto FunctionHead(const std::string& name) {
  onnx::FunctionProto function;
  function.set_name(name);
  function.set_domain("local");
  function.add_input("a");
  function.add_output("b");
  function.add_opset_import()->set_version(17);
  auto* local = function.add_opset_import();
  local->set_domain("local");
  local->set_version(1);
  return function;
}

// float[4] "x" -> calls -> "y"
std::string ModelOfCalls(const std::vector<Call>& calls, const std::vector<Body>& functions) {
  onnx::ModelProto model;
  model.set_ir_version(10);
  model.add_opset_import()->set_version(17);
  auto* local = model.add_opset_import();
  local->set_domain("local");
  local->set_version(1);
  onnx::GraphProto graph;
  auto* input = graph.add_input();
  input->set_name("x");
  auto* tensor = input->mutable_type()->mutable_tensor_type();
  tensor->set_elem_type(onnx::TensorProto::FLOAT);
  tensor->mutable_shape()->add_dim()->set_dim_value(4);
  graph.add_output()->set_name("y");
  std::string graph_bytes = graph.SerializeAsString();
  for (const Call& call : calls) {
    graph_bytes += Field(kGraphNode, Serialized(NodeOfCall(call), call.overload));
  }
  std::string bytes = model.SerializeAsString() + Field(kModelGraph, graph_bytes);
  for (const Body& body : functions) {
    std::string function = FunctionHead(body.name).SerializeAsString();
    for (const Call& call : body.calls) {
      function += Field(kFunctionNode, Serialized(NodeOfCall(call), call.overload));
    }
    if (!body.overload.empty()) function += Field(kFunctionOverload, body.overload);
    bytes += Field(kModelFunctions, function);
  }
  return bytes;
}

TEST_CASE("the nodes of a body are named behind the calls that lead to them") {
  const ModelReport report = AnalyzeModel(ModelOfCalls(
      {{"first", "FOuter", "x", "h", ""}, {"second", "FOuter", "h", "y", ""}},
      {{"FOuter", "", {{"inner", "FInner", "a", "b", ""}}},
       {"FInner", "", {{"exp", "Exp", "a", "m", ""}, {"", "NoSuchOperator", "m", "b", ""}}}}));
  CHECK(Names(report) ==
        "first first/inner first/inner/exp first/inner/#3 "
        "second second/inner second/inner/exp second/inner/#7");
  REQUIRE(report.gaps.size() == 3);
  CHECK(report.gaps[0].node == "first/inner/#3");
  CHECK(report.gaps[1].node == "second/inner/exp");  // reads what the first call could not tell
  CHECK(report.gaps[2].node == "second/inner/#7");
  CHECK(report.gaps[0].reason == "no rule for ai.onnx.NoSuchOperator");
  CHECK(TextOf(NodeOf(report, "first/inner/exp").ops) == "4");
}

TEST_CASE("an overload is a function of its own") {
  const std::vector<Body> functions = {
      {"F", "", {{"", "Exp", "a", "b", ""}}},
      {"F", "twice", {{"", "Exp", "a", "m", ""}, {"", "Exp", "m", "b", ""}}}};
  const auto ops = [&](const std::string& overload) {
    const ModelReport report =
        AnalyzeModel(ModelOfCalls({{"c", "F", "x", "y", overload}}, functions));
    return report.gaps.empty() ? TextOf(report.figures.ops) : report.gaps[0].reason;
  };
  CHECK(ops("") == "4");
  CHECK(ops("twice") == "8");
  CHECK(ops("thrice") == "no rule for local.F");
}

// F's attribute "axes" goes to ReduceSum's `keepdims` and Concat's `axis`.
std::string ModelWithAttribute(bool given, bool has_default) {
  onnx::ModelProto model;
  REQUIRE(model.ParseFromString(ModelOfCalls({{"c", "F", "x", "y", ""}}, {})));
  const auto set = [](onnx::AttributeProto* attribute, const std::string& name, int64_t value) {
    attribute->set_name(name);
    attribute->set_type(onnx::AttributeProto::INT);
    attribute->set_i(value);
  };
  if (given) set(model.mutable_graph()->mutable_node(0)->add_attribute(), "keep", 0);
  onnx::FunctionProto function = FunctionHead("F");
  *function.add_node() = NodeOfCall({"", "ReduceSum", "a", "b", ""});
  auto* reference = function.mutable_node(0)->add_attribute();
  reference->set_name("keepdims");
  reference->set_ref_attr_name("keep");
  reference->set_type(onnx::AttributeProto::INT);
  onnx::AttributeProto otherwise;
  set(&otherwise, "keep", 0);
  std::string bytes = function.SerializeAsString();
  if (has_default) bytes += Field(kFunctionDefaults, otherwise.SerializeAsString());
  return model.SerializeAsString() + Field(kModelFunctions, bytes);
}

TEST_CASE("an attribute reference is the call's, else the function's default, else absent") {
  CHECK(ShapeOf(AnalyzeModel(ModelWithAttribute(true, false)), "y") == "float32[]");
  CHECK(ShapeOf(AnalyzeModel(ModelWithAttribute(false, true)), "y") == "float32[]");
  CHECK(ShapeOf(AnalyzeModel(ModelWithAttribute(true, true)), "y") == "float32[]");
  CHECK(ShapeOf(AnalyzeModel(ModelWithAttribute(false, false)), "y") == "float32[1]");
}

TEST_CASE("references are handed on through calls and into subgraphs") {
  const ModelReport report = AnalyzeModel(
      ModelText("g (float[2,3] x, bool c) => (y) { y = local.Outer <where : int = 1> (x, c) }\n") +
      "<domain: \"local\", opset_import: [\"\" : 17, \"local\" : 1]>\n"
      "Outer <where> (p, c) => (r) { r = local.Inner <along : int = @where> (p, c) }\n"
      "<domain: \"local\", opset_import: [\"\" : 17, \"local\" : 1]>\n"
      "Inner <along> (p, c) => (r) { r = If (c) <"
      "then_branch = t () => (u) { u = Concat <axis : int = @along> (p, p) },"
      "else_branch = e () => (v) { v = Concat <axis : int = @along> (p, p) }> }");
  CHECK(report.gaps.empty());
  CHECK(ShapeOf(report, "y") == "float32[2,6]");
}

TEST_CASE("a function that calls itself is a gap") {
  struct Case {
    std::vector<Body> functions;
    const char *node, *reason;
  };
  const Case cases[] = {
      {{{"F", "", {{"again", "F", "a", "b", ""}}}}, "c/again", "function F calls itself"},
      {{{"F", "", {{"down", "FG", "a", "b", ""}}}, {"FG", "", {{"up", "F", "a", "b", ""}}}},
       "c/down/up",
       "function F calls itself"},
  };
  for (const Case& c : cases) {
    const ModelReport report = AnalyzeModel(ModelOfCalls({{"c", "F", "x", "y", ""}}, c.functions));
    REQUIRE(report.gaps.size() == 1);
    CHECK(report.gaps[0].node == c.node);
    CHECK(report.gaps[0].reason == c.reason);
  }
}

// Each calls the next twice, the last one computes.
std::vector<Body> Doubling(int levels) {
  std::vector<Body> functions;
  for (int i = 0; i < levels; ++i) {
    const std::string next = i + 1 < levels ? "F" + std::to_string(i + 1) : "Exp";
    functions.push_back(
        {"F" + std::to_string(i), "", {{"l", next, "a", "m", ""}, {"r", next, "m", "b", ""}}});
  }
  return functions;
}

TEST_CASE("a chain of functions that doubles is counted while it is finite in practice") {
  const ModelReport report = AnalyzeModel(ModelOfCalls({{"c", "F0", "x", "y", ""}}, Doubling(8)));
  CHECK(report.gaps.empty());
  CHECK(TextOf(report.figures.ops) == "1024");  // 2^8 * 4
}

TEST_CASE("a chain of functions that doubles forty times is a gap, and soon") {
  const std::string model = ModelOfCalls({{"c", "F0", "x", "y", ""}}, Doubling(40));
  const testing::ProcessorTime taken;
  const ModelReport report = AnalyzeModel(model);
  CHECK(taken.seconds() < 1);
  REQUIRE(report.gaps.size() == 1);
  CHECK(report.gaps[0].node == "c");
  CHECK(absl::StrContains(report.gaps[0].reason, "more than"));
  CHECK(report.figures.nodes == 1);
}

TEST_CASE("a chain of functions that is too deep is a gap") {
  std::vector<Body> functions;
  for (int i = 0; i < 150; ++i) {
    const std::string next = i < 149 ? "F" + std::to_string(i + 1) : "Exp";
    functions.push_back({"F" + std::to_string(i), "", {{"n", next, "a", "b", ""}}});
  }
  const ModelReport report = AnalyzeModel(ModelOfCalls({{"c", "F0", "x", "y", ""}}, functions));
  REQUIRE(report.gaps.size() == 1);
  CHECK(report.gaps[0].node == "c");
  CHECK(absl::StrContains(report.gaps[0].reason, "deep"));
}

}  // namespace
}  // namespace onnx_macs::testing
