// Folders of whole pipelines, put together from what testdata/deployments.tar.xz says of them.
#ifndef ONNX_MACS_TESTS_CLI_PIPELINE_LAYOUTS_H_
#define ONNX_MACS_TESTS_CLI_PIPELINE_LAYOUTS_H_

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/conformance_data.h"

namespace onnx_macs {

class Layouts {
 public:
  Layouts();

  // A folder as diffusers lays it out. Models are linked, not copied: nothing is written to them.
  std::string Folder(const std::string& name) const;

  // What the archives hold.
  std::filesystem::path deployments() const { return deployments_.path(); }
  std::filesystem::path pipelines() const { return pipelines_.path(); }

 private:
  std::filesystem::path SourceOf(const std::string& source) const;

  testing::ScratchFolder deployments_, pipelines_;
  nlohmann::json models_;
};

}  // namespace onnx_macs

#endif  // ONNX_MACS_TESTS_CLI_PIPELINE_LAYOUTS_H_
