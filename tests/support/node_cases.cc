// Where node tests come from.
#include "tests/support/node_cases.h"

#include <fstream>

#include "absl/strings/str_cat.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr char kArchive[] = "node-tests-1.23.tar.xz";
constexpr char kSharedManifest[] = "node-manifest.jsonl.xz";
constexpr char kManifest[] = "node-manifest.jsonl";

}  // namespace

NodeCases::NodeCases() {
  const fs::path shared = SharedConformanceFolder(kArchive);
  const fs::path made = shared.empty() ? MadeConformanceFolder(kManifest) : fs::path();
  TellData("node cases", shared.empty() ? made : shared);
  if (!shared.empty()) UnpackShared(shared);
  if (made.empty()) return;
  folder_ = made;
  ReadManifest(made / kManifest);
  REQUIRE_FALSE(entries_.empty());
}

void NodeCases::UnpackShared(const fs::path& shared) {
  are_shared_ = true;
  folder_ = scratch_.path();
  scratch_.Unpack(shared / kArchive);
  scratch_.Decompress(shared / kSharedManifest, kManifest);
  ReadManifest(folder_ / kManifest);
  REQUIRE(entries_.size() == 1831);
}

void NodeCases::ReadManifest(const fs::path& manifest) {
  std::ifstream lines(manifest);
  for (std::string line; std::getline(lines, line);) entries_.push_back(json::parse(line));
}

fs::path NodeCases::ModelOf(const json& entry) const {
  return folder_ / "node" / entry["name"].get<std::string>() / "model.onnx";
}

fs::path NodeCases::InputOf(const json& entry, size_t input) const {
  return ModelOf(entry).parent_path() / "test_data_set_0" / absl::StrCat("input_", input, ".pb");
}

}  // namespace onnx_macs::testing
