// Attacks by the files that say how models are counted, what they may cost and what they are for.
#include "tests/cli/hostile_files.h"

namespace onnx_macs::testing {
namespace {

constexpr int kMany = 900'000;

std::string Name() { return std::string(kMany, 'n'); }

// --- Rules

std::string Rules(const std::string& rules) { return "{\"rules\": [" + rules + "]}"; }

// A rule of what many.onnxtxt is made of.
std::string RuleOf(const std::string& costs) {
  return R"({"op_type": "Q", "domain": "q", "inputs": ["x"], "outputs": ["y"], )" + costs + "}";
}

std::string Ops(const std::string& formula) { return "\"ops\": \"" + formula + "\""; }

// As long as a formula may be.
std::string Long(const std::string& term) {
  return term + Repeated("+" + term, static_cast<int>(999 / (term.size() + 1)) - 1);
}

const HostileFile kRules[] = {
    {"10,001 rules", "r.json",
     [] {
       return Rules(Listed(
           10'001, [](int i) { return absl::StrCat(R"({"op_type": "Q)", i, R"(", "ops": 1})"); }));
     },
     "r.json:1:11: there are more than 10000 rules"},
    {"10,000 rules of one operator", "r.json",
     [] {
       return Rules(Listed(10'000, [](int i) {
         return absl::StrCat(R"({"op_type": "Q", "domain": "q", "since_version": )", i + 1,
                             R"(, "ops": 7})");
       }));
     },
     "15000"},
    {"arrays in each other", "r.json", [] { return "{\"rules\": " + Repeated("[", kMany); },
     "this is nested too deep"},
    {"objects in each other", "r.json",
     [] { return "{\"rules\": " + Repeated("{\"a\":", 150'000); }, "this is nested too deep"},
    {"300,000 rules that say nothing", "r.json",
     [] { return Rules(Listed(300'000, [](int) { return "{}"; })); },
     "there are more than 10000 rules"},
    {"a number of many digits", "r.json",
     [] { return "{\"rules\": " + std::string(kMany, '9') + "}"; }, "this is no JSON"},
    {"an operator with a long name", "r.json",
     [] { return Rules(R"({"op_type": ")" + Name() + R"("})"); }, "says nothing"},
    {"a key with a long name", "r.json", [] { return "{\"" + Name() + "\": 1}"; },
     "there is no key \"nnn"},
    {"a long note", "r.json",
     [] { return Rules(RuleOf("\"ops\": 1, \"note\": \"" + Name() + "\"")); },
     "the note has 900000 characters; the most are 1000"},
    {"100,000 names", "r.json",
     [] {
       return Rules(R"({"op_type": "Q", "inputs": [)" +
                    Listed(100'000, [](int i) { return absl::StrCat("\"", i, "\""); }) + "]}");
     },
     "there are too many names"},
    {"60,000 attributes, and another one is read", "r.json",
     [] {
       const auto name = [](int i) { return absl::StrCat("\"a", i, "\": 1"); };
       return Rules(RuleOf("\"attributes\": {" + Listed(60'000, name) + "}, " + Ops("attr.q")));
     },
     "there is no attribute 'q'"},
    {"a text without an end", "r.json", [] { return "{\"note\": \"" + Name(); },
     "the text ends too soon"},
    {"a formula of a megabyte", "r.json",
     [] { return Rules(RuleOf(Ops("1" + Repeated("+1", 400'000)))); },
     "the formula has 800001 characters; the most are 1000"},
    {"brackets in each other", "r.json",
     [] { return Rules(RuleOf(Ops(std::string(900, '(') + "1"))); }, "nested too deeply"},
    {"a number too large", "r.json", [] { return Rules(RuleOf(Ops(std::string(900, '9')))); },
     "number is too large"},
    {"powers of numbers", "r.json", [] { return Rules(RuleOf(Ops("9^64*9^64"))); },
     "grows too large"},
    {"20,000 products of powers of sums", "r.json",
     [] {
       return Rules(Listed(400, [](int i) {
         return absl::StrCat(
             R"({"op_type": "P)", i, R"(", "inputs": ["x"], "outputs": ["y"], )",
             R"("ops": 1, "shape": {"y": [)",
             Listed(55, [](int) { return "\"(x.shape[0]+x.rank)^9*(x.rank+1)^20\""; }), "]}}");
       }));
     },
     "many.onnxtxt"},
    {"long formulas at every node", "r.json", [] { return Rules(RuleOf(Ops(Long("x.shape[0]")))); },
     "is not worked out: too much text of formulas was, at other nodes"},
    {"powers at every node", "r.json", [] { return Rules(RuleOf(Ops(Long("1^64")))); },
     "is not worked out: too much text of formulas was, at other nodes"},
    {"64 sizes of long formulas at every node", "r.json",
     [] {
       const auto size = [](int) { return "\"" + Long("x.shape[0]") + "\""; };
       return Rules(RuleOf("\"ops\": 1, \"shape\": {\"y\": [" + Listed(64, size) + "]}"));
     },
     "too much text of formulas"},
    {"a long reason at every node", "r.json",
     [] { return Rules(RuleOf(Ops("attr." + std::string(990, 'q')))); }, "there is no attr.qqq"},
};

TEST_CASE("hostile files: rules") {
  const char* const commands[] = {
      "onnx-macs many.onnxtxt --jobs 1 --rules $FILE",
      "onnx-macs many.onnxtxt --jobs 1 --rules $FILE --nodes --training adamw --format json"};
  CheckHostile(kRules, commands);
}

// --- Budgets

std::string Budget(const std::string& model) {
  return "{\"models\": {\"m.onnxtxt\": {" + model + "}}}";
}

const HostileFile kBudgets[] = {
    {"arrays in each other", "b.json", [] { return "{\"models\": " + Repeated("[", kMany); },
     "this is nested too deep"},
    {"objects in each other", "b.json",
     [] { return "{\"models\": " + Repeated("{\"a\":", 150'000); }, "this is nested too deep"},
    {"a limit of many digits", "b.json",
     [] { return Budget("\"macs\": \"" + std::string(kMany, '9') + "\""); }, "is too large"},
    {"a number of many digits", "b.json",
     [] { return Budget("\"macs\": " + std::string(kMany, '9')); }, "this is no JSON"},
    {"a fraction of many digits", "b.json",
     [] { return Budget("\"macs\": \"1." + std::string(kMany, '9') + "G\""); }, "is too large"},
    {"a unit with a long name", "b.json", [] { return Budget("\"macs\": \"1" + Name() + "\""); },
     "is no amount (1000, 420G, 1.5M)"},
    {"a model with a long name", "b.json",
     [] { return "{\"models\": {\"" + Name() + "\": {\"macs\": 1}}}"; }, "(models: m.onnxtxt)"},
    {"a component with a long name", "b.json",
     [] { return Budget("\"components\": {\"" + Name() + "\": {\"macs\": 1}}"); },
     "leave its limits out"},
    {"an operator with a long name", "b.json",
     [] { return Budget("\"operators\": {\"" + Name() + "\": {\"macs\": 1}}"); },
     "(operators of m.onnxtxt: MatMul, Relu)"},
    {"a size with a long name", "b.json",
     [] { return Budget("\"macs\": 1, \"bindings\": {\"" + Name() + "\": 1}"); }, "(dims: a)"},
    {"a convention with a long name", "b.json",
     [] { return "{\"convention\": \"" + Name() + "\", \"total\": {\"macs\": 1}}"; },
     "the limits are for --convention nnn"},
    {"40,000 components", "b.json",
     [] {
       const auto limit = [](int i) { return absl::StrCat("\"c", i, "\": {\"macs\": 1}"); };
       return Budget("\"components\": {" + Listed(40'000, limit) + "}");
     },
     "has no component \"c0\""},
    {"40,000 models", "b.json",
     [] {
       const auto limit = [](int i) { return absl::StrCat("\"m", i, "\": {\"macs\": 1}"); };
       return "{\"models\": {" + Listed(40'000, limit) + "}}";
     },
     "no model of this run is \"m0\""},
    {"70,000 models without a limit", "b.json",
     [] {
       const auto none = [](int i) { return absl::StrCat("\"m", i, "\": {}"); };
       return "{\"models\": {" + Listed(70'000, none) + "}}";
     },
     "the budget has no limit"},
    {"a text without an end", "b.json", [] { return "{\"note\": \"" + Name(); },
     "the text ends too soon"},
};

TEST_CASE("hostile files: budgets") {
  const char* const commands[] = {"onnx-macs check m.onnxtxt --budget $FILE",
                                  "onnx-macs check m.onnxtxt --budget $FILE --format json"};
  CheckHostile(kBudgets, commands);
}

// --- What lies beside a model. What is damaged says nothing, and the model is what it is.

constexpr char kAsEver[] = "a=1";

std::string Nested() { return "{\"a\": " + Repeated("[", 450'000) + Repeated("]", 450'000) + "}"; }
std::string Objects() {
  return "{\"model\": [" + Listed(300'000, [](int) { return "{}"; }) + "]}";
}
std::string Parts() {
  return "{\"model\": {" +
         Listed(20'000,
                [](int i) { return absl::StrCat("\"p", i, "\": {\"filename\": \"m.onnxtxt\"}"); }) +
         "}}";
}

const HostileFile kBeside[] = {
    {"arrays in each other", "config.json", Nested, kAsEver},
    {"arrays in each other", "genai_config.json", Nested, kAsEver},
    {"arrays in each other", "model_index.json", Nested, kAsEver},
    {"300,000 objects", "config.json", Objects, kAsEver},
    {"300,000 objects", "genai_config.json", Objects, kAsEver},
    {"300,000 objects", "model_index.json", Objects, kAsEver},
    {"20,000 parts", "genai_config.json", Parts, kAsEver},
    {"a part with a long name", "genai_config.json",
     [] { return "{\"model\": {\"" + Name() + "\": {\"filename\": \"m.onnxtxt\"}}}"; }, kAsEver},
    {"a class with a long name", "model_index.json",
     [] { return "{\"_class_name\": \"" + Name() + "\"}"; }, kAsEver},
    {"400,000 blocks", "config.json",
     [] { return "{\"block_out_channels\": [" + Listed(400'000, [](int) { return "1"; }) + "]}"; },
     kAsEver},
    {"numbers that Python writes", "config.json",
     [] { return "{\"a\": [" + Listed(90'000, [](int) { return "-Infinity"; }) + "]}"; }, kAsEver},
    {"a number of many digits", "config.json",
     [] { return "{\"a\": " + std::string(kMany, '9') + "}"; }, kAsEver},
    {"a text without an end", "model_index.json", [] { return "{\"_class_name\": \"" + Name(); },
     kAsEver},
};

TEST_CASE("hostile files: JSON beside models") {
  const char* const commands[] = {"onnx-macs m.onnxtxt --jobs 1",
                                  "onnx-macs m.onnxtxt many.onnxtxt"};
  CheckHostile(kBeside, commands);
}

const HostileFile kDevices[] = {
    {"arrays in each other", "d.json", Nested, "this is no JSON object"},
    {"300,000 objects", "d.json", Objects, "there is no \"gigabytes_per_second\""},
    {"50,000 types", "d.json",
     [] {
       const auto rate = [](int i) { return absl::StrCat("\"float", i, "\": 1"); };
       return "{\"gigabytes_per_second\": 1, \"teraflops\": {" + Listed(50'000, rate) + "}}";
     },
     "\"teraflops\" has no type \"float0\""},
    {"a number of many digits", "d.json",
     [] { return "{\"gigabytes_per_second\": " + std::string(kMany, '9') + "}"; },
     "this is no JSON object"},
};

TEST_CASE("hostile files: devices") {
  const char* const commands[] = {"onnx-macs m.onnxtxt --device $FILE"};
  CheckHostile(kDevices, commands);
}

}  // namespace
}  // namespace onnx_macs::testing
