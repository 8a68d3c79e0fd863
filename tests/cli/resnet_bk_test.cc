// A language model like ResNet-BK, counted by a rules file as its authors count it, in training.
// testdata/export/resnet_bk.py is the model. By hand, of T tokens, each 64 wide (D):
//
//   of a layer   BK-Core       34 T
//                router        2 * 64 * 4 T                        =     512 T
//                experts       the best one of 4, 64 to 128 to 64:
//                              2 * (64 * 128 + 128 * 64) T = 8 D^2 T =  32,768 T
//                LayerNorm     5 * 64 T                            =     320 T
//                                                                     33,634 T
//   embedding    64 T, a vocabulary of 30,000
//   LM head      2 * 64 * 30,000 T                                 = 3,840,000 T
//   forward      (4 * 33,634 + 64 + 3,840,000) T                   = 3,974,600 T
//
// Backward, products twice, BK-Core 26, the rest as forward:
//   of a layer   (26 + 1,024 + 65,536 + 320) T                     =    66,906 T
//                (4 * 66,906 + 64 + 7,680,000) T                   = 7,947,688 T
//
// With 32 sequences of 128, T = 4,096: forward 16,279,961,600, backward 32,553,730,048.
//
// Parameters: 2 * 30,000 * 64 of embedding and LM head; in a layer 64 * 4 of the router,
// 4 * 2 * 64 * 128 of the experts and 2 * 64 of the LayerNorm: 3,840,000 + 4 * 65,920 = 4,103,680.
// AdamW takes 15 for each: 61,555,200.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/cli/run_command.h"
#include "tests/cli/schema_check.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

nlohmann::json Train(int64_t sequence, const std::string& options = "") {
  const CommandOutcome outcome =
      RunCommand(absl::StrCat("onnx-macs testdata/models/dynamo/resnet_bk.onnx --rules "
                              "examples/rules/resnet_bk.json --batch 32 --seq ",
                              sequence, " --training adamw --format json ", options),
                 ONNX_MACS_SOURCE_DIR);
  INFO(outcome.err);
  REQUIRE(outcome.exit_code == 0);
  CHECK(SchemaErrors(outcome.out) == "");
  return nlohmann::json::parse(outcome.out);
}

TEST_CASE("a step of training ResNet-BK") {
  const nlohmann::json report = Train(128);
  const nlohmann::json& training = report.at("training");
  CHECK(training.at("forward") == 16'279'961'600);
  CHECK(training.at("backward") == 32'553'730'048);
  CHECK(training.at("optimizer") == 61'555'200);
  CHECK(training.at("step") == 48'895'246'848);
  CHECK(training.at("total") == 48'895'246'848);
  CHECK(training.at("flops_per_parameter") == 15);
  CHECK(training.at("lower_bound") == false);
  CHECK(training.at("weights") == 4 * 4'103'680);
  CHECK(training.at("gradients") == 4 * 4'103'680);
  CHECK(training.at("optimizer_state") == 2 * 4 * 4'103'680);
  const nlohmann::json& model = report.at("models").at(0);
  CHECK(model.at("flops") == 16'279'961'600);
  CHECK(model.at("params") == 4'103'680);
  CHECK(model.at("gaps").empty());
  for (const nlohmann::json& component : model.at("components")) {
    if (component.at("path") != "lm_head") continue;
    CHECK(component.at("flops") == 15'728'640'000);  // 96.6 % of the forward pass
  }
}

// What each part of the model gives, so that no two mistakes make up for each other.
TEST_CASE("the operators of ResNet-BK") {
  const nlohmann::json report = Train(128);
  const std::pair<const char*, int64_t> expected[] = {
      {"BKCore", 4 * 139'264},                // 34 * 4,096
      {"LayerNormalization", 4 * 1'310'720},  // 320 * 4,096
      {"Gather", 262'144},                    // 64 * 4,096
      {"Gemm", 4 * 2'097'152},                // the routers, 512 * 4,096
      {"MatMul", 4 * 134'217'728 + 15'728'640'000},
  };
  int found = 0;
  for (const nlohmann::json& op : report.at("models").at(0).at("by_op")) {
    int64_t flops = 0;
    for (const auto& [name, count] : expected) {
      if (op.at("op") != name) continue;
      flops = count;
      ++found;
    }
    INFO(op.at("op"));
    CHECK(op.at("flops") == flops);
  }
  CHECK(found == 5);
}

TEST_CASE("ResNet-BK is linear in its sequence") {
  struct Row {
    int64_t sequence, step;
    const char* giga;
  };
  // 11,922,288 FLOPs a token and 61,555,200 for the update.
  const Row rows[] = {{128, 48'895'246'848, "48.90 G"},
                      {256, 97'728'938'496, "97.73 G"},
                      {512, 195'396'321'792, "195.4 G"},
                      {1024, 390'731'088'384, "390.7 G"},
                      {2048, 781'400'621'568, "781.4 G"}};
  for (const Row& row : rows) {
    INFO(row.sequence);
    CHECK(Train(row.sequence).at("training").at("step") == row.step);
    const CommandOutcome table =
        RunCommand(absl::StrCat("onnx-macs testdata/models/dynamo/resnet_bk.onnx --rules "
                                "examples/rules/resnet_bk.json --batch 32 --training adamw --seq ",
                                row.sequence),
                   ONNX_MACS_SOURCE_DIR);
    const std::string line = table.out.substr(table.out.find("\none step") + 1);
    CHECK(line.substr(0, line.find('\n')).find(row.giga) != std::string::npos);
  }
}

TEST_CASE("the examples of rules files are what their schema says") {
  const std::string folder = ONNX_MACS_SOURCE_DIR "/examples/rules/";
  for (const char* name : {"resnet_bk.json", "selective_scan.json"}) {
    CHECK(SchemaErrors(ReadWholeFile(folder + name), "rules.schema.json") == "");
  }
  CHECK(SchemaErrors(R"({"rules": [{"op_typ": "K"}]})", "rules.schema.json") != "");
}

TEST_CASE("a thousand steps cost a thousand times one") {
  const nlohmann::json training = Train(128, "--steps 1000").at("training");
  CHECK(training.at("steps") == 1000);
  CHECK(training.at("step") == 48'895'246'848);
  CHECK(training.at("total") == 48'895'246'848'000);
}

}  // namespace
}  // namespace onnx_macs
