// JSON files as diffusers, optimum and onnxruntime-genai lay them beside models.
#include "analyzer/pipeline/side_files.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "analyzer/shallow_json.h"
#include "analyzer/small_file.h"

namespace onnx_macs {
namespace {

using Json = nlohmann::json;

// Real ones have a few kilobytes.
constexpr int64_t kMostBytes = 1 << 20;

// How long a number at the beginning is that Python writes and JSON does not have; 0: none is
// there.
size_t PythonNumber(absl::string_view text) {
  for (const absl::string_view name : {"-Infinity", "Infinity", "NaN"}) {
    if (absl::StartsWith(text, name)) return name.size();
  }
  return 0;
}

// Schedulers have "lambda_min_clipped": -Infinity. Such numbers become null.
std::string WithoutPythonNumbers(absl::string_view text) {
  std::string json;
  for (bool in_string = false; !text.empty();) {
    if (text[0] == '"') in_string = !in_string;
    const size_t number = in_string ? 0 : PythonNumber(text);
    const size_t plain = in_string && text[0] == '\\' ? 2 : 1;
    absl::StrAppend(&json, number > 0 ? "null" : text.substr(0, plain));
    text.remove_prefix(std::min(number > 0 ? number : plain, text.size()));
  }
  return json;
}

// Null where there is no such file or it holds no object.
Json ReadObject(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadSmallFile(path, kMostBytes);
  if (!text.ok()) return nullptr;
  Json json = ParseShallowJson(WithoutPythonNumbers(*text));
  return json.is_object() ? json : Json(nullptr);
}

std::string Text(const Json& object, const char* key) {
  const auto it = object.is_object() ? object.find(key) : object.end();
  return it != object.end() && it->is_string() ? it->get<std::string>() : "";
}

// Every block but the last halves the image.
int64_t VaeFactor(const Json& config) {
  constexpr size_t kMostBlocks = 16;
  for (const char* key : {"encoder_block_out_channels", "block_out_channels"}) {
    const auto it = config.is_object() ? config.find(key) : config.end();
    if (it == config.end() || !it->is_array()) continue;
    if (it->size() > 1 && it->size() <= kMostBlocks) return int64_t{1} << (it->size() - 1);
  }
  return 0;
}

void ReadScheduler(const std::string& folder, SideFacts* facts) {
  const Json config = ReadObject(absl::StrCat(folder, "scheduler/scheduler_config.json"));
  facts->scheduler_class = Text(config, "_class_name");
  if (facts->scheduler_class != "PNDMScheduler") return;
  const auto it = config.find("skip_prk_steps");
  facts->has_runge_kutta_steps = it == config.end() || !it->is_boolean() || !it->get<bool>();
}

// {"model": {"decoder": {"filename": "model.onnx"}, ...}}
std::string GenaiPart(const std::string& folder, absl::string_view file) {
  const Json config = ReadObject(absl::StrCat(folder, "genai_config.json"));
  const auto model = config.is_object() ? config.find("model") : config.end();
  if (model == config.end() || !model->is_object()) return "";
  for (const auto& [name, part] : model->items()) {
    if (part.is_object() && Text(part, "filename") == file) return name;
  }
  return "";
}

// The folder a path lies in, with a slash at its end; empty where the path names none.
std::string FolderOf(absl::string_view path) {
  return std::string(path.substr(0, path.rfind('/') + 1));
}

}  // namespace

SideFacts ReadSideFiles(const std::string& model_path) {
  SideFacts facts;
  if (model_path == "-") return facts;
  const std::string folder = FolderOf(model_path);
  const std::string above =
      folder.empty() ? "../" : FolderOf(absl::string_view(folder).substr(0, folder.size() - 1));
  for (const std::string& place : {folder, above}) {
    facts.pipeline_class = Text(ReadObject(absl::StrCat(place, "model_index.json")), "_class_name");
    if (facts.pipeline_class.empty()) continue;
    ReadScheduler(place, &facts);
    break;
  }
  facts.vae_factor = VaeFactor(ReadObject(absl::StrCat(folder, "config.json")));
  facts.genai_part = GenaiPart(folder, absl::string_view(model_path).substr(folder.size()));
  return facts;
}

}  // namespace onnx_macs
