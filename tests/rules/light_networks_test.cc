// Real CNNs and PyTorch's small networks, whose products and shapes are known from elsewhere. They
// are not part of this repository: ONNX_MACS_SHARED_DIR says where they lie.
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "analyzer/analyze.h"
#include "analyzer/loader.h"
#include "rules/rules.h"
#include "tests/support/catch.h"
#include "tests/support/conformance_data.h"
#include "tests/support/invariants.h"

namespace onnx_macs::testing {
namespace {

namespace fs = std::filesystem;

struct LightNetwork {
  const char* name;
  int64_t macs;
};

constexpr LightNetwork kLightNetworks[] = {
    {"bvlc_alexnet", 654560384},  {"densenet121", 2834161664}, {"inception_v1", 1431556352},
    {"inception_v2", 2018851840}, {"resnet50", 4089184256},    {"shufflenet", 124664528},
    {"squeezenet", 349151936},    {"vgg19", 19632062464},      {"zfnet512", 1481727008},
};

constexpr char kArchive[] = "light-simple-pytorch-1.23.tar.xz";

fs::path ConformanceFolder() {
  const fs::path folder = SharedConformanceFolder(kArchive);
  TellData("light networks", folder);
  return folder;
}

ModelReport AnalyzeFile(const fs::path& file, const char* convention) {
  const auto model = LoadModel(file.string());
  INFO(file << ": " << model.status());
  REQUIRE(model.ok());
  AnalyzeOptions options;
  options.node_rows = options.value_rows = true;
  options.bind.trust_declared = false;
  const auto result = Analyze(**model, *RulesForConvention(convention), options);
  INFO(result.status());
  REQUIRE(result.ok());
  CheckInvariants(result->report);
  return result->report;
}

TEST_CASE("the light networks cost what is known") {
  const fs::path conformance = ConformanceFolder();
  if (conformance.empty()) return;
  const ScratchFolder scratch;
  scratch.Unpack(conformance / kArchive);
  for (const LightNetwork& network : kLightNetworks) {
    INFO(network.name);
    const fs::path file = scratch.path() / "light" / absl::StrCat("light_", network.name, ".onnx");
    const ModelReport report = AnalyzeFile(file, "contractions");
    for (const GapRow& gap : report.gaps) FAIL_CHECK(gap.op << ": " << gap.reason);
    REQUIRE(report.figures.macs.is_integer());
    CHECK(static_cast<int64_t>(report.figures.macs.value()) == network.macs);
  }
}

// How many values of a network came out right, unknown and wrong.
struct Tally {
  int right = 0, unknown = 0, wrong = 0;
};

// Every dim is an integer in these networks; what is not one was not found.
void Compare(const nlohmann::json& expected, const ValueRow& found, Tally* tally) {
  bool is_known = found.has_rank;
  bool is_wrong = found.has_rank && found.shape.size() != expected.size();
  for (size_t i = 0; !is_wrong && i < found.shape.size(); ++i) {
    const ValueRow::DimText& dim = found.shape[i];
    is_known = is_known && dim.kind == ValueRow::DimText::Kind::kInteger;
    is_wrong =
        dim.kind == ValueRow::DimText::Kind::kInteger && dim.value != expected[i].get<int64_t>();
  }
  CHECK_FALSE(is_wrong);
  ++(is_wrong ? tally->wrong : is_known ? tally->right : tally->unknown);
}

void CompareValues(const nlohmann::json& expected, const ModelReport& report, Tally* tally) {
  for (const ValueRow& row : report.values) {
    const auto it = expected.find(row.name);
    if (it == expected.end() || (*it)[0] == "seq") continue;
    INFO("value " << row.name << ", expected " << it->dump());
    Compare((*it)[1], row, tally);
  }
}

TEST_CASE("the small networks have the shapes that running them gives") {
  const fs::path conformance = ConformanceFolder();
  if (conformance.empty()) return;
  const ScratchFolder scratch;
  scratch.Unpack(conformance / kArchive);
  std::ifstream manifest(conformance / "model-manifest.jsonl");
  Tally tally;
  int networks = 0;
  for (std::string line; std::getline(manifest, line); ++networks) {
    const nlohmann::json entry = nlohmann::json::parse(line);
    const std::string name = entry["name"];
    INFO(name);
    const fs::path file = scratch.path() / entry["kind"].get<std::string>() / name / "model.onnx";
    const ModelReport report = AnalyzeFile(file, "default");
    if (entry.contains("values")) CompareValues(entry["values"], report, &tally);
  }
  CHECK(networks == 140);
  CHECK(tally.wrong == 0);
  CHECK(tally.right + tally.unknown == 180);
  // Four shapes are input values, five are strings that are left over, one is a sequence's element.
  CHECK(tally.unknown <= 10);
}

}  // namespace
}  // namespace onnx_macs::testing
