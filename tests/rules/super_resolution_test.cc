// The classical SwinIR that doubles the resolution: published as 11.752 M parameters and 51,056
// MMACs for 64x64 pixels, and linear in pixels, because attention looks no further than its window.
#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "analyzer/analyze.h"
#include "analyzer/loader.h"
#include "rules/rules.h"
#include "tests/support/catch.h"
#include "tests/support/conformance_data.h"
#include "tests/support/invariants.h"
#include "tests/support/module_counts.h"

namespace onnx_macs::testing {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kMacs = 51'055'607'808;  // of matrix products and convolutions, by PyTorch

class SwinIr {
 public:
  SwinIr() {
    folder_.Unpack(fs::path(ONNX_MACS_SOURCE_DIR) / "testdata/families.tar.xz");
    auto model = LoadModel((Folder() / "swinir_x2.onnx").string());
    REQUIRE(model.ok());
    model_ = *std::move(model);
  }
  fs::path Folder() const { return folder_.path() / "super_resolution"; }

  ModelReport Analyze(int64_t side, AnalyzeOptions options = {}) const {
    options.bind.res = {side, side};
    options.memory = true;
    const auto result = onnx_macs::Analyze(*model_, *RulesForConvention("contractions"), options);
    REQUIRE(result.ok());
    CHECK(result->report.gaps.empty());
    CheckInvariants(result->report);
    return result->report;
  }

 private:
  ScratchFolder folder_;
  std::unique_ptr<const Model> model_;
};

AnalyzeOptions Batch(int64_t batch) {
  AnalyzeOptions options;
  options.bind.batch = batch;
  return options;
}

int64_t PeakOf(const ModelReport& report) {
  const Amount& peak = report.memory.value().peak_activation_bytes;
  REQUIRE(peak.is_integer());
  return static_cast<int64_t>(peak.value());
}

TEST_CASE("SwinIR agrees with PyTorch's counter at every module, at two sizes") {
  const SwinIr swinir;
  const ModelReport small = swinir.Analyze(64), large = swinir.Analyze(128);
  CheckModuleCounts(small, (swinir.Folder() / "swinir_x2_64.json").string(), {});
  CheckModuleCounts(large, (swinir.Folder() / "swinir_x2_128.json").string(), {});
  CHECK(small.figures.macs == Amount::Integer(kMacs));
  CHECK(large.figures.macs == Amount::Integer(4 * kMacs));
  // PyTorch's 11,752,487 parameters, and the three means of colours, which it holds as a buffer.
  CHECK(small.figures.params == Amount::Integer(11'752'490));
  REQUIRE(small.weight_types.size() == 1);
  CHECK(small.weight_types[0].dtype == "float32");
  CHECK(small.weight_types[0].params == Amount::Integer(11'752'490));
  CHECK(small.weight_types[0].weight_bytes == Amount::Integer(4 * 11'752'490));
}

TEST_CASE("SwinIR's profile: every batch as often as much") {
  const SwinIr swinir;
  AnalyzeOptions options;
  options.plan.batches = true;
  const ModelReport report = swinir.Analyze(64, options);
  const auto& rows = report.memory_plan.batches;
  REQUIRE(rows.size() == 5);
  const int64_t one = PeakOf(report);
  const int64_t more = PeakOf(swinir.Analyze(64, Batch(2))) - one;
  for (size_t i = 0; i < rows.size(); ++i) {
    const int64_t batch = int64_t{1} << i;
    CHECK(rows[i].batch == batch);
    CHECK(rows[i].macs == Amount::Integer(batch * kMacs));
    const int64_t peak = one + (batch - 1) * more;
    CHECK(rows[i].activation_bytes == Amount::Integer(peak));
    CHECK(rows[i].total_bytes == Amount::Integer(peak + 4 * 11'752'490));
  }
  // What does not depend on the batch: the mask of 64 shifted windows of 64 positions, and a few
  // sizes.
  constexpr int64_t kMask = int64_t{64} * 64 * 64 * 4;
  CHECK(one - more >= kMask);
  CHECK(one - more < kMask + 1000);
}

TEST_CASE("SwinIR's largest batch fits, and one more does not") {
  const SwinIr swinir;
  constexpr int64_t kBudget = int64_t{2} << 30;
  AnalyzeOptions options;
  options.plan.budget = kBudget;
  const BudgetFit fit = swinir.Analyze(64, options).memory_plan.fit.value();
  CHECK(fit.extent == "batch");
  CHECK(fit.fits);
  const int64_t weights = 4 * 11'752'490;
  CHECK(weights + PeakOf(swinir.Analyze(64, Batch(fit.largest))) <= kBudget);
  CHECK(weights + PeakOf(swinir.Analyze(64, Batch(fit.largest + 1))) > kBudget);
  CHECK(weights + PeakOf(swinir.Analyze(64, Batch(fit.with_headroom))) <= kBudget / 5 * 4);
  CHECK(weights + PeakOf(swinir.Analyze(64, Batch(fit.with_headroom + 1))) > kBudget / 5 * 4);
}

}  // namespace
}  // namespace onnx_macs::testing
