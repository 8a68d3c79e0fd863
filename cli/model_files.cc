// Walks folders. Links to folders are not followed, so a walk always ends.
#include "cli/model_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace onnx_macs {
namespace {

namespace fs = std::filesystem;

constexpr const char* kExtensions[] = {".onnx", ".onnxtxt", ".onnxtext", ".onnxjson", ".textproto"};

// Every model file below `folder`, sorted; `error` says why the walk stopped.
std::vector<std::string> FilesBelow(const std::string& folder, std::error_code* error) {
  std::vector<std::string> paths;
  fs::recursive_directory_iterator it(folder, fs::directory_options::skip_permission_denied,
                                      *error);
  for (; !*error && it != fs::recursive_directory_iterator(); it.increment(*error)) {
    std::error_code ignored;  // A file that vanished meanwhile is no model.
    if (absl::c_linear_search(kExtensions, it->path().extension().string()) &&
        !it->is_directory(ignored)) {
      paths.push_back(it->path().string());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

// A folder with this file is a pipeline as diffusers lays it out.
constexpr const char* kPipelineIndex = "model_index.json";

void ExpandFolder(const std::string& folder, std::vector<ModelFile>* files) {
  std::error_code error;
  const std::vector<std::string> paths = FilesBelow(folder, &error);
  if (error) {
    files->push_back({folder, error.message(), ""});
  } else if (paths.empty()) {
    files->push_back({folder,
                      absl::StrCat("no model file in this folder or below (looked for ",
                                   absl::StrJoin(kExtensions, ", "), ")"),
                      ""});
  }
  std::error_code ignored;
  const bool is_pipeline = fs::exists(fs::path(folder) / kPipelineIndex, ignored);
  for (const std::string& path : paths) files->push_back({path, "", is_pipeline ? folder : ""});
}

}  // namespace

std::vector<ModelFile> ExpandArguments(absl::Span<const std::string> arguments) {
  std::vector<ModelFile> files;
  for (const std::string& argument : arguments) {
    std::error_code error;
    if (argument != "-" && fs::is_directory(argument, error)) {
      ExpandFolder(argument, &files);
    } else {
      files.push_back({argument, "", ""});
    }
  }
  return files;
}

}  // namespace onnx_macs
