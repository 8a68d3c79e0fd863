// What was saved is shown as the models themselves are. Messages are held by tests/golden.
#include "cli/saved_analysis.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "cli/writers.h"
#include "tests/cli/run_command.h"
#include "tests/cli/sample_report.h"
#include "tests/cli/schema_check.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

const std::string kGolden = ONNX_MACS_SOURCE_DIR "/tests/golden/models/";
const std::string kModels = ONNX_MACS_SOURCE_DIR "/testdata/models/";

// A model, options that choose what is analysed, others that choose what is shown of it, and some
// that do both.
struct RoundTrip {
  std::string files, options;
  std::vector<std::string> views;
  std::string planned = "";
};

// Whether the saved analysis shows what the models do, in the view.
void CheckView(const RoundTrip& trip, const std::string& view) {
  CAPTURE(trip.files, trip.options, trip.planned, view);
  const std::string on_models =
      absl::StrCat("onnx-macs ", trip.files, " ", trip.options, " ", trip.planned, " ");
  const CommandOutcome outcome = RunCommand(
      absl::StrCat(
          on_models, view, " > $TMP/model.txt; ", on_models,
          "--nodes --shapes --format json > $TMP/a.json && onnx-macs $TMP/a.json ", trip.planned,
          " ", view,
          " > $TMP/saved.txt; cmp $TMP/model.txt $TMP/saved.txt && wc -l < $TMP/saved.txt"),
      "/");
  CHECK(outcome.err == "");
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out != "0\n");
}

// Whether what was saved is saved again as it is.
void CheckJson(const RoundTrip& trip, const std::string& view) {
  CAPTURE(trip.files, trip.options, view);
  const CommandOutcome outcome = RunCommand(
      absl::StrCat("onnx-macs ", trip.files, " ", trip.options, " ", view,
                   " --format json > $TMP/a.json; onnx-macs $TMP/a.json ", view,
                   " --format json > $TMP/b.json; cmp $TMP/a.json $TMP/b.json && cat $TMP/b.json"),
      "/");
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err == "");
  CHECK(SchemaErrors(outcome.out) == "");
}

const std::vector<std::string> kViews = {"",
                                         "--by op",
                                         "--by block",
                                         "--by component,op --no-fold",
                                         "--memory",
                                         "--by node -q",
                                         "--shapes --filter e",
                                         "--nodes --format csv",
                                         "--strict --format markdown"};

TEST_CASE("saved analysis: symbolic, with gaps, with blocks, with branches") {
  const RoundTrip kTrips[] = {
      {kGolden + "mlp.onnxtxt", "--dim rows=rows", kViews},
      {kGolden + "attention.onnxtxt", "", kViews},
      {kGolden + "control_flow.onnxtxt", "", {"", "--by op", "--explain '#0'"}},
      {kGolden + "experts.onnxtxt",
       "--dim tokens=tokens",
       {"--by block --format csv", "--by block"}},
  };
  for (const RoundTrip& trip : kTrips) {
    for (const std::string& view : trip.views) CheckView(trip, view);
    CheckJson(trip, "");
    CheckJson(trip, "--nodes --shapes");
  }
}

TEST_CASE("saved analysis: exit status 3 with gaps, and all of them listed") {
  const RoundTrip trip = {kGolden + "unknown_op.onnxtxt", "", {}};
  CheckJson(trip, "--nodes --shapes");
  CheckView(trip, "--by op");
  CheckView(trip, "--explain '#1'");
}

TEST_CASE("saved analysis: a whole model, symbolic and bound") {
  const RoundTrip unet = {kModels + "torchscript/sd15_unet.onnx", "--res 512", {}};
  for (const char* view : {"", "--by block --top 20", "--memory --depth 3", "--by op,component",
                           "--format csv --by block --memory"}) {
    CheckView(unet, view);
  }
  CheckJson(unet, "--nodes --shapes");
  const RoundTrip text = {kModels + "torchscript/clip_l_text_encoder.onnx", "", {}};
  for (const char* view : {"", "--by block", "--memory --by op", "--format csv"}) {
    CheckView(text, view);
  }
  CheckJson(text, "--nodes --shapes");
}

TEST_CASE("saved analysis: a pipeline stands for all that it is of") {
  const std::string folder = kModels + "torchscript/sd15_";
  const RoundTrip pipeline = {absl::StrCat(folder, "unet.onnx ", folder, "vae_decoder.onnx ",
                                           kModels, "torchscript/clip_l_text_encoder.onnx"),
                              "--res 512 --steps 30",
                              {}};
  for (const char* view :
       {"--depth 1", "--by stage", "--by stage --format csv --memory", "--by file,op"}) {
    CheckView(pipeline, view);
  }
  CheckJson(pipeline, "");
}

