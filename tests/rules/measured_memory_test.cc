// Peak memory against what ONNX Runtime held while it ran five models, as
// testdata/export/measure_memory.py recorded it. This is the one place where a figure may differ
// from what is expected, by a twentieth, because that is a measurement: ONNX Runtime chooses an
// order of its own among those that the graph allows.
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "analyzer/analyze.h"
#include "analyzer/loader.h"
#include "rules/rules.h"
#include "tests/support/catch.h"
#include "tests/support/conformance_data.h"

namespace onnx_macs::testing {
namespace {

namespace fs = std::filesystem;

TEST_CASE("peak memory is what ONNX Runtime held at most") {
  const ScratchFolder folder;
  folder.Unpack(fs::path(ONNX_MACS_SOURCE_DIR) / "testdata/memory.tar.xz");
  std::ifstream file(folder.path() / "peaks.json");
  const auto peaks = nlohmann::json::parse(file);
  CHECK(peaks.size() == 5);
  for (const auto& [name, measured] : peaks.items()) {
    INFO(name);
    const auto model = LoadModel((folder.path() / (name + ".onnx")).string());
    REQUIRE(model.ok());
    AnalyzeOptions options;
    options.memory = true;
    const auto result = Analyze(**model, BuiltinRules(), options);
    REQUIRE(result.ok());
    const MemoryReport& memory = result->report.memory.value();
    CHECK(memory.unknown_tensors == 0);
    REQUIRE(memory.peak_activation_bytes.is_integer());
    const auto peak = static_cast<double>(memory.peak_activation_bytes.value());
    CHECK(peak == Approx(measured["peak_bytes"].get<double>()).epsilon(0.05));
  }
}

}  // namespace
}  // namespace onnx_macs::testing
