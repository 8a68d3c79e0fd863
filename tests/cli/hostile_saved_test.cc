// Attacks by saved analyses: JSON that nests, numbers and formulas that explode, rows without an
// end, and keys that hold something else.
#include <nlohmann/json.hpp>

#include "absl/strings/str_replace.h"
#include "tests/cli/hostile_files.h"

namespace onnx_macs::testing {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kMany = 900'000;

Json Row(const char* key, const std::string& name) {
  return {{key, name}, {"macs", 1}, {"ops", 0}, {"flops", 2}, {"nodes", 1}};
}

Json ComponentOf(const std::string& path) {
  Json row = Row("path", path);
  row["params"] = row["weight_bytes"] = 0;
  return row;
}

Json BlockOf(int id, const Json& parent) {
  Json row = ComponentOf("");
  row.update({{"id", id}, {"parent", parent}, {"kind", "mlp"}});
  return row;
}

Json NodeOf(const std::string& name) {
  return {{"node", name},
          {"op", ""},
          {"domain", ""},
          {"path", ""},
          {"macs", 1},
          {"ops", 0},
          {"flops", 0},
          {"status", "counted"},
          {"outputs", ""},
          {"placed", ""},
          {"inputs", Json::array()},
          {"rule", ""},
          {"counting", ""}};
}

// All that a model must have.
Json SavedModel() {
  const Json none = Json::array(), nothing = Json::object();
  Json model = {{"file", "s.onnx"},
                {"role", "model"},
                {"producer", ""},
                {"ir_version", 8},
                {"opsets", nothing},
                {"bindings", nothing},
                {"unbound", none},
                {"inputs", nothing},
                {"outputs", nothing},
                {"macs", 1},
                {"ops", 0},
                {"flops", 2},
                {"params", 0},
                {"weight_bytes", 0},
                {"weight_types", none},
                {"active", {{"macs", 1}, {"params", 0}}},
                {"nodes_total", 1},
                {"nodes_counted", 1},
                {"nodes_free", 0},
                {"gaps", none},
                {"paths", {{"exporter", "unknown"}, {"tools", none}, {"evidence", nothing}}},
                {"components", Json::array({ComponentOf("")})},
                {"by_op", Json::array({Row("op", "MatMul")})},
                {"blocks", none},
                {"outside_blocks", BlockOf(-1, nullptr)},
                {"assumptions", none},
                {"hints", none},
                {"notes", none}};
  model["by_op"][0]["domain"] = "";
  model["outside_blocks"]["kind"] = "(none)";
  return model;
}

std::string Saved(const Json& models) {
  return Json({{"schema", "onnx-macs/1"}, {"convention", "default"}, {"models", models}}).dump();
}

// A model whose key holds that text.
std::string With(const char* key, const std::string& text) {
  Json model = SavedModel();
  model[key] = "@";
  return absl::StrReplaceAll(Saved(Json::array({model})), {{"\"@\"", text}});
}

std::string WithRows(const char* key, int count, Json (*row)(int i)) {
  Json model = SavedModel();
  for (int i = 0; i < count; ++i) model[key].push_back(row(i));
  return Saved(Json::array({model}));
}

const HostileFile kRefused[] = {
    {"arrays in each other, in a key of a newer version", "a.json",
     [] { return With("zz", Repeated("[", kMany)); }, "this is nested too deep"},
    {"objects in each other", "a.json", [] { return With("zz", Repeated("{\"a\":", 150'000)); },
     "this is nested too deep"},
    {"arrays in each other, before the models", "a.json",
     [] { return R"({"schema": "onnx-macs/1", "zz": )" + Repeated("[", kMany); },
     "this is nested too deep"},
    {"arrays in place of rows", "a.json", [] { return With("nodes", Repeated("[", kMany)); },
     "\"nodes\" is an array, not an object"},
    {"a number of many digits", "a.json", [] { return With("macs", std::string(kMany, '9')); },
     "\"macs\" is a number that is too large"},
    {"a text of many digits", "a.json",
     [] { return With("macs", "\"" + std::string(kMany, '9') + "\""); },
     "\"macs\" is a string, but no number that can be read"},
    {"an exponent", "a.json", [] { return With("macs", "1e999999"); },
     "\"macs\" is no whole number"},
    {"a count past all counts", "a.json", [] { return With("nodes_total", "99999999999"); },
     "\"nodes_total\" is a number that is too large"},
    {"a negative one", "a.json", [] { return With("macs", "-1"); }, "\"macs\" is negative"},
    {"a text without an end", "a.json",
     [] { return R"({"schema": "onnx-macs/1", "models": [{"role": ")" + std::string(kMany, 'r'); },
     "the text ends too soon"},
    {"another kind of value", "a.json", [] { return With("components", "{}"); },
     "\"components\" is an object, not an array"},
    {"60,000 formulas of one row", "a.json",
     [] {
       return With("formula", "{" + Listed(60'000, [](int i) {
                                return absl::StrCat("\"k", i, "\": \"a\"");
                              }) + "}");
     },
     "there are too many formulas in this object"},
    {"60,000 parts of one node", "a.json",
     [] {
       Json model = SavedModel();
       for (int i = 0; i < 60'000; ++i) model["outside_blocks"]["parts"][At("p", i)] = 1;
       return Saved(Json::array({model}));
     },
     "there are too many parts in this object"},
    {"a formula that multiplies sums", "a.json",
     [] { return With("formula", "{\"macs\": \"(a + b)*(c + d)\"}"); },
     "\"macs\" is a formula that multiplies sums"},
    {"blocks without an order", "a.json",
     [] { return WithRows("blocks", 2, [](int i) { return BlockOf(i, 1); }); },
     "block 0 comes before its parent"},
    {"components without a whole", "a.json",
     [] {
       Json model = SavedModel();
       model["components"] = Json::array({ComponentOf("a")});
       return Saved(Json::array({model}));
     },
     "the first component is not the whole model"},
    {"half of a file", "a.json", [] { return Saved(Json::array({SavedModel()})).substr(0, 400); },
     "the text ends too soon"},
    {"a million brackets before it is known what they are", "a.json",
     [] { return "{\"zz\":" + Repeated("[", kMany); }, "its brackets are nested too deep"},
};

TEST_CASE("hostile files: saved analyses that are refused") {
  const char* const commands[] = {"onnx-macs $FILE", "onnx-macs $FILE --format json",
                                  "onnx-macs diff m.onnxtxt $FILE"};
  CheckHostile(kRefused, commands);
}

const HostileFile kRead[] = {
    {"8000 components", "a.json",
     [] { return WithRows("components", 8000, [](int i) { return ComponentOf(At("c", i)); }); },
     "s.onnx"},
    {"a component 400,000 modules deep", "a.json",
     [] {
       Json model = SavedModel();
       model["components"].push_back(ComponentOf(Repeated("a.", 400'000) + "a"));
       return Saved(Json::array({model}));
     },
     "s.onnx"},
    {"blocks in each other", "a.json",
     [] {
       return WithRows("blocks", 7000,
                       [](int i) { return BlockOf(i, i == 0 ? Json(nullptr) : Json(i - 1)); });
     },
     "s.onnx"},
    {"800 models", "a.json",
     [] {
       Json models;
       for (int i = 0; i < 800; ++i) {
         models.push_back(SavedModel());
         models.back()["file"] = At("s.onnx", i);
       }
       return Saved(models);
     },
     "s.onnx799"},
    {"300,000 notes", "a.json",
     [] { return With("notes", "[" + Listed(300'000, [](int) { return "\"\""; }) + "]"); },
     "s.onnx"},
    {"400,000 dims of an input", "a.json",
     [] {
       return With("inputs", R"({"x": {"dtype": "float32", "shape": [)" +
                                 Listed(400'000, [](int) { return "1"; }) + "]}}");
     },
     "s.onnx"},
};

TEST_CASE("hostile files: saved analyses with many rows") {
  const char* const commands[] = {
      "onnx-macs $FILE", "onnx-macs $FILE --format json",
      "onnx-macs $FILE --by component,op --no-fold --format csv || onnx-macs $FILE --by file",
      "onnx-macs $FILE --by block", "onnx-macs diff $FILE m.onnxtxt --format json"};
  CheckHostile(kRead, commands);
}

// Nodes and components each of which has a formula of 4000 bytes, no two alike.
std::string Formulas(std::string (*formula)(int i)) {
  constexpr int kRows = 110;
  Json model = SavedModel();
  for (int i = 0; i < kRows; ++i) {
    Json component = ComponentOf(At("c", i)), node = NodeOf(At("n", i));
    for (Json* row : {&component, &node}) {
      (*row)["macs"] = nullptr;
      (*row)["formula"]["macs"] = formula(i).substr(0, 4000);
    }
    model["components"].push_back(component);
    model["nodes"].push_back(node);
  }
  return Saved(Json::array({model}));
}

std::string SumOf(int i, const std::string& term, int times) {
  return absl::StrCat(i, Repeated(" + " + term, times));
}

const HostileFile kFormulas[] = {
    {"sums of 600 symbols", "a.json",
     [] {
       return Formulas([](int i) {
         std::string sum = "1";
         for (int j = i; j < i + 600; ++j) absl::StrAppend(&sum, "+s", j);
         return sum;
       });
     },
     "n109"},
    {"a sum of 600 symbols that is divided", "a.json",
     [] {
       return Formulas([](int i) {
         std::string sum = "(1";
         for (int j = i; j < i + 600; ++j) absl::StrAppend(&sum, "+s", j);
         return sum + ")/8";
       });
     },
     "n109"},
    {"powers", "a.json", [] { return Formulas([](int i) { return SumOf(i, "a^64*b^64", 330); }); },
     "n109"},
    {"powers of sums that a function hides", "a.json",
     [] { return Formulas([](int i) { return SumOf(i, "floor(a+b)^20*floor(c+d)^20", 130); }); },
     "n109"},
    {"quotients", "a.json",
     [] { return Formulas([](int i) { return SumOf(i, "(a*b+c)/(d*e+f)/(a+b)/(c+d)", 130); }); },
     "n109"},
    {"functions in each other", "a.json",
     [] {
       return Formulas([](int i) {
         return absl::StrCat(Repeated("min(a+", 60), "b", Repeated(absl::StrCat(",c", i, ")"), 60));
       });
     },
     "n109"},
    {"brackets in each other", "a.json",
     [] {
       return Formulas([](int i) {
         return absl::StrCat(i, "+", Repeated("(", 1900), "a", Repeated(")", 1900));
       });
     },
     "n109"},
    {"signs", "a.json",
     [] { return Formulas([](int i) { return absl::StrCat(Repeated("-", 3900), "a", i); }); },
     "n109"},
    {"numbers of 4000 digits", "a.json",
     [] { return Formulas([](int) { return std::string(4000, '9'); }); }, "n109"},
};

TEST_CASE("hostile files: formulas of saved analyses") {
  const char* const commands[] = {"onnx-macs $FILE --nodes --format json",
                                  "onnx-macs $FILE --by node --no-fold --top 200",
                                  "onnx-macs diff $FILE m.onnxtxt --format json",
                                  "onnx-macs diff m.onnxtxt $FILE --nodes --format csv"};
  CheckHostile(kFormulas, commands);
}

}  // namespace
}  // namespace onnx_macs::testing
