// Every call to the operating system: files are read or mapped here, and nowhere else.
#ifndef ANALYZER_SYSTEM_H_
#define ANALYZER_SYSTEM_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace onnx_macs {

// The bytes of a file, or of a buffer. Small files are read, larger ones mapped.
class FileBytes {
 public:
  FileBytes() = default;
  FileBytes(FileBytes&& other) noexcept;
  FileBytes& operator=(FileBytes&& other) noexcept;
  ~FileBytes();

  // Path "-" is standard input. The error says what is wrong, not which file: callers know.
  static absl::StatusOr<FileBytes> Open(const std::string& path);
  static FileBytes FromString(std::string bytes);

  absl::string_view view() const { return view_; }
  // True when a mapped file has become shorter than it was: what was read past its end is not data.
  bool has_shrunk() const;
  // Gives the memory of a mapped part back; its bytes are read again from the file when asked for.
  void Release(absl::string_view part) const;

 private:
  void Close();

  absl::string_view view_;
  std::string owned_;
  void* mapping_ = nullptr;   // page-aligned; view_.size() bytes
  void* survivor_ = nullptr;  // see SurviveShrinkingFiles()
  int descriptor_ = -1;
};

// Reads `length` bytes at `offset` of a file that must lie inside `folder`: no absolute path, no
// "..", no links, regular files only. Used for external tensors that hold shapes.
absl::StatusOr<std::string> ReadInside(const std::string& folder, absl::string_view location,
                                       uint64_t offset, uint64_t length);

// For programs, never called by the library: when a mapped file shrinks, reading past its new end
// yields zeros instead of SIGBUS, and has_shrunk() tells.
void SurviveShrinkingFiles();

// Resident memory's high-water mark of this process, in bytes; 0 when the system does not say.
int64_t PeakMemoryBytes();

// Loads the module that reads textual models and returns its entry point. It is looked for where
// the build and the installation put it, seen from the program, then where the system has
// libraries.
absl::StatusOr<void*> LoadModuleSymbol(const char* module, const char* symbol);

}  // namespace onnx_macs

#endif  // ANALYZER_SYSTEM_H_
