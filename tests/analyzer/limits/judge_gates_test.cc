// Gates held against small reports made by hand: what each says, and when it cannot tell.
#include "analyzer/limits/judge_gates.h"

#include <string>
#include <utility>
#include <vector>

#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

using Components = std::vector<std::pair<std::string, int64_t>>;

ModelReport MakeModel(const std::string& file, Amount macs, const Components& components = {}) {
  ModelReport model;
  model.file = file;
  model.role = "model";
  model.figures.macs = std::move(macs);
  model.figures.params = Amount::Integer(10);
  model.figures.weight_bytes = Amount::Integer(40);
  model.figures.nodes = 9;
  model.components.push_back({"", 0, model.figures});
  for (const auto& [path, component_macs] : components) {
    Figures figures;
    figures.macs = Amount::Integer(component_macs);
    model.components.push_back({path, 1, figures});
  }
  return model;
}

ModelReport WithGap(ModelReport model, const std::string& path) {
  model.gaps.push_back({"/x", "Whirl", "", "no rule for Whirl", path, false});
  return model;
}

RunView View(const std::vector<ModelReport>& models) { return {models, {}, 0}; }

absl::StatusOr<GateRow> JudgeOne(const std::string& text, const std::vector<ModelReport>& before,
                                 const std::vector<ModelReport>& after) {
  const auto gate = ParseGate(text);
  REQUIRE(gate.ok());
  auto rows = JudgeGates({*gate}, View(before), View(after));
  if (!rows.ok()) return rows.status();
  REQUIRE(rows->size() == 1);
  return rows->front();
}

Verdict VerdictOf(const std::string& text, const std::vector<ModelReport>& before,
                  const std::vector<ModelReport>& after) {
  const auto row = JudgeOne(text, before, after);
  REQUIRE(row.ok());
  return row->verdict;
}

Verdict OfIntegers(const std::string& text, absl::int128 before, absl::int128 after) {
  return VerdictOf(text, {MakeModel("old.onnx", Amount::Integer(before))},
                   {MakeModel("new.onnx", Amount::Integer(after))});
}

