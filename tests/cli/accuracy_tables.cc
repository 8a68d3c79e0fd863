// Rows of Markdown. What is ours is computed here and now; what is PyTorch's was counted when the
// models were exported; what is others' is quoted.
#include "tests/cli/accuracy_tables.h"

#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "analyzer/loader.h"
#include "cli/file_analysis.h"
#include "cli/number_format.h"
#include "cli/options.h"
#include "rules/rules.h"
#include "tests/cli/run_command.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kGiga = 1'000'000'000;

// A file as rows name it: of an archive, or below testdata.
fs::path PathOf(const Layouts& layouts, absl::string_view file) {
  if (absl::ConsumePrefix(&file, "deployments/")) return layouts.deployments() / std::string(file);
  if (absl::ConsumePrefix(&file, "pipelines/")) return layouts.pipelines() / std::string(file);
  return fs::path(ONNX_MACS_SOURCE_DIR) / "testdata" / std::string(file);
}

// With the options a person would type. Contractions alone, as PyTorch counts.
ModelReport Analyze(const Layouts& layouts, const std::string& file, const std::string& options) {
  const std::string path = PathOf(layouts, file).string();
  INFO(file << " " << options);
  std::vector<std::string> words = {"onnx-macs", path};
  for (const absl::string_view word : absl::StrSplit(options, ' ', absl::SkipEmpty())) {
    words.emplace_back(word);
  }
  std::vector<const char*> arguments;
  for (const std::string& word : words) arguments.push_back(word.c_str());
  auto parsed = ParseOptions(static_cast<int>(arguments.size()), arguments.data());
  REQUIRE(parsed.ok());
  parsed->analyze.blocks = true;
  const auto model = LoadModel(path);
  REQUIRE(model.ok());
  const auto result = Analyze(**model, *RulesForConvention("contractions"), parsed->analyze);
  REQUIRE(result.ok());
  REQUIRE(result->report.figures.macs.is_integer());
  CHECK(result->report.gaps.empty());
  return result->report;
}

double Giga(const Amount& amount) { return amount.approximate() / kGiga; }
std::string InGiga(double giga) {
  if (giga < 0) return absl::StrCat("-", InGiga(-giga));
  return FormatIn(static_cast<int64_t>(std::llround(giga * kGiga)), kGiga, 1);
}
std::string Digits(const Amount& amount) { return FormatIn(amount.value(), 1, 0); }

std::string Row(std::initializer_list<std::string> cells) {
  return absl::StrCat("| ", absl::StrJoin(cells, " | "), " |\n");
}

// --- against PyTorch ---

struct PyTorchCounts {
  int64_t macs = 0, params = 0;
};

PyTorchCounts ReadCounts(const std::string& path) {
  INFO(path);
  const nlohmann::json counts = nlohmann::json::parse(ReadWholeFile(path));
  PyTorchCounts sum;
  for (const auto& [kind, macs] : counts.at("").items()) sum.macs += macs.get<int64_t>();
  sum.params = counts.at("__params__").get<int64_t>();
  return sum;
}

struct Size {
  const char *label, *options, *suffix;  // of the file of counts
};

struct Part {
  const char *title, *file, *counts;
  std::vector<Size> sizes;
};

constexpr Size k512 = {"512", "--res 512", "_512"}, k1024 = {"1024", "--res 1024", "_1024"};
constexpr Size kFixed512 = {"512", "", ""};
constexpr Size kOpen512 = {"512", "--res 512", ""};
constexpr Size k77 = {"77 tokens", "--seq 77", "_77_tokens"};

Size Tokens(const char* label, const char* options, const char* suffix) {
  return {label, options, suffix};
}

