// Pipes and standard input: bytes that come when they come, and may never end.
#ifndef ANALYZER_STREAM_H_
#define ANALYZER_STREAM_H_

#include <cstddef>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace onnx_macs {

// Memory of pages that grows without being copied, and of which only what was written takes any.
class PageBuffer {
 public:
  PageBuffer() = default;
  PageBuffer(PageBuffer&& other) noexcept;
  PageBuffer& operator=(PageBuffer&&) = delete;
  ~PageBuffer();

  // To `size` bytes, more or fewer, of which none is 0.
  absl::Status Resize(size_t size);
  char* data() const { return data_; }
  size_t size() const { return size_; }
  // Whoever takes the pages unmaps them.
  char* Release();

 private:
  char* data_ = nullptr;
  size_t size_ = 0;
};

// Is asked about what has come so far, ever more of it; an error ends the reading.
using StreamCheck = absl::FunctionRef<absl::Status(absl::string_view)>;

// Everything that comes. Refuses what is longer than 4 GiB. Of a named pipe that nobody writes to
// nothing is expected after five seconds.
absl::StatusOr<PageBuffer> ReadStream(int fd, StreamCheck check);

}  // namespace onnx_macs

#endif  // ANALYZER_STREAM_H_
