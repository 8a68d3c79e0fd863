// ONNX's node tests: a model for every operator, its inputs, and what running it gave.
#ifndef ONNX_MACS_TESTS_SUPPORT_NODE_CASES_H_
#define ONNX_MACS_TESTS_SUPPORT_NODE_CASES_H_

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/conformance_data.h"

namespace onnx_macs::testing {

// From the shared archive, else from what testdata/conformance/make.py made, else none. Says which.
class NodeCases {
 public:
  NodeCases();

  // A line of the manifest each: name, inputs and outputs as [name, type], intermediates as
  // {name: type}; a type is [dtype, dims] or ["seq", [type, ...]].
  const std::vector<nlohmann::json>& entries() const { return entries_; }
  bool are_shared() const { return are_shared_; }
  std::filesystem::path ModelOf(const nlohmann::json& entry) const;
  // The stored value of an input; it need not exist.
  std::filesystem::path InputOf(const nlohmann::json& entry, size_t input) const;

 private:
  void UnpackShared(const std::filesystem::path& shared);
  void ReadManifest(const std::filesystem::path& manifest);

  ScratchFolder scratch_;
  std::filesystem::path folder_;  // of the cases
  std::vector<nlohmann::json> entries_;
  bool are_shared_ = false;
};

inline bool IsSequenceType(const nlohmann::json& type) { return type[0] == "seq"; }

}  // namespace onnx_macs::testing

#endif  // ONNX_MACS_TESTS_SUPPORT_NODE_CASES_H_
