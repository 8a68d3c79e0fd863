// Rules files: what they make of nodes, and what is said about those that are wrong.
#include "rules/user/user_rules.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "analyzer/analyze.h"
#include "analyzer/loader.h"
#include "rules/rules.h"
#include "tests/support/catch.h"
#include "tests/support/op_case.h"

namespace onnx_macs::testing {
namespace {

// The report of a model of one node, under rules of this text.
ModelReport AnalyzeWith(const std::string& json, OpCase op_case) {
  op_case.expected = "f32";  // one output
  const auto file = UserRules::FromJson("my.json", json);
  INFO(json << "\n" << file.status());
  REQUIRE(file.ok());
  RuleSet rules = BuiltinRules();
  REQUIRE(file->AddTo(&rules).ok());
  const auto model = LoadModelFromBytes(ModelOf(op_case));
  REQUIRE(model.ok());
  AnalyzeOptions options;
  options.node_rows = options.value_rows = true;
  options.bind.symbolic_batch = true;
  auto result = Analyze(**model, rules, options);
  REQUIRE(result.ok());
  return std::move(result->report);
}

std::string Text(const Amount& amount) {
  return amount.is_integer() ? absl::StrCat(static_cast<int64_t>(amount.value()))
                             : std::string(amount.formula());
}

OpCase Kernel(std::vector<std::string> inputs, std::vector<std::string> attributes = {}) {
  return {.op = "Kernel",
          .domain = "mine",
          .opset = 1,
          .attrs = std::move(attributes),
          .inputs = std::move(inputs)};
}

// A rule of mine::Kernel(x, w) -> y with these further keys.
std::string KernelRule(const std::string& keys) {
  return absl::StrCat(R"({"rules": [{"op_type": "Kernel", "domain": "mine", "inputs": ["x", "w"], )"
                      R"("outputs": ["y"], )",
                      keys, "}]}");
}

TEST_CASE("formulas over sizes, attributes and values") {
  struct Row {
    const char* formula;
    const char* expected;
  };
  // x is 2 x seq x 12, w holds 3 and 5; heads is 4, pads are 1 and 7.
  const Row rows[] = {
      {"34 * x.shape[0] * x.shape[2]", "816"},
      {"x.shape[-1] // 5", "2"},
      {"x.shape[2] / attr.heads", "3"},
      {"x.rank ^ 4", "81"},
      {"x.elements", "24*seq"},
      {"y.elements", "2*seq"},
      {"2 * x.shape[1]^2 + 1", "2*seq^2 + 1"},
      {"ceil(x.shape[1] / 2)", "ceil(seq/2)"},
      {"floor(7 / 2)", "3"},
      {"mod(x.shape[2], 5)", "2"},
      {"min(x.shape[0], 9) + max(x.shape[0], 9)", "11"},
      {"w.value[0] * w.value[-1]", "15"},
      {"attr.pads[1] - attr.pads[-2]", "6"},
      {"attr.groups", "8"},
      {"x.elements / y.elements", "12"},
      {"4611686018427387904 * 1000 / 1000", "4611686018427387904"},  // past 64 bits between
      {"0", "0"},
  };
  for (const Row& row : rows) {
    const std::string json =
        KernelRule(absl::StrCat(R"("attributes": {"heads": null, "pads": null, "groups": 8}, )"
                                R"("shape": {"y": ["x.shape[0]", "x.shape[1]"]}, "ops": ")",
                                row.formula, R"(")"));
    INFO(row.formula);
    const ModelReport report =
        AnalyzeWith(json, Kernel({"f32[2,seq,12]", "i64[2]={3,5}"}, {"heads=4", "pads=[1,7]"}));
    CHECK(report.gaps.empty());
    CHECK(Text(report.figures.ops) == row.expected);
    CHECK(report.figures.macs.is_zero());
  }
}

TEST_CASE("what only a node shows is a gap that says why") {
  struct Row {
    const char* formula;
    const char* reason;
  };
  const Row rows[] = {
      {"x.shape[3]", "there is no x.shape[3]: the rank is 2"},
      {"x.shape[-3]", "there is no x.shape[-3]: the rank is 2"},
      {"w.elements", "there is no w.elements: the node does not have it"},
      {"y.elements", "there is no y.elements: the rank is not known"},
      {"x.value[0]", "there is no x.value[0]: the value is not known"},
      {"attr.heads", "there is no attr.heads: the node does not have it"},
      {"attr.mode", "there is no attr.mode: it is no integer"},
      {"attr.pads[2]", "there is no attr.pads[2]: it is a list of 2 integers"},
      {"attr.pads", "there is no attr.pads: it is no integer"},
      {"x.shape[0] - 5", "'x.shape[0] - 5' is -1, less than nothing"},
      {"x.shape[0] / 3", "'x.shape[0] / 3' is 4/3, no whole number"},
      {"x.shape[0] // (x.rank - 2)", "'x.shape[0] // (x.rank - 2)' has no exact value here"},
  };
  for (const Row& row : rows) {
    INFO(row.formula);
    const ModelReport report =
        AnalyzeWith(KernelRule(absl::StrCat(R"("ops": ")", row.formula, R"(")")),
                    Kernel({"f32[4,6]"}, {"pads=[1,7]", "mode=\"fast\""}));
    REQUIRE(report.gaps.size() == 1);
    CHECK(report.gaps[0].reason == row.reason);
  }
}

TEST_CASE("shapes and types of a custom operator's outputs") {
  struct Row {
    const char* keys;
    const char* outputs;
  };
  const Row rows[] = {
      {R"("shape": {"y": "w"}, "ops": 0)", "float32[6, 8]"},
      {R"("shape": {"y": ["x.shape[0] // 2", 3]}, "ops": 0)", "float32[2, 3]"},
      {R"("shape": {"y": []}, "dtype": {"y": "int64"}, "ops": 0)", "int64[]"},
      {R"("shape": {"y": "x"}, "dtype": {"y": "w"}, "ops": 0)", "float16[4, 6]"},
      {R"("ops": 0)", "float32[...]"},
  };
  for (const Row& row : rows) {
    INFO(row.keys);
    const bool is_half =
        absl::StrContains(row.keys, R"({"y": "w"}, "ops")") && absl::StrContains(row.keys, "dtype");
    const ModelReport report =
        AnalyzeWith(KernelRule(row.keys), Kernel({"f32[4,6]", is_half ? "f16[6,8]" : "f32[6,8]"}));
    REQUIRE(report.nodes.size() == 1);
    CHECK(report.nodes[0].outputs == row.outputs);
    CHECK(report.nodes[0].status == NodeRow::Status::kFree);
  }
}

TEST_CASE("a known operator keeps what its rule does not say") {
  const OpCase matmul = {.op = "MatMul", .inputs = {"f32[2,3]", "f32[3,4]"}};
  const char kCost[] = R"({"rules": [{"op_type": "MatMul", "inputs": ["a"], "outputs": ["y"],
      "macs": "y.elements * a.shape[-1] * 10"}]})";
  ModelReport report = AnalyzeWith(kCost, matmul);
  CHECK(Text(report.figures.macs) == "240");
  CHECK(report.nodes[0].outputs == "float32[2, 4]");
  CHECK(report.nodes[0].rule == "MatMul since 1, of my.json");
  CHECK(report.nodes[0].counting == "MACs: y.elements * a.shape[-1] * 10");
  const char kShape[] =
      R"({"rules": [{"op_type": "MatMul", "outputs": ["y"], "shape": {"y": [5]}}]})";
  report = AnalyzeWith(kShape, matmul);
  CHECK(report.nodes[0].outputs == "float32[5]");
  CHECK(Text(report.figures.macs) == "15");  // five elements of three products each
}

