// Calls to the operating system: models are read or mapped here, and nowhere else.
#ifndef ANALYZER_SYSTEM_H_
#define ANALYZER_SYSTEM_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "analyzer/stream.h"

struct stat;

namespace onnx_macs {

class Descriptor;

// The bytes of a file, a pipe, or of a buffer. Small files are read, larger ones mapped.
class FileBytes {
 public:
  FileBytes() = default;
  FileBytes(FileBytes&& other) noexcept;
  FileBytes& operator=(FileBytes&& other) noexcept;
  ~FileBytes();

  // Path "-" is standard input. The error says what is wrong, not which file: callers know.
  // Pipes are refused but for standard input, as they can be read only once.
  static absl::StatusOr<FileBytes> Open(const std::string& path);
  // Pipes are read, too, as long as `check` finds nothing wrong with what has come so far.
  static absl::StatusOr<FileBytes> OpenOrReceive(const std::string& path, StreamCheck check);
  static FileBytes FromString(std::string bytes);

  absl::string_view view() const { return view_; }
  // True when a mapped file has become shorter than it was: what was read past its end is not data.
  bool has_shrunk() const;
  // An error when the file was written to since it was opened, and so may be half one, half
  // another.
  absl::Status CheckUnchanged() const;
  // Its bytes stay, but it is no longer known whether it changes: only so many files can be open.
  void CloseFile();
  // Gives the memory of a mapped part back; its bytes are read again from the file when asked for.
  void Release(absl::string_view part) const;

 private:
  static absl::StatusOr<FileBytes> OpenPath(const std::string& path, bool takes_pipes,
                                            StreamCheck check);
  static absl::StatusOr<FileBytes> FromStandardInput(StreamCheck check);
  static absl::StatusOr<FileBytes> FromRegular(Descriptor fd, const struct stat& file);
  static absl::StatusOr<FileBytes> FromStream(int fd, StreamCheck check);
  void Close();

  absl::string_view view_;
  std::string owned_;
  void* mapping_ = nullptr;   // page-aligned; view_.size() bytes
  void* survivor_ = nullptr;  // see SurviveShrinkingFiles()
  int descriptor_ = -1;
  int64_t modified_ = 0;  // when it was opened; in nanoseconds
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
