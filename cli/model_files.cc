// Walks folders. Links to folders are not followed, so a walk always ends.
#include "cli/model_files.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "analyzer/descriptor.h"

namespace onnx_macs {
namespace {

namespace fs = std::filesystem;

constexpr const char* kExtensions[] = {".onnx", ".onnxtxt", ".onnxtext", ".onnxjson", ".textproto"};

// A folder with this file is a pipeline as diffusers lays it out.
constexpr const char* kPipelineIndex = "model_index.json";

// Pipes and devices are no models, whatever they are called. A link that leads nowhere is one that
// is missing.
bool IsModelFile(const fs::directory_entry& entry) {
  if (!absl::c_linear_search(kExtensions, entry.path().extension().string())) return false;
  std::error_code ignored;  // A file that vanished meanwhile is missing, too.
  const fs::file_type type = entry.status(ignored).type();
  return type == fs::file_type::regular || type == fs::file_type::not_found;
}

// Every model file in and below a folder, and every folder that cannot be read.
class FolderWalk {
 public:
  explicit FolderWalk(const std::string& top) : waiting_{top} {}

  std::vector<ModelFile> Run() {
    while (!waiting_.empty()) {
      const fs::path folder = std::move(waiting_.back());
      waiting_.pop_back();
      List(folder);
    }
    absl::c_sort(found_, [](const auto& a, const auto& b) { return a.path < b.path; });
    return std::move(found_);
  }

 private:
  void List(const fs::path& folder) {
    std::error_code error;
    fs::directory_iterator it(folder, error);
    for (; !error && it != fs::directory_iterator(); it.increment(error)) {
      std::error_code ignored;
      const bool is_folder = it->is_directory(ignored);
      if (is_folder && !it->is_symlink(ignored)) waiting_.push_back(it->path());
      if (!is_folder && IsModelFile(*it)) found_.push_back({it->path().string(), "", ""});
    }
    if (error) found_.push_back({folder.string(), ErrorPhrase(error.value()), ""});
  }

  std::vector<fs::path> waiting_;
  std::vector<ModelFile> found_;
};

void ExpandFolder(const std::string& folder, std::vector<ModelFile>* files) {
  std::vector<ModelFile> found = FolderWalk(folder).Run();
  std::error_code ignored;
  const bool is_pipeline = fs::exists(fs::path(folder) / kPipelineIndex, ignored);
  for (ModelFile& file : found) {
    if (is_pipeline) file.pipeline_folder = folder;
    files->push_back(std::move(file));
  }
  if (!found.empty()) return;
  files->push_back({folder,
                    absl::StrCat("no model file in this folder or below (looked for ",
                                 absl::StrJoin(kExtensions, ", "), ")"),
                    ""});
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