// The built-in rules of Add begin with 1 and with 7.
TEST_CASE("a rule from a version on leaves earlier ones alone") {
  for (const int since : {7, 10}) {
    const std::string rules =
        absl::StrCat(R"({"rules": [{"op_type": "Add", "since_version": )", since,
                     R"(, "outputs": ["y"], "ops": "7 * y.elements"},
            {"op_type": "Add", "outputs": ["y"], "ops": "3 * y.elements"}]})");
    const auto ops = [&](int opset) {
      const OpCase add = {.op = "Add", .opset = opset, .inputs = {"f32[2]", "f32[2]"}};
      return Text(AnalyzeWith(rules, add).figures.ops);
    };
    INFO(since);
    CHECK(ops(since - 1) == "6");
    CHECK(ops(since) == "14");
    CHECK(ops(since + 9) == "14");
  }
}

TEST_CASE("the others are free where the file says so") {
  const char kRules[] = R"({"others": "free", "keep": ["ai.onnx::Add"], "rules": [
      {"op_type": "Relu", "inputs": ["x"], "ops": "2 * x.elements"}]})";
  const auto analyze = [&](const char* op) {
    const bool is_unary = std::string(op) != "Add";
    return AnalyzeWith(kRules, {.op = op,
                                .inputs = is_unary ? std::vector<std::string>{"f32[5]"}
                                                   : std::vector<std::string>{"f32[5]", "f32[5]"}});
  };
  CHECK(Text(analyze("Relu").figures.ops) == "10");
  CHECK(Text(analyze("Add").figures.ops) == "5");
  const ModelReport freed = analyze("Exp");
  CHECK(Text(freed.figures.ops) == "0");
  CHECK(freed.nodes_free == 1);
  REQUIRE(freed.notes.size() == 1);
  CHECK(freed.notes[0] == "1 node of 1 other operator is free because my.json says so");
  CHECK(analyze("Relu").notes[0] == "counted by my.json: Relu (1 node)");
  CHECK(analyze("Add").notes[0] ==
        "--rules: no rule of the file is about an operator of this model");
  // What is free anyway is not free because of the file.
  CHECK(analyze("Identity").notes == analyze("Add").notes);
  CHECK(AnalyzeWith(kRules, Kernel({"f32[5]"})).gaps.size() == 1);
}

