// Attacks by textual models: nesting, tokens and numbers without an end, and as many nodes as fit.
#include "tests/cli/hostile_files.h"

namespace onnx_macs::testing {
namespace {

constexpr char kNoOnnxText[] = "not a model written as ONNX text: ";
constexpr char kNoJson[] = "not a model written as JSON: ";
constexpr char kTooDeep[] = "its brackets are nested too deep";
constexpr char kNumber[] = "not a model written as ONNX text: a number in it is too large";
constexpr int kMany = 900'000;

// A model in ONNX's own text whose one graph is `graph`.
std::string Model(const std::string& graph) {
  return "<ir_version: 8, opset_import: [\"\" : 17]>\n" + graph;
}

// The same with one node.
std::string Node(const std::string& node) {
  return Model("g (float[4, 4] x) => (float[4, 4] y)\n{ " + node + " }");
}

// If in If.
std::string Nested(int depth) {
  return Node(Repeated("y = If <then_branch = g () => (float y) { ", depth) + "y = Relu(x)" +
              Repeated(" }> (x)", depth));
}

std::string Proto(const std::string& graph) { return "ir_version: 8 graph { " + graph; }
std::string Json(const std::string& graph) { return R"({"irVersion": 8, "graph": )" + graph; }

const HostileFile kTexts[] = {
    {"a megabyte of brackets", "t.onnxtxt", [] { return Node(Repeated("(", kMany)); }, kTooDeep},
    {"brackets in a comment", "t.onnxtxt", [] { return Node("#" + Repeated("[", kMany)); },
     kTooDeep},
    {"brackets of another kind", "t.onnxtxt", [] { return Node("y = " + Repeated("<", kMany)); },
     kNoOnnxText},
    {"brackets that open and close", "t.onnxtxt", [] { return Node(Repeated("({", 99) + "})"); },
     kNoOnnxText},
    {"nothing but one word", "t.onnxtxt", [] { return std::string(kMany, 'R'); }, kNoOnnxText},
    {"an operator of one word", "t.onnxtxt",
     [] { return Node("y = " + std::string(kMany, 'Q') + "(x)"); }, "no rule for ai.onnx.QQQ"},
    {"a string without an end", "t.onnxtxt",
     [] { return Node("y = Relu <s = \"" + std::string(kMany, 's')); }, kNoOnnxText},
    {"a size of many digits", "t.onnxtxt",
     [] { return Model("g (float[" + std::string(kMany, '9') + "] x) => (float y)\n{ }"); },
     kNumber},
    {"an attribute of many digits", "t.onnxtxt",
     [] { return Node("y = Relu <a = " + std::string(kMany, '9') + "> (x)"); }, kNumber},
    {"a real of many digits", "t.onnxtxt",
     [] { return Node("y = Relu <a = 1." + std::string(kMany, '9') + "e99999> (x)"); }, kNumber},
    {"If in If, 90 deep", "t.onnxtxt", [] { return Nested(90); },
     "its graphs lie more than 64 deep in one another"},
    {"If in If, 300 deep", "t.onnxtxt", [] { return Nested(300); }, kTooDeep},
    {"400,000 sizes", "t.onnxtxt",
     [] {
       return Model("g (float[" + Listed(400'000, [](int) { return "1"; }) +
                    "] x) => (float y)\n{ y = Relu(x) }");
     },
     "has 400000 dimensions, more than the 64 that are followed"},
    {"60,000 operator sets", "t.onnxtxt",
     [] {
       return "<ir_version: 8, opset_import: [" +
              Listed(60'000, [](int i) { return absl::StrCat("\"d", i, "\": 1"); }) +
              "]>\ng (float x) => (float y)\n{ y = Relu(x) }";
     },
     "it imports more than 256 operator sets"},
    {"fields in each other", "t.textproto",
     [] { return Proto(Repeated("node { attribute { g { ", 30'000)); },
     "not a model written as protobuf text: "},
    {"unknown fields in each other", "t.textproto", [] { return Proto(Repeated("z{", 300'000)); },
     "not a model written as protobuf text: "},
    {"70,000 unknown fields", "t.textproto",
     [] {
       std::string fields;
       for (int i = 0; i < 70'000; ++i) absl::StrAppend(&fields, "z", i, ": 1 ");
       return Proto(fields + "}");
     },
     "left out of the text, being newer than the library: z0, z1"},
    {"a name without an end", "t.textproto",
     [] { return Proto("name: \"" + std::string(kMany, 'n')); },
     "not a model written as protobuf text: "},
    {"a version of many digits", "t.textproto",
     [] { return "ir_version: " + std::string(kMany, '9'); },
     "not a model written as protobuf text: "},
    {"arrays in each other", "t.json", [] { return Json(Repeated("[", kMany)); }, kTooDeep},
    {"graphs in each other", "t.json",
     [] {
       return Json(Repeated(R"({"node": [{"attribute": [{"type": "GRAPH", "g": )", 60) + "{}" +
                   Repeated("}]}]}", 60) + "}");
     },
     kTooDeep},
    {"a name without an end", "t.json",
     [] { return Json(R"({"name": ")" + std::string(kMany, 'n')); }, kNoJson},
    {"a version of many digits", "t.json",
     [] { return R"({"graph": {}, "irVersion": )" + std::string(kMany, '9') + "}"; }, kNoJson},
    {"70,000 unknown keys", "t.json",
     [] {
       return Json("{" + Listed(70'000, [](int i) { return absl::StrCat("\"z", i, "\": 1"); }) +
                   "}}");
     },
     "left out of the text: fields that are newer than the library"},
};

TEST_CASE("hostile files: textual models") {
  constexpr char kOn[] =
      "onnx-macs $FILE --jobs 1 --nodes --shapes --memory --training adamw -d component,block,op ";
  const std::string json = absl::StrCat(kOn, "--format json");
  const std::string table = absl::StrCat(kOn, "--no-fold --formula");
  const char* const commands[] = {json.c_str(), table.c_str()};
  CheckHostile(kTexts, commands);
}

// Rows are kept for every node where they are asked for: docs/limits.md.
const HostileFile kNodes[] = {
    {"38,000 nodes", "t.onnxtxt",
     [] {
       std::string nodes = "v0 = Relu(x)\n";
       for (int i = 1; i < 38'000; ++i) absl::StrAppend(&nodes, "v", i, " = Relu(v", i - 1, ")\n");
       return Model("g (float[4, 4] x) => (float v0)\n{ " + nodes + "}");
     },
     "38000"},
    {"160,000 nodes of six bytes", "t.textproto",
     [] { return Proto(Repeated("node{}", 160'000) + "}"); }, "160000"},
    {"330,000 nodes of three bytes", "t.json",
     [] { return Json("{\"node\": [" + Listed(330'000, [](int) { return "{}"; }) + "]}}"); },
     "330000"},
};

TEST_CASE("hostile files: nodes of textual models") {
  const char* const commands[] = {"onnx-macs $FILE --jobs 1"};
  CheckHostile(kNodes, commands);
}

}  // namespace
}  // namespace onnx_macs::testing
