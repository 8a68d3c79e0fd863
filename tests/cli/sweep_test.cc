// Sweeps against runs of their own: what a formula says at a point is what an analysis at that
// point says. The command is run, and its JSON is read.
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/cli/run_command.h"
#include "tests/cli/schema_check.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

using nlohmann::json;

json Run(const std::string& arguments) {
  CAPTURE(arguments);
  const CommandOutcome outcome = RunCommand(absl::StrCat("onnx-macs ", arguments, " --format json"),
                                            absl::StrCat(ONNX_MACS_SOURCE_DIR, "/testdata/models"));
  INFO(outcome.err);
  REQUIRE(outcome.exit_code == 0);
  json parsed = json::parse(outcome.out);
  CHECK(SchemaErrors(outcome.out) == "");
  return parsed;
}

constexpr const char* kAmounts[] = {"macs", "ops", "flops", "params", "weight_bytes"};

constexpr char kUnet[] = "torchscript/sd15_unet.onnx";

TEST_CASE("every tenth of a thousand points of Stable Diffusion's UNet is as a run of its own") {
  const std::string files = absl::StrCat(kUnet, " --seq 77");
  const json sweep =
      Run(absl::StrCat("sweep ", files, " --over res=64:3200:64 --over batch=1:20:1"));
  const json& rows = sweep.at("sweep");
  REQUIRE(rows.size() == 1000);
  for (size_t i = 0; i < rows.size(); i += 10) {
    const json& row = rows[i];
    REQUIRE_FALSE(row.contains("analysed_anew"));
    const json whole = Run(absl::StrCat(files, " --res ", row.at("point").at("res").get<int>(),
                                        " --batch ", row.at("point").at("batch").get<int>()));
    const json& model = whole.at("models")[0];
    for (const char* amount : kAmounts) CHECK(row.at(amount) == model.at(amount));
    CHECK(row.at("peak_activation_bytes") == model.at("memory").at("peak_activation_bytes"));
  }
  CHECK(sweep.at("order").at("res").at("macs") == 4);
  CHECK(sweep.at("order").at("batch").at("macs") == 1);
}

// Rows of nodes need module paths, which points of a sweep are told without.
TEST_CASE("what a sweep has no room for leaves it as it is") {
  const auto sweep = [](absl::string_view options) {
    return RunCommand(
        absl::StrCat("onnx-macs sweep torchscript/sd15_vae_decoder.onnx --over batch=1,2 ",
                     options),
        absl::StrCat(ONNX_MACS_SOURCE_DIR, "/testdata/models"));
  };
  const CommandOutcome plain = sweep("");
  REQUIRE(plain.exit_code == 0);
  for (const char* options :
       {"--nodes", "--by node", "-d component,op", "--explain /Conv", "--device a100"}) {
    INFO(options);
    const CommandOutcome outcome = sweep(options);
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.out == plain.out);
  }
}

TEST_CASE("a sweep of a pipeline is of its sum") {
  const std::string files =
      "torchscript/clip_l_text_encoder.onnx torchscript/sd15_unet.onnx "
      "torchscript/sd15_vae_decoder.onnx --scheduler pndm";
  const json sweep = Run(absl::StrCat("sweep ", files, " --over res=512,1024 --over steps=10,30"));
  for (const json& row : sweep.at("sweep")) {
    const json whole = Run(absl::StrCat(files, " --res ", row.at("point").at("res").get<int>(),
                                        " --steps ", row.at("point").at("steps").get<int>()));
    CHECK(row.at("macs") == whole.at("pipeline").at("macs"));
    CHECK(row.at("flops") == whole.at("pipeline").at("flops"));
    CHECK(row.at("params") == whole.at("total").at("params"));
  }
  CHECK(sweep.at("order").at("steps").at("macs") == 1);
}

TEST_CASE("a file of fixed sizes is swept over resolutions as far as its graph allows") {
  const json sweep = Run("sweep dynamo/sd15_unet_dynamic.onnx --over res=512,768 --over batch=1,3");
  for (const json& row : sweep.at("sweep")) {
    const json whole = Run(absl::StrCat("dynamo/sd15_unet_dynamic.onnx --res ",
                                        row.at("point").at("res").get<int>(), " --batch ",
                                        row.at("point").at("batch").get<int>()));
    CHECK(row.at("macs") == whole.at("models")[0].at("macs"));
  }
}

TEST_CASE("where shapes take another path, the point is analysed by itself") {
  const CommandOutcome outcome =
      RunCommand("onnx-macs sweep torchscript/sd15_unet.onnx --over res=512,520 --format json",
                 absl::StrCat(ONNX_MACS_SOURCE_DIR, "/testdata/models"));
  REQUIRE(outcome.exit_code == 0);
  const json rows = json::parse(outcome.out).at("sweep");
  CHECK_FALSE(rows[0].contains("analysed_anew"));
  CHECK(rows[0].at("lower_bound") == false);
  CHECK(rows[1].at("analysed_anew") == true);
  CHECK(rows[1].at("lower_bound") == true);
  CHECK(rows[1].at("remark").get<std::string>().find("Concat") != std::string::npos);
}

// Elements are taken in pairs, so that odd numbers of them are a gap; 3 columns of 2 products a
// pair.
TEST_CASE("points that have to be analysed by themselves are bounded") {
  const json sweep = Run("sweep ../../tests/golden/models/pairs.onnxtxt --over n=2:2201:1");
  const json& rows = sweep.at("sweep");
  REQUIRE(rows.size() == 2200);
  size_t anew = 0, left_out = 0;
  for (const json& row : rows) {
    const int n = row.at("point").at("n").get<int>();
    if (n % 2 == 0) {
      CHECK(row.at("macs") == n / 2 * 2 * 3);
      continue;
    }
    anew += row.contains("analysed_anew");
    left_out += row.at("macs").is_null();
  }
  CHECK(anew == 1000);
  CHECK(left_out == 100);
  CHECK(sweep.at("order").at("n").at("macs") == 1);
}

}  // namespace
}  // namespace onnx_macs
