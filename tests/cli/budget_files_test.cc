// Budgets that lie here, and those that the command writes, are what docs/budget.schema.json says;
// the schema and the reader refuse the same.
#include <string>

#include "absl/strings/str_cat.h"
#include "analyzer/limits/budget.h"
#include "tests/cli/run_command.h"
#include "tests/cli/schema_check.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

constexpr char kSchema[] = "budget.schema.json";

void CheckBudget(const std::string& json) {
  CAPTURE(json);
  CHECK(SchemaErrors(json, kSchema) == "");
  CHECK(ReadBudget(json).ok());
}

TEST_CASE("budgets are what their schema says") {
  for (const char* file :
       {"examples/budget.json", "tests/golden/budgets/unet.json", "tests/golden/budgets/tight.json",
        "tests/golden/budgets/pipeline.json", "tests/golden/budgets/gap.json"}) {
    CAPTURE(file);
    CheckBudget(ReadWholeFile(absl::StrCat(ONNX_MACS_SOURCE_DIR, "/", file)));
  }
  const CommandOutcome written = RunCommand(
      "onnx-macs check models/torchscript/sd15_unet.onnx models/torchscript/sd15_vae_decoder.onnx "
      "--res 512 --write-budget $TMP/b.json >/dev/null && cat $TMP/b.json",
      absl::StrCat(ONNX_MACS_SOURCE_DIR, "/testdata"));
  CHECK(written.exit_code == 0);
  CheckBudget(written.out);
}

TEST_CASE("the schema of budgets refuses what the reader refuses") {
  for (const char* json : {R"({"total": {"macs": -1}})", R"({"total": {"macs": "1e9"}})",
                           R"({"total": {"macs": "1GiB"}})", R"({"total": {"macs": 1.5}})",
                           R"({"total": {"weight_bytes": "1gb"}})", R"({"total": {"nodes": 1}})",
                           R"({"models": {"a": {"bindings": {"h": "1"}, "macs": 1}}})",
                           R"({"models": {"a": {"operators": {"Conv": {"params": 1}}}}})",
                           R"({"schema": "onnx-macs/1", "total": {"macs": 1}})", R"([])"}) {
    CAPTURE(json);
    CHECK(SchemaErrors(json, kSchema) != "");
    CHECK_FALSE(ReadBudget(json).ok());
  }
}

}  // namespace
}  // namespace onnx_macs
