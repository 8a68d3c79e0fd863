// ONNX's own test data, which is not part of this repository: where it lies, and its archives
// unpacked. docs/contributing.md says how to come by it.
#ifndef ONNX_MACS_TESTS_SUPPORT_CONFORMANCE_DATA_H_
#define ONNX_MACS_TESTS_SUPPORT_CONFORMANCE_DATA_H_

#include <filesystem>
#include <string>

#include "tests/analyzer/temp_folder.h"

namespace onnx_macs::testing {

// A temporary folder for what archives hold.
class ScratchFolder {
 public:
  std::filesystem::path path() const { return folder_.path(); }
  // Into it; an archive that cannot be unpacked fails the test.
  void Unpack(const std::filesystem::path& archive) const;
  void Decompress(const std::filesystem::path& file, const std::string& name) const;

 private:
  TempFolder folder_;
};

// $ONNX_MACS_SHARED_DIR/conformance, empty where that is not set. One that is set and lacks `file`
// fails the test.
std::filesystem::path SharedConformanceFolder(const std::string& file);
// $ONNX_MACS_CONFORMANCE_DIR, which testdata/conformance/make.py fills; as above.
std::filesystem::path MadeConformanceFolder(const std::string& file);

// Prints which data a test uses, or that there is none and what is not tested then.
void TellData(const std::string& what, const std::filesystem::path& used);

}  // namespace onnx_macs::testing

#endif  // ONNX_MACS_TESTS_SUPPORT_CONFORMANCE_DATA_H_
