// Paths of a report beside those of PyTorch's counter.
#include "tests/support/module_counts.h"

#include <fstream>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "analyzer/count.h"
#include "nlohmann/json.hpp"
#include "tests/support/catch.h"

namespace onnx_macs::testing {
namespace {

// By path, without a wrapper's prefix.
std::map<std::string, std::string> MacsByPath(const ModelReport& report) {
  const std::string& wrapper = report.display_prefix == "vae." ? report.display_prefix : "";
  std::map<std::string, std::string> macs;
  for (const ComponentRow& row : report.components) {
    const bool wrapped = !wrapper.empty() && absl::StartsWith(row.path, wrapper);
    const absl::string_view path = row.path.view().substr(wrapped ? wrapper.size() : 0);
    macs[std::string(path)] = ToString(row.figures.macs.value());
  }
  return macs;
}

int64_t SumOfKinds(const nlohmann::json& kinds) {
  int64_t sum = 0;
  for (const auto& [kind, macs] : kinds.items()) sum += macs.get<int64_t>();
  return sum;
}

}  // namespace

void CheckModuleCounts(const ModelReport& report, const std::string& file,
                       const FoldedProducts& folded) {
  INFO(file);
  std::ifstream stream(file);
  REQUIRE(stream.good());
  const nlohmann::json counts = nlohmann::json::parse(stream);
  const std::map<std::string, std::string> macs = MacsByPath(report);
  for (const auto& [path, kinds] : counts.items()) {
    if (path == "__params__") continue;
    const bool has_folded = folded.macs > 0 && (path.empty() || path == folded.path);
    const int64_t expected = SumOfKinds(kinds) - (has_folded ? folded.macs : 0);
    INFO("module '" << path << "'");
    const auto it = macs.find(path);
    // A module all of whose products were folded away need not have a node.
    const std::string found = it != macs.end() ? it->second : expected == 0 ? "0" : "no such path";
    CHECK(found == absl::StrCat(expected));
  }
}

}  // namespace onnx_macs::testing
