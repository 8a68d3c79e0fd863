// The folders and archives of conformance_data.h.
#include "tests/support/conformance_data.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "tests/support/catch.h"

namespace onnx_macs::testing {
namespace {

namespace fs = std::filesystem;

void Run(const std::string& command) {
  INFO(command);
  REQUIRE(std::system(command.c_str()) == 0);
}

fs::path NamedFolder(const char* variable, const fs::path& inside, const std::string& file) {
  const char* named = std::getenv(variable);
  if (named == nullptr) return {};
  const fs::path folder = fs::path(named) / inside;
  INFO(variable << "=" << named << " is set, and there is no " << file << " in " << folder);
  REQUIRE(fs::exists(folder / file));
  return folder;
}

}  // namespace

void ScratchFolder::Unpack(const fs::path& archive) const {
  Run(absl::StrCat("tar -xf '", archive.string(), "' -C '", folder_.path(), "'"));
}

void ScratchFolder::Decompress(const fs::path& file, const std::string& name) const {
  Run(absl::StrCat("xz -dc '", file.string(), "' > '", folder_ / name, "'"));
}

fs::path SharedConformanceFolder(const std::string& file) {
  return NamedFolder("ONNX_MACS_SHARED_DIR", "conformance", file);
}

fs::path MadeConformanceFolder(const std::string& file) {
  return NamedFolder("ONNX_MACS_CONFORMANCE_DIR", "", file);
}

void TellData(const std::string& what, const fs::path& used) {
  if (used.empty()) {
    WARN(what << ": the data is not there, nothing is tested; docs/contributing.md says how to "
                 "come by it");
  } else {
    WARN(what << ": " << used.string());
  }
  SUCCEED();
}

}  // namespace onnx_macs::testing
