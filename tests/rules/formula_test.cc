// Formulas against concrete runs: a symbolic analysis evaluated at a point is the analysis at that
// point, for whole models, and says under which conditions.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "analyzer/analyze.h"
#include "analyzer/count.h"
#include "analyzer/dim_parse.h"
#include "analyzer/loader.h"
#include "rules/rules.h"
#include "tests/support/catch.h"
#include "tests/support/invariants.h"
#include "tests/support/op_case.h"

namespace onnx_macs {
namespace {

using Point = std::vector<std::pair<std::string, std::string>>;

std::string Path(absl::string_view model) {
  return absl::StrCat(ONNX_MACS_SOURCE_DIR, "/testdata/models/", model);
}

ModelReport AnalyzeAt(const Model& model, const Point& point, bool symbolic_batch) {
  AnalyzeOptions options;
  options.bind.dims = point;
  options.bind.symbolic_batch = symbolic_batch;
  options.memory = true;
  absl::StatusOr<AnalysisResult> result = Analyze(model, BuiltinRules(), options);
  REQUIRE(result.ok());
  testing::CheckInvariants(result->report);
  return std::move(result->report);
}

// The printed formula at a point, read back by the parser.
std::string Evaluate(absl::string_view formula, const Point& point) {
  ExprPool pool;
  const auto value_of = [&point](absl::string_view name) {
    for (const auto& [symbol, value] : point) {
      if (symbol == name) return Dim(std::stoll(value));
    }
    return Dim();
  };
  const absl::StatusOr<Dim> value = ParseDim(formula, pool, value_of);
  return value.ok() ? ToString(*value) : std::string(value.status().message());
}

struct FormulaCase {
  std::string model;
  std::vector<std::string> facts;
  std::vector<Point> points;
};

const FormulaCase kCases[] = {
    {"torchscript/sd15_unet.onnx",
     {"height and width divisible by 8"},
     {{{"batch_size", "1"}, {"height", "64"}, {"width", "64"}, {"sequence_length", "77"}},
      {{"batch_size", "2"}, {"height", "128"}, {"width", "96"}, {"sequence_length", "77"}},
      {{"batch_size", "3"}, {"height", "8"}, {"width", "16"}, {"sequence_length", "1"}},
      {{"batch_size", "8"}, {"height", "32"}, {"width", "8"}, {"sequence_length", "300"}},
      {{"batch_size", "1"}, {"height", "256"}, {"width", "512"}, {"sequence_length", "154"}}}},
    {"torchscript/sd15_vae_decoder.onnx",
     {},
     {{{"batch_size", "1"}, {"latent_height", "64"}, {"latent_width", "64"}},
      {{"batch_size", "4"}, {"latent_height", "63"}, {"latent_width", "17"}},
      {{"batch_size", "2"}, {"latent_height", "1"}, {"latent_width", "128"}}}},
    {"torchscript/clip_l_text_encoder.onnx",
     {"sequence_length <= 77"},
     {{{"batch_size", "1"}, {"sequence_length", "77"}},
      {{"batch_size", "5"}, {"sequence_length", "12"}},
      {{"batch_size", "2"}, {"sequence_length", "1"}}}},
};

TEST_CASE("a formula at a point is the analysis at that point") {
  for (const FormulaCase& c : kCases) {
    const auto model = LoadModel(Path(c.model));
    REQUIRE(model.ok());
    const ModelReport symbolic = AnalyzeAt(**model, {}, true);
    CHECK(symbolic.facts == c.facts);
    CHECK(symbolic.gaps.empty());
    REQUIRE(symbolic.figures.macs.is_formula());
    for (const Point& point : c.points) {
      INFO(c.model << " at " << point[1].second);
      const ModelReport concrete = AnalyzeAt(**model, point, false);
      CHECK(concrete.gaps.empty());
      CHECK(Evaluate(symbolic.figures.macs.formula(), point) ==
            ToString(concrete.figures.macs.value()));
      CHECK(Evaluate(symbolic.figures.flops.formula(), point) ==
            ToString(concrete.figures.flops.value()));
      CHECK(Evaluate(symbolic.figures.traffic_bytes.formula(), point) ==
            ToString(concrete.figures.traffic_bytes.value()));
      CHECK(Evaluate(symbolic.memory->peak_activation_bytes.formula(), point) ==
            ToString(concrete.memory->peak_activation_bytes.value()));
    }
  }
}

TEST_CASE("a size that breaks what the formula assumes is a gap at the node that needs it") {
  const auto model = LoadModel(Path("torchscript/sd15_unet.onnx"));
  REQUIRE(model.ok());
  const Point odd = {{"height", "65"}, {"width", "64"}, {"sequence_length", "77"}};
  const ModelReport report = AnalyzeAt(**model, odd, false);
  REQUIRE_FALSE(report.gaps.empty());
  CHECK(report.gaps[0].node == "/up_blocks.1/Concat");
  CHECK(report.gaps[0].reason == "axis 2 has sizes 18 and 17");
}

// A sweep has no use for the formulas of a window at sizes that it does not fit into.
TEST_CASE("a window that does not fit breaks a condition") {
  const auto model =
      LoadModelFromBytes(testing::ModelOf({.op = "Conv",
                                           .inputs = {"f32[1,4,h,16]", "f32[4,4,3,3]"},
                                           .expected = "f32[1,4,h - 2,14]"}));
  REQUIRE(model.ok());
  const auto result = Analyze(**model, BuiltinRules(), {});
  REQUIRE(result.ok());
  CHECK(result->report.facts.empty());
  std::vector<std::string> formulas;
  for (const Condition& condition : result->validity.conditions) {
    CHECK(condition.kind == Condition::Kind::kNotNegative);
    formulas.push_back(condition.formula);
  }
  CHECK(formulas == std::vector<std::string>{"h - 3", "h - 2"});
}

}  // namespace
}  // namespace onnx_macs