TEST_CASE("saved analysis: what was planned is saved with it") {
  const std::string mlp = kGolden + "mlp.onnxtxt",
                    decoder = kModels + "torchscript/sd15_vae_decoder.onnx";
  CheckJson({mlp, "", {}}, "--training adamw --steps 5");
  CheckJson({mlp, "--dim rows=rows", {}}, "--training sgd");
  CheckJson({decoder, "--res 256", {}}, "");
  const std::string kPlanned[] = {"--by profile", "--memory-budget 24GiB", "--device a100",
                                  "--training sgd"};
  for (const std::string& planned : kPlanned) {
    CheckView({decoder, "--res 256", {}, planned}, "--depth 1");
    CheckJson({decoder, "--res 256", {}}, planned);
  }
  CheckView({mlp, "", {}, "--memory-budget 1KiB"}, "");
  CheckView({mlp, "", {}, "--memory-budget 100GiB"}, "");
}

// --- Reports made by hand

struct Setup {
  ViewOptions view;
  NameFilter filter;
  Results results{"default", {SampleReport()}, {}, {}};

  Setup() { results.models[0].outside_blocks.kind = "(none)"; }
  std::string Json() { return TextOf(WriteJson, results, {view, filter, {}}); }
  Results ReadBack() {
    const auto saved = ReadSavedAnalysis(Json());
    REQUIRE(saved.status().message() == "");
    REQUIRE(saved->parts.size() == results.models.size());
    return saved->results;
  }
};

TEST_CASE("saved analysis: amounts of every kind") {
  Setup setup;
  Figures& figures = setup.results.models[0].figures;
  figures.macs = Amount::Integer(absl::MakeInt128(1, 0));  // 2^64
  figures.ops = Amount::Formula("4*seq^2 + 3", 0);
  figures.flops = Amount::Unknown();
  const Figures read = setup.ReadBack().models[0].figures;
  CHECK(read.macs == Amount::Integer(absl::MakeInt128(1, 0)));
  CHECK(read.ops.formula() == "4*seq^2 + 3");
  CHECK(read.ops.approximate() == 4 * 64 * 64 + 3);
  CHECK(read.flops.is_unknown());
  CHECK(read.params == Amount::Integer(50));
}

TEST_CASE("saved analysis: what views go by is made anew") {
  Setup setup;
  ModelReport& model = setup.results.models[0];
  for (ComponentRow& row : model.components) {
    if (!row.path.empty()) row = Component(absl::StrCat("vae.", row.path.view()), row.figures);
  }
  model.components.insert(model.components.begin() + 1, Component("vae", model.figures));
  const ModelReport read = setup.ReadBack().models[0];
  CHECK(read.display_prefix == "vae.");
  REQUIRE(read.components.size() == 10);
  CHECK(read.components[4].path == "vae.layers.0.attn");
  CHECK(read.components[4].depth == 4);
}

// A text in place of another in a good file, and what is said of it.
struct Damage {
  std::string good, bad, message;
};

TEST_CASE("saved analysis: damage is told with its place") {
  Setup setup;
  setup.results.models[0].blocks.emplace_back().kind = "mlp";
  setup.results.models[0].nodes = {{}};
  setup.view.nodes = true;
  const std::string good = setup.Json();
  REQUIRE(ReadSavedAnalysis(good).ok());
  const Damage kDamages[] = {
      {"\"macs\": 1000", "\"macs\": {}", "\"macs\" is an object, not a number"},
      {"\"macs\": 1000", "\"macs\": \"12x\"",
       "\"macs\" is a string, but no number that can be read"},
      {"\"macs\": 1000", "\"macs\": -1", "\"macs\" is negative"},
      {"\"macs\": 1000", "\"macs\": 1.5", "\"macs\" is no whole number"},
      {"\"macs\": 1000", "\"macs\": 10000000000000000000000",
       "\"macs\" is a number that is too large"},
      {"\"macs\": 1000", absl::StrCat("\"macs\": \"", std::string(60, '9'), "\""),
       "\"macs\" is a string, but no number that can be read"},
      {"\"macs\": 1000", "\"macs\": null, \"formula\": {\"macs\": \"2*(a + b)^9\"}",
       "\"macs\" is a formula that multiplies sums"},
      {"\"nodes_free\"", "\"nodes_counted\"", "\"nodes_counted\" is there twice"},
      {"\"nodes_free\"", "\"nodes\\u005ffree2\"",
       "there is no \"nodes_free\" in this object: was it saved by another version?"},
      {"\"status\":\"counted\"", "\"status\":\"lost\"",
       "\"status\" is neither counted, free nor gap"},
      {"\"status\":\"counted\"", "\"status\":\"counted\",\"block\":7", "there is no block 7"},
      {"{\"id\":0,", "{\"id\":3,", "block 0 has the id 3"},
      {"\"parent\":null,\"kind\":\"mlp\"", "\"parent\":5,\"kind\":\"mlp\"",
       "block 0 comes before its parent"},
      {"\"kind\":\"mlp\"", "\"kind\":\"\\u001b[31m\"", "\"kind\" is a text that cannot be shown"},
      {"{\"path\":\"\"", "{\"path\":\"x\"", "the first component is not the whole model"},
      {"\"nodes_total\": 9", "\"nodes_total\": 90000000000",
       "\"nodes_total\" is a number that is too large"},
  };
  for (const Damage& damage : kDamages) {
    CAPTURE(damage.bad);
    REQUIRE(good.find(damage.good) != std::string::npos);
    std::string text = good;
    text.replace(text.find(damage.good), damage.good.size(), damage.bad);
    const auto saved = ReadSavedAnalysis(text);
    REQUIRE_FALSE(saved.ok());
    const std::string message(saved.status().message());
    CAPTURE(message);
    CHECK(message.find("a saved analysis that cannot be read: ") == 0);
    CHECK(message.find(absl::StrCat(": ", damage.message)) ==
          message.size() - damage.message.size() - 2);
  }
}

