// Mixtures of experts in every form that exporters give them: what runs, what is active, and their
// blocks. testdata/export/export_families.py, export_experts.py and export_genai.py made them.
//
// All have 24 tokens 64 wide. Of each part, by hand:
//   Mixtral    experts 3 * 64 * 96 = 18,432 a row; 4, each token takes 2; Softmax over all.
//     router 24 * 64 * 4 + 24 * 4 = 6,240; experts 24 * 2 * 18,432 = 884,736, dense twice that.
//     attention 24 * (2 * 64 * 64 + 2 * 64 * 32) + 2 * 4 * 24 * 24 * 16 + 4 * 24 * 24 = 370,944
//     active 2 layers * (6,240 + 884,736 + 370,944) = 2,523,840
//     parameters of a layer's 64 * 4 + 4 * 18,432 = 73,984; active 256 + 2 * 18,432 = 37,120
//   Qwen2-MoE  experts 3 * 64 * 48 = 9,216 a row; a shared one of 3 * 64 * 80 and its gate of 64.
//     router 6,240; experts 24 * 2 * 9,216 = 442,368; shared 24 * (15,360 + 64) = 370,176
//     active 2 * (6,240 + 442,368 + 370,176 + 370,944) = 2,379,456
//     parameters 256 + 4 * 9,216 + 15,424 = 52,544; active 256 + 2 * 9,216 + 15,424 = 34,112
//   DeepSeek   experts 9,216 a row; 8, each token takes 3; a shared one twice as wide.
//     experts 24 * 3 * 9,216 = 663,552, dense 8/3 of that: 1,769,472; shared 24 * 18,432 = 442,368
//     V2 router 24 * 64 * 8 + 24 * 8 = 12,480, no attention: 1,118,400 active
//       parameters 512 + 8 * 9,216 + 18,432 = 92,672; active 512 + 3 * 9,216 + 18,432 = 46,592
//     V3 router 24 * 64 * 8 = 12,288 for it takes Sigmoid; 8 more parameters; attention
//       24 * (64 * 96 + 64 * 40 + 32 * 128 + 64 * 64) + 4 * 24 * 24 * (24 + 1 + 16) = 499,968
//       and in the first layer an MLP of 24 * 3 * 64 * 160 = 737,280:
//       active 2 * 499,968 + 737,280 + 12,288 + 663,552 + 442,368 = 2,855,424
//   GPT-OSS    Mixtral's with biases; Softmax over the 2 chosen, in attention over 25 (sinks).
//     router 24 * 64 * 4 + 24 * 2 = 6,192; attention 370,944 + 4 * 24 = 371,040
//     active 2 * (6,192 + 884,736 + 371,040) = 2,523,936
//     parameters 256 + 4 + 4 * (18,432 + 192 + 64) = 75,012; active 260 + 2 * 18,688 = 37,636
// The TorchScript exporter leaves rotary frequencies in: 24 * 16 / 2 = 192 more, V3 24 * 8 / 2
// = 96.
#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "analyzer/analyze.h"
#include "analyzer/loader.h"
#include "rules/rules.h"
#include "tests/support/block_text.h"
#include "tests/support/catch.h"
#include "tests/support/conformance_data.h"
#include "tests/support/invariants.h"
#include "tests/support/text_case.h"

