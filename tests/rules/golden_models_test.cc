// Real exports against PyTorch's own counter: every module path of every model, to the last unit.
// The models and counts of testdata/ are always used; a larger set where ONNX_MACS_SHARED_DIR is
// set.
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "analyzer/analyze.h"
#include "analyzer/count.h"
#include "analyzer/loader.h"
#include "rules/rules.h"
#include "tests/support/catch.h"
#include "tests/support/invariants.h"
#include "tests/support/module_counts.h"

namespace onnx_macs {
namespace {

struct GoldenCase {
  std::string model;
  std::string golden;
  int64_t res = 0;  // 0: not given
  std::vector<std::pair<std::string, std::string>> dims = {};
  int64_t vae_factor = 0;
  int64_t params = 0;  // 0: not checked
  testing::FoldedProducts folded = {};
};

const GoldenCase kOwnCases[] = {
    {.model = "torchscript/sd15_unet.onnx", .golden = "sd15.unet_512", .res = 512},
    {.model = "torchscript/sd15_unet.onnx", .golden = "sd15.unet_1024", .res = 1024},
    {.model = "torchscript/sd15_vae_decoder.onnx", .golden = "sd15.vae_decoder_512", .res = 512},
    {.model = "torchscript/sd15_vae_decoder.onnx", .golden = "sd15.vae_decoder_1024", .res = 1024},
    {.model = "torchscript/sd15_vae_encoder.onnx", .golden = "sd15.vae_encoder_512", .res = 512},
    {.model = "torchscript/clip_l_text_encoder.onnx",
     .golden = "clip_l.text_encoder_512",
     .dims = {{"sequence_length", "77"}}},
    {.model = "dynamo/sd15_unet_512_op18.onnx", .golden = "sd15.unet_512"},
    {.model = "dynamo/sd15_unet_512_op23.onnx", .golden = "sd15.unet_512"},
    {.model = "dynamo/sd15_vae_decoder_512_op18.onnx", .golden = "sd15.vae_decoder_512"},
    {.model = "dynamo/clip_l_text_encoder_op18.onnx", .golden = "clip_l.text_encoder_512"},
};

const GoldenCase kSharedCases[] = {
    {.model = "torchscript/sd15_unet.onnx",
     .golden = "sd15.unet_512",
     .res = 512,
     .params = 859'340'484},
    {.model = "torchscript/sd15_unet.onnx", .golden = "sd15.unet_1024", .res = 1024},
    {.model = "torchscript/sd15_vae_decoder.onnx", .golden = "sd15.vae_decoder_512", .res = 512},
    {.model = "torchscript/sd15_vae_decoder.onnx", .golden = "sd15.vae_decoder_1024", .res = 1024},
    {.model = "torchscript/sd15_vae_encoder.onnx", .golden = "sd15.vae_encoder_512", .res = 512},
    {.model = "torchscript/clip_l_text_encoder.onnx",
     .golden = "clip_l.text_encoder_512",
     .dims = {{"sequence_length", "77"}}},
    {.model = "torchscript/sana600m_transformer.onnx",
     .golden = "sana600m.transformer_512",
     .res = 512,
     .vae_factor = 32},
    {.model = "torchscript/sana600m_transformer.onnx",
     .golden = "sana600m.transformer_1024",
     .res = 1024,
     .vae_factor = 32},
    {.model = "dynamo/clip_l_text_encoder_512_op18.onnx", .golden = "clip_l.text_encoder_512"},
    {.model = "dynamo/gemma2_2b_text_encoder_512_op18.onnx",
     .golden = "gemma2_2b.text_encoder_512",
     .folded = {"rotary_emb", 38'400}},
    {.model = "dynamo/pixart_alpha512_transformer_512_op18.onnx",
     .golden = "pixart_alpha512.transformer_512"},
    {.model = "dynamo/sana600m_transformer_512_op18.onnx", .golden = "sana600m.transformer_512"},
    {.model = "dynamo/sana_vae_decoder_512_op18.onnx", .golden = "sana.vae_decoder_512"},
    {.model = "dynamo/sd15_unet_512_op18.onnx", .golden = "sd15.unet_512", .params = 859'521'191},
    {.model = "dynamo/sd15_unet_512_op23.onnx", .golden = "sd15.unet_512", .params = 859'521'124},
    {.model = "dynamo/sd15_vae_decoder_512_op18.onnx", .golden = "sd15.vae_decoder_512"},
    {.model = "dynamo/t5xxl_text_encoder_512_op18.onnx",
     .golden = "t5xxl.text_encoder_512",
     .params = 4'762'310'656},
    {.model = "dynamo/unet_dyn_AUTO.onnx",
     .golden = "sd15.unet_512",
     .res = 512,
     .dims = {{"s31", "77"}}},
    {.model = "dynamo/unet_dyn_AUTO.onnx",
     .golden = "sd15.unet_1024",
     .res = 1024,
     .dims = {{"s31", "77"}}},
    {.model = "dynamo/vae_dec_dyn_named.onnx", .golden = "sd15.vae_decoder_512", .res = 512},
    {.model = "dynamo/vae_dec_dyn_named.onnx", .golden = "sd15.vae_decoder_1024", .res = 1024},
};

AnalyzeOptions OptionsOf(const GoldenCase& c, bool trust_declared) {
  AnalyzeOptions options;
  if (c.res > 0) options.bind.res = {c.res, c.res};
  if (c.vae_factor > 0) options.bind.vae_factor = c.vae_factor;
  options.bind.dims = c.dims;
  options.bind.trust_declared = trust_declared;
  return options;
}

// Where exports and counts lie.
struct Folders {
  std::string models, golden;
};

void RunGoldenCase(const GoldenCase& c, const Folders& folders) {
  for (const bool trust_declared : {true, false}) {
    INFO(c.model << " against " << c.golden << (trust_declared ? "" : " --no-declared"));
    const auto model = LoadModel(absl::StrCat(folders.models, "/", c.model));
    REQUIRE(model.ok());
    const auto result =
        Analyze(**model, *RulesForConvention("contractions"), OptionsOf(c, trust_declared));
    REQUIRE(result.ok());
    const ModelReport& report = result->report;
    for (const GapRow& gap : report.gaps) FAIL_CHECK(gap.node << ": " << gap.reason);
    testing::CheckInvariants(report);
    testing::CheckModuleCounts(report, absl::StrCat(folders.golden, "/", c.golden, ".json"),
                               c.folded);
    if (c.params > 0) CHECK(ToString(report.figures.params.value()) == absl::StrCat(c.params));
  }
}

TEST_CASE("own exports agree with PyTorch's counter at every module") {
  const std::string data = absl::StrCat(ONNX_MACS_SOURCE_DIR, "/testdata");
  const Folders folders{absl::StrCat(data, "/models"), absl::StrCat(data, "/golden")};
  for (const GoldenCase& c : kOwnCases) RunGoldenCase(c, folders);
}

TEST_CASE("shared exports agree with PyTorch's counter at every module") {
  const char* shared = std::getenv("ONNX_MACS_SHARED_DIR");
  if (shared == nullptr) {
    WARN("ONNX_MACS_SHARED_DIR is not set: only the exports in testdata/ were compared");
    return;
  }
  const Folders folders{absl::StrCat(shared, "/models"), absl::StrCat(shared, "/models/golden")};
  REQUIRE(std::filesystem::is_directory(folders.models));
  for (const GoldenCase& c : kSharedCases) RunGoldenCase(c, folders);
}

}  // namespace
}  // namespace onnx_macs
