// Exports of whole families of models against PyTorch's own counter: every module path of every
// export, to the last unit. testdata/export/export_pipelines.py and export_families.py made them.
#include <filesystem>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "analyzer/analyze.h"
#include "analyzer/loader.h"
#include "rules/rules.h"
#include "tests/support/catch.h"
#include "tests/support/conformance_data.h"
#include "tests/support/invariants.h"
#include "tests/support/module_counts.h"
#include "tests/support/open_parts.h"

namespace onnx_macs::testing {
namespace {

namespace fs = std::filesystem;

// What exporters compute beforehand, and PyTorch every time: the table of rotary frequencies.
struct Folded {
  const char* begin;
  const char* exporter;
  int64_t macs;
};
constexpr Folded kFoldedRotations[] = {
    {"gemma2_2b.text_encoder", "op18", 38'400},
    {"llama", "dynamo", 192},
    {"llama", "ort_session", 192},
    {"mixtral", "dynamo", 192},
    {"qwen_moe", "dynamo", 192},
    {"gpt_oss", "dynamo", 192},
    {"deepseek_v3", "dynamo", 96},
};

FoldedProducts FoldedIn(const std::string& name) {
  for (const Folded& row : kFoldedRotations) {
    if (absl::StartsWith(name, row.begin) && absl::StrContains(name, row.exporter)) {
      return {"rotary_emb", row.macs};
    }
  }
  return {};
}

// What an export is held against, and how its open sizes are bound.
struct Counted {
  fs::path file, counts;
  BindOptions bind;
};

void CheckExport(const Counted& counted) {
  const std::string name = counted.file.stem().string();
  INFO(name);
  const auto model = LoadModel(counted.file.string());
  REQUIRE(model.ok());
  AnalyzeOptions options;
  options.bind = counted.bind;
  const auto result = Analyze(**model, *RulesForConvention("contractions"), options);
  REQUIRE(result.ok());
  for (const GapRow& gap : result->report.gaps) FAIL_CHECK(gap.node << ": " << gap.reason);
  CheckInvariants(result->report);
  CheckModuleCounts(result->report, counted.counts.string(), FoldedIn(name));
}

// Exports are named PART_FORM.onnx, counts PART.json. Returns the parts there were.
std::set<std::string> CheckArchive(const std::string& archive) {
  const ScratchFolder folder;
  folder.Unpack(fs::path(ONNX_MACS_SOURCE_DIR) / "testdata" / archive);
  std::set<std::string> parts;
  for (const fs::directory_entry& counts : fs::directory_iterator(folder.path())) {
    if (counts.path().extension() != ".json") continue;
    const std::string part = counts.path().stem().string();
    for (const fs::directory_entry& entry : fs::directory_iterator(folder.path())) {
      const std::string name = entry.path().filename().string();
      const bool is_its =
          absl::StartsWith(name, part + "_op") || absl::StartsWith(name, part + "_dynamo") ||
          absl::StartsWith(name, part + "_ort") || absl::StartsWith(name, part + "_torchscript") ||
          absl::StartsWith(name, part + "_eager");
      if (!is_its) continue;
      parts.insert(part);
      CheckExport({entry.path(), counts.path(), BindCountedCall(name)});
    }
  }
  return parts;
}

TEST_CASE("the parts of diffusion pipelines agree with PyTorch's counter at every module") {
  CHECK(CheckArchive("pipelines.tar.xz").size() == 26);
}

TEST_CASE("families of models agree with PyTorch's counter at every module") {
  CHECK(CheckArchive("families.tar.xz") ==
        std::set<std::string>{"bert", "deepseek_v2", "deepseek_v3", "gpt_oss", "llama", "mixtral",
                              "qwen_moe", "swin", "swinir", "vit", "whisper"});
}

// PixArt's files are of one size each, which is part of their names.
TEST_CASE("parts as deployed agree with PyTorch's counter at every size") {
  const ScratchFolder folder;
  folder.Unpack(fs::path(ONNX_MACS_SOURCE_DIR) / "testdata/deployments.tar.xz");
  std::set<std::string> parts;
  for (const fs::directory_entry& counts : fs::directory_iterator(folder.path() / "parts")) {
    if (counts.path().extension() != ".json") continue;
    const DeployedCall call = DeployedCallOf(counts.path().stem().string());
    fs::path file = fs::path(counts.path()).replace_extension(".onnx");
    if (!fs::exists(file)) file.replace_filename(call.part + ".onnx");
    parts.insert(file.stem().string());
    CheckExport({file, counts.path(), call.bind});
  }
  CHECK(parts.size() == 19);
}

}  // namespace
}  // namespace onnx_macs::testing