std::vector<Part> Parts() {
  const std::vector<Size> both = {k512, k1024}, open = {kOpen512, k1024};
  return {
#define DEPLOYED(name) "deployments/parts/" name ".onnx", "deployments/parts/" name
#define EXPORTED(name) "pipelines/" name "_op18.onnx", "pipelines/" name
#define TRACED(name) "pipelines/" name "_torchscript_op17.onnx", "pipelines/" name
      {"SD 1.5, UNet", "models/torchscript/sd15_unet.onnx", "golden/sd15.unet", both},
      {"SD 1.5, VAE decoder", "models/torchscript/sd15_vae_decoder.onnx", "golden/sd15.vae_decoder",
       both},
      {"SD 1.5, VAE encoder", "models/torchscript/sd15_vae_encoder.onnx", "golden/sd15.vae_encoder",
       both},
      {"SD 1.5, CLIP-L",
       "models/torchscript/clip_l_text_encoder.onnx",
       "golden/clip_l.text_encoder_512",
       {Tokens("77 tokens", "--seq 77", "")}},
      {"SD 2.1, UNet", TRACED("sd21.unet"), open},
      {"SD 2.1, CLIP-H", EXPORTED("clip_h.text_encoder"), {Tokens("77 tokens", "", "")}},
      {"SDXL, UNet", DEPLOYED("sdxl.unet"), both},
      {"SDXL, VAE decoder", DEPLOYED("sdxl.vae_decoder"), both},
      {"SDXL, VAE encoder", TRACED("sdxl.vae_encoder"), open},
      {"SDXL, CLIP-bigG", DEPLOYED("clip_g.text_encoder"), {k77}},
      {"LCM, UNet", DEPLOYED("lcm.unet"), both},
      {"SD3 medium, transformer", DEPLOYED("sd3m.transformer"), both},
      {"SD3 medium, VAE decoder", DEPLOYED("sd3.vae_decoder"), both},
      {"SD3 medium, VAE encoder", TRACED("sd3.vae_encoder"), open},
      {"SD3 medium, CLIP-L", DEPLOYED("clip_l_proj.text_encoder"), {k77}},
      {"SD3, FLUX, PixArt: T5-XXL",
       DEPLOYED("t5xxl.text_encoder"),
       {k77, Tokens("120 tokens", "--seq 120", "_120_tokens"),
        Tokens("256 tokens", "--seq 256", "_256_tokens"),
        Tokens("300 tokens", "--seq 300", "_300_tokens"),
        Tokens("512 tokens", "--seq 512", "_512_tokens")}},
      {"FLUX.1-dev, transformer", DEPLOYED("flux.transformer"), both},
      {"FLUX, Lumina 2: VAE decoder", DEPLOYED("flux.vae_decoder"), both},
      {"SANA-600M, transformer", TRACED("sana600m.transformer"), open},
      {"SANA-1.6B, transformer", DEPLOYED("sana1600m.transformer"), both},
      {"SANA, DC-AE decoder", DEPLOYED("sana.vae_decoder"), both},
      {"SANA, DC-AE encoder", TRACED("sana.vae_encoder"), open},
      {"SANA, Lumina 2: Gemma 2 2B",
       DEPLOYED("gemma2_2b.text_encoder"),
       {Tokens("256 tokens", "--seq 256", "_256_tokens"),
        Tokens("300 tokens", "--seq 300", "_300_tokens"),
        Tokens("512 tokens", "--seq 512", "_512_tokens")}},
      {"PixArt alpha, transformer", EXPORTED("pixart_alpha.transformer"), {kFixed512}},
      {"PixArt alpha, transformer",
       DEPLOYED("pixart_alpha.transformer_1024"),
       {Tokens("1024", "--seq 120", "")}},
      {"PixArt Sigma, transformer", EXPORTED("pixart_sigma.transformer"), {kFixed512}},
      {"PixArt Sigma, transformer",
       DEPLOYED("pixart_sigma.transformer_1024"),
       {Tokens("1024", "--seq 300", "")}},
      {"Lumina-Image-2.0, transformer", DEPLOYED("lumina2.transformer"), both},
      {"Kandinsky 3, UNet", DEPLOYED("kandinsky3.unet"), both},
      {"Kandinsky 3, MoVQ decoder", DEPLOYED("kandinsky3.movq_decoder"), both},
      {"Kandinsky 3, Flan-UL2",
       DEPLOYED("flan_ul2.text_encoder"),
       {k77, Tokens("128 tokens", "--seq 128", "_128_tokens")}},
      {"Kandinsky 2, MoVQ decoder", TRACED("kandinsky2.movq_decoder"), open},
#undef DEPLOYED
#undef EXPORTED
#undef TRACED
  };
}

