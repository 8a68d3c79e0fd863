// Budgets held against small reports made by hand. What messages look like is held by tests/golden.
#include "analyzer/limits/judge_budget.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

ModelReport MakeModel(const std::string& file, const std::string& role, int64_t macs) {
  ModelReport model;
  model.file = file;
  model.role = role;
  model.figures.macs = Amount::Integer(macs);
  model.figures.params = Amount::Integer(10);
  model.figures.nodes = 4;
  model.bindings = {{"h", 64}};
  model.unbound = {"seq"};
  model.components.push_back({"", 0, model.figures});
  Figures part;
  part.macs = Amount::Integer(macs / 2);
  model.components.push_back({"mid", 1, part});
  Figures conv;
  conv.macs = Amount::Integer(macs);
  conv.nodes = 3;
  model.by_op = {{"Conv", "", conv}, {"Attention", "com.microsoft", {}}};
  return model;
}

struct Run {
  std::vector<ModelReport> models;
  std::vector<PipelineReport> pipelines{};
  std::vector<std::string> failed{};
};

absl::StatusOr<std::vector<LimitRow>> Judge(const std::string& json, const Run& run) {
  const auto budget = ReadBudget(json);
  REQUIRE(budget.ok());
  const RunView view = {run.models, run.pipelines, run.failed.size()};
  return JudgeBudget(*budget, view, {"default", run.failed, [](absl::string_view op) {
                                       return op == "Conv" || op == "Gemm";
                                     }});
}

LimitRow One(const std::string& json, const Run& run) {
  const auto rows = Judge(json, run);
  INFO(std::string(rows.status().message()));
  REQUIRE(rows.ok());
  REQUIRE(rows->size() == 1);
  return rows->front();
}

std::string Error(const std::string& json, const Run& run) {
  return std::string(Judge(json, run).status().message());
}

std::string OfModel(const std::string& limits) {
  return absl::StrCat(R"({"models": {"unet": )", limits, "}}");
}

TEST_CASE("a limit is the most that is fine") {
  const Run run = {{MakeModel("sd/unet.onnx", "unet", 100)}};
  CHECK(One(OfModel(R"({"macs": 100})"), run).ok());
  const LimitRow over = One(OfModel(R"({"macs": 99})"), run);
  CHECK(over.verdict == Verdict::kExceeded);
  CHECK(over.model == "sd/unet.onnx");
  CHECK((over.value == Amount::Integer(100)));
  CHECK((over.limit == 99));
  CHECK(One(OfModel(R"({"nodes": 4})"), run).ok());
  CHECK_FALSE(One(OfModel(R"({"nodes": 3})"), run).ok());
  CHECK(One(OfModel(R"({"components": {"mid": {"macs": 50}}})"), run).ok());
  CHECK_FALSE(One(OfModel(R"({"components": {"mid": {"macs": 49}}})"), run).ok());
  CHECK(One(OfModel(R"({"operators": {"Conv": {"nodes": 3}}})"), run).ok());
  CHECK_FALSE(One(OfModel(R"({"operators": {"Conv": {"nodes": 2}}})"), run).ok());
  CHECK(One(OfModel(R"({"operators": {"com.microsoft::Attention": {"macs": 0}}})"), run).ok());
}

TEST_CASE("models go by path, its end, role or short name") {
  const Run run = {
      {MakeModel("x/unet/model.onnx", "unet", 100), MakeModel("x/vae.onnx", "model", 7)}};
  for (const char* name : {"x/unet/model.onnx", "unet/model.onnx", "model.onnx", "unet"}) {
    CAPTURE(name);
    const LimitRow row = One(absl::StrCat(R"({"models": {")", name, R"(": {"macs": 100}}})"), run);
    CHECK(row.model == "x/unet/model.onnx");
  }
  CHECK(One(R"({"models": {"vae": {"macs": 7}}})", run).model == "x/vae.onnx");
  CHECK(Error(R"({"models": {"nonsense.onnx": {"macs": 7}}})", run) ==
        "1:13: no model of this run is \"nonsense.onnx\" (models: model.onnx, vae.onnx)");
  CHECK(Error(R"({"models": {"vea.onnx": {"macs": 7}}})", run) ==
        "1:13: no model of this run is \"vea.onnx\"; did you mean vae.onnx? (models: model.onnx, "
        "vae.onnx)");
  const Run twice = {{MakeModel("a/m.onnx", "unet", 1), MakeModel("b/m.onnx", "unet", 1)}};
  CHECK(Error(R"({"models": {"m.onnx": {"macs": 7}}})", twice) ==
        "1:13: \"m.onnx\" can be a/m.onnx, b/m.onnx: write more of the path");
  CHECK(BudgetName(twice.models[1], twice.models) == "b/m.onnx");
  const Run same = {{MakeModel("m.onnx", "unet", 1), MakeModel("m.onnx", "unet", 1)}};
  CHECK(BudgetName(same.models[1], same.models) == "");
  // An exact path is that of one file, even where another ends so.
  const Run nested = {{MakeModel("m.onnx", "unet", 1), MakeModel("b/m.onnx", "unet", 1)}};
  CHECK(BudgetName(nested.models[0], nested.models) == "m.onnx");
  CHECK(BudgetName(nested.models[1], nested.models) == "b/m.onnx");
}

