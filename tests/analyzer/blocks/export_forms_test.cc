// The same blocks from every form of a model: decomposed and fused, at both opsets, as ONNX Runtime
// leaves them, quantised and not. What is expected is worked out from configurations (the scripts
// in testdata/export): layers, heads, lengths, and 2 * layers * heads * size * queries * keys for
// products.
#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "analyzer/loader.h"
#include "rules/rules.h"
#include "tests/support/catch.h"
#include "tests/support/conformance_data.h"
#include "tests/support/invariants.h"
#include "tests/support/open_parts.h"
#include "tests/support/products.h"
#include "tests/support/text_case.h"

namespace onnx_macs::testing {
namespace {

namespace fs = std::filesystem;

struct Expected {
  std::string attentions;
  int64_t products;
  int forms;                              // how many exports there are
  std::map<std::string, int> kinds = {};  // of the other blocks; empty: not held against anything
};

using Table = std::map<std::string, Expected>;

// Four heads of 16 in each of two layers, over 24 tokens where it is text.
const std::string kTwoLayers = "2 x attention 4x16 24>24";
constexpr int64_t kTwoLayerProducts = 147456;  // 2 * 2 * 4 * 16 * 24 * 24

const Table kFamilies = {
    {"bert", {kTwoLayers, kTwoLayerProducts, 9, {{"gelu", 2}, {"layer_norm", 5}, {"mlp", 2}}}},
    {"llama",
     {kTwoLayers,
      kTwoLayerProducts,
      8,
      {{"mlp", 2}, {"rms_norm", 5}, {"rope", 4}, {"silu", 2}, {"swiglu", 2}}}},
    {"mixtral", {kTwoLayers, kTwoLayerProducts, 10}},
    {"qwen_moe", {kTwoLayers, kTwoLayerProducts, 8}},
    {"gpt_oss", {kTwoLayers, kTwoLayerProducts, 8}},
    // Keys of 16 and 8 rotated, values of 16; of V2 the layer's other half alone.
    {"deepseek_v3", {"2 x attention 4x24 24>24", 184320, 8}},
    {"deepseek_v2", {"", 0, 8}},
    // 200 frames make 100 positions; 12 tokens look at themselves and at those.
    {"whisper",
     {"2 x attention 4x16 100>100; 2 x attention 4x16 12>100; 2 x attention 4x16 12>12",
      2904064,
      3,
      {{"gelu", 6}, {"layer_norm", 12}, {"mlp", 4}}}},
    // 4 * 4 patches and a token for the class.
    {"vit", {"2 x attention 4x16 17>17", 73984, 9, {{"gelu", 2}, {"layer_norm", 5}, {"mlp", 2}}}},
    // 16 windows of 4 * 4 and two heads, then 4 windows and four heads; a norm before and between.
    {"swin",
     {"2 x attention 2x16 16>16; 2 x attention 4x16 16>16",
      786432,
      3,
      {{"gelu", 4}, {"layer_norm", 11}, {"mlp", 4}}}},
    // 64 windows of 8 * 8: 2 * 24 * 64 * 6 * 10 * 64 * 64.
    {"swinir",
     {"24 x attention 6x10 64>64", 754974720, 3, {{"gelu", 24}, {"layer_norm", 50}, {"mlp", 24}}}},
};

const std::map<std::string, int> kVaeDecoder = {{"group_norm", 30}, {"residual", 14}, {"silu", 29}};

// Of Stable Diffusion 1 and 2.
const std::map<std::string, int> kUnet = {{"geglu", 16},      {"gelu", 16}, {"group_norm", 61},
                                          {"layer_norm", 48}, {"mlp", 17},  {"residual", 22},
                                          {"silu", 47}};
const std::map<std::string, int> kVaeEncoder = {{"group_norm", 22}, {"residual", 10}, {"silu", 21}};

const Table kPipelines = {
    // 5 transformer blocks at each of three levels, one in the middle.
    {"sd21.unet",
     {"5 x attention 10x64 1024>1024; 5 x attention 10x64 1024>77; "
      "5 x attention 20x64 256>256; 5 x attention 20x64 256>77; "
      "1 x attention 20x64 64>64; 1 x attention 20x64 64>77; "
      "5 x attention 5x64 4096>4096; 5 x attention 5x64 4096>77",
      63026135040, 2, kUnet}},
    {"lcm.unet",
     {"5 x attention 8x160 256>256; 5 x attention 8x160 256>77; "
      "1 x attention 8x160 64>64; 1 x attention 8x160 64>77; "
      "5 x attention 8x40 4096>4096; 5 x attention 8x40 4096>77; "
      "5 x attention 8x80 1024>1024; 5 x attention 8x80 1024>77",
      63026135040, 2, kUnet}},
    // 5 transformers of 2 blocks, 6 of 10.
    {"sdxl.unet",
     {"10 x attention 10x64 1024>1024; 10 x attention 10x64 1024>77; "
      "60 x attention 20x64 256>256; 60 x attention 20x64 256>77",
      27525120000,
      1,
      {{"geglu", 70},
       {"gelu", 70},
       {"group_norm", 46},
       {"layer_norm", 210},
       {"mlp", 72},
       {"residual", 17},
       {"silu", 38}}}},
    // 1024 patches and 333 tokens attend together; the last block has no MLP for the text.
    {"sd3m.transformer",
     {"24 x attention 24x64 1357>1357",
      135766351872,
      2,
      {{"gelu", 47}, {"layer_norm", 96}, {"mlp", 49}, {"silu", 3}}}},
    // 19 double and 38 single blocks over 1024 patches and 512 tokens.
    {"flux.transformer",
     {"57 x attention 24x128 1536>1536",
      826244333568,
      2,
      {{"gelu", 76},
       {"layer_norm", 115},
       {"mlp", 41},
       {"rms_norm", 152},
       {"rope", 114},
       {"silu", 4}}}},
    // Linear among 256 patches: 2 * 28 * 36 * 256 * 32 * 33, and 300 tokens.
    {"sana600m.transformer",
     {"28 x attention 16x72 256>300; 28 x linear_attention 36x32 256>256",
      5499518976,
      2,
      {{"gelu", 1},
       {"layer_norm", 57},
       {"mlp", 30},
       {"rms_norm", 1},
       {"silu", 58},
       {"swiglu", 28}}}},
    {"sana1600m.transformer",
     {"20 x attention 20x112 256>300; 20 x linear_attention 70x32 256>256",
      7638220800,
      1,
      {{"gelu", 1},
       {"layer_norm", 41},
       {"mlp", 22},
       {"rms_norm", 1},
       {"silu", 42},
       {"swiglu", 20}}}},
    {"pixart_alpha.transformer",
     {"28 x attention 16x72 1024>1024; 28 x attention 16x72 1024>120",
      75572969472,
      2,
      {{"gelu", 29}, {"layer_norm", 57}, {"mlp", 30}, {"silu", 2}}}},
    {"pixart_sigma.transformer",
     {"28 x attention 16x72 1024>1024; 28 x attention 16x72 1024>300",
      87463821312,
      2,
      {{"gelu", 29}, {"layer_norm", 57}, {"mlp", 30}, {"silu", 2}}}},
    // As PyTorch calls its attention; the one of a single query pools the text.
    {"kandinsky3.unet",
     {"5 x attention 12x64 1024>128; 2 x attention 12x64 256>256; 1 x attention 24x64 1024>128; "
      "1 x attention 24x64 1>128; 5 x attention 24x64 256>128; 2 x attention 24x64 64>64; "
      "1 x attention 48x64 256>128; 6 x attention 48x64 64>128; 2 x attention 6x64 1024>1024",
      4253417472, 1}},
    // Text and image refined apart, 256 tokens and 1024 patches, then together:
    // 2 * 24 * 96 * (26 * 1280 * 1280 + 2 * 1024 * 1024 + 2 * 256 * 256).
    {"lumina2.transformer",
     {"2 x attention 24x96 1024>1024; 26 x attention 24x96 1280>1280; 2 x attention 24x96 256>256",
      206561083392,
      1,
      {{"layer_norm", 1},
       {"mlp", 31},
       {"rms_norm", 181},
       {"rope", 60},
       {"silu", 32},
       {"swiglu", 30}}}},
    {"sdxl.vae_decoder", {"1 x attention 1x512 4096>4096", 17179869184, 2, kVaeDecoder}},
    {"sd3.vae_decoder", {"1 x attention 1x512 4096>4096", 17179869184, 2, kVaeDecoder}},
    {"flux.vae_decoder", {"1 x attention 1x512 4096>4096", 17179869184, 2, kVaeDecoder}},
    {"sd3.vae_encoder", {"1 x attention 1x512 4096>4096", 17179869184, 2, kVaeEncoder}},
    {"sdxl.vae_encoder", {"1 x attention 1x512 4096>4096", 17179869184, 2, kVaeEncoder}},
    // Three layers each of 512, 1024 and 1024 channels; the heads of two scales.
    {"sana.vae_decoder",
     {"3 x linear_attention 32x32 4096>4096; 3 x linear_attention 64x32 1024>1024; "
      "3 x linear_attention 64x32 256>256",
      1349517312,
      2,
      {{"mlp", 9}, {"residual", 9}, {"rms_norm", 28}, {"silu", 27}, {"swiglu", 9}}}},
    {"sana.vae_encoder",
     {"3 x linear_attention 32x32 4096>4096; 3 x linear_attention 64x32 1024>1024; "
      "3 x linear_attention 64x32 256>256",
      1349517312,
      2,
      {{"mlp", 9}, {"residual", 6}, {"rms_norm", 24}, {"silu", 24}, {"swiglu", 9}}}},
    // One in the middle, three at the lowest level.
    {"kandinsky2.movq_decoder", {"4 x attention 1x512 4096>4096", 68719476736, 2}},
    {"kandinsky3.movq_decoder", {"4 x attention 1x1024 4096>4096", 137438953472, 2}},
    {"clip_l_proj.text_encoder",
     {"12 x attention 12x64 77>77", 109283328, 2, {{"gelu", 12}, {"layer_norm", 25}, {"mlp", 12}}}},
    {"clip_h.text_encoder",
     {"23 x attention 16x64 77>77", 279279616, 2, {{"gelu", 23}, {"layer_norm", 47}, {"mlp", 23}}}},
    {"clip_g.text_encoder",
     {"32 x attention 20x64 77>77", 485703680, 2, {{"gelu", 32}, {"layer_norm", 65}, {"mlp", 32}}}},
    {"t5xxl.text_encoder",
     {"24 x attention 64x64 256>256",
      12884901888,
      1,
      {{"geglu", 24}, {"gelu", 24}, {"mlp", 24}, {"rms_norm", 49}}}},
    {"flan_ul2.text_encoder",
     {"32 x attention 16x256 128>128",
      4294967296,
      1,
      {{"geglu", 32}, {"gelu", 32}, {"mlp", 32}, {"rms_norm", 65}}}},
    {"gemma2_2b.text_encoder",
     {"26 x attention 8x256 300>300",
      9584640000,
      1,
      {{"geglu", 26}, {"gelu", 26}, {"mlp", 26}, {"rms_norm", 105}, {"rope", 52}}}},
};

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

int64_t ProductsInAttention(const ModelReport& report) {
  const std::set<std::string> products = {"qk", "av", "kv", "qkv"};
  absl::int128 sum = 0;
  for (const BlockRow& block : report.blocks) {
    for (const PartAmount& part : block.parts) {
      if (products.count(std::string(part.name.view())) > 0) sum += part.macs.value();
    }
  }
  return static_cast<int64_t>(sum);
}

std::map<std::string, int> OtherKinds(const ModelReport& report) {
  std::map<std::string, int> kinds;
  for (const BlockRow& block : report.blocks) {
    if (!block.is_attention) ++kinds[block.kind];
  }
  return kinds;
}

void CheckBlocks(const fs::path& file, const Expected& expected) {
  INFO(file.filename().string());
  const auto model = LoadModel(file.string());
  REQUIRE(model.ok());
  AnalyzeOptions options;
  options.blocks = options.node_rows = true;
  options.bind = BindCountedCall(file.filename().string());
  const auto result = Analyze(**model, BuiltinRules(), options);
  REQUIRE(result.ok());
  const ModelReport& report = result->report;
  CheckInvariants(report);
  CHECK(Attentions(report) == expected.attentions);
  CHECK(ProductsInAttention(report) == expected.products);
  CHECK(ProductsOfActivations(file.string(), report) == expected.products);
  if (!expected.kinds.empty()) CHECK(OtherKinds(report) == expected.kinds);
}

// Exports are named PART_FORM.onnx.
void CheckArchive(const std::string& archive, const Table& table) {
  const ScratchFolder folder;
  folder.Unpack(fs::path(ONNX_MACS_SOURCE_DIR) / "testdata" / archive);
  std::map<std::string, int> forms;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder.path())) {
    if (entry.path().extension() != ".onnx") continue;
    const std::string name = entry.path().filename().string();
    auto row = table.upper_bound(name);
    REQUIRE(row != table.begin());
    --row;
    INFO(name);
    REQUIRE(absl::StartsWith(name, row->first + "_"));
    ++forms[row->first];
    CheckBlocks(entry.path(), row->second);
  }
  for (const auto& [part, expected] : table) {
    INFO(part);
    CHECK(forms[part] == expected.forms);
  }
}

TEST_CASE("every export of a family of models has the same blocks") {
  CheckArchive("families.tar.xz", kFamilies);
}

// Projections, products of activations and Linears as PyTorch counts them; the rotary table of
// Llama, 192, was computed on export.
TEST_CASE("fused exports cost what the others do") {
  const std::map<std::string, int64_t> kMacs = {
      {"bert", 1916928}, {"llama", 2211840}, {"vit", 1974528}, {"whisper", 14075904}};
  const ScratchFolder folder;
  folder.Unpack(fs::path(ONNX_MACS_SOURCE_DIR) / "testdata/families.tar.xz");
  for (const auto& [part, macs] : kMacs) {
    INFO(part);
    const auto model = LoadModel((folder.path() / (part + "_fused.onnx")).string());
    REQUIRE(model.ok());
    const auto result = Analyze(**model, *RulesForConvention("contractions"), {});
    REQUIRE(result.ok());
    CHECK(result->report.gaps.empty());
    CHECK(TextOf(result->report.figures.macs) == absl::StrCat(macs));
  }
}

TEST_CASE("the parts of diffusion pipelines have all their blocks") {
  CheckArchive("pipelines.tar.xz", kPipelines);
}

}  // namespace
}  // namespace onnx_macs::testing