namespace onnx_macs::testing {
namespace {

namespace fs = std::filesystem;

ModelReport AnalyzeFile(const fs::path& file, AnalyzeOptions options = {}) {
  const auto model = LoadModel(file.string());
  REQUIRE(model.ok());
  auto result = Analyze(**model, BuiltinRules(), options);
  REQUIRE(result.ok());
  CheckInvariants(result->report);
  for (const GapRow& gap : result->report.gaps) FAIL_CHECK(gap.node << ": " << gap.reason);
  return std::move(result->report);
}

struct Family {
  const char* name;
  int64_t active;             // MACs
  int64_t frequencies;        // more where TorchScript made it
  int64_t idle;               // MACs of experts not chosen, where all run
  const char *block, *dense;  // each mixture, where only chosen experts run and where all do
  int64_t blocks;
};

constexpr Family kFamilies[] = {
    {"mixtral", 2'523'840, 192, 2 * 884'736,
     "moe 2/4 of 24 router=6240 experts=884736 active=890976/37120 of 73984",
     "moe 2/4 of 24 router=6240 experts=1769472 active=890976/37120 of 73984", 2},
    {"qwen_moe", 2'379'456, 192, 2 * 442'368,
     "moe 2/4 of 24 router=6240 experts=442368 shared=370176 active=818784/34112 of 52544",
     "moe 2/4 of 24 router=6240 experts=884736 shared=370176 active=818784/34112 of 52544", 2},
    {"deepseek_v2", 1'118'400, 0, 1'105'920,
     "moe 3/8 of 24 router=12480 experts=663552 shared=442368 active=1118400/46592 of 92672",
     "moe 3/8 of 24 router=12480 experts=1769472 shared=442368 active=1118400/46592 of 92672", 1},
    {"deepseek_v3", 2'855'424, 96, 1'105'920,
     "moe 3/8 of 24 router=12288 experts=663552 shared=442368 active=1118208/46600 of 92680",
     "moe 3/8 of 24 router=12288 experts=1769472 shared=442368 active=1118208/46600 of 92680", 1},
    {"gpt_oss", 2'523'936, 192, 2 * 884'736,
     "moe 2/4 of 24 router=6192 experts=884736 active=890928/37636 of 75012",
     "moe 2/4 of 24 router=6192 experts=1769472 active=890928/37636 of 75012", 2},
};

void CheckFamily(const fs::path& file, const Family& family) {
  const std::string name = file.stem().string();
  INFO(name);
  const bool is_dense = absl::StrContains(name, "_dense");
  AnalyzeOptions options;
  options.node_rows = true;
  const ModelReport plain = AnalyzeFile(file, options);
  options.blocks = true;
  const ModelReport report = AnalyzeFile(file, options);
  CheckSameTotals(plain, report);
  CHECK(plain.blocks.empty());
  const int64_t active =
      family.active + (absl::StrContains(name, "torchscript") ? family.frequencies : 0);
  for (const ModelReport* of : {&plain, &report}) {
    CHECK(TextOf(of->active.macs) == absl::StrCat(active));
    CHECK(TextOf(of->figures.macs) == absl::StrCat(active + (is_dense ? family.idle : 0)));
  }
  CHECK(plain.active.params == report.active.params);
  int64_t blocks = 0;
  for (const BlockRow& block : report.blocks) {
    if (block.kind == "linear_attention") FAIL_CHECK("experts are no attention");
    if (!block.is_mixture) continue;
    ++blocks;
    CHECK(MixtureText(block) == (is_dense ? family.dense : family.block));
  }
  CHECK(blocks == family.blocks);
}

TEST_CASE("mixtures of experts cost tokens times k experts, router and shared experts") {
  const ScratchFolder folder;
  folder.Unpack(fs::path(ONNX_MACS_SOURCE_DIR) / "testdata/families.tar.xz");
  std::map<std::string, int> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder.path())) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() != ".onnx") continue;
    for (const Family& family : kFamilies) {
      if (!absl::StartsWith(name, absl::StrCat(family.name, "_"))) continue;
      ++files[family.name];
      CheckFamily(entry.path(), family);
    }
  }
  // Three forms where each token gathers its experts' weights, five others, two more of Mixtral.
  CHECK(files == std::map<std::string, int>{{"mixtral", 10},
                                            {"qwen_moe", 8},
                                            {"deepseek_v2", 8},
                                            {"deepseek_v3", 8},
                                            {"gpt_oss", 8}});
}

TEST_CASE("experts as onnxruntime-genai writes them, in one node and decomposed") {
  const ScratchFolder folder;
  folder.Unpack(fs::path(ONNX_MACS_SOURCE_DIR) / "testdata/exporters.tar.xz");
  AnalyzeOptions options;
  options.blocks = true;
  // GPT-OSS of any length, per token: router 64 * 4, and Softmax over 2 where it is not in the
  // node; experts 2 * 18,432.
  constexpr char kInNode[] =
      "moe 2/4 of sequence_length router=256*sequence_length experts=36864*sequence_length "
      "active=37120*sequence_length/37636 of 75012";
  constexpr char kDecomposed[] =
      "moe 2/4 of sequence_length router=258*sequence_length experts=36864*sequence_length "
      "active=37122*sequence_length/37636 of 75012";
  const std::pair<const char*, const char*> kForms[] = {
      {"moe", kInNode}, {"qmoe", kInNode}, {"decomposed", kDecomposed}};
  for (const auto& [form, expected] : kForms) {
    INFO(form);
    const fs::path file = folder.path() / absl::StrCat("genai_gpt_oss_", form, ".onnx");
    const ModelReport report = AnalyzeFile(file, options);
    int blocks = 0;
    for (const BlockRow& block : report.blocks) {
      if (!block.is_mixture) continue;
      ++blocks;
      CHECK(MixtureText(block) == expected);
    }
    CHECK(blocks == 2);
    CHECK(report.active.macs == report.figures.macs);
    // In each layer 2 of 4 experts of 18,432 + 192 + 64.
    CHECK((report.figures.params.value() - report.active.params.value() == 2 * 2 * 18'688));
  }
}

}  // namespace
}  // namespace onnx_macs::testing
