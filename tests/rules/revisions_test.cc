// The same models as different exporters, opsets and ONNX Runtime leave them: a diff finds no
// change in MACs at any component that both files know. What "know" means is told here by the paths
// alone.
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "analyzer/analyze.h"
#include "analyzer/diff/model_diff.h"
#include "analyzer/loader.h"
#include "rules/rules.h"
#include "tests/support/catch.h"
#include "tests/support/conformance_data.h"
#include "tests/support/open_parts.h"

namespace onnx_macs::testing {
namespace {

namespace fs = std::filesystem;

// The order matters: the nodes are read from the model.
struct Analysed {
  std::unique_ptr<const Model> model;
  AnalysisResult result;
};

Analysed AnalyzeFile(const fs::path& file) {
  Analysed analysed;
  auto model = LoadModel(file.string());
  REQUIRE(model.ok());
  analysed.model = *std::move(model);
  AnalyzeOptions options;
  options.bind = BindCountedCall(file.filename().string());
  options.node_list = true;
  auto result = Analyze(*analysed.model, *RulesForConvention("default"), options);
  REQUIRE(result.ok());
  analysed.result = *std::move(result);
  REQUIRE(analysed.result.report.gaps.empty());
  return analysed;
}

using Macs = std::map<std::string, absl::int128>;

Macs MacsByPath(const ModelReport& report) {
  Macs macs;
  for (const ComponentRow& row : report.components) {
    REQUIRE(row.figures.macs.is_integer());
    macs[std::string(row.path.view())] = row.figures.macs.value();
  }
  return macs;
}

// What an exporter computes beforehand and another one leaves to the model is a difference: the
// table of rotary frequencies, and all that encloses it.
bool IsBeforehand(const std::string& path) {
  return path.empty() || path == "model" || absl::EndsWith(path, "rotary_emb");
}

struct Pair {
  const char *before, *after;
  int64_t beforehand = 0;  // MACs of the first that the second one has computed
};

void CheckPair(const fs::path& folder, const Pair& pair) {
  INFO(pair.before << " -> " << pair.after);
  const Analysed before = AnalyzeFile(folder / pair.before),
                 after = AnalyzeFile(folder / pair.after);
  const ModelDiff diff =
      DiffModels({before.result.report, before.result.nodes.get()},
                 {after.result.report, after.result.nodes.get()}, {.everything = true});
  const Macs old_macs = MacsByPath(before.result.report),
             new_macs = MacsByPath(after.result.report);
  size_t known = 0, with_macs = 0;
  std::map<std::string, const ComponentDiff*> rows;
  for (const ComponentDiff& row : diff.components) {
    if (row.presence == Presence::kBoth) rows[row.new_path] = &row;
    CHECK_FALSE(row.is_moved);
  }
  for (const auto& [path, macs] : old_macs) {
    const auto it = new_macs.find(path);
    if (it == new_macs.end()) continue;
    INFO(path);
    ++known;
    with_macs += macs > 0;
    const int64_t beforehand = IsBeforehand(path) ? pair.beforehand : 0;
    CHECK(macs == it->second + beforehand);
    REQUIRE(rows.count(path) == 1);
    CHECK(rows[path]->old_path == path);
    CHECK(rows[path]->before.macs == Amount::Integer(macs));
    CHECK(rows[path]->after.macs == Amount::Integer(it->second));
  }
  CHECK(known > 10);
  CHECK(with_macs > 5);
  CHECK(diff.components_known_to_both == static_cast<int64_t>(known));
  if (pair.beforehand == 0) CHECK(diff.components_with_other_macs == 0);
}

void CheckPairs(const char* archive, absl::Span<const Pair> pairs) {
  const ScratchFolder folder;
  folder.Unpack(fs::path(ONNX_MACS_SOURCE_DIR) / "testdata" / archive);
  for (const Pair& pair : pairs) CheckPair(folder.path(), pair);
}

}  // namespace

TEST_CASE("no change in MACs between exporters, opsets and what ONNX Runtime made of a model") {
  constexpr Pair kPairs[] = {
      {"bert_torchscript_op17.onnx", "bert_dynamo_op18.onnx"},
      {"bert_dynamo_op18.onnx", "bert_dynamo_op23.onnx"},
      {"bert_torchscript_op17.onnx", "bert_ort_session.onnx"},
      {"bert_torchscript_op17.onnx", "bert_ort_optimizer.onnx"},
      {"bert_torchscript_op17.onnx", "bert_ort_qdq.onnx"},
      {"bert_torchscript_op17.onnx", "bert_ort_integer.onnx"},
      {"bert_torchscript_op17.onnx", "bert_ort_qoperator.onnx"},
      {"vit_torchscript_op17.onnx", "vit_dynamo_op18.onnx"},
      {"vit_dynamo_op18.onnx", "vit_dynamo_op23.onnx"},
      {"vit_torchscript_op17.onnx", "vit_ort_session.onnx"},
      {"vit_torchscript_op17.onnx", "vit_ort_optimizer.onnx"},
      {"llama_torchscript_op17.onnx", "llama_dynamo_op18.onnx", 192},
      {"llama_dynamo_op18.onnx", "llama_dynamo_op23.onnx"},
      {"llama_torchscript_op17.onnx", "llama_ort_session.onnx", 192},
      {"swin_torchscript_op17.onnx", "swin_dynamo_op18.onnx"},
      {"swin_dynamo_op18.onnx", "swin_dynamo_op23.onnx"},
      {"swinir_torchscript_op17.onnx", "swinir_dynamo_op18.onnx"},
      {"whisper_dynamo_op18.onnx", "whisper_dynamo_op23.onnx"},
  };
  CheckPairs("families.tar.xz", kPairs);
}

TEST_CASE("no change in MACs between exporters of the parts of pipelines") {
  constexpr Pair kPairs[] = {
      {"sd21.unet_torchscript_op17.onnx", "sd21.unet_op18.onnx"},
      {"lcm.unet_torchscript_op17.onnx", "lcm.unet_op18.onnx"},
      {"sana600m.transformer_torchscript_op17.onnx", "sana600m.transformer_op18.onnx"},
      {"clip_g.text_encoder_torchscript_op17.onnx", "clip_g.text_encoder_op18.onnx"},
      {"sd3.vae_decoder_torchscript_op17.onnx", "sd3.vae_decoder_op18.onnx"},
      {"sdxl.vae_encoder_torchscript_op17.onnx", "sdxl.vae_encoder_op18.onnx"},
      {"sd3m.transformer_op18.onnx", "sd3m.transformer_op23.onnx"},
      {"flux.transformer_op18.onnx", "flux.transformer_op23.onnx"},
  };
  CheckPairs("pipelines.tar.xz", kPairs);
}

}  // namespace onnx_macs::testing
