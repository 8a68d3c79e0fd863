// Links models to where a pipeline has them.
#include "tests/cli/pipeline_layouts.h"

#include <utility>

#include "absl/strings/str_split.h"
#include "tests/cli/run_command.h"
#include "tests/support/catch.h"

namespace onnx_macs {
namespace {

namespace fs = std::filesystem;

const fs::path kTestdata = fs::path(ONNX_MACS_SOURCE_DIR) / "testdata";

}  // namespace

Layouts::Layouts() {
  deployments_.Unpack(kTestdata / "deployments.tar.xz");
  pipelines_.Unpack(kTestdata / "pipelines.tar.xz");
  const fs::path list = deployments() / "layouts" / "models.json";
  models_ = nlohmann::json::parse(ReadWholeFile(list.string()));
}

std::string Layouts::Folder(const std::string& name) const {
  const fs::path root = deployments() / "layouts" / name;
  for (const auto& [place, source] : models_.at(name).items()) {
    const fs::path from = SourceOf(source.get<std::string>());
    INFO(from);
    REQUIRE(fs::exists(from));
    fs::remove(root / place);
    fs::create_symlink(from, root / place);
  }
  return root.string();
}

fs::path Layouts::SourceOf(const std::string& source) const {
  const std::pair<std::string, std::string> split = absl::StrSplit(source, absl::MaxSplits('/', 1));
  if (split.first == "deployments.tar.xz") return deployments() / split.second;
  if (split.first == "pipelines.tar.xz") return pipelines() / split.second;
  return kTestdata / source;
}

}  // namespace onnx_macs
