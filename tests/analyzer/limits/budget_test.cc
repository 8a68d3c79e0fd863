// Budgets as text. Messages as a whole are held by tests/golden.
#include "analyzer/limits/budget.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

TEST_CASE("a budget is read with every kind of limit") {
  const auto budget = ReadBudget(R"({
    "schema": "onnx-macs/budget/1", "note": "n", "convention": "contractions",
    "models": {
      "a.onnx": {
        "bindings": {"h": 64, "w": 0},
        "macs": "1.5G", "ops": 1, "flops": 2, "params": "3k", "weight_bytes": "4KiB",
        "peak_activation_bytes": "1GiB", "nodes": 9,
        "components": {"x.y": {"macs": 5, "params": 6, "weight_bytes": "1B", "nodes": 1}},
        "operators": {"Conv": {"macs": 7, "nodes": 8}}
      },
      "b": {}
    },
    "pipeline": {"bindings": {"steps": 30}, "macs": "99999999999999999999"},
    "total": {"peak_activation_bytes": 10}
  })");
  REQUIRE(budget.ok());
  CHECK(budget->convention == "contractions");
  REQUIRE(budget->models.size() == 2);
  const ModelBudget& model = budget->models[0];
  CHECK(model.name == "a.onnx");
  CHECK(ToString(model.place) == "4:7");
  REQUIRE(model.limits.size() == 7);
  const std::pair<Metric, int64_t> limits[] = {{Metric::kMacs, 1'500'000'000},
                                               {Metric::kOps, 1},
                                               {Metric::kFlops, 2},
                                               {Metric::kParams, 3000},
                                               {Metric::kBytes, 4096},
                                               {Metric::kMemory, 1073741824},
                                               {Metric::kNodes, 9}};
  for (size_t i = 0; i < model.limits.size(); ++i) {
    CHECK(model.limits[i].metric == limits[i].first);
    CHECK((model.limits[i].most == limits[i].second));
  }
  REQUIRE(model.bindings.size() == 2);
  CHECK(model.bindings[0].name == "h");
  CHECK(model.bindings[0].value == 64);
  REQUIRE(model.components.size() == 1);
  CHECK(model.components[0].name == "x.y");
  CHECK(model.components[0].limits.size() == 4);
  REQUIRE(model.operators.size() == 1);
  CHECK(model.operators[0].limits.size() == 2);
  CHECK(budget->models[1].limits.empty());
  REQUIRE(budget->pipeline);
  CHECK((budget->pipeline->limits[0].most == absl::int128(9999999999999999) * 10000 + 9999));
  CHECK(budget->pipeline->bindings[0].value == 30);
  REQUIRE(budget->total);
  CHECK(budget->total->limits[0].metric == Metric::kMemory);
}

TEST_CASE("whether memory has a limit decides whether peaks are looked for") {
  const auto has = [](const char* json) {
    const auto budget = ReadBudget(json);
    REQUIRE(budget.ok());
    return HasLimitOn(*budget, Metric::kMemory);
  };
  CHECK_FALSE(
      has(R"({"models": {"a": {"macs": 1}}, "total": {"macs": 1}, "pipeline": {"macs": 1}})"));
  CHECK(has(R"({"models": {"a": {"macs": 1}, "b": {"peak_activation_bytes": 1}}})"));
  CHECK(has(R"({"total": {"peak_activation_bytes": 1}})"));
  CHECK(has(R"({"pipeline": {"peak_activation_bytes": 1}})"));
}

TEST_CASE("what is wrong has its line and column") {
  const std::pair<const char*, const char*> cases[] = {
      {"[]", "1:1: a budget is an object"},
      {"{}", "1:1: the budget has no limit"},
      {"{\"models\": {\"a\": {}}}", "1:1: the budget has no limit"},
      {"{\"models\": {\"a\": {\"components\": {\"x\": {}}, \"operators\": {}}}}",
       "1:1: the budget has no limit"},
      {"{\n  \"model\": {}}", "2:3: there is no key \"model\"; did you mean models?"},
      {"{\"total\":\n {\"macs\": \"1e9\"}}", "2:11: '1e9' is no amount (1000, 420G, 1.5M)"},
      {"{\"total\": {\"macs\": true}}", "1:20: \"macs\" is true or false, not a string"},
      {"{\"total\": {\"nodes\": 1}}", "1:12: there is no key \"nodes\""},
      {"{\"total\": {\"macs\": 1, \"macs\": 2}}", "1:23: \"macs\" is there twice"},
      {"{\"models\": {\"a\": [1]}}", "1:18: the limits of a model are an object, not an array"},
      {"{\"models\": {\"a\": {\"components\": {\"x\": 1}}}}",
       "1:39: the limits of a component are an object, not a whole number"},
      {"{\"models\": {\"a\": {\"operators\": {\"x\": {\"params\": 1}}}}}",
       "1:39: there is no key \"params\""},
      {"{\"models\": {\"a\": {\"bindings\": {\"h\": -1}}}}",
       "1:37: a binding is a whole number of at least 0"}};
  for (const auto& [json, message] : cases) {
    CAPTURE(json);
    const std::string error(ReadBudget(json).status().message());
    CAPTURE(error);
    CHECK(error.rfind(message, 0) == 0);
  }
}

}  // namespace
}  // namespace onnx_macs