TEST_CASE("a limit that would hold nothing is wrong usage") {
  const Run run = {{MakeModel("unet.onnx", "unet", 100)}};
  CHECK(Error(OfModel(R"({"components": {"mdi": {"macs": 1}}})"), run) ==
        "1:37: unet.onnx has no component \"mdi\"; did you mean mid?");
  CHECK(Error(OfModel(R"({"operators": {"Gem": {"macs": 1}}})"), run) ==
        "1:36: there is no operator \"Gem\" (operators of unet.onnx: Conv, "
        "com.microsoft::Attention)");
  // There is such an operator, and the model does without it.
  CHECK(One(OfModel(R"({"operators": {"Gemm": {"nodes": 0}}})"), run).ok());
  CHECK(Error(R"({"pipeline": {"macs": 1}})", run) ==
        "1:14: \"pipeline\" has limits, but the files of this run make no pipeline");
  CHECK(Error(R"({"convention": "contractions", "total": {"macs": 1}})", run) ==
        "1:16: the limits are for --convention contractions, but this run counts by default; "
        "example: --convention contractions");
  CHECK(One(R"({"convention": "default", "total": {"macs": 100}})", run).ok());
}

TEST_CASE("limits are for the sizes that they say") {
  const Run run = {{MakeModel("unet.onnx", "unet", 100)}};
  CHECK(One(OfModel(R"({"bindings": {"h": 64}, "macs": 100})"), run).ok());
  CHECK(Error(OfModel(R"({"bindings": {"h": 96, "seq": 77}, "macs": 100})"), run) ==
        "1:35: the limits of unet.onnx are for h=96, seq=77, but this run has h=64, seq open; "
        "example: --dim h=96 --dim seq=77");
  CHECK(Error(OfModel(R"({"bindings": {"height": 96}, "macs": 100})"), run) ==
        "1:35: unet.onnx has no dim \"height\" that limits could be for (dims: seq, h)");
}

TEST_CASE("what is not counted fails a limit, unless it is exceeded already") {
  Run run = {{MakeModel("unet.onnx", "unet", 100)}};
  run.models[0].gaps.push_back({"/x", "Whirl", "", "no rule for Whirl", "mid.deep", false});
  const LimitRow row = One(OfModel(R"({"macs": 1000})"), run);
  CHECK(row.verdict == Verdict::kUnknown);
  CHECK(row.is_bound);
  CHECK(row.reason ==
        "1 of 4 nodes is not counted, /x (Whirl): no rule for Whirl; --strict lists them, --rules "
        "FILE gives an operator its rule");
  CHECK(One(OfModel(R"({"macs": 99})"), run).verdict == Verdict::kExceeded);
  CHECK(One(OfModel(R"({"params": 10})"), run).ok());
  CHECK(One(OfModel(R"({"components": {"mid": {"macs": 1000}}})"), run).verdict ==
        Verdict::kUnknown);
  CHECK(One(OfModel(R"({"operators": {"Conv": {"macs": 1000}}})"), run).ok());
  CHECK(One(R"({"total": {"macs": 1000}})", run).reason.rfind("unet.onnx: 1 of 4", 0) == 0);
  run = {{MakeModel("unet.onnx", "unet", 100)}};
  run.models[0].figures.macs = Amount::Formula("8*seq", 512);
  run.models[0].hints = {"--seq N binds seq"};
  const LimitRow open = One(OfModel(R"({"macs": 1000})"), run);
  CHECK(open.verdict == Verdict::kUnknown);
  CHECK(open.reason == "seq is open; --seq N binds seq");
}