TEST_CASE("what is wrong with a file is said with its place") {
  struct Row {
    const char* json;
    const char* error;
  };
  const Row rows[] = {
      {"", "1:1: the text ends too soon"},
      {"[]", "1:1: a rules file is an object"},
      {"{", "1:2: the text ends too soon"},
      {"{\"rules\": [}", "1:12: this is no JSON"},
      {"{}", "1:1: the file holds no rule; example: \"rules\": [{"},
      {"{\"rule\": []}",
       "1:2: there is no key \"rule\"; did you mean rules? (keys: note, others, "
       "keep, rules)"},
      {"{\"rules\": {}}", "1:11: \"rules\" is an object, not an array; example: \"rules\": ["},
      {"{\n  \"others\": \"none\"}", "2:13: \"others\" is free or builtin, not 'none'"},
      {"{\"keep\": [\"Add\"]}", "1:10: \"keep\" is of use only where \"others\" is \"free\""},
      {"{\"rules\": [1]}", "1:12: a rule is an object"},
      {"{\"rules\": [{\"ops\": 1}]}", "1:12: the rule names no operator; example: \"op_type\": "},
      {"{\"rules\": [{\"op_type\": \"K\"}]}", "1:12: the rule of K says nothing; example: "},
      {"{\"rules\": [{\"op_type\": \"K\", \"ops\": 1}, {\"op_type\": \"K\", \"ops\": 2}]}",
       "1:40: the rule at 1:12 is of the same operator, K"},
      {"{\"rules\": [{\"op_type\": \"K\", \"since_version\": 0, \"ops\": 1}]}",
       "1:46: versions begin at 1; example: \"since_version\": 1"},
      {"{\"rules\": [{\"op_type\": \"K\", \"ops\": 18446744073709551615}]}",
       "1:36: the number is too large"},
      {"{\"rules\": [{\"op_type\": \"K\", \"op_type\": \"L\"}]}",
       "1:29: \"op_type\" is there twice"},
      {"{\"rules\": [{\"op_type\": \"K\", \"inputs\": [\"x\", \"x\"]}]}",
       "1:45: the name 'x' is there twice"},
      {"{\"rules\": [{\"op_type\": \"K\", \"inputs\": [\"attr\"]}]}",
       "1:40: a name is made of letters, digits and _, and is not attr"},
      {"{\"rules\": [{\"op_type\": \"K\", \"attributes\": {\"k\": 1.5}}]}",
       "1:49: an attribute's default is a whole number, or null for none"},
  };
  for (const Row& row : rows) {
    const absl::Status status = UserRules::FromJson("my.json", row.json).status();
    INFO(row.json << "\n" << status);
    CHECK(absl::StartsWith(status.message(), row.error));
  }
}