TEST_CASE("saved analysis: a file that was cut is never taken for a whole one") {
  Setup setup;
  setup.results.models[0].nodes = {{}};
  setup.view.nodes = setup.view.shapes = true;
  const std::string good = setup.Json();
  for (size_t size = 0; size + 2 < good.size(); ++size) {
    if (ReadSavedAnalysis(good.substr(0, size)).ok()) FAIL("cut after " << size << " bytes");
  }
}

// Every value below `json`.
void Collect(nlohmann::ordered_json* json, std::vector<nlohmann::ordered_json*>* values) {
  values->push_back(json);
  if (!json->is_structured()) return;
  for (auto& child : *json) Collect(&child, values);
}

TEST_CASE("saved analysis: any value in place of another is refused, or can be shown") {
  using Json = nlohmann::ordered_json;
  const char* const kValues[] = {"null",
                                 "true",
                                 "0",
                                 "-1",
                                 "7",
                                 "1e300",
                                 "9223372036854775807",
                                 "\"\"",
                                 "\"x.y\"",
                                 "[]",
                                 "{}",
                                 "[{}]",
                                 "{\"formula\": {\"macs\": \"a*b\"}}",
                                 "\"(a+b+c)^9\""};
  std::mt19937 random(11);
  const NameFilter filter;
  size_t shown = 0, refused = 0;
  for (const auto& seed :
       std::filesystem::directory_iterator(ONNX_MACS_SOURCE_DIR "/fuzz/corpus/saved_analysis")) {
    const Json good = Json::parse(ReadWholeFile(seed.path().string()), nullptr, false);
    if (good.is_discarded()) continue;
    for (int i = 0; i < 400; ++i) {
      Json changed = good;
      std::vector<Json*> values;
      Collect(&changed, &values);
      *values[random() % values.size()] = Json::parse(kValues[random() % std::size(kValues)]);
      const auto saved = ReadSavedAnalysis(changed.dump());
      ++(saved.ok() ? shown : refused);
      if (!saved.ok()) continue;
      for (const Grouping grouping : {Grouping::kComponent, Grouping::kBlock, Grouping::kOp}) {
        ViewOptions view;
        view.by = {grouping};
        TextOf(WriteTables, saved->results, {view, filter, {}});
        TextOf(WriteCsv, saved->results, {view, filter, {}});
        TextOf(WriteJson, saved->results, {view, filter, {}});
      }
    }
  }
  CHECK(shown > 100);
  CHECK(refused > 500);
}

TEST_CASE("saved analysis: keys in another order, and new ones, do no harm") {
  Setup setup;
  std::string text = setup.Json();
  const std::string schema = "  \"schema\": \"onnx-macs/1\",\n";
  REQUIRE(text.find(schema) == 2);
  text.erase(2, schema.size());
  text = absl::StrReplaceAll(
      text, {{"  \"total\": {", schema + "  \"new\": [{\"a\": [1]}],\n  \"total\": {"}});
  CHECK(IsSavedAnalysis(text));
  CHECK(ReadSavedAnalysis(text).status().message() == "");
}

TEST_CASE("saved analysis: what it is told by") {
  CHECK(IsSavedAnalysis(" \n{\"schema\": \"onnx-macs/1\", \"mod"));
  CHECK(IsSavedAnalysis("{\"tool\": {}, \"schema\": \"onnx-macs/9\"}"));
  CHECK_FALSE(IsSavedAnalysis(""));
  CHECK_FALSE(IsSavedAnalysis("\x08\x08"));
  CHECK_FALSE(IsSavedAnalysis("[\"schema\"]"));
  CHECK_FALSE(IsSavedAnalysis("{\"schema\": 1}"));
  CHECK_FALSE(IsSavedAnalysis("{\"schema\": \"other/1\"}"));
  CHECK_FALSE(IsSavedAnalysis("{\"irVersion\": 8, \"schema\": \"onnx-macs/1\"}"));
}

}  // namespace
}  // namespace onnx_macs