// The exporter computes Gemma 2's table of rotary frequencies beforehand.
int64_t Folded(const Part& part, int64_t tokens) {
  return absl::StrContains(part.file, "gemma2") ? 128 * tokens : 0;
}

// Counts of an autoencoder's half tell the parameters of both.
bool IsHalf(const Part& part) {
  return absl::StrContains(part.file, "vae_") || absl::StrContains(part.file, "movq_");
}

void AddPart(const Layouts& layouts, const Part& part, std::string* table,
             std::string* unexplained) {
  for (const Size& size : part.sizes) {
    const ModelReport report = Analyze(layouts, part.file, size.options);
    const PyTorchCounts counts =
        ReadCounts(PathOf(layouts, absl::StrCat(part.counts, size.suffix, ".json")).string());
    const int64_t missing = counts.macs - static_cast<int64_t>(report.figures.macs.value());
    if (missing != 0 && missing != Folded(part, std::atoi(size.label))) {
      absl::StrAppend(unexplained, part.title, " at ", size.label, "\n");
    }
    *table += Row({part.title, size.label, Digits(report.figures.macs), FormatIn(counts.macs, 1, 0),
                   missing == 0 ? "0" : absl::StrCat(-missing), Digits(report.figures.params),
                   IsHalf(part) ? "" : FormatIn(counts.params, 1, 0)});
  }
}

// --- against published figures ---

// MACs of products between activations: what counters that look at modules do not see.
double AttentionProducts(const ModelReport& report) {
  double macs = 0;
  for (const BlockRow& block : report.blocks) {
    if (!block.is_attention) continue;
    for (const PartAmount& part : block.parts) {
      if (part.name != "softmax" && part.name != "projections") macs += Giga(part.macs);
    }
  }
  return macs;
}

struct Published {
  const char* what;
  double giga;
  const char *file, *options;
  int64_t calls;
  const char* how;
};

constexpr Published kPublished[] = {
    {"SD 1.x, UNet, 512: 339 G (BK-SDM, arXiv 2305.15798)", 339,
     "models/torchscript/sd15_unet.onnx", "--res 512", 1,
     "counted per module (thop), so without attention's products"},
    {"SD 1.x, text encoder: 6.5 G (BK-SDM)", 6.5, "models/torchscript/clip_l_text_encoder.onnx",
     "--seq 77", 1, "the same"},
    {"SD 1.x, VAE decoder, 512: 1,240 G (BK-SDM)", 1240, "models/torchscript/sd15_vae_decoder.onnx",
     "--res 512", 1, "the same"},
    {"SDXL, 1024, 50 steps: 338 T (DistriFusion, arXiv 2402.19481)", 338'000,
     "deployments/parts/sdxl.unet.onnx", "--res 1024", 100,
     "50 steps, twice for guidance, attention's products with it"},
    {"SD 1.4, UNet: 888.9 G (onnx-tool's README)", 888.870, "models/torchscript/sd15_unet.onnx",
     "--res 512 --batch 2", 1, "a file with a batch of 2; elementwise operations count as MACs"},
    {"SD 1.4, VAE decoder: 1,272.0 G (onnx-tool's README)", 1271.959,
     "models/torchscript/sd15_vae_decoder.onnx", "--res 512", 1,
     "elementwise operations count as MACs"},
    {"SD 1.4, VAE encoder: 566.4 G (onnx-tool's README)", 566.371,
     "models/torchscript/sd15_vae_encoder.onnx", "--res 512", 1, "the same"},
    {"SD 1.4, text encoder: 6.8 G (onnx-tool's README)", 6.782,
     "models/torchscript/clip_l_text_encoder.onnx", "--seq 77", 1, "the same"},
};

