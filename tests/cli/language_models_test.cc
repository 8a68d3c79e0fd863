// What answers cost, against PyTorch's counter at every length: exports of
// testdata/deployments.tar.xz beside the counts of the models they were made from.
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "analyzer/dim_parse.h"
#include "cli/file_analysis.h"
#include "rules/rules.h"
#include "tests/cli/run_command.h"
#include "tests/support/catch.h"
#include "tests/support/conformance_data.h"

namespace onnx_macs {
namespace {

namespace fs = std::filesystem;

using Counts = std::map<std::string, int64_t>;  // length -> MACs

PipelineReport Plan(const fs::path& folder, int64_t prefill, int64_t decode) {
  PipelineOptions options;
  options.prefill = prefill;
  options.decode = decode;
  const RunAnalyses run = AnalyzeFiles(ExpandArguments({folder.string()}),
                                       *RulesForConvention("contractions"), {}, options, 0);
  for (const FileAnalysis& file : run.files) {
    INFO(file.file << file.file_error << file.usage_error);
    REQUIRE(file.result);
    for (const GapRow& gap : file.result->report.gaps) FAIL_CHECK(gap.node << ": " << gap.reason);
  }
  REQUIRE(run.pipelines.size() == 1);
  CHECK(run.pipelines[0].kind == "language_model");
  CHECK_FALSE(run.pipelines[0].is_lower_bound);
  return run.pipelines[0];
}

const StageRow& Decoding(const PipelineReport& pipeline) { return pipeline.stages.back(); }

int64_t Macs(const StageRow& stage) {
  REQUIRE(stage.figures.macs.is_integer());
  return static_cast<int64_t>(stage.figures.macs.value());
}

// The formula for a token after `past` others.
int64_t TokenMacs(const StageRow& stage, int64_t past) {
  REQUIRE(stage.per_call.macs.is_formula());
  ExprPool pool;
  const auto value = ParseDim(stage.per_call.macs.formula(), pool, [&](absl::string_view name) {
    CHECK(name == "past");
    return Dim(past);
  });
  REQUIRE(value.ok());
  return value->value();
}

int64_t SumOfRuns(const fs::path& folder, int64_t first, int64_t tokens) {
  int64_t sum = 0;
  for (int64_t i = 0; i < tokens; ++i) sum += Macs(Decoding(Plan(folder, first + i, 1)));
  return sum;
}

nlohmann::json CountsIn(const fs::path& folder) {
  return nlohmann::json::parse(ReadWholeFile((folder / "counts.json").string()));
}

}  // namespace

TEST_CASE("decoders cost what PyTorch counts, for prompts and for tokens after them") {
  const testing::ScratchFolder unpacked;
  unpacked.Unpack(fs::path(ONNX_MACS_SOURCE_DIR) / "testdata" / "deployments.tar.xz");
  for (const char* name : {"gpt2", "gpt2_merged", "llama", "llama_dynamo", "genai"}) {
    CAPTURE(name);
    const fs::path folder = unpacked.path() / "language" / name;
    const nlohmann::json counts = CountsIn(folder);
    for (const auto& [tokens, macs] : counts["prefill"].get<Counts>()) {
      CAPTURE(tokens);
      CHECK(Macs(Plan(folder, std::stoll(tokens), 0).stages.front()) == macs);
    }
    const Counts decode = counts["decode"].get<Counts>();
    const PipelineReport pipeline = Plan(folder, 7, 2);
    for (const auto& [past, macs] : decode) {
      CHECK(TokenMacs(Decoding(pipeline), std::stoll(past)) == macs);
    }
    CHECK(Macs(Decoding(pipeline)) == decode.at("7") + decode.at("8"));
    CHECK(Macs(Decoding(Plan(folder, 3, 6))) == SumOfRuns(folder, 3, 6));
  }
}

TEST_CASE("encoder-decoders read once and then write token after token") {
  const testing::ScratchFolder unpacked;
  unpacked.Unpack(fs::path(ONNX_MACS_SOURCE_DIR) / "testdata" / "deployments.tar.xz");
  for (const char* name : {"t5", "t5_merged"}) {
    CAPTURE(name);
    const fs::path folder = unpacked.path() / "language" / name;
    const nlohmann::json counts = CountsIn(folder);
    const int64_t read = counts["encoded"];
    const PipelineReport pipeline = Plan(folder, read, 8);
    REQUIRE(pipeline.stages.size() == 3);
    CHECK(Macs(pipeline.stages[0]) == counts["encode"][absl::StrCat(read)]);
    CHECK(Macs(pipeline.stages[1]) == counts["prefill"]["1"]);
    int64_t sum = 0;
    for (int64_t past = 1; past <= 8; ++past) sum += TokenMacs(Decoding(pipeline), past);
    for (const auto& [past, macs] : counts["decode"].get<Counts>()) {
      CHECK(TokenMacs(Decoding(pipeline), std::stoll(past)) == macs);
    }
    CHECK(Macs(Decoding(pipeline)) == sum);
  }
}

TEST_CASE("keys and values grow with the text") {
  const testing::ScratchFolder unpacked;
  unpacked.Unpack(fs::path(ONNX_MACS_SOURCE_DIR) / "testdata" / "deployments.tar.xz");
  const auto cache = [&](const char* name) {
    const PipelineReport pipeline = Plan(unpacked.path() / "language" / name, 10, 5);
    REQUIRE(pipeline.cache);
    return *pipeline.cache;
  };
  const nlohmann::json gpt2 = nlohmann::json::parse(
      ReadWholeFile((unpacked.path() / "language/gpt2/config.json").string()));
  const int64_t layers = gpt2["n_layer"], width = gpt2["n_embd"];
  // Keys and values of four bytes, as wide as the model, in every layer.
  CHECK(cache("gpt2").bytes_per_token.value() == 2 * 4 * layers * width);
  CHECK(cache("gpt2").bytes.value() == 15 * 2 * 4 * layers * width);
  const nlohmann::json t5 =
      nlohmann::json::parse(ReadWholeFile((unpacked.path() / "language/t5/config.json").string()));
  const int64_t t5_token = 2 * 4 * t5["num_decoder_layers"].get<int64_t>() *
                           t5["num_heads"].get<int64_t>() * t5["d_kv"].get<int64_t>();
  // Ten tokens of the encoder, and of the decoder's own the one that begins and five more.
  CHECK(cache("t5").bytes.value() == (10 + 6) * t5_token);
}

}  // namespace onnx_macs
