// Blocks of real exports. What attention multiplies is held against PyTorch's counts of the same
// models ("bmm" of the golden files), sizes and numbers against the architectures.
#include <cstdlib>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "analyzer/loader.h"
#include "rules/rules.h"
#include "tests/support/catch.h"
#include "tests/support/invariants.h"
#include "tests/support/text_case.h"

namespace onnx_macs::testing {
namespace {

// `res` is 0 for an export of fixed size.
ModelReport Analyze(const std::string& path, int64_t res, int64_t vae_factor = 8) {
  INFO(path);
  const auto model = LoadModel(path);
  REQUIRE(model.ok());
  AnalyzeOptions options;
  options.blocks = true;
  if (res > 0) {
    options.bind.res = {res, res};
    options.bind.vae_factor = vae_factor;
  }
  auto result = onnx_macs::Analyze(**model, BuiltinRules(), options);
  REQUIRE(result.ok());
  CheckInvariants(result->report);
  options.blocks = false;
  const auto plain = onnx_macs::Analyze(**model, BuiltinRules(), options);
  REQUIRE(plain.ok());
  CheckSameTotals(result->report, plain->report);
  CHECK(plain->report.blocks.empty());
  return std::move(result->report);
}

// "5 x attention 8x40 4096>77", one line for each size of attention that occurs.
std::string Attentions(const ModelReport& report) {
  std::map<std::string, int> sizes;
  for (const BlockRow& block : report.blocks) {
    if (!block.is_attention) continue;
    ++sizes[absl::StrCat(block.kind, " ", TextOf(block.heads), "x", TextOf(block.head_size), " ",
                         TextOf(block.q_len), ">", TextOf(block.k_len))];
  }
  return absl::StrJoin(sizes, "; ", [](std::string* out, const auto& size) {
    absl::StrAppend(out, size.second, " x ", size.first);
  });
}

// MACs of the products of activations that are in attention.
int64_t AttentionProducts(const ModelReport& report) {
  absl::int128 sum = 0;
  for (const BlockRow& block : report.blocks) {
    for (const PartAmount& part : block.parts) {
      if (part.name != "softmax") sum += part.macs.value();
    }
  }
  return static_cast<int64_t>(sum);
}

std::map<std::string, int> Kinds(const ModelReport& report) {
  std::map<std::string, int> kinds;
  for (const BlockRow& block : report.blocks) ++kinds[block.kind];
  return kinds;
}

const std::string kModels = std::string(ONNX_MACS_SOURCE_DIR) + "/testdata/models/";

// 16 transformer blocks of two attentions each: 5 at each of three levels, 1 in the middle.
TEST_CASE("SD 1.5 has the same 32 attentions from every exporter") {
  const std::string file = GENERATE("torchscript/sd15_unet.onnx", "dynamo/sd15_unet_512_op18.onnx",
                                    "dynamo/sd15_unet_512_op23.onnx");
  const ModelReport report = Analyze(kModels + file, 512);
  CHECK(Attentions(report) ==
        "5 x attention 8x160 256>256; 5 x attention 8x160 256>77; "
        "1 x attention 8x160 64>64; 1 x attention 8x160 64>77; "
        "5 x attention 8x40 4096>4096; 5 x attention 8x40 4096>77; "
        "5 x attention 8x80 1024>1024; 5 x attention 8x80 1024>77");
  CHECK(AttentionProducts(report) == 63026135040);
  // 22 ResNet blocks of two GroupNorms and two SiLUs; a GroupNorm for each of 16 transformers and
  // one before conv_out; 3 LayerNorms and a GEGLU MLP in each of 16 blocks; the time embedding.
  const std::map<std::string, int> expected = {{"attention", 32},  {"geglu", 16},      {"gelu", 16},
                                               {"group_norm", 61}, {"layer_norm", 48}, {"mlp", 17},
                                               {"residual", 22},   {"silu", 47}};
  CHECK(Kinds(report) == expected);
}

TEST_CASE("modules of blocks are the same from every exporter") {
  const auto paths = [](const std::string& file, absl::string_view kind) {
    const ModelReport report = Analyze(kModels + file, 512);
    std::vector<std::string> found;
    for (const BlockRow& block : report.blocks) {
      if (block.kind == kind) found.push_back(block.path);
    }
    std::sort(found.begin(), found.end());
    return found;
  };
  for (const char* kind : {"attention", "residual", "layer_norm", "mlp"}) {
    const std::vector<std::string> script = paths("torchscript/sd15_unet.onnx", kind);
    CHECK(script == paths("dynamo/sd15_unet_512_op18.onnx", kind));
    CHECK(script == paths("dynamo/sd15_unet_512_op23.onnx", kind));
  }
}

// 12 layers of 12 heads over 77 tokens; the VAE has one attention of one head.
TEST_CASE("CLIP and the VAE of SD 1.5") {
  for (const char* file : {"torchscript/sd15_vae_decoder.onnx", "torchscript/sd15_vae_encoder.onnx",
                           "dynamo/sd15_vae_decoder_512_op18.onnx"}) {
    const ModelReport report = Analyze(kModels + file, 512);
    CHECK(Attentions(report) == "1 x attention 1x512 4096>4096");
    CHECK(AttentionProducts(report) == 17179869184);
  }
  const ModelReport clip = Analyze(kModels + "dynamo/clip_l_text_encoder_op18.onnx", 512);
  CHECK(Attentions(clip) == "12 x attention 12x64 77>77");
  CHECK(AttentionProducts(clip) == 109283328);
  CHECK(Kinds(clip)["mlp"] == 12);
  CHECK(Kinds(clip)["layer_norm"] == 25);
}

struct SharedModel {
  const char *file, *attentions;
  int64_t products;
  std::map<std::string, int> kinds;  // some of them
  int64_t res = 0, vae_factor = 8;
};

const SharedModel kShared[] = {
    {"dynamo/pixart_alpha512_transformer_512_op18.onnx",
     "28 x attention 16x72 1024>1024; 28 x attention 16x72 1024>120",
     75572969472,
     {{"layer_norm", 57}, {"mlp", 30}}},
    {"dynamo/t5xxl_text_encoder_512_op18.onnx",
     "24 x attention 64x64 256>256",
     12884901888,
     {{"rms_norm", 49}, {"mlp", 24}, {"geglu", 24}}},
    // PyTorch counts 38,400 more: a rotary table that the export holds ready.
    {"dynamo/gemma2_2b_text_encoder_512_op18.onnx",
     "26 x attention 8x256 300>300",
     9584640000,
     {{"rms_norm", 105}, {"rope", 52}, {"mlp", 26}, {"geglu", 26}}},
    {"dynamo/sana600m_transformer_512_op18.onnx",
     "28 x attention 16x72 256>300; 28 x linear_attention 36x32 256>256",
     5499518976,
     {{"swiglu", 28}, {"rms_norm", 1}}},
    {"torchscript/sana600m_transformer.onnx",
     "28 x attention 16x72 256>300; 28 x linear_attention 36x32 256>256",
     5499518976,
     {{"swiglu", 28}, {"rms_norm", 1}},
     512,
     32},
    {"dynamo/sana_vae_decoder_512_op18.onnx",
     "3 x linear_attention 32x32 4096>4096; 3 x linear_attention 64x32 1024>1024; "
     "3 x linear_attention 64x32 256>256",
     1349517312,
     {{"residual", 9}, {"swiglu", 9}}},
};

TEST_CASE("attention accounts for every product of activations") {
  const char* shared = std::getenv("ONNX_MACS_SHARED_DIR");
  if (shared == nullptr) {
    WARN("ONNX_MACS_SHARED_DIR is not set: only the exports in testdata/ are analysed");
    return;
  }
  for (const SharedModel& model : kShared) {
    INFO(model.file);
    const ModelReport report =
        Analyze(absl::StrCat(shared, "/models/", model.file), model.res, model.vae_factor);
    CHECK(Attentions(report) == model.attentions);
    CHECK(AttentionProducts(report) == model.products);
    std::map<std::string, int> found = Kinds(report);
    for (const auto& [kind, count] : model.kinds) {
      INFO(kind);
      CHECK(found[kind] == count);
    }
  }
}

}  // namespace
}  // namespace onnx_macs::testing