std::string Percent(double value, double of) {
  return absl::StrFormat("%+.1f %%", 100 * (value / of - 1));
}

// --- the earlier table ---

struct Earlier {
  const char* model;
  double giga, tera;      // per step; the column called Total TFLOPs
  const char* file;       // what it takes for one image at 512x512 is ...
  const char* as_usual;   // ... with these options
  const char* as_there;   // what was run: a batch of 2, 77 tokens of text
  bool squares_cross;     // as many keys as queries in cross-attention
  int attention_counted;  // times
};

#define DEPLOYED(name) "deployments/parts/" name ".onnx"
#define TRACED(name) "pipelines/" name "_torchscript_op17.onnx"
constexpr Earlier kEarlier[] = {
    {"SANA-1.6B", 14'169.8, 442.1, DEPLOYED("sana1600m.transformer"), "--res 512",
     "--input hidden_states=2x32x64x64 --seq 77", true, 1},
    {"SANA-600M", 6'314.8, 206.5, TRACED("sana600m.transformer"), "--res 512",
     "--input hidden_states=2x32x64x64 --seq 77", true, 1},
    {"Lumina-Image-2.0", 5'113.8, 155.0, DEPLOYED("lumina2.transformer"), "--res 512",
     "--input hidden_states=2x16x64x64 --seq 77", false, 1},
    {"SD3-medium", 1'676.2, 52.3, DEPLOYED("sd3m.transformer"), "--res 512",
     "--input hidden_states=2x16x64x64 --seq 77", false, 1},
    {"PixArt-XL", 1'350.7, 42.5, TRACED("pixart_alpha.transformer"), "--res 512",
     "--input hidden_states=2x4x64x64 --seq 77", true, 1},
    {"SD2.1-base", 1'172.3, 36.5, TRACED("sd21.unet"), "--res 512",
     "--input sample=2x4x64x64 --seq 77", true, 2},
    {"Kandinsky-3", 935.4, 29.4, DEPLOYED("kandinsky3.unet"), "--res 512",
     "--input sample=2x4x64x64 --seq 77", true, 2},
};
#undef DEPLOYED
#undef TRACED

struct Rebuilt {
  double products = 0, squared = 0, softmax = 0, norms = 0, linear = 0, transposed = 0, again = 0;
  double Sum() const { return products + squared + softmax + norms - linear + transposed + again; }
};

void AddAttention(const BlockRow& block, const Earlier& row, Rebuilt* rebuilt) {
  const double queries = block.q_len.approximate(), keys = block.k_len.approximate();
  const double stretch = row.squares_cross ? queries / keys : 1;
  for (const PartAmount& part : block.parts) {
    if (part.name == "kv" || part.name == "qkv") rebuilt->linear += Giga(part.macs);
    if (part.name != "qk" && part.name != "av") continue;
    rebuilt->squared += Giga(part.macs) * (stretch - 1);
    rebuilt->again += Giga(part.macs) * stretch * (row.attention_counted - 1);
    // One MAC for each weight of the softmax.
    if (part.name == "qk") {
      const double weights = Giga(part.macs) / block.head_size.approximate() * stretch;
      rebuilt->softmax += weights;
      rebuilt->again += weights * (row.attention_counted - 1);
    }
  }
}

Rebuilt Rebuild(const ModelReport& report, const Earlier& row) {
  constexpr double kNormOps = 5, kNormMacs = 2;  // per element: ours, and theirs
  Rebuilt rebuilt;
  rebuilt.products = Giga(report.figures.macs);
  for (const BlockRow& block : report.blocks) {
    if (block.is_attention) AddAttention(block, row, &rebuilt);
  }
  for (const OpRow& op : report.by_op) {
    if (absl::StrContains(op.op, "Normalization")) {
      rebuilt.norms += Giga(op.figures.ops) / kNormOps * kNormMacs;
    }
    // As if every position of the output were made from a whole window: with strides of 2, four
    // times what is multiplied.
    if (op.op == "ConvTranspose") rebuilt.transposed += Giga(op.figures.macs) * 3;
  }
  return rebuilt;
}

