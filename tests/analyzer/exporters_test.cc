// What exporters other than PyTorch's made of small models (testdata/export/export_keras.py and its
// neighbours): MACs by module, worked out from the layers.
#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include "analyzer/analyze.h"
#include "analyzer/loader.h"
#include "rules/rules.h"
#include "tests/support/catch.h"
#include "tests/support/conformance_data.h"
#include "tests/support/invariants.h"
#include "tests/support/text_case.h"

namespace onnx_macs::testing {
namespace {

namespace fs = std::filesystem;

struct ExporterCase {
  const char *file, *exporter;
  std::map<std::string, std::string> macs;  // by module
  std::map<std::string, int> blocks;        // by kind
};

// 16 tokens of 32, 4 heads of 8. A layer's attention: four projections of 16 * 32 * 32 and two
// products of 4 * 16 * 16 * 8; its MLP: two Linears of 16 * 32 * 64.
const std::map<std::string, std::string> kKerasTransformer = {
    {"", "300032"},
    {"small_transformer_1.layer0_attention_1", "81920"},
    {"small_transformer_1.layer0_attention_1.query_1", "16384"},
    {"small_transformer_1.layer0_up_1", "32768"},
    {"small_transformer_1.layer0_down_1", "32768"},
    {"small_transformer_1.layer1_attention_1", "81920"},
    {"small_transformer_1.layer1_attention_1.value_1", "16384"},
    {"small_transformer_1.layer1_norm1_1", "0"},
    {"small_transformer_1.head_1", "5120"}};
const std::map<std::string, int> kKerasBlocks = {
    {"attention", 2}, {"gelu", 2}, {"layer_norm", 4}, {"mlp", 2}};

// 32x32 pixels: 9 * 3 * 16 for each in the stem, 9 * 16 * 16 in the others. tf2onnx folds a norm
// into the convolution before it and names what remains after the norm.
const std::map<std::string, std::string> kKerasConvolutional = {
    {"", "9879712"},
    {"small_cnn_1.stem_1", "442368"},
    {"small_cnn_1.block0_conv1_1", "2359296"},
    {"small_cnn_1.block0_bn1_1", "no such path"},
    {"small_cnn_1.block0_conv2_1", "2359296"},
    {"small_cnn_1.block1_conv2_1", "2359296"},
    {"small_cnn_1.head_1", "160"}};

// 16 tokens of 16, 2 heads of 8: projections of 16 * 16 * 16, products of 16 * 16 * 16, Linears of
// 16 * 16 * 32, and 16 * 16 * 10 for the head.
const std::map<std::string, int> kJaxBlocks = {
    {"attention", 2}, {"gelu", 2}, {"layer_norm", 4}, {"mlp", 2}};

// s tokens of 64 and none before them, 4 heads of 16 with 2 of keys, an MLP of three Linears 64 x
// 160.
const std::map<std::string, std::string> kGenaiLlama = {
    {"", "3747840"},
    {"model.layers.0.attn.qkv_proj", "196608"},  // 24 * 64 * (4 + 2 + 2) * 16
    {"model.layers.0.attn.o_proj", "98304"},     // 24 * 64 * 64
    {"model.layers.0.attn", "368640"},           // and 2 * 24 * 24 * 64
    {"model.layers.0.mlp.gate_proj", "245760"},  // 24 * 64 * 160
    {"model.layers.0.mlp", "737280"},
    {"model.layers.1.post_attention_layernorm", "0"},
    {"model.layers.2.final_norm_layernorm", "0"},
    {"lm_head", "1536000"},  // 24 * 64 * 1000
    {"model.constant_nodes", "no such path"}};
const std::map<std::string, int> kGenaiBlocks = {
    {"attention", 2}, {"mlp", 2}, {"rms_norm", 5}, {"silu", 2}, {"swiglu", 2}};

const ExporterCase kCases[] = {
    {"keras_convolutional.onnx", "tf2onnx", kKerasConvolutional, {{"residual", 2}}},
    {"keras_convolutional_tf2onnx.onnx", "tf2onnx", kKerasConvolutional, {{"residual", 2}}},
    {"keras_transformer.onnx", "tf2onnx", kKerasTransformer, kKerasBlocks},
    {"keras_transformer_tf2onnx.onnx", "tf2onnx", kKerasTransformer, kKerasBlocks},
    {"jax_flat.onnx", "jax2onnx", {{"", "84480"}}, kJaxBlocks},
    {"jax_functions.onnx",
     "jax2onnx",
     {{"", "84480"}, {"Block", "40960"}, {"Block.Mlp", "16384"}, {"Block_1", "40960"}},
     kJaxBlocks},
    {"genai_llama_fp32.onnx", "onnxruntime-genai", kGenaiLlama, kGenaiBlocks},
    {"genai_llama_int4.onnx", "onnxruntime-genai", kGenaiLlama, kGenaiBlocks},
};

ModelReport Analyze(const fs::path& file) {
  const auto model = LoadModel(file.string());
  REQUIRE(model.ok());
  AnalyzeOptions options;
  options.blocks = true;
  options.bind.dims = {
      {"batch_size", "1"}, {"sequence_length", "24"}, {"total_sequence_length", "24"}};
  options.bind.dims.push_back({"past_sequence_length", "0"});
  auto result = onnx_macs::Analyze(**model, *RulesForConvention("contractions"), options);
  REQUIRE(result.ok());
  CheckInvariants(result->report);
  for (const GapRow& gap : result->report.gaps) FAIL_CHECK(gap.node << ": " << gap.reason);
  return std::move(result->report);
}

TEST_CASE("models of Keras, JAX and onnxruntime-genai have their modules and blocks") {
  const ScratchFolder folder;
  folder.Unpack(fs::path(ONNX_MACS_SOURCE_DIR) / "testdata/exporters.tar.xz");
  for (const ExporterCase& c : kCases) {
    INFO(c.file);
    const ModelReport report = Analyze(folder.path() / c.file);
    CHECK(report.paths.exporter == c.exporter);
    std::map<std::string, std::string> found;
    for (const ComponentRow& row : report.components) {
      found[std::string(row.path.view())] = TextOf(row.figures.macs);
    }
    for (const auto& [path, macs] : c.macs) {
      INFO("module '" << path << "'");
      CHECK((found.count(path) > 0 ? found[path] : "no such path") == macs);
    }
    std::map<std::string, int> kinds;
    for (const BlockRow& block : report.blocks) ++kinds[block.kind];
    CHECK(kinds == c.blocks);
  }
}

}  // namespace
}  // namespace onnx_macs::testing