TEST_CASE("a gate breaks one past its limit") {
  // 2 % of 402401234567 is 8048024691.34.
  CHECK(OfIntegers("2%", 402401234567, 410449259258) == Verdict::kHolds);
  CHECK(OfIntegers("2%", 402401234567, 410449259259) == Verdict::kExceeded);
  CHECK(OfIntegers("0%", 100, 100) == Verdict::kHolds);
  CHECK(OfIntegers("0%", 100, 101) == Verdict::kExceeded);
  CHECK(OfIntegers("0%", 100, 99) == Verdict::kHolds);
  CHECK(OfIntegers("5G", 1, 5'000'000'001) == Verdict::kHolds);
  CHECK(OfIntegers("5G", 1, 5'000'000'002) == Verdict::kExceeded);
  CHECK(OfIntegers("2%", 0, 0) == Verdict::kHolds);
  CHECK(OfIntegers("2%", 0, 1) == Verdict::kExceeded);
  CHECK(OfIntegers("5", 0, 5) == Verdict::kHolds);
  // Past 64 bits, and one unit apart where a double sees none.
  const absl::int128 large = absl::MakeInt128(1 << 20, 0);
  CHECK(OfIntegers("100%", large, large * 2) == Verdict::kHolds);
  CHECK(OfIntegers("100%", large, large * 2 + 1) == Verdict::kExceeded);
}

TEST_CASE("a row tells what was compared") {
  const auto row = JudgeOne("2%", {MakeModel("a/old.onnx", Amount::Integer(1000))},
                            {MakeModel("b/new.onnx", Amount::Integer(1021))});
  REQUIRE(row.ok());
  CHECK(row->what == "b/new.onnx");
  CHECK((row->old_amount == Amount::Integer(1000)));
  CHECK((row->new_amount == Amount::Integer(1021)));
  CHECK((row->limit == Amount::Integer(1020)));
  CHECK_FALSE(row->ok());
}

TEST_CASE("components are found by path, role and short name") {
  ModelReport unet = MakeModel("sd/unet/model.onnx", Amount::Integer(100), {{"mid_block", 10}});
  unet.role = "unet";
  ModelReport vae = MakeModel("sd/vae.onnx", Amount::Integer(50), {{"mid_block", 20}, {"up", 5}});
  vae.role = "vae_decoder";
  const std::vector<ModelReport> models = {unet, vae};
  for (const auto& [name, macs] :
       std::vector<std::pair<std::string, int64_t>>{{"up", 5},
                                                    {"unet", 100},
                                                    {"unet.mid_block", 10},
                                                    {"vae.mid_block", 20},
                                                    {"vae_decoder.up", 5},
                                                    {"vae", 50}}) {
    CAPTURE(name);
    const auto row = JudgeOne(name + "=1%", models, models);
    REQUIRE(row.ok());
    CHECK((row->new_amount == Amount::Integer(macs)));
    CHECK(row->ok());
  }
  CHECK(std::string(JudgeOne("mid_block=1%", models, models).status().message()) ==
        "--fail-over mid_block=1%: 'mid_block' can be unet.mid_block or vae.mid_block; example: "
        "--fail-over unet.mid_block=1%");
  CHECK(
      std::string(JudgeOne("params:unet.mid_blok=1%", models, models).status().message()) ==
      "--fail-over params:unet.mid_blok=1%: neither side has a component 'unet.mid_blok'; did you "
      "mean unet.mid_block? example: --fail-over unet.mid_block=1%");
  CHECK(std::string(JudgeOne("zzzz=1%", models, models).status().message()) ==
        "--fail-over zzzz=1%: neither side has a component 'zzzz'");
}

TEST_CASE("the only models of two runs go by either name") {
  const ModelReport before = MakeModel("v1.onnx", Amount::Integer(100), {{"mid", 10}});
  const ModelReport after = MakeModel("v2.onnx", Amount::Integer(100), {{"mid", 30}});
  for (const char* text : {"mid=1%", "v1.mid=1%", "v2.mid=1%", "model.mid=1%"}) {
    CAPTURE(text);
    CHECK(VerdictOf(text, {before}, {after}) == Verdict::kExceeded);
  }
}

TEST_CASE("a prefix that views hide may be left out") {
  ModelReport model = MakeModel("vae.onnx", Amount::Integer(9), {{"vae.up", 5}});
  model.display_prefix = "vae.";
  CHECK(VerdictOf("up=0%", {model}, {model}) == Verdict::kHolds);
  CHECK(VerdictOf("vae.up=0%", {model}, {model}) == Verdict::kHolds);
}

TEST_CASE("what is new grows from nothing, what is gone costs nothing") {
  const ModelReport without = MakeModel("m.onnx", Amount::Integer(100));
  const ModelReport with = MakeModel("m.onnx", Amount::Integer(100), {{"adapter", 7}});
  const auto added = JudgeOne("adapter=1%", {without}, {with});
  REQUIRE(added.ok());
  CHECK(added->verdict == Verdict::kExceeded);
  CHECK(added->old_is_absent);
  CHECK(VerdictOf("adapter=7", {without}, {with}) == Verdict::kHolds);
  CHECK(VerdictOf("adapter=6", {without}, {with}) == Verdict::kExceeded);
  const auto removed = JudgeOne("adapter=1%", {with}, {without});
  REQUIRE(removed.ok());
  CHECK(removed->ok());
  CHECK(removed->new_is_absent);
}

TEST_CASE("a component that was renamed is still held") {
  const std::vector<ModelReport> before = {
      MakeModel("a.onnx", Amount::Integer(100), {{"mlp", 10}})};
  const std::vector<ModelReport> after = {
      MakeModel("b.onnx", Amount::Integer(100), {{"feed_forward", 12}})};
  const std::vector<Renaming> renamings = {{"a.onnx", "other", "b.onnx", "others"},
                                           {"a.onnx", "mlp", "b.onnx", "feed_forward"}};
  for (const char* text : {"mlp=10%", "feed_forward=10%", "mlp=1", "a.mlp=1"}) {
    CAPTURE(text);
    const auto rows = JudgeGates({*ParseGate(text)}, View(before), View(after), renamings);
    REQUIRE(rows.ok());
    CHECK(rows->front().verdict == Verdict::kExceeded);
    CHECK(rows->front().what == "mlp -> feed_forward");
    CHECK((rows->front().old_amount == Amount::Integer(10)));
    CHECK((rows->front().new_amount == Amount::Integer(12)));
  }
  const auto holds = JudgeGates({*ParseGate("mlp=20%")}, View(before), View(after), renamings);
  CHECK(holds->front().ok());
  // Without a name for it, what is gone is gone.
  CHECK(VerdictOf("mlp=10%", before, after) == Verdict::kHolds);
}

TEST_CASE("with gaps a gate fails rather than guess") {
  const ModelReport whole = MakeModel("m.onnx", Amount::Integer(100), {{"a", 10}, {"ab", 20}});
  const ModelReport gapped = WithGap(whole, "a.b");
  const auto row = JudgeOne("2%", {whole}, {gapped});
  REQUIRE(row.ok());
  CHECK(row->verdict == Verdict::kUnknown);
  CHECK(row->reason ==
        "new: m.onnx: 1 of 9 nodes is not counted, /x (Whirl): no rule for Whirl; --strict lists "
        "them, --rules FILE gives an operator its rule");
  CHECK(VerdictOf("2%", {gapped}, {whole}) == Verdict::kUnknown);
  CHECK(VerdictOf("a=2%", {whole}, {gapped}) == Verdict::kUnknown);
  CHECK(VerdictOf("ab=2%", {whole}, {gapped}) == Verdict::kHolds);
  // Tensors that an uncounted node reads are parameters all the same.
  CHECK(VerdictOf("params:2%", {whole}, {gapped}) == Verdict::kHolds);
  CHECK(VerdictOf("bytes:2%", {whole}, {gapped}) == Verdict::kHolds);
  // A lower bound that is too much already is a breach.
  const ModelReport much = WithGap(MakeModel("m.onnx", Amount::Integer(200)), "");
  CHECK(VerdictOf("2%", {whole}, {much}) == Verdict::kExceeded);
  CHECK(VerdictOf("2%", {gapped}, {much}) == Verdict::kUnknown);
}

TEST_CASE("formulas hold where their difference says so") {
  const auto formula = [](const char* text) {
    ModelReport model = MakeModel("m.onnx", Amount::Formula(text, 64));
    model.unbound = {"seq"};
    model.hints = {"--seq N binds seq"};
    return std::vector<ModelReport>{model};
  };
  CHECK(VerdictOf("0%", formula("8*seq + 2*seq^2"), formula("2*seq^2 + 8*seq")) == Verdict::kHolds);
  CHECK(VerdictOf("5", formula("8*seq"), formula("8*seq + 5")) == Verdict::kHolds);
  CHECK(VerdictOf("5", formula("8*seq"), formula("8*seq + 6")) == Verdict::kExceeded);
  CHECK(VerdictOf("1%", formula("8*seq + 5"), formula("8*seq")) == Verdict::kHolds);
  CHECK(VerdictOf("1%", formula("8*seq"), formula("8*seq + 5")) == Verdict::kUnknown);
  const auto row = JudgeOne("1%", formula("8*seq"), formula("9*seq"));
  REQUIRE(row.ok());
  CHECK(row->verdict == Verdict::kUnknown);
  CHECK(row->reason ==
        "old: m.onnx: seq is open; --seq N binds seq; new: m.onnx: seq is open; --seq N binds seq");
}

TEST_CASE("memory is the largest peak, and no peak is no answer") {
  const auto with_peak = [](int64_t bytes, int64_t unknown) {
    ModelReport model = MakeModel("m.onnx", Amount::Integer(100));
    model.memory.emplace().peak_activation_bytes = Amount::Integer(bytes);
    model.memory->unknown_tensors = unknown;
    return model;
  };
  const std::vector<ModelReport> before = {with_peak(100, 0), with_peak(40, 0)};
  CHECK(VerdictOf("memory:1KiB", before, {with_peak(1124, 0)}) == Verdict::kHolds);
  CHECK(VerdictOf("memory:1KiB", before, {with_peak(1125, 0)}) == Verdict::kExceeded);
  CHECK(VerdictOf("memory:1KiB", before, {with_peak(90, 2)}) == Verdict::kUnknown);
  CHECK(VerdictOf("memory:1KiB", before, {MakeModel("m.onnx", Amount())}) == Verdict::kUnknown);
}

TEST_CASE("the whole is a pipeline where both sides are one") {
  const std::vector<ModelReport> models = {MakeModel("unet.onnx", Amount::Integer(100))};
  const auto pipeline = [](int64_t macs, bool is_bound) {
    PipelineReport report;
    report.name = "Stable Diffusion 1.x";
    report.figures.macs = Amount::Integer(macs);
    report.is_lower_bound = is_bound;
    return std::vector<PipelineReport>{report};
  };
  const auto judge = [&](const char* text, const std::vector<PipelineReport>& before,
                         const std::vector<PipelineReport>& after) {
    const auto rows = JudgeGates({*ParseGate(text)}, {models, before, 0}, {models, after, 0});
    REQUIRE(rows.ok());
    return rows->front();
  };
  const GateRow row = judge("1%", pipeline(5000, false), pipeline(5100, false));
  CHECK(row.verdict == Verdict::kExceeded);
  CHECK(row.what == "Stable Diffusion 1.x");
  CHECK(judge("1%", pipeline(5000, false), pipeline(5010, true)).verdict == Verdict::kUnknown);
  CHECK((judge("params:1%", pipeline(5000, false), pipeline(5000, false)).new_amount ==
         Amount::Integer(10)));
  // One of them alone is none: then one call counts.
  CHECK((judge("1%", pipeline(5000, false), {}).old_amount == Amount::Integer(100)));
}

TEST_CASE("a file that could not be analysed leaves the whole unknown") {
  const std::vector<ModelReport> models = {MakeModel("a.onnx", Amount::Integer(100))};
  for (const char* text : {"1%", "params:1%", "memory:1%", "missing=1%"}) {
    CAPTURE(text);
    const auto rows = JudgeGates({*ParseGate(text)}, {models, {}, 1}, {models, {}, 0});
    REQUIRE(rows.ok());
    CHECK(rows->front().verdict == Verdict::kUnknown);
  }
}

}  // namespace
}  // namespace onnx_macs
