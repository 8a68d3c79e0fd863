// An open file of the system's, and what its errors are called. For the files that call the system.
#ifndef ANALYZER_DESCRIPTOR_H_
#define ANALYZER_DESCRIPTOR_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace onnx_macs {

inline absl::Status SystemError(absl::string_view message) {
  return absl::FailedPreconditionError(message);
}

// What went wrong, in words; `error` is an errno.
std::string ErrorPhrase(int error);

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() { Reset(-1); }
  int get() const { return fd_; }
  int release();
  void Reset(int fd);

 private:
  int fd_;
};

// Reads until `size` bytes are there or the file ends. Waits where reading would have to.
absl::StatusOr<size_t> ReadFully(int fd, char* data, size_t size);

}  // namespace onnx_macs

#endif  // ANALYZER_DESCRIPTOR_H_