TEST_CASE("the total is one call of each, its memory the largest peak") {
  Run run = {{MakeModel("a.onnx", "unet", 100), MakeModel("b.onnx", "model", 11)}};
  CHECK(One(R"({"total": {"macs": 111}})", run).ok());
  CHECK_FALSE(One(R"({"total": {"macs": 110}})", run).ok());
  CHECK(One(R"({"total": {"params": 20}})", run).ok());
  run.models[0].memory.emplace().peak_activation_bytes = Amount::Integer(70);
  run.models[1].memory.emplace().peak_activation_bytes = Amount::Integer(30);
  CHECK((One(R"({"total": {"peak_activation_bytes": 70}})", run).value == Amount::Integer(70)));
  // One open peak leaves the largest open.
  run.models[1].memory->peak_activation_bytes = Amount::Formula("8*seq", 512);
  CHECK(One(R"({"total": {"peak_activation_bytes": 1000}})", run).verdict == Verdict::kUnknown);
}

TEST_CASE("a pipeline is held to its calls and settings") {
  PipelineReport pipeline;
  pipeline.name = "Stable Diffusion";
  pipeline.steps = 50;
  pipeline.figures.macs = Amount::Integer(5000);
  const Run run = {{MakeModel("a.onnx", "unet", 100)}, {pipeline}};
  CHECK(One(R"({"pipeline": {"bindings": {"steps": 50}, "macs": 5000}})", run).ok());
  CHECK_FALSE(One(R"({"pipeline": {"macs": 4999}})", run).ok());
  CHECK(One(R"({"pipeline": {"params": 10}})", run).ok());
  CHECK(Error(R"({"pipeline": {"bindings": {"steps": 30}, "macs": 1}})", run) ==
        "1:28: the limits of the pipeline are for 30 steps, but this run has 50; example: --steps "
        "30");
  CHECK(Error(R"({"pipeline": {"bindings": {"evals": 30}, "macs": 1}})", run) ==
        "1:28: this pipeline has no \"evals\" that limits could be for");
  const Run two = {run.models, {pipeline, pipeline}};
  CHECK(Error(R"({"pipeline": {"macs": 1}})", two) ==
        "1:14: \"pipeline\" has limits, but there are several pipelines: check each by itself");
}

TEST_CASE("what a pipeline never calls does not matter to it") {
  Run run = {
      {MakeModel("unet.onnx", "unet", 100), MakeModel("vae_encoder.onnx", "vae_encoder", 9)}};
  run.models[0].memory.emplace().peak_activation_bytes = Amount::Integer(70);
  run.models[1].memory.emplace().peak_activation_bytes = Amount::Integer(900);
  run.models[1].memory->unknown_tensors = 1;
  run.models[1].gaps.push_back({"/x", "Whirl", "", "no rule for Whirl", "mid", false});
  PipelineReport pipeline;
  pipeline.figures.macs = Amount::Integer(5000);
  StageRow unet, encoder;
  unet.file = "unet.onnx";
  unet.times = 50;
  unet.peak_activation_bytes = Amount::Integer(140);  // two at once
  encoder.file = "vae_encoder.onnx";
  encoder.times = 0;
  encoder.peak_activation_bytes = Amount::Integer(900);
  pipeline.stages = {unet, encoder};
  run.pipelines = {pipeline};
  CHECK(One(R"({"pipeline": {"macs": 5000}})", run).ok());
  CHECK(One(R"({"pipeline": {"peak_activation_bytes": 140}})", run).ok());
  CHECK(One(R"({"pipeline": {"peak_activation_bytes": 139}})", run).verdict == Verdict::kExceeded);
  CHECK(One(R"({"total": {"peak_activation_bytes": 2000}})", run).verdict == Verdict::kUnknown);
  run.pipelines[0].is_lower_bound = true;
  const LimitRow bound = One(R"({"pipeline": {"macs": 6000}})", run);
  CHECK(bound.verdict == Verdict::kUnknown);
  CHECK(bound.reason.rfind("vae_encoder.onnx: 1 of 4 nodes", 0) == 0);
}

TEST_CASE("files that could not be analysed are that, and no wrong usage") {
  const Run run = {{}, {}, {"x/unet.onnx"}};
  for (const char* json :
       {R"({"models": {"unet.onnx": {"macs": 9}}})", R"({"models": {"unet": {"params": 9}}})",
        R"({"total": {"macs": 9}})", R"({"pipeline": {"macs": 9}})"}) {
    CAPTURE(json);
    CHECK(One(json, run).verdict == Verdict::kUnknown);
  }
}

}  // namespace
}  // namespace onnx_macs