TEST_CASE("what is wrong with a formula is said with its place") {
  struct Row {
    const char* key;
    const char* error;
  };
  // The value begins at column 99 of the line that KernelRule() makes.
  const Row rows[] = {
      {"\"ops\": \"3 * z.elements\"",
       "'3 * z.elements': there is no input or output 'z' (there are: x, w, y)"},
      {"\"ops\": \"x.elemnts\"",
       "'x.elemnts': there is no property 'elemnts'; did you mean elements? (there are: shape, "
       "rank, elements, value)"},
      {"\"ops\": \"x\"", "'x': 'x' is a tensor; write x.elements or x.shape[0]"},
      {"\"ops\": \"x.shape\"", "'x.shape': 'x.shape' needs an index, as [0]"},
      {"\"ops\": \"x.rank[0]\"", "'x.rank[0]': 'x.rank' has no index"},
      {"\"ops\": \"x.shape[n]\"", "'x.shape[n]': 'x.shape[n]' has an index that is no number"},
      {"\"ops\": \"x.shape[0\"", "'x.shape[0': missing closing ] at character 8"},
      {"\"ops\": \"2 *\"", "'2 *': unexpected end at character 4"},
      {"\"ops\": \"sqrt(x.rank)\"", "'sqrt(x.rank)': unknown function sqrt at character 13"},
      {"\"ops\": \"2 ^ x.rank\"", "'2 ^ x.rank': a power must be a small integer at character"},
      {"\"ops\": -4", "-4 is less than nothing"},
      {"\"ops\": 1.5", "\"ops\" is a number, not a string"},
      {"\"shape\": {\"y\": \"q\"}", "there is no input 'q' whose shape to take (sizes are a list)"},
      {"\"shape\": {\"q\": \"x\"}", "there is no output 'q' (\"outputs\": y)"},
      {"\"shape\": {\"y\": [\"y.rank\"]}",
       "'y.rank': 'y' is an output: its shape is being told, and cannot be read"},
      {"\"dtype\": {\"y\": \"flot32\"}",
       "there is no type, nor an input, 'flot32'; did you mean float32?"},
  };
  for (const Row& row : rows) {
    const absl::Status status = UserRules::FromJson("my.json", KernelRule(row.key)).status();
    INFO(row.key << "\n" << status);
    CHECK(absl::StartsWith(status.message(), "1:"));
    CHECK(absl::StrContains(status.message(), absl::StrCat(": ", row.error)));
  }
}

TEST_CASE("attributes that are told are all there are") {
  const std::string json =
      KernelRule("\n\"attributes\": {\"heads\": null},\n  \"ops\": \"attr.head\"");
  CHECK(UserRules::FromJson("my.json", json).status().message() ==
        "3:10: 'attr.head': there is no attribute 'head'; did you mean heads? (there are: heads); "
        "example: \"ops\": \"5 * y.elements\"");
}

TEST_CASE("a file that relies on what the rules lack is refused") {
  struct Row {
    const char* json;
    const char* error;
  };
  const Row rows[] = {
      {R"({"others": "free", "keep": ["MatMull"]})",
       "1:29: there is no operator MatMull to keep; did you mean MatMul?"},
      {R"({"rules": [{"op_type": "K", "outputs": ["y"], "shape": {"y": [1]}}]})",
       "1:12: nothing is known of K, so its rule must say what it costs; example: \"ops\": 0"},
  };
  for (const Row& row : rows) {
    const auto file = UserRules::FromJson("my.json", row.json);
    REQUIRE(file.ok());
    RuleSet rules = BuiltinRules();
    CHECK(file->AddTo(&rules).message() == row.error);
  }
}

TEST_CASE("hostile files end soon") {
  const std::string deep(100000, '[');
  CHECK(UserRules::FromJson("my.json", deep).status().message() == "1:33: this is nested too deep");
  const std::string nested(800, '(');
  const std::string longest = absl::StrCat("x.rank", std::string(995, ' '));
  for (const std::string& formula : {nested, longest}) {
    const std::string json = KernelRule(absl::StrCat("\"ops\": \"", formula, "\""));
    CHECK(!UserRules::FromJson("my.json", json).ok());
  }
  // Powers of sums that would have more terms than there is memory.
  std::string powers = "1";
  for (int i = 0; i < 20; ++i) powers += " * (x.shape[0] + x.shape[1] + x.shape[2])^64";
  const auto refused_for = [](const std::string& formula, const std::string& input) {
    const ModelReport report =
        AnalyzeWith(KernelRule(absl::StrCat("\"ops\": \"", formula, "\"")), Kernel({input}));
    return report.gaps.size() == 1 ? report.gaps[0].reason : "";
  };
  CHECK(absl::StrContains(refused_for(powers, "f32[a,b,c]"),
                          "^64 * (x.shape[0] ...' grows too large at character 46"));
  CHECK(absl::StrContains(refused_for("x.shape[0]^40", "f32[a+b+c+d]"), "grows too large"));
}

}  // namespace
}  // namespace onnx_macs::testing
