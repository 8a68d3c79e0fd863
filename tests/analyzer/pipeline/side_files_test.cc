// What configurations beside models say, as real ones are written.
#include "analyzer/pipeline/side_files.h"

#include <filesystem>
#include <string>

#include "tests/analyzer/temp_folder.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

std::string SchedulerOf(const std::string& config) {
  const testing::TempFolder folder;
  folder.Write("model_index.json", R"({"_class_name": "SanaPipeline"})");
  std::filesystem::create_directory(folder / "scheduler");
  folder.Write("scheduler/scheduler_config.json", config);
  return ReadSideFiles(folder / "model.onnx").scheduler_class;
}

}  // namespace

// diffusers writes its configurations with Python's json, whose infinities are no JSON.
TEST_CASE("a scheduler is known though Python wrote numbers that JSON lacks") {
  CHECK(SchedulerOf(R"({"_class_name": "DPMSolverMultistepScheduler",
                        "lambda_min_clipped": -Infinity, "more": [NaN, Infinity]})") ==
        "DPMSolverMultistepScheduler");
  // Within a string, and after a quote in one, they are what they are.
  CHECK(SchedulerOf(R"({"_class_name": "NaN Infinity"})") == "NaN Infinity");
  CHECK(SchedulerOf(R"({"_class_name": "\"NaN"})") == "\"NaN");
  CHECK(SchedulerOf(R"({"_class_name": "NaN\\", "x": NaN})") == "NaN\\");
}

TEST_CASE("a damaged scheduler's configuration says nothing") {
  for (const char* damaged : {"", "NaN", "-Inf", R"({"_class_name": "Euler)",
                              R"({"_class_name": "Euler\)", R"({"_class_name": NaN})"}) {
    CAPTURE(damaged);
    CHECK(SchedulerOf(damaged).empty());
  }
}

}  // namespace onnx_macs