// --- shares ---

struct Pipeline {
  const char *title, *layout, *options;
};

constexpr Pipeline kPipelines[] = {
    {"SD 1.5", "sd15", "--res 512"},
    {"SDXL", "sdxl", "--res 512"},
    {"LCM", "lcm", "--res 512"},
    {"SD3 medium", "sd3", "--res 512"},
    {"FLUX.1-dev", "flux", "--res 512"},
    {"SANA-1.6B", "sana", "--res 512"},
    {"PixArt alpha", "pixart_alpha", "--res 512"},
    {"Lumina-Image-2.0", "lumina2", "--res 512"},
    {"Kandinsky 3", "kandinsky3", "--res 512"},
};

PipelineReport PipelineOf(const Layouts& layouts, const Pipeline& row) {
  AnalyzeOptions options;
  options.bind.res = {512, 512};
  const RunAnalyses run = AnalyzeFiles(ExpandArguments({layouts.Folder(row.layout)}),
                                       *RulesForConvention("contractions"), options, {}, 0);
  REQUIRE(run.pipelines.size() == 1);
  return run.pipelines[0];
}

}  // namespace

std::string PyTorchTable(const Layouts& layouts, std::string* unexplained) {
  std::string table =
      "| part | at | MACs | PyTorch's MACs | difference | parameters | PyTorch's parameters |\n"
      "| --- | --- | ---: | ---: | ---: | ---: | ---: |\n";
  for (const Part& part : Parts()) AddPart(layouts, part, &table, unexplained);
  return table;
}

std::string PublishedTable(const Layouts& layouts) {
  std::string table =
      "| published | GMACs here | without attention's products | against it | what it counts |\n"
      "| --- | ---: | ---: | ---: | --- |\n";
  for (const Published& row : kPublished) {
    const ModelReport report = Analyze(layouts, row.file, row.options);
    const double all = Giga(report.figures.macs) * row.calls;
    const double without = all - AttentionProducts(report) * row.calls;
    table += Row({row.what, InGiga(all), InGiga(without), Percent(all, row.giga), row.how});
  }
  return table;
}

std::string EarlierTable(const Layouts& layouts) {
  std::string table =
      "| model | its GMACs | one image here | its set-up here | keys as queries | softmax | norms "
      "| "
      "linear attention | upsampling | attention again | sum | off by |\n"
      "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n";
  for (const Earlier& row : kEarlier) {
    const double usual = Giga(Analyze(layouts, row.file, row.as_usual).figures.macs);
    const Rebuilt rebuilt = Rebuild(Analyze(layouts, row.file, row.as_there), row);
    table += Row({row.model, InGiga(row.giga), InGiga(usual), InGiga(rebuilt.products),
                  InGiga(rebuilt.squared), InGiga(rebuilt.softmax), InGiga(rebuilt.norms),
                  InGiga(-rebuilt.linear), InGiga(rebuilt.transposed), InGiga(rebuilt.again),
                  InGiga(rebuilt.Sum()), Percent(rebuilt.Sum(), row.giga)});
  }
  return table;
}

std::string ShareTable(const Layouts& layouts) {
  std::string table =
      "| pipeline | steps | GMACs | text encoders | denoiser | autoencoder |\n"
      "| --- | ---: | ---: | ---: | ---: | ---: |\n";
  for (const Pipeline& row : kPipelines) {
    const PipelineReport pipeline = PipelineOf(layouts, row);
    double text = 0, vae = 0;
    const double all = Giga(pipeline.figures.macs);
    for (const StageRow& stage : pipeline.stages) {
      if (absl::StartsWith(stage.role, "text_encoder")) text += Giga(stage.figures.macs);
      if (absl::StartsWith(stage.role, "vae")) vae += Giga(stage.figures.macs);
    }
    table += Row({row.title, absl::StrCat(*pipeline.steps), InGiga(all), FormatShare(text, all),
                  FormatShare(all - text - vae, all), FormatShare(vae, all)});
  }
  return table;
}

}  // namespace onnx_macs
